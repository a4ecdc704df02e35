//! Turns what happens on the page into how near one running survey is to being shown.

use survey::eligibility::{Arming, Asked, Verdict, Visit, verdict};
use survey::matching::{Facts, holds};
use survey::rule::{Condition, Rule, Trigger};

/// Occurrences of one event that are remembered at most; triggers that want more count as this many.
const MAX_TIMES: usize = 1_000;

/// One running survey, with what this page load has brought it.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) rule: Rule<'static>,
    /// When each trigger, then each cancel, happened, on the monotonic clock.
    counts: Vec<Vec<u64>>,
    arming: Arming,
    /// Since when everything but the delay holds, on the monotonic clock; [`u64::MAX`] if it does not.
    held_at: u64,
    /// Whether the page was told that it is eligible.
    told: bool,
}

impl Candidate {
    pub(crate) fn new(rule: Rule<'static>) -> Self {
        Self {
            rule,
            counts: Vec::new(),
            arming: Arming::default(),
            held_at: u64::MAX,
            told: false,
        }
    }

    /// Takes in an event, with its properties among the `facts`.
    pub(crate) fn hear(&mut self, event: &[u8], facts: &Facts<'_>, at_ms: u64) {
        let mut from = self.rule.triggers;
        let mut n = 0;
        for effect in [&mut self.arming.armed, &mut self.arming.cancelled] {
            for _ in 0..from.count() {
                let trigger = Trigger::read(&mut from);
                if n == self.counts.len() {
                    self.counts.push(Vec::new());
                }
                if trigger.event == event && counts(&trigger, facts, &mut self.counts[n], at_ms) {
                    *effect = true;
                }
                n += 1;
            }
        }
    }

    /// The page has another address: a delay begins anew, unless an event has set it off.
    pub(crate) fn moved(&mut self) {
        self.told = false;
        if !self.rule.is_triggered {
            self.held_at = u64::MAX;
        }
    }

    /// It was shown: what set it off has had its effect.
    pub(crate) fn spent(&mut self) {
        self.arming.armed = false;
        self.held_at = u64::MAX;
    }

    pub(crate) fn forget(&mut self) {
        self.counts.iter_mut().for_each(Vec::clear);
        self.arming = Arming::default();
        self.held_at = u64::MAX;
        self.told = false;
    }

    pub(crate) fn arming(&self, now_ms: u64) -> Arming {
        Arming {
            held_ms: now_ms.saturating_sub(self.held_at),
            ..self.arming
        }
    }

    /// Whether it may be shown by itself, and whether the page has to be told that it will.
    pub(crate) fn judge(&mut self, visit: &Visit<'_>, now_ms: u64) -> (Verdict, bool) {
        let verdict = verdict(&self.rule, visit, self.arming(now_ms), Asked::ALL);
        self.held_at = if verdict.holds {
            self.held_at.min(now_ms)
        } else {
            u64::MAX
        };
        let news = verdict.holds && !self.told;
        self.told |= news;
        (verdict, news)
    }
}

/// Counts an event; tells whether it has happened often enough now.
fn counts(trigger: &Trigger<'_>, facts: &Facts<'_>, times: &mut Vec<u64>, at_ms: u64) -> bool {
    let mut filters = trigger.filters;
    for _ in 0..filters.count() {
        if !holds(&Condition::read(&mut filters), facts).0 {
            return false;
        }
    }
    // The first of as many as are needed must not be too long ago.
    times.push(at_ms);
    if times.len() < (trigger.times as usize).min(MAX_TIMES) {
        return false;
    }
    let within = trigger.within_ms;
    let is_enough = within == 0 || at_ms.saturating_sub(times[0]) <= within;
    if is_enough {
        times.clear();
    } else {
        times.remove(0);
    }
    is_enough
}
