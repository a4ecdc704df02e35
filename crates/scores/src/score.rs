//! Turns people per point of a scale into a score of any kind, with its 95 % interval.

use crate::{Interval, Kind, Nps, Reading, Z95};

/// Points of the longest scale, 0 to 10.
pub const POINTS: usize = 11;

/// How many people chose what, and what that comes to.
///
/// ```
/// use scores::{Kind, Score};
/// let csat = Score::new(Kind::Csat, [0, 1, 1, 2, 4, 12, 0, 0, 0, 0, 0]);
/// assert_eq!(csat.value(), Some(80.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    kind: Kind,
    histogram: [u64; POINTS],
}

/// A mean and how far it may be off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moments {
    /// In the unit of the score.
    pub(crate) centre: f64,
    /// In the same unit.
    pub(crate) standard_error: f64,
}

impl Score {
    /// `histogram[s]` people chose `s`. What is not on the scale of `kind` is left out.
    pub fn new(kind: Kind, histogram: [u64; POINTS]) -> Self {
        let mut kept = [0; POINTS];
        for (point, people) in (0_u8..).zip(histogram) {
            if kind.points().contains(&point) {
                kept[usize::from(point)] = people;
            }
        }
        Self {
            kind,
            histogram: kept,
        }
    }

    /// What is measured.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// People per point, from 0.
    pub const fn histogram(&self) -> &[u64; POINTS] {
        &self.histogram
    }

    /// People who chose something.
    pub fn n(&self) -> u64 {
        self.histogram.iter().sum()
    }

    /// How much may be said.
    pub fn reading(&self) -> Reading {
        Reading::of(self.n())
    }

    /// People at the good end, in the middle, at the bad end: see [`Kind::groups`].
    pub fn split(&self) -> [u64; 3] {
        self.kind
            .groups()
            .map(|group| group.map(|point| self.at(point)).sum())
    }

    fn at(&self, point: u8) -> u64 {
        self.histogram.get(usize::from(point)).copied().unwrap_or(0)
    }

    fn nps(&self) -> Nps {
        Nps::from_histogram(&self.histogram)
    }

    /// The score, unrounded: see [`Kind`] for units. `None` when nobody answered.
    pub fn value(&self) -> Option<f64> {
        let n = self.n();
        if n == 0 {
            return None;
        }
        match self.kind {
            Kind::Nps => self.nps().score(),
            Kind::Csat => Some(100.0 * self.split()[0] as f64 / n as f64),
            Kind::Ces => Some(self.points_sum() / n as f64),
        }
    }

    fn points_sum(&self) -> f64 {
        let weighed = (0_u32..).zip(self.histogram);
        weighed.map(|(s, n)| f64::from(s) * n as f64).sum()
    }

    /// The 95 % interval, within the ends of the scale; `None` when nobody answered.
    ///
    /// NPS: adjusted Wald ([`Nps::interval`]). CSAT: Wilson. CES: Wald on the answers and three made-up
    /// ones, half of one and a half at either end and the rest in the middle, which is what the
    /// adjustment of NPS does on a scale of three.
    ///
    /// # Source
    /// E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22
    /// (1927).
    pub fn interval(&self) -> Option<Interval> {
        match self.kind {
            Kind::Nps => self.nps().interval(),
            Kind::Csat => self.wilson(),
            Kind::Ces => {
                let (least, most) = self.kind.range();
                self.adjusted().map(|m| Interval {
                    low: (m.centre - Z95 * m.standard_error).max(least),
                    high: (m.centre + Z95 * m.standard_error).min(most),
                })
            }
        }
    }

    /// Half the width of the interval, in the unit of the score: what follows a `±`.
    pub fn margin(&self) -> Option<f64> {
        self.interval().map(|i| (i.high - i.low) / 2.0)
    }

    fn wilson(&self) -> Option<Interval> {
        let n = self.n() as f64;
        let p = self.value()? / 100.0;
        let z2 = Z95 * Z95;
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        Some(Interval {
            low: 100.0 * (centre - half).max(0.0),
            high: 100.0 * (centre + half).min(1.0),
        })
    }

    /// What two groups are compared by. Made-up answers keep every error above 0.
    ///
    /// # Source
    /// CSAT: A. Agresti and B. Caffo, "Simple and Effective Confidence Intervals for Proportions and
    /// Differences of Proportions", The American Statistician 54 (2000): one more of each in each group.
    pub(crate) fn adjusted(&self) -> Option<Moments> {
        let n = self.n();
        if n == 0 {
            return None;
        }
        let n = n as f64;
        match self.kind {
            Kind::Nps => self.nps().adjusted().map(|m| Moments {
                centre: m.centre,
                standard_error: m.standard_error,
            }),
            Kind::Csat => {
                let p = (self.split()[0] as f64 + 1.0) / (n + 2.0);
                Some(Moments {
                    centre: 100.0 * p,
                    standard_error: 100.0 * (p * (1.0 - p) / (n + 2.0)).sqrt(),
                })
            }
            Kind::Ces => Some(self.mean_adjusted(n)),
        }
    }

    fn mean_adjusted(&self, n: f64) -> Moments {
        let (least, most) = self.kind.range();
        let made_up = [
            (least, 0.75),
            (f64::midpoint(least, most), 1.5),
            (most, 0.75),
        ];
        let asked = (0_u32..).zip(self.histogram);
        let asked = asked.map(|(s, people)| (f64::from(s), people as f64));
        let all = asked.chain(made_up);
        let n = n + 3.0;
        let (sum, squares) = all.fold((0.0, 0.0), |(sum, squares), (value, people)| {
            (sum + value * people, squares + value * value * people)
        });
        let centre = sum / n;
        Moments {
            centre,
            standard_error: ((squares / n - centre * centre).max(0.0) / n).sqrt(),
        }
    }
}
