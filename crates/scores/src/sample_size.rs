//! Turns a wish for precision into the number of answers that it takes.

use crate::Z95;

/// The 80 % quantile of the standard normal distribution, for 80 % power.
const Z80: f64 = 0.841_621;

/// The largest variance that an answer can have: half love it, half hate it.
pub const WORST_VARIANCE: f64 = 1.0;

/// Answers for a 95 % margin of `margin` points around one score.
///
/// `variance` is that of one answer ([`crate::Nps::variance`]); take [`WORST_VARIANCE`] when
/// nothing is known.
pub fn for_margin(margin: f64, variance: f64) -> u64 {
    let ratio = 100.0 * Z95 / margin;
    (variance * ratio * ratio).ceil() as u64
}

/// Answers per group to detect a difference of `points` between two, at 5 % and 80 % power.
pub fn for_difference(points: f64, variance: f64) -> u64 {
    let ratio = 100.0 * (Z95 + Z80) / points;
    (2.0 * variance * ratio * ratio).ceil() as u64
}
