//! Turns two scores into a difference and a verdict in one word.

use crate::Nps;

/// The difference between two groups: two periods, two segments, before and after.
///
/// ```
/// use scores::{Change, Nps, Verdict};
/// let before = Nps::from_counts(50, 30, 20);
/// let after = Nps::from_counts(58, 27, 15);
/// // Thirteen points up on paper, and no reason to believe it.
/// assert_eq!(Change::between(&before, &after).unwrap().verdict(), Verdict::NoDetectableChange);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Later minus earlier, of the adjusted scores, in points.
    pub delta: f64,
    /// Standard error of `delta`, in points.
    pub standard_error: f64,
    /// `delta / standard_error`.
    pub z: f64,
    /// Chance of a difference at least this large, either way, if there were none: 0 to 1.
    pub p: f64,
}

/// What a difference allows to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Higher, with p below 0.05.
    Up,
    /// Lower, with p below 0.05.
    Down,
    /// Chance alone would explain it.
    NoDetectableChange,
}

impl Change {
    /// Compares `later` with `earlier`; `None` when either has no answers.
    ///
    /// Two-sided z test on the adjusted scores (see [`Nps::interval`] for the adjustment).
    pub fn between(earlier: &Nps, later: &Nps) -> Option<Self> {
        let (a, b) = (earlier.adjusted()?, later.adjusted()?);
        let delta = b.centre - a.centre;
        let standard_error = a.standard_error.hypot(b.standard_error);
        // The adjustment keeps both variances above 0, so there is no division by 0 here.
        let z = delta / standard_error;
        Some(Self {
            delta,
            standard_error,
            z,
            p: libm::erfc(z.abs() / core::f64::consts::SQRT_2),
        })
    }

    /// The verdict at the 5 % level.
    pub fn verdict(&self) -> Verdict {
        if self.p >= 0.05 {
            Verdict::NoDetectableChange
        } else if self.delta > 0.0 {
            Verdict::Up
        } else {
            Verdict::Down
        }
    }
}
