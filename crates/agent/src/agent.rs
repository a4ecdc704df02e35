//! Turns each input of the page, with the time it came, into commands.

mod configuring;
mod hearing;
mod learning;

use protocol::id::BootId;

use crate::asking::{Asking, NO_REVISION};
use crate::command::WarnCode;
use crate::kind::Kind;
use crate::memory::Memory;
use crate::meter::Meter;
use crate::time::{Entropy, Now};
use crate::transport::{Sender, Transport};
use crate::turn::Turn;

/// Longest wait that a page's timer can count: it overflows past 2^31 - 1 milliseconds.
const MAX_TIMER_MS: u64 = 0x7fff_ffff;

/// The brain of one page load.
///
/// Inputs come in through [`Agent::hear`], one at a time, and commands go out, in order. Nothing
/// here fails: bad input leads to a warning or to nothing.
#[derive(Debug)]
pub struct Agent<E> {
    pub(crate) turn: Turn<E>,
    pub(crate) memory: Memory,
    /// Whether `memory` changed since it was last saved.
    pub(crate) unsaved: bool,
    /// Whether anything may be kept in this browser.
    pub(crate) consents: bool,
    pub(crate) transport: Transport,
    pub(crate) meter: Meter,
    pub(crate) asking: Asking,
    /// Whether a config has come.
    pub(crate) configured: bool,
    /// Origin and path; empty before the first page.
    pub(crate) url: Vec<u8>,
    pub(crate) hidden: bool,
    refusal_told: bool,
    /// The time that the page's timer was last set to.
    wakes_at: u64,
}

impl<E: Entropy> Agent<E> {
    /// An agent for a page that has just loaded. `state` is what an earlier page was told to save,
    /// or empty.
    pub fn new(state: &[u8], now: Now, mut entropy: E) -> Self {
        let memory = Memory::recall(state, now, &mut entropy);
        let sender = Sender {
            install: memory.install,
            session: memory.session,
            boot: BootId::new(now.wall_ms, &entropy.ten()),
        };
        let mut agent = Self {
            memory,
            unsaved: true,
            consents: true,
            transport: Transport::new(sender),
            meter: Meter::default(),
            asking: Default::default(),
            configured: false,
            url: Vec::new(),
            hidden: false,
            refusal_told: false,
            wakes_at: u64::MAX,
            turn: Turn::new(now, entropy),
        };
        agent.heed_hold();
        agent
    }

    /// Notes activity of the person.
    pub(crate) fn touch(&mut self) {
        self.memory.touch(self.turn.now, &mut self.turn.entropy);
        self.unsaved = true;
    }

    /// Does what every input ends with: choose a survey, send what is due, keep what changed, set
    /// the timer.
    fn finish(&mut self) {
        let decide_at = self.decide();
        self.transport.sender.install = self.memory.install;
        self.transport.sender.session = self.memory.session;
        self.report(false);
        self.transport.pump(&mut self.turn);
        let may_keep = self.consents;
        self.transport.keep(may_keep, self.hidden, &mut self.turn);
        self.tell_delivery();
        let fetch_at = self.fetch();
        self.save();
        self.set_timer(decide_at.min(fetch_at));
    }

    /// Hands what was measured to the transport, when it is time or the page goes.
    fn report(&mut self, exit: bool) {
        let works = self.transport.works() && !self.transport.waits();
        for (has_failures, body) in self.meter.flush(exit, works, &mut self.turn) {
            let turn = &mut self.turn;
            let kind = if has_failures {
                Kind::Outage
            } else {
                Kind::Latency
            };
            self.transport.push(kind, NO_REVISION, body, turn);
        }
    }

    /// Has the memory kept, if it changed and may be kept.
    pub(crate) fn save(&mut self) {
        if core::mem::take(&mut self.unsaved) && self.consents {
            let state = self.memory.encode();
            self.turn.out.say_save(&state);
        }
    }

    fn set_timer(&mut self, at_most: u64) {
        let wakes_at = at_most.min(self.transport.due()).min(self.meter.due());
        if wakes_at != u64::MAX && wakes_at != self.wakes_at {
            let wait = wakes_at.saturating_sub(self.turn.now.mono_ms);
            let in_ms = wait.min(MAX_TIMER_MS) as u32;
            self.turn.out.say_number("wake", "in_ms", in_ms);
        }
        self.wakes_at = wakes_at;
    }

    /// Waits for as long as the collector told any page of this browser to.
    pub(crate) fn heed_hold(&mut self) {
        let now = self.turn.now;
        let ms = self.memory.held_until.saturating_sub(now.wall_ms);
        if ms > 0 {
            self.transport.held(ms, &mut self.turn);
        }
    }

    pub(crate) fn refused(&mut self, code: &[u8]) {
        if !core::mem::replace(&mut self.refusal_told, true) {
            self.turn.out.say_warn(WarnCode::Refused, code);
        }
    }
}
