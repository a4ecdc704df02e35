//! Turns a window into steps of time that a curve can be drawn of.

use protocol::budget::Feature;
use protocol::query::performance::Point;
use store::{FeatureSum, Span};

use super::Asked;
use super::objective::within;
use super::percentiles::percentiles;
use crate::error::ApiError;

/// Points that a curve may have.
const MAX_POINTS: u64 = 130;

/// Lengths of a step in milliseconds. What is distributed is known to the minute.
const STEPS_MS: [u64; 8] = [
    60_000,
    300_000,
    900_000,
    3_600_000,
    10_800_000,
    21_600_000,
    86_400_000,
    604_800_000,
];

/// The shortest step of which few enough make the window.
pub(super) fn step_ms(span: Span) -> u64 {
    let length_ms = span.to_ms.saturating_sub(span.from_ms);
    let fits = |step_ms: &&u64| length_ms.div_ceil(**step_ms) < MAX_POINTS;
    let longest = STEPS_MS[STEPS_MS.len() - 1];
    STEPS_MS.iter().find(fits).copied().unwrap_or(longest)
}

/// The steps of a window; the first and the last are cut to it.
fn steps(span: Span, step_ms: u64) -> Vec<Span> {
    let mut steps = Vec::new();
    let mut at_ms = span.from_ms / step_ms * step_ms;
    while at_ms < span.to_ms {
        steps.push(Span {
            from_ms: at_ms.max(span.from_ms),
            to_ms: (at_ms + step_ms).min(span.to_ms),
        });
        at_ms += step_ms;
    }
    steps
}

impl Asked {
    /// One point for each step of the window.
    pub(super) async fn series(&self, id: &str, step_ms: u64) -> Result<Vec<Point>, ApiError> {
        let steps = steps(self.span, step_ms);
        let sums = self.sums(Some(id), steps.clone(), true).await?;
        let promised = self.in_force.feature(id);
        let sums = sums.iter().map(|features| features.first());
        let points = steps.iter().zip(sums).map(|(step, sum)| Point {
            complete: step.from_ms / step_ms * step_ms + step_ms <= self.now_ms,
            ..point(step.from_ms, sum, promised)
        });
        Ok(points.collect())
    }
}

fn point(at_ms: u64, sum: Option<&FeatureSum>, promised: Option<&Feature>) -> Point {
    let objectives = promised.map_or(&[][..], |feature| &feature.latency);
    let slow = objectives.iter().map(|objective| {
        let totals = sum.map(|sum| &sum.totals);
        let threshold = totals.and_then(|totals| totals.threshold(within(objective)));
        threshold.map_or(0, |threshold| threshold.slow)
    });
    Point {
        at_ms,
        n: sum.map_or(0, |sum| sum.totals.n),
        slow: slow.collect(),
        eligible: sum.map_or(0, |sum| sum.totals.eligible),
        bad: sum.map_or(0, |sum| sum.totals.bad),
        percentiles: sum.and_then(|sum| percentiles(&sum.distribution.histogram)),
        complete: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;
    const HOUR: u64 = 60 * MINUTE;

    #[test]
    fn a_window_has_as_many_points_as_can_be_drawn() {
        let check = |length_ms, expected| {
            let span = Span {
                from_ms: 12_345,
                to_ms: 12_345 + length_ms,
            };
            assert_eq!(step_ms(span), expected, "{length_ms}");
            assert!(steps(span, expected).len() as u64 <= MAX_POINTS);
        };
        check(HOUR, MINUTE);
        check(24 * HOUR, 15 * MINUTE);
        check(7 * 24 * HOUR, 3 * HOUR);
        check(30 * 24 * HOUR, 6 * HOUR);
        check(90 * 24 * HOUR, 24 * HOUR);
        check(366 * 24 * HOUR, 7 * 24 * HOUR);
    }

    #[test]
    fn steps_fill_the_window() {
        let span = Span {
            from_ms: 90_000,
            to_ms: 200_000,
        };
        let steps: Vec<_> = steps(span, MINUTE)
            .iter()
            .map(|s| (s.from_ms, s.to_ms))
            .collect();
        assert_eq!(
            steps,
            [(90_000, 120_000), (120_000, 180_000), (180_000, 200_000)]
        );
    }
}
