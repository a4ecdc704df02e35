//! Turns several surveys that could be shown into the one that is.

use protocol::config::SurveyRule;

use crate::eligibility::{Seen, Verdict, Visit, verdict};

/// Which survey comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Show `rules[index]` now.
    Show {
        /// Index into the rules.
        index: usize,
    },
    /// Nothing now; ask again in this many milliseconds.
    Wait {
        /// Milliseconds until the first delay is over.
        in_ms: u64,
    },
    /// Nothing on this page.
    Nothing,
}

/// Chooses among `rules`: the highest priority, then the smaller id, of those that may be shown
/// now. `seen` tells what is remembered of a survey.
pub fn pick(rules: &[SurveyRule], visit: &Visit<'_>, seen: impl Fn(&str) -> Seen) -> Pick {
    let mut best: Option<usize> = None;
    let mut soonest: Option<u64> = None;
    for (index, rule) in rules.iter().enumerate() {
        match verdict(rule, visit, &seen(&rule.survey.id)) {
            Verdict::Show if best.is_none_or(|b| precedes(rule, &rules[b])) => best = Some(index),
            Verdict::Wait { in_ms } => {
                soonest = Some(soonest.map_or(in_ms, |soonest| soonest.min(in_ms)));
            }
            Verdict::Show | Verdict::No(_) => {}
        }
    }
    match (best, soonest) {
        (Some(index), _) => Pick::Show { index },
        (None, Some(in_ms)) => Pick::Wait { in_ms },
        (None, None) => Pick::Nothing,
    }
}

fn precedes(a: &SurveyRule, b: &SurveyRule) -> bool {
    (core::cmp::Reverse(a.show.priority), &a.survey.id)
        < (core::cmp::Reverse(b.show.priority), &b.survey.id)
}
