//! Turns everything that surveys need beside an agent that only measures into one part of it.
//!
//! Most pages have no survey to show: their agent is built without this, `silent.rs` stands in for it.
//! Both offer the same names, so that nothing else knows which of them is there.

mod answering;
mod begun;
mod candidate;
mod explaining;
mod fetching;
mod items;
mod ledger;
mod pass;
mod place;
mod say;
mod showing;
mod waited;
mod watch;

use survey::bytes::Reader;
use survey::rule::Rule;

pub(crate) use items::{NO_REVISION, Revision};
pub(crate) use ledger::{History, merge_history, read_history, write_history};
pub(crate) use waited::Waited;
pub(crate) use watch::Watch;

use crate::agent::Agent;
use crate::command::Event;
use crate::time::Entropy;
use crate::turn::keep;
use candidate::Candidate;
use pass::{NO_RESPONSE, Pass};
use place::Place;

/// Events that are kept until the config comes; the first ones, because nothing is set off twice.
const MAX_EARLY: usize = 50;

/// What is known of the site's surveys, and of the one on the page.
#[derive(Debug)]
pub(crate) struct Asking {
    /// Kept until the page goes.
    candidates: &'static mut [Candidate],
    /// Events from before the config: name, properties, time on the monotonic clock.
    early: Vec<(Vec<u8>, Vec<u8>, u64)>,
    place: Place,
    /// Why the facade would show nothing at this moment; 0 when it would.
    guard: u32,
    pass: Option<Pass>,
    /// A survey that was asked for and not looked at yet, with the flags of `show`.
    wanted: Option<(Vec<u8>, u32)>,
    /// Whether what an earlier page began may still be shown by itself.
    may_resume: bool,
    /// Nothing more is shown unasked until the next page: nobody wants two surveys in a row.
    rests: bool,
    /// When to ask for the config again, on the monotonic clock.
    fetch_at: u64,
    fetch_failures: u32,
}

impl Default for Asking {
    fn default() -> Self {
        Self {
            candidates: &mut [],
            early: Vec::new(),
            place: Place::default(),
            guard: 0,
            pass: None,
            wanted: None,
            may_resume: true,
            rests: false,
            fetch_at: u64::MAX,
            fetch_failures: 0,
        }
    }
}

/// The part of a config that surveys are in; points into it.
#[derive(Debug)]
pub(crate) struct Running {
    candidates: Vec<Candidate>,
    furniture: &'static [u8],
}

impl Running {
    pub(crate) fn read(from: &mut Reader<'static>) -> Self {
        let mut candidates = Vec::new();
        for _ in 0..from.count() {
            candidates.push(Candidate::new(Rule::read(from)));
        }
        Self {
            candidates,
            furniture: from.bytes(),
        }
    }
}

impl Asking {
    /// The page has another address.
    pub(crate) fn moved(&mut self, now_ms: u64) {
        self.place.entered_ms = now_ms;
        self.rests = false;
        for candidate in self.candidates.iter_mut() {
            candidate.moved();
        }
    }

    /// What else is known of the page.
    pub(crate) fn stands(&mut self, device: u32, language: &[u8], context: &[u8]) {
        let place = &mut self.place;
        place.device = device;
        keep(&mut place.language, language);
        keep(&mut place.context, context);
    }

    /// The browser has forgotten what it has seen.
    pub(crate) fn forgot(&mut self) {
        self.may_resume = false;
    }
}

impl<E: Entropy> Agent<E> {
    /// Takes in a config's surveys; none when nobody could read it.
    pub(crate) fn run(&mut self, running: Option<Running>) {
        self.asking.fetch_at = u64::MAX;
        self.asking.fetch_failures = 0;
        let mut furniture = &b""[..];
        if let Some(running) = running {
            self.asking.candidates = running.candidates.leak();
            furniture = running.furniture;
        }
        for (event, properties, at_ms) in core::mem::take(&mut self.asking.early) {
            self.count(&event, &properties, at_ms);
        }
        if !furniture.is_empty() {
            self.turn.out.say_furnish(furniture);
        }
    }

    /// Takes in an input that is about surveys; none when there is no such input.
    pub(crate) fn hear_more(
        &mut self,
        input: u8,
        [a, b, _]: [u32; 3],
        bytes: &[u8],
        [x, y, z]: [&[u8]; 3],
    ) -> Option<()> {
        match input {
            4 => self.painted(),
            5 => self.show_failed(),
            6 => self.closed(a),
            8 => self.config_failed(a as u16, b, x),
            11 => self.asking.wanted = Some((x.to_vec(), a)),
            12 => self.ready(a, bytes),
            13 => self.asking.guard = a,
            14 => self.answered(a, x, y, z),
            16 => self.track(x, y),
            17 => self.asking.place.learn(x),
            18 => self.asking.place.identify(x),
            19 => keep(&mut self.asking.place.probes, x),
            20 => self.explain(x),
            _ => return None,
        }
        Some(())
    }

    /// Something happened that triggers may wait for.
    fn track(&mut self, event: &[u8], properties: &[u8]) {
        let now_ms = self.turn.now.mono_ms;
        if self.configured {
            self.count(event, properties, now_ms);
        } else if self.asking.early.len() < MAX_EARLY {
            let event = (event.to_vec(), properties.to_vec(), now_ms);
            self.asking.early.push(event);
        }
    }

    fn count(&mut self, event: &[u8], properties: &[u8], at_ms: u64) {
        let Asking {
            place, candidates, ..
        } = &mut self.asking;
        let facts = place.facts(&self.url, properties, self.memory.pages, at_ms);
        for candidate in candidates.iter_mut() {
            candidate.hear(event, &facts, at_ms);
        }
    }

    /// Lets what was measured set surveys off.
    pub(crate) fn heed(&mut self) {
        while let Some((event, properties)) = self.meter.waited.happened.pop() {
            self.track(event, &properties);
        }
    }

    /// The person is gone, or is somebody else now.
    pub(crate) fn dismiss(&mut self) {
        self.put_away();
        let asking = &mut self.asking;
        asking.wanted = None;
        asking.place.forget();
        asking.early.clear();
        for candidate in asking.candidates.iter_mut() {
            candidate.forget();
        }
    }

    /// Tells the open widget how far its answers got, if that is news.
    pub(crate) fn tell_delivery(&mut self) {
        let Some(pass) = &mut self.asking.pass else {
            return;
        };
        let state = self.transport.delivery(&pass.response);
        if let Some(state) = state.filter(|state| pass.told != Some(*state)) {
            pass.told = Some(state);
            self.turn.out.say_delivery(state);
        }
    }

    /// The agent knows the site's surveys.
    pub(crate) fn tell_ready(&mut self) {
        self.turn.out.say_emit(Event::Ready, None, &NO_RESPONSE);
    }

    fn emit(&mut self, event: Event) {
        if let Some(pass) = &self.asking.pass {
            let out = &mut self.turn.out;
            out.say_emit(event, Some(&pass.survey), &pass.response);
        }
    }
}
