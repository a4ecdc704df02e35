//! Turns what was counted in a window and in the last hour into how an objective stands.

use latency::Histogram;
use latency::objective::{Counts, actual, burn, exhausted_in_ms, health, left};
use protocol::budget::{AvailabilityObjective, LatencyObjective, Stage};
use protocol::latency::Within;
use protocol::query::performance::{ObjectiveKind, ObjectiveReport};
use store::SliceTotals;

/// The threshold of an objective, as pages count it.
pub(crate) fn within(objective: &LatencyObjective) -> Within {
    let ms = u32::try_from(objective.within.0).unwrap_or(u32::MAX);
    Within(objective.stage, ms)
}

/// What is counted against a threshold, and whether some of it is estimated.
///
/// Page loads count exactly against the thresholds that they know. What others counted, before a
/// threshold was changed, is estimated from the histogram, which is of the time until headers: of the
/// time until the body nothing can be said.
pub(crate) fn counts(
    totals: &SliceTotals,
    histogram: Option<&Histogram>,
    within: Within,
) -> (Counts, bool) {
    let exact = totals.threshold(within);
    let (n, bad) = exact.map_or((0, 0), |exact| (exact.n, exact.slow));
    let exact = Counts { n, bad };
    let rest = totals.n.saturating_sub(n);
    let share = match within.0 {
        Stage::Headers if rest > 0 => {
            histogram.and_then(|histogram| histogram.share_within(f64::from(within.1)))
        }
        _ => None,
    };
    let Some(share) = share else {
        return (exact, false);
    };
    let slow = (rest as f64 * (1.0 - share)).round();
    let counts = Counts {
        n: n + rest,
        bad: bad + slow as u64,
    };
    (counts, true)
}

/// Everything that an objective is judged by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged {
    /// In the window that is asked for.
    pub(super) window: Counts,
    /// In the last hour.
    pub(super) hour: Counts,
    /// The threshold was changed within the window.
    pub(super) estimated: bool,
    /// The window of the budgets, in milliseconds.
    pub(super) budget_window_ms: u64,
    /// What is counted below which nothing is said.
    pub(super) min_n: u64,
}

/// How a latency objective stands.
pub(super) fn latency_report(objective: &LatencyObjective, judged: Judged) -> ObjectiveReport {
    let Within(stage, within_ms) = within(objective);
    let kind = ObjectiveKind::Latency { stage, within_ms };
    report(kind, objective.target, judged)
}

/// How an availability objective stands; what is counted is milliseconds.
pub(super) fn availability_report(
    objective: &AvailabilityObjective,
    judged: Judged,
) -> ObjectiveReport {
    report(ObjectiveKind::Availability, objective.target, judged)
}

fn report(kind: ObjectiveKind, target: f64, judged: Judged) -> ObjectiveReport {
    let left = left(judged.window, target);
    let burn = burn(judged.hour, target);
    let lasts = left.zip(burn);
    ObjectiveReport {
        kind,
        target,
        n: judged.window.n,
        bad: judged.window.bad,
        actual: actual(judged.window),
        left,
        burn,
        exhausted_in_ms: lasts
            .and_then(|(left, burn)| exhausted_in_ms(left, burn, judged.budget_window_ms)),
        health: health(judged.window, target, burn, judged.min_n),
        estimated: judged.estimated,
    }
}
