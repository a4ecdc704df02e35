//! Turns each input of the page, with the time it came, into commands.

mod answering;
mod configuring;
mod explaining;
mod hearing;
mod learning;
mod showing;

use protocol::id::BootId;

use crate::candidate::Candidate;
use crate::command::{Event, WarnCode};
use crate::memory::Memory;
use crate::meter::Meter;
use crate::pass::{NO_RESPONSE, Pass};
use crate::place::Place;
use crate::queue::Kind;
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
    turn: Turn<E>,
    memory: Memory,
    /// Whether `memory` changed since it was last saved.
    unsaved: bool,
    /// Whether anything may be kept in this browser.
    consents: bool,
    transport: Transport,
    meter: Meter,
    /// Whether a config has come.
    configured: bool,
    /// Kept until the page goes.
    candidates: &'static mut [Candidate],
    /// Events from before the config: name, properties, time on the monotonic clock.
    early: Vec<(Vec<u8>, Vec<u8>, u64)>,
    /// When to ask for the config again, on the monotonic clock.
    fetch_at: u64,
    fetch_failures: u32,
    place: Place,
    hidden: bool,
    /// Why the facade would show nothing at this moment; 0 when it would.
    guard: u32,
    pass: Option<Pass>,
    /// A survey that was asked for and not looked at yet, with the flags of `show`.
    wanted: Option<(Vec<u8>, u32)>,
    /// Whether what an earlier page began may still be shown by itself.
    may_resume: bool,
    /// Nothing more is shown unasked until the next page: nobody wants two surveys in a row.
    rests: bool,
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
        Self {
            memory,
            unsaved: true,
            consents: true,
            transport: Transport::new(sender),
            meter: Meter::default(),
            configured: false,
            candidates: &mut [],
            early: Vec::new(),
            fetch_at: u64::MAX,
            fetch_failures: 0,
            place: Place::default(),
            hidden: false,
            guard: 0,
            pass: None,
            wanted: None,
            may_resume: true,
            rests: false,
            refusal_told: false,
            wakes_at: u64::MAX,
            turn: Turn::new(now, entropy),
        }
    }

    /// Notes activity of the person.
    fn touch(&mut self) {
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
        self.tell_delivery();
        if self.fetch_at <= self.turn.now.mono_ms {
            self.fetch_at = u64::MAX;
            self.turn.out.say("fetch_config");
        }
        self.save();
        self.set_timer(decide_at);
    }

    /// Hands what was measured to the transport, when it is time or the page goes.
    fn report(&mut self, exit: bool) {
        for body in self.meter.flush(exit, &mut self.turn) {
            let turn = &mut self.turn;
            self.transport
                .push(Kind::Latency, (NO_RESPONSE, 0), body, turn);
        }
    }

    /// Has the memory kept, if it changed and may be kept.
    fn save(&mut self) {
        if core::mem::take(&mut self.unsaved) && self.consents {
            let state = self.memory.encode();
            self.turn.out.say_save(&state);
        }
    }

    fn set_timer(&mut self, decide_at: u64) {
        let wakes_at = decide_at
            .min(self.transport.due())
            .min(self.meter.due())
            .min(self.fetch_at);
        if wakes_at != u64::MAX && wakes_at != self.wakes_at {
            let wait = wakes_at.saturating_sub(self.turn.now.mono_ms);
            let in_ms = wait.min(MAX_TIMER_MS) as u32;
            self.turn.out.say_number("wake", "in_ms", in_ms);
        }
        self.wakes_at = wakes_at;
    }

    fn tell_delivery(&mut self) {
        let Some(pass) = &mut self.pass else { return };
        let state = self.transport.delivery(&pass.response);
        if let Some(state) = state.filter(|state| pass.told != Some(*state)) {
            pass.told = Some(state);
            self.turn.out.say_delivery(state);
        }
    }

    fn emit(&mut self, event: Event) {
        if let Some(pass) = &self.pass {
            let out = &mut self.turn.out;
            out.say_emit(event, Some(&pass.survey), &pass.response);
        }
    }

    fn refused(&mut self, code: &[u8]) {
        if !core::mem::replace(&mut self.refusal_told, true) {
            self.turn.out.say_warn(WarnCode::Refused, code);
        }
    }
}
