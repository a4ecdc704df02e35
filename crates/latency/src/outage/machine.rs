//! Turns slices, one after the other, into when something was open: the state machine of outages.

use super::{Level, Rules, SliceState, Votes};

/// First slice, and the first after it; absent while it lasts.
pub(super) type Stretch = (u64, Option<u64>);

/// What was seen so far.
#[derive(Debug)]
pub(super) struct Machine<'a> {
    level: Level,
    rules: &'a Rules,
    found: Vec<Stretch>,
    now: Now,
}

#[derive(Clone, Copy, Debug)]
enum Now {
    /// All was well, or nothing was known.
    Closed,
    /// Bad slices that are no outage yet.
    Opening(Run),
    /// An outage that began with this slice.
    Open { from: u64 },
    /// An outage, and good slices that are not its end yet.
    Closing { from: u64, to: u64, good_ms: u64 },
}

#[derive(Clone, Copy, Debug)]
struct Run {
    from: u64,
    /// The last slice that said something.
    last: u64,
    bad_ms: u64,
    attempts: u64,
    clients: u32,
}

impl<'a> Machine<'a> {
    pub(super) const fn new(level: Level, rules: &'a Rules) -> Self {
        Self {
            level,
            rules,
            found: Vec::new(),
            now: Now::Closed,
        }
    }

    /// Takes the next slice.
    pub(super) fn step(&mut self, number: u64, votes: Votes) {
        self.now = match self.level.state(votes, self.rules) {
            SliceState::NoData => return,
            SliceState::Bad => self.bad(number, votes),
            SliceState::Hold => self.hold(number),
            SliceState::Good => self.good(number),
        };
    }

    fn bad(&self, number: u64, votes: Votes) -> Now {
        let before = match self.now {
            Now::Open { from } | Now::Closing { from, .. } => return Now::Open { from },
            Now::Opening(run) if !self.was_silent(run.last, number) => Some(run),
            Now::Opening(_) | Now::Closed => None,
        };
        let mut run = before.unwrap_or(Run {
            from: number,
            last: number,
            bad_ms: 0,
            attempts: 0,
            clients: 0,
        });
        run.last = number;
        run.bad_ms += self.rules.slice_ms;
        run.attempts = run.attempts.saturating_add(votes.attempts);
        run.clients = run.clients.max(votes.clients);
        let open = &self.rules.open;
        if run.bad_ms >= open.ms && run.attempts >= open.attempts && run.clients >= open.clients {
            Now::Open { from: run.from }
        } else {
            Now::Opening(run)
        }
    }

    fn hold(&self, number: u64) -> Now {
        match self.now {
            Now::Opening(run) if self.was_silent(run.last, number) => Now::Closed,
            Now::Opening(run) => Now::Opening(Run {
                last: number,
                ..run
            }),
            // Not known to be good: what was good before it was no end.
            Now::Closing { from, .. } => Now::Open { from },
            now => now,
        }
    }

    fn good(&mut self, number: u64) -> Now {
        let (from, to, good_ms) = match self.now {
            Now::Closed | Now::Opening(_) => return Now::Closed,
            Now::Open { from } => (from, number, 0),
            Now::Closing { from, to, good_ms } => (from, to, good_ms),
        };
        let good_ms = good_ms + self.rules.slice_ms;
        if good_ms >= self.rules.close.ms {
            self.found.push((from, Some(to)));
            return Now::Closed;
        }
        Now::Closing { from, to, good_ms }
    }

    /// Ends whatever is under way with the slice before `number`.
    pub(super) fn cut(&mut self, number: u64) {
        match self.now {
            Now::Open { from } => self.found.push((from, Some(number))),
            Now::Closing { from, to, .. } => self.found.push((from, Some(to))),
            Now::Closed | Now::Opening(_) => {}
        }
        self.now = Now::Closed;
    }

    /// All that was found; what is under way lasts.
    pub(super) fn end(mut self) -> Vec<Stretch> {
        if let Now::Open { from } | Now::Closing { from, .. } = self.now {
            self.found.push((from, None));
        }
        self.found
    }

    fn was_silent(&self, last: u64, number: u64) -> bool {
        let slices = number.saturating_sub(last).saturating_sub(1);
        slices.saturating_mul(self.rules.slice_ms) > self.rules.silence_ms
    }
}
