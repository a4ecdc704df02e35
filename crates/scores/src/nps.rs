//! Turns counts of promoters, passives and detractors into a score and its 95 % interval.

use core::ops::RangeInclusive;

use crate::Z95;

/// The Net Promoter Score of one group of people.
///
/// Promoters gave 9 or 10, passives 7 or 8, detractors 0 to 6.
///
/// # Source
/// F. F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
///
/// ```
/// let nps = scores::Nps::from_counts(5, 3, 2);
/// assert_eq!(nps.score(), Some(30.0));
/// assert_eq!(scores::Nps::default().score(), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nps {
    promoters: u64,
    passives: u64,
    detractors: u64,
}

/// A range that holds the true value with 95 % confidence, in its own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Mean and spread of answers coded +1, 0, -1, from counts that need not be whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moments {
    /// Mean, on the -100 to 100 scale.
    pub(crate) centre: f64,
    /// Variance of one answer, 0 to 1.
    pub(crate) variance: f64,
    /// Standard error of the mean, on the -100 to 100 scale.
    pub(crate) standard_error: f64,
}

impl Moments {
    fn new(promoters: f64, passives: f64, detractors: f64) -> Self {
        let n = promoters + passives + detractors;
        let (p, d) = (promoters / n, detractors / n);
        // Not below 0 by rounding, whose square root would be NaN.
        let variance = (p + d - (p - d) * (p - d)).max(0.0);
        Self {
            // One division: of two, each is rounded, and an exact half is one no longer.
            centre: 100.0 * (promoters - detractors) / n,
            variance,
            standard_error: 100.0 * (variance / n).sqrt(),
        }
    }
}

impl Nps {
    /// The scores that promoters give.
    pub const PROMOTERS: RangeInclusive<u8> = 9..=10;
    /// The scores that passives give.
    pub const PASSIVES: RangeInclusive<u8> = 7..=8;
    /// The scores that detractors give.
    pub const DETRACTORS: RangeInclusive<u8> = 0..=6;

    /// The score of a group with these counts.
    pub const fn from_counts(promoters: u64, passives: u64, detractors: u64) -> Self {
        Self {
            promoters,
            passives,
            detractors,
        }
    }

    /// The score of a group in which `histogram[s]` people gave the score `s`.
    pub fn from_histogram(histogram: &[u64; 11]) -> Self {
        let people = |scores: RangeInclusive<u8>| {
            let of = |score: u8| histogram[usize::from(score)];
            scores.map(of).sum()
        };
        Self {
            promoters: people(Self::PROMOTERS),
            passives: people(Self::PASSIVES),
            detractors: people(Self::DETRACTORS),
        }
    }

    /// People who gave 9 or 10.
    pub const fn promoters(&self) -> u64 {
        self.promoters
    }

    /// People who gave 7 or 8.
    pub const fn passives(&self) -> u64 {
        self.passives
    }

    /// People who gave 0 to 6.
    pub const fn detractors(&self) -> u64 {
        self.detractors
    }

    /// People who gave a score.
    pub const fn n(&self) -> u64 {
        self.promoters + self.passives + self.detractors
    }

    /// `100 * (promoters - detractors) / n`, unrounded, -100 to 100; `None` when nobody answered.
    pub fn score(&self) -> Option<f64> {
        self.plain().map(|m| m.centre)
    }

    /// Variance of one answer coded +1, 0, -1: 0 to 1; `None` when nobody answered.
    pub fn variance(&self) -> Option<f64> {
        self.plain().map(|m| m.variance)
    }

    /// Standard error by Wald, in points of the score; `None` when nobody answered.
    ///
    /// For checking against other tools: it is 0 when all agree, which no interval should be.
    pub fn standard_error(&self) -> Option<f64> {
        self.plain().map(|m| m.standard_error)
    }

    /// Half the width of the 95 % Wald interval, in points; `None` when nobody answered.
    pub fn margin(&self) -> Option<f64> {
        self.standard_error().map(|se| Z95 * se)
    }

    /// The 95 % interval by the adjusted Wald method; `None` when nobody answered.
    ///
    /// The centre of this interval is not the score: it is drawn towards 0 by three made-up
    /// answers, which is what makes it hold at small n (at n = 5 the plain interval covers the
    /// truth in 68 to 84 % of cases, this one in 93 to 94 %).
    ///
    /// # Source
    /// B. Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician 70
    /// (2016): add 3/4 to promoters and to detractors, 3/2 to passives.
    pub fn interval(&self) -> Option<Interval> {
        self.adjusted().map(|m| Interval {
            low: (m.centre - Z95 * m.standard_error).max(-100.0),
            high: (m.centre + Z95 * m.standard_error).min(100.0),
        })
    }

    /// Centre of the adjusted interval, before clamping; `None` when nobody answered.
    pub fn adjusted_centre(&self) -> Option<f64> {
        self.adjusted().map(|m| m.centre)
    }

    fn plain(&self) -> Option<Moments> {
        (self.n() > 0).then(|| {
            Moments::new(
                self.promoters as f64,
                self.passives as f64,
                self.detractors as f64,
            )
        })
    }

    pub(crate) fn adjusted(&self) -> Option<Moments> {
        (self.n() > 0).then(|| {
            Moments::new(
                self.promoters as f64 + 0.75,
                self.passives as f64 + 1.5,
                self.detractors as f64 + 0.75,
            )
        })
    }
}
