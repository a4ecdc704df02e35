//! Turns several surveys that could be shown into the one that is.

use crate::eligibility::Verdict;
use crate::rule::Rule;

/// Which survey comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The one to show now: its place among the rules.
    pub show: Option<usize>,
    /// Without one, milliseconds after which to ask again; [`u64::MAX`] when time alone changes
    /// nothing.
    pub in_ms: u64,
}

/// Chooses the highest priority, then the smaller id, of those that may be shown now.
pub fn pick<'a>(rules: impl Iterator<Item = (&'a Rule<'a>, Verdict)>) -> Pick {
    let mut best: Option<(usize, &Rule<'_>)> = None;
    let mut in_ms = u64::MAX;
    for (index, (rule, verdict)) in rules.enumerate() {
        in_ms = in_ms.min(verdict.in_ms);
        if verdict.closed.is_none() && best.is_none_or(|(_, best)| precedes(rule, best)) {
            best = Some((index, rule));
        }
    }
    Pick {
        show: best.map(|(index, _)| index),
        in_ms,
    }
}

fn precedes(a: &Rule<'_>, b: &Rule<'_>) -> bool {
    (b.priority, a.survey.id) < (a.priority, b.survey.id)
}
