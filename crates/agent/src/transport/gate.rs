//! Turns failures, refusals and "come back later" into whether the collector may be asked, and when.

use crate::backoff::{self, TOLD_MAX_MS};
use crate::time::{Entropy, Now};
use crate::turn::Turn;

/// Least time between two attempts when an event of the page (hidden, back online) asks for one
/// ahead of its turn.
const HURRY_MS: u64 = 10_000;

/// Why the collector is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    /// Something failed; the wait is only guessed.
    Guessed,
    /// The collector said when to come back.
    Told,
    /// The collector refuses this page.
    Refused,
}

/// Whether the collector may be asked.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    /// Until when, on the monotonic clock, and why; none while everything works.
    closed: Option<(u64, Wait)>,
    /// Failures in a row.
    failures: u32,
    /// The last attempt, on the monotonic clock.
    asked_at: Option<u64>,
}

impl Gate {
    /// Whether nothing has gone wrong since the last success.
    pub(crate) const fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// When it opens, on the monotonic clock; 0 when it is open.
    pub(crate) fn opens_at(&self) -> u64 {
        self.closed.map_or(0, |(until, _)| until)
    }

    /// Whether an event of the page may cause an attempt ahead of its turn.
    pub(crate) fn may_hurry(&self, now: Now) -> bool {
        match self.closed {
            None => true,
            Some((_, Wait::Guessed)) => {
                let asked = self.asked_at.unwrap_or_default();
                now.mono_ms.saturating_sub(asked) >= HURRY_MS
            }
            Some((_, Wait::Told | Wait::Refused)) => false,
        }
    }

    pub(crate) const fn asked(&mut self, now: Now) {
        self.asked_at = Some(now.mono_ms);
    }

    pub(crate) const fn worked(&mut self) {
        self.closed = None;
        self.failures = 0;
    }

    /// Closes after a failure; `eager` while somebody's answer waits.
    pub(crate) fn failed(&mut self, eager: bool, turn: &mut Turn<impl Entropy>) {
        let wait = self.next_wait(eager, turn);
        self.close(Wait::Guessed, wait, turn);
    }

    /// Closes for as long as the collector said, if that is longer than the usual wait.
    pub(crate) fn told(&mut self, ms: u32, eager: bool, turn: &mut Turn<impl Entropy>) {
        let wait = self.next_wait(eager, turn).max(ms.min(TOLD_MAX_MS));
        self.close(Wait::Told, wait, turn);
    }

    /// Closes until it is time to look whether somebody has repaired what was refused.
    pub(crate) fn refused(&mut self, turn: &mut Turn<impl Entropy>) {
        let wait = backoff::probe_ms(&mut turn.entropy);
        self.close(Wait::Refused, wait, turn);
    }

    /// Shortens a wait that was only guessed: the network is said to be back.
    pub(crate) fn online(&mut self, turn: &mut Turn<impl Entropy>) {
        let hurry = self.may_hurry(turn.now);
        if let Some((until, Wait::Guessed)) = &mut self.closed
            && hurry
        {
            let soon = backoff::wait_ms(1, true, &mut turn.entropy);
            *until = (*until).min(turn.after(soon));
        }
    }

    fn next_wait(&mut self, eager: bool, turn: &mut Turn<impl Entropy>) -> u32 {
        self.failures = self.failures.saturating_add(1);
        backoff::wait_ms(self.failures, eager, &mut turn.entropy)
    }

    fn close(&mut self, why: Wait, ms: u32, turn: &Turn<impl Entropy>) {
        self.closed = Some((turn.after(ms), why));
    }
}
