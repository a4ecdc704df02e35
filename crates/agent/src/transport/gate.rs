//! Turns failures, refusals and "come back later" into whether the collector may be asked, and when.

use crate::backoff::{self, TOLD_MAX_MS};
use crate::time::{Entropy, Now};
use crate::turn::Turn;

/// Least time between two attempts when an event of the page (hidden, back online) asks for one
/// ahead of its turn.
const HURRY_MS: u64 = 10_000;

/// Attempts in a row without an answer, while the browser says that it is online, after which an
/// endpoint that has never answered counts as blocked. Source: field notes on delivery, point 14.
const BLOCKED_AFTER: u32 = 3;
/// The same of one that has answered this page before, or while somebody's answer waits: minutes of
/// failures. The three of the notes are about filters and policies, which never let a first answer through;
/// what was let through is down or on a bad network, and an hour's silence would outlast the page.
const DOWN_AFTER: u32 = 20;
/// The status that stands for "no answer, and the browser says that it is offline".
const OFFLINE: u16 = 1;
/// By how much chance spreads pages of one browser that were told to wait by one answer.
const SPREAD_MS: u32 = 2_000;

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
    /// Something keeps every request from the collector.
    Blocked,
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
    /// Attempts in a row that got no answer while the browser was online.
    unheard: u32,
    /// Whether anything was ever answered.
    heard: bool,
    /// The last attempt, on the monotonic clock.
    asked_at: u64,
}

impl Gate {
    /// Takes in the status of an answer, or its absence.
    pub(crate) const fn heard(&mut self, status: u16) {
        self.heard |= status > OFFLINE;
        self.unheard = match status {
            0 => self.unheard + 1,
            OFFLINE => self.unheard,
            _ => 0,
        };
    }

    /// Whether something, such as a filter of the browser, keeps requests from the collector. One that
    /// has answered this page is rather down, and comes back sooner than in an hour; and an answer is
    /// worth more tries.
    const fn is_blocked(&self, eager: bool) -> bool {
        let most = if eager || self.heard {
            DOWN_AFTER
        } else {
            BLOCKED_AFTER
        };
        self.unheard >= most
    }

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
            Wait::Guessed => self.was_quiet(now),
            Wait::Told | Wait::Blocked | Wait::Refused => false,
        }
    }

    const fn was_quiet(&self, now: Now) -> bool {
        now.mono_ms.saturating_sub(self.asked_at) >= HURRY_MS
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
        if self.is_blocked(eager) {
            let wait = backoff::probe_ms(&mut turn.entropy);
            return self.close(Wait::Blocked, wait, turn);
        }
        let wait = self.next_wait(eager, turn);
        self.close(Wait::Guessed, wait, turn);
    }

    /// Closes for as long as the collector said, if that is longer than the usual wait.
    pub(crate) fn told(&mut self, ms: u32, eager: bool, turn: &mut Turn<impl Entropy>) {
        let wait = self.next_wait(eager, turn).max(ms.min(TOLD_MAX_MS));
        self.close(Wait::Told, wait, turn);
    }

    /// Closes for what another page was told, a little longer: all pages hear of it at once.
    pub(crate) fn held(&mut self, ms: u64, turn: &mut Turn<impl Entropy>) {
        let ms = ms.min(TOLD_MAX_MS.into()) as u32;
        if turn.after(ms) > self.until {
            let spread = turn.entropy.below(SPREAD_MS);
            self.close(Wait::Told, ms + spread, turn);
        }
    }

    /// Closes until it is time to look whether somebody has repaired what was refused.
    pub(crate) fn refused(&mut self, turn: &mut Turn<impl Entropy>) {
        let wait = backoff::probe_ms(&mut turn.entropy);
        self.close(Wait::Refused, wait, turn);
    }

    /// Shortens a wait that was only guessed: the network is said to be back, or to be another one.
    pub(crate) fn online(&mut self, turn: &mut Turn<impl Entropy>) {
        let was_guessed = matches!(self.why, Wait::Guessed | Wait::Blocked);
        if was_guessed && self.was_quiet(turn.now) {
            let soon = backoff::wait_ms(1, true, &mut turn.entropy);
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
