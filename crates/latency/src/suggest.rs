//! Turns what was measured into budgets that could be promised, and what each would have cost.

use crate::Histogram;
use crate::objective::{Counts, burn};

/// Quantiles that budgets are suggested at.
const QUANTILES: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];

/// "`target` within `within_ms`", held against what was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suggestion {
    /// The share that would be promised.
    pub target: f64,
    /// The quantile at that share, rounded up to a number that people say.
    pub within_ms: u64,
    /// The share that was within it; an estimate.
    pub share: f64,
    /// How fast the budget would have burnt over all that was measured.
    pub burn: Option<f64>,
}

/// One suggestion for each of the usual quantiles; none when nothing was measured.
pub fn suggest(measured: &Histogram) -> Vec<Suggestion> {
    let n = measured.count();
    QUANTILES
        .into_iter()
        .filter_map(|target| {
            let within_ms = humane(measured.quantile(target)?);
            let share = measured.share_within(within_ms as f64)?;
            let bad = ((1.0 - share) * n as f64).round() as u64;
            Some(Suggestion {
                target,
                within_ms,
                share,
                burn: burn(Counts { n, bad }, target),
            })
        })
        .collect()
}

/// The next number that people say: steps of 10 up to 100 ms, of 50 up to a second, then of 10 %.
pub fn humane(ms: f64) -> u64 {
    let step = match ms {
        ms if ms <= 100.0 => 10.0,
        ms if ms <= 1_000.0 => 50.0,
        ms if ms <= 10_000.0 => 500.0,
        _ => 5_000.0,
    };
    ((ms / step).ceil() * step).max(step) as u64
}
