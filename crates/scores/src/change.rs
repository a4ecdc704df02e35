//! Turns two scores into a difference and a verdict in one word.

use crate::{Interval, Nps, Score, Z95};

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
    /// Later minus earlier, of the adjusted scores, in the unit of the score.
    pub delta: f64,
    /// Standard error of `delta`, in the same unit.
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
        Some(Self::new(
            b.centre - a.centre,
            a.standard_error.hypot(b.standard_error),
        ))
    }

    /// Compares two groups by the same kind of score; `None` when either has no answers, or they are of
    /// different kinds.
    pub fn of(earlier: &Score, later: &Score) -> Option<Self> {
        if earlier.kind() != later.kind() {
            return None;
        }
        let (a, b) = (earlier.adjusted()?, later.adjusted()?);
        Some(Self::new(
            b.centre - a.centre,
            a.standard_error.hypot(b.standard_error),
        ))
    }

    fn new(delta: f64, standard_error: f64) -> Self {
        // The adjustment keeps both variances above 0, so there is no division by 0 here.
        let z = delta / standard_error;
        Self {
            delta,
            standard_error,
            z,
            p: p_of(z),
        }
    }

    /// The 95 % interval of `delta`.
    pub fn interval(&self) -> Interval {
        Interval {
            low: self.delta - Z95 * self.standard_error,
            high: self.delta + Z95 * self.standard_error,
        }
    }

    /// The verdict at the 5 % level.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.p, self.delta)
    }
}

impl Verdict {
    /// What a difference with this chance allows to say, at the 5 % level.
    pub(crate) fn of(p: f64, delta: f64) -> Self {
        if p >= 0.05 {
            Self::NoDetectableChange
        } else if delta > 0.0 {
            Self::Up
        } else {
            Self::Down
        }
    }
}

/// Chance that a standard normal number is at least this far from 0.
pub(crate) fn p_of(z: f64) -> f64 {
    libm::erfc(z.abs() / core::f64::consts::SQRT_2)
}
