//! Turns what was measured into budgets that could be promised, and what each would have cost.
//!
//! Everything is estimated from a histogram, whose buckets are at most 1.083 % off.

use crate::Histogram;
use crate::histogram::MAX_MS;
use crate::objective::{Counts, burn};

/// The quantiles that people promise by.
pub const QUANTILES: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];

/// One "answers within", and what it would have meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The quantile that it is made of, 0 to 1.
    pub quantile: f64,
    /// That quantile in milliseconds.
    pub measured_ms: f64,
    /// The threshold: the quantile, rounded up to a number that people say.
    pub within_ms: u32,
    /// Share of attempts within the threshold, 0 to 1.
    pub share: f64,
    /// What it would have cost, for each target that was asked about.
    pub costs: Vec<Cost>,
}

/// What a threshold with a target would have cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Share that is promised, 0 to 1.
    pub target: f64,
    /// Attempts over the threshold.
    pub bad: u64,
    /// Pace at which the budget would have been used; absent where nothing may be bad.
    pub burn: Option<f64>,
    /// Share of the budget of its window that would have been used, 1 for all of it; absent where
    /// nothing may be bad.
    pub used: Option<f64>,
}

/// A proposal for each of [`QUANTILES`], the same threshold once; none where nothing was measured.
///
/// `history_ms` is how long was measured, `window_ms` the window of the budgets: half a window uses up
/// half of what its pace would.
pub fn suggest(
    histogram: &Histogram,
    targets: &[f64],
    history_ms: u64,
    window_ms: u64,
) -> Vec<Proposal> {
    let part = history_ms as f64 / window_ms.max(1) as f64;
    let mut proposals: Vec<Proposal> = Vec::new();
    for quantile in QUANTILES {
        let Some(measured_ms) = histogram.quantile(quantile) else {
            break;
        };
        let Some((within_ms, share)) = threshold(histogram, quantile, measured_ms) else {
            break;
        };
        if proposals.iter().any(|one| one.within_ms == within_ms) {
            continue;
        }
        let n = histogram.count();
        let bad = ((1.0 - share).max(0.0) * n as f64).round() as u64;
        let cost = |target: &f64| {
            let burn = burn(Counts { n, bad }, *target);
            Cost {
                target: *target,
                bad,
                burn,
                used: burn.map(|burn| burn * part.min(1.0)),
            }
        };
        proposals.push(Proposal {
            quantile,
            measured_ms,
            within_ms,
            share,
            costs: targets.iter().map(cost).collect(),
        });
    }
    proposals
}

/// The first number that people say within which the quantile is, and the share within it. What is
/// over every bucket is within no number.
fn threshold(histogram: &Histogram, quantile: f64, measured_ms: f64) -> Option<(u32, f64)> {
    /// Numbers that are tried: more than a bucket is wide.
    const TRIED: usize = 3;
    let numbers = std::iter::successors(Some(humane(measured_ms)), |ms| {
        Some(humane(f64::from(*ms) + 1.0))
    });
    let mut shares = numbers
        .take(TRIED)
        .take_while(|ms| f64::from(*ms) <= MAX_MS)
        .filter_map(|ms| Some((ms, histogram.share_within(f64::from(ms))?)));
    shares.find(|(_, share)| *share >= quantile)
}

/// The next number that people say, in milliseconds: two digits at most, in steps of a fifth or less.
///
/// ```
/// assert_eq!(latency::suggest::humane(287.0), 300);
/// assert_eq!(latency::suggest::humane(300.0), 300);
/// assert_eq!(latency::suggest::humane(1_240.0), 1_500);
/// ```
pub fn humane(ms: f64) -> u32 {
    const STEPS: [u32; 12] = [10, 12, 15, 20, 25, 30, 35, 40, 50, 60, 70, 80];
    let mut scale = 1_u32;
    while scale <= 10_000_000 {
        for step in STEPS {
            let value = step.saturating_mul(scale);
            // An estimate that is a hair above a round number is that number.
            if ms <= f64::from(value) * (1.0 + 1e-9) {
                return value;
            }
        }
        scale *= 10;
    }
    u32::MAX
}
