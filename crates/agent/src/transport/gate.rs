//! Turns failures, refusals and "come back later" into whether the collector may be asked, and when.

use crate::backoff::{self, TOLD_MAX_MS};
use crate::time::{Entropy, Now};
use crate::turn::Turn;

/// Least time between two attempts when an event of the page (hidden, back online) asks for one
/// ahead of its turn.
const HURRY_MS: u64 = 10_000;

/// Why the collector is not asked, if it is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wait {
    /// Everything works.
    #[default]
    Nothing,
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
    why: Wait,
    /// Until when, on the monotonic clock; 0 while everything works.
    until: u64,
    /// Failures in a row.
    failures: u32,
    /// The last attempt, on the monotonic clock.
    asked_at: u64,
}

impl Gate {
    /// Whether nothing has gone wrong since the last success.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.why, Wait::Nothing)
    }

    /// When it opens, on the monotonic clock; 0 when it is open.
    pub(crate) const fn opens_at(&self) -> u64 {
        self.until
    }

    /// Whether an event of the page may cause an attempt ahead of its turn.
    pub(crate) fn may_hurry(&self, now: Now) -> bool {
        match self.why {
            Wait::Nothing => true,
            Wait::Guessed => now.mono_ms.saturating_sub(self.asked_at) >= HURRY_MS,
            Wait::Told | Wait::Refused => false,
        }
    }

    pub(crate) const fn asked(&mut self, now: Now) {
        self.asked_at = now.mono_ms;
    }

    pub(crate) const fn worked(&mut self) {
        self.why = Wait::Nothing;
        self.until = 0;
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
        if self.may_hurry(turn.now) {
            let soon = backoff::wait_ms(1, true, &mut turn.entropy);
            // 0 stays 0.
            self.until = self.until.min(turn.after(soon));
        }
    }

    fn next_wait(&mut self, eager: bool, turn: &mut Turn<impl Entropy>) -> u32 {
        self.failures += 1;
        backoff::wait_ms(self.failures, eager, &mut turn.entropy)
    }

    fn close(&mut self, why: Wait, ms: u32, turn: &Turn<impl Entropy>) {
        self.why = why;
        self.until = turn.after(ms);
    }
}
