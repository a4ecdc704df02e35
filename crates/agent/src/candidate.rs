//! Turns what happens on the page into how near one running survey is to being shown.

use protocol::config::{SurveyRule, Trigger};
use survey::eligibility::{Arming, Asked, Verdict, Visit, verdict};
use survey::matching::{Facts, holds};

/// Occurrences of one event that are remembered at most; triggers that want more count as this many.
const MAX_TIMES: usize = 1_000;

/// One running survey, with what this page load has brought it.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) rule: SurveyRule,
    /// When each trigger, then each cancel, happened, on the monotonic clock.
    counts: Vec<Vec<u64>>,
    arming: Arming,
    /// Since when everything but the delay holds, on the monotonic clock.
    held_at: Option<u64>,
    /// Whether the page was told that it is eligible.
    told: bool,
}

impl Candidate {
    pub(crate) fn new(rule: SurveyRule) -> Self {
        let n = rule.triggers.len() + rule.cancels.len();
        Self {
            counts: vec![Vec::new(); n],
            rule,
            arming: Arming::default(),
            held_at: None,
            told: false,
        }
    }

    /// Takes in an event, with its properties among the `facts`.
    pub(crate) fn hear(&mut self, event: &str, facts: &Facts<'_>, at_ms: u64) {
        let triggers = &self.rule.triggers;
        for (i, times) in self.counts.iter_mut().enumerate() {
            let arms = triggers.get(i);
            let Some(trigger) = arms.or_else(|| self.rule.cancels.get(i - triggers.len())) else {
                return;
            };
            if trigger.event == event && counts(trigger, facts, times, at_ms) {
                match arms {
                    Some(_) => self.arming.armed = true,
                    None => self.arming.cancelled = true,
                }
            }
        }
    }

    /// The page has another address: a delay begins anew, unless an event has set it off.
    pub(crate) fn moved(&mut self) {
        self.told = false;
        if self.rule.triggers.is_empty() {
            self.held_at = None;
        }
    }

    /// It was shown: what set it off has had its effect.
    pub(crate) fn spent(&mut self) {
        self.arming.armed = false;
        self.held_at = None;
    }

    pub(crate) fn forget(&mut self) {
        self.counts.iter_mut().for_each(Vec::clear);
        self.arming = Arming::default();
        self.held_at = None;
        self.told = false;
    }

    pub(crate) fn arming(&self, now_ms: u64) -> Arming {
        Arming {
            held_ms: self.held_at.map_or(0, |at| now_ms.saturating_sub(at)),
            ..self.arming
        }
    }

    /// Whether it may be shown by itself, and whether the page has to be told that it will.
    pub(crate) fn judge(&mut self, visit: &Visit<'_>, now_ms: u64) -> (Verdict, bool) {
        let verdict = verdict(&self.rule, visit, self.arming(now_ms), Asked::ALL);
        self.held_at = verdict.holds.then(|| self.held_at.unwrap_or(now_ms));
        let news = verdict.holds && !self.told;
        self.told |= news;
        (verdict, news)
    }
}

/// Counts an event; tells whether it has happened often enough now.
fn counts(trigger: &Trigger, facts: &Facts<'_>, times: &mut Vec<u64>, at_ms: u64) -> bool {
    if !trigger.filters.iter().all(|filter| holds(filter, facts).0) {
        return false;
    }
    let within = u64::from(trigger.within_ms);
    let needed = usize::from(trigger.times).min(MAX_TIMES);
    times.retain(|at| within == 0 || at_ms.saturating_sub(*at) <= within);
    times.push(at_ms);
    let is_enough = times.len() >= needed;
    if is_enough {
        times.clear();
    }
    is_enough
}
