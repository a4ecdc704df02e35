//! Turns each input of the page, with the time it came, into commands.

mod answering;
mod configuring;
mod hearing;
mod showing;

use protocol::config::SurveyRule;
use protocol::id::BootId;
use protocol::item::{Answer, PageContext};

use crate::command::{Command, Event, WarnCode};
use crate::memory::Memory;
use crate::pass::Pass;
use crate::reply::Reply;
use crate::time::{Entropy, Now};
use crate::transport::{Sender, Transport};
use crate::turn::Turn;

/// Longest wait that a page's timer can count: it overflows past 2^31 - 1 milliseconds.
const MAX_TIMER_MS: u64 = 0x7fff_ffff;

/// The brain of one page load.
///
/// Every method is one input and returns what to do about it, in order. Nothing here fails: bad
/// input leads to a [`Command::Warn`] or to nothing.
#[derive(Debug)]
pub struct Agent<E> {
    turn: Turn<E>,
    memory: Memory,
    /// Whether `memory` changed since it was last saved.
    unsaved: bool,
    boot: BootId,
    transport: Transport,
    /// Whether a config has come.
    configured: bool,
    rules: Vec<SurveyRule>,
    /// When to ask for the config again, on the monotonic clock.
    fetch_at: u64,
    fetch_failures: u32,
    page: PageContext,
    /// When the page was entered, on the monotonic clock.
    entered_ms: u64,
    hidden: bool,
    pass: Option<Pass>,
    /// A survey that the page asked for before it could be shown.
    wanted: Option<String>,
    /// Nothing more is shown unasked until the next page: nobody wants two surveys in a row.
    rests: bool,
    refusal_told: bool,
    /// The time that the page's timer was last set to.
    wakes_at: u64,
}

impl<E: Entropy> Agent<E> {
    /// An agent for a page that has just loaded. `state` is what an earlier page was told to save.
    pub fn new(state: Option<&[u8]>, now: Now, mut entropy: E) -> Self {
        Self {
            memory: Memory::recall(state, now, &mut entropy),
            unsaved: true,
            boot: BootId::new(now.wall_ms, &entropy.ten()),
            transport: Transport::new(),
            configured: false,
            rules: Vec::new(),
            fetch_at: u64::MAX,
            fetch_failures: 0,
            page: PageContext {
                url: String::new(),
                language: String::new(),
            },
            entered_ms: now.mono_ms,
            hidden: false,
            pass: None,
            wanted: None,
            rests: false,
            refusal_told: false,
            wakes_at: u64::MAX,
            turn: Turn::new(now, entropy),
        }
    }

    /// The time asked for by [`Command::Wake`] has come.
    pub fn tick(&mut self, now: Now) -> Vec<Command> {
        // Timers may fire a little early; the same time is then asked for again.
        self.wakes_at = u64::MAX;
        self.turn.now = now;
        self.finish()
    }

    /// The page became visible again.
    pub fn visible(&mut self, now: Now) -> Vec<Command> {
        self.begin(now);
        self.hidden = false;
        self.finish()
    }

    /// The page was hidden, and may be gone for good.
    pub fn hidden(&mut self, now: Now) -> Vec<Command> {
        self.turn.now = now;
        self.hidden = true;
        self.transport.leave(self.sender(), &mut self.turn);
        self.finish()
    }

    /// The browser says that the network is back.
    pub fn online(&mut self, now: Now) -> Vec<Command> {
        self.turn.now = now;
        self.transport.online(&mut self.turn);
        self.finish()
    }

    /// Another page of this browser saved `state`.
    pub fn synced(&mut self, state: &[u8], now: Now) -> Vec<Command> {
        self.turn.now = now;
        self.memory.merge(state);
        self.finish()
    }

    /// An envelope was answered, or was not.
    pub fn delivered(&mut self, reply: &Reply<'_>, now: Now) -> Vec<Command> {
        self.turn.now = now;
        if self.transport.delivered(reply, &mut self.turn) {
            self.refused(reply.code);
        }
        self.finish()
    }

    /// Begins an input that is activity of the person.
    fn begin(&mut self, now: Now) {
        self.turn.now = now;
        self.memory.touch(now, &mut self.turn.entropy);
        self.unsaved = true;
    }

    /// Does what every input ends with: choose a survey, send what is due, keep what changed, set
    /// the timer.
    fn finish(&mut self) -> Vec<Command> {
        let decide_at = self.decide();
        self.transport.pump(self.sender(), &mut self.turn);
        self.tell_delivery();
        if self.fetch_at <= self.turn.now.mono_ms {
            self.fetch_at = u64::MAX;
            self.turn.say(Command::FetchConfig);
        }
        if core::mem::take(&mut self.unsaved) {
            let state = self.memory.encode();
            self.turn.say(Command::Save { state });
        }
        self.set_timer(decide_at);
        core::mem::take(&mut self.turn.out)
    }

    fn set_timer(&mut self, decide_at: u64) {
        let wakes_at = decide_at.min(self.transport.due()).min(self.fetch_at);
        if wakes_at != u64::MAX && wakes_at != self.wakes_at {
            let wait = wakes_at.saturating_sub(self.turn.now.mono_ms);
            let in_ms = wait.min(MAX_TIMER_MS) as u32;
            self.turn.say(Command::Wake { in_ms });
        }
        self.wakes_at = wakes_at;
    }

    fn tell_delivery(&mut self) {
        let Some(pass) = &mut self.pass else { return };
        let response = pass.response;
        let state = response.and_then(|response| self.transport.delivery(response));
        if let Some(state) = state.filter(|state| pass.told != Some(*state)) {
            pass.told = Some(state);
            self.turn.say(Command::Delivery { state });
        }
    }

    fn emit(&mut self, event: Event, answer: Option<Answer>) {
        if let Some(pass) = &self.pass {
            self.turn.say(Command::Emit {
                event,
                survey: pass.survey.clone(),
                response: pass.response,
                answer,
            });
        }
    }

    fn refused(&mut self, code: &str) {
        if !core::mem::replace(&mut self.refusal_told, true) {
            self.turn.warn(WarnCode::Refused, code);
        }
    }

    const fn sender(&self) -> Sender {
        Sender {
            install: self.memory.install,
            session: self.memory.session,
            boot: self.boot,
        }
    }
}
