//! Turns pairs of groups, one pair for each kind of person, into one difference that mixes no kinds.
//!
//! Where people on phones are slower and unhappier than others anyway, all slow people together are
//! unhappier than all fast ones, even if on each device they are happier (Simpson's paradox). Here each
//! pair is compared within itself, and the differences are weighed by how many people a pair has.

use crate::change::p_of;
use crate::{Change, Interval, Kind, POINTS, Reading, Score, Verdict, Z95};

/// Two groups of one kind of person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Those without what is looked at.
    pub without: Score,
    /// Those with it.
    pub with: Score,
}

/// The difference that something makes, or goes along with: those with it minus those without.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stratified {
    /// Weighted mean of the differences within pairs, of unadjusted scores, in their unit.
    pub difference: f64,
    /// 95 % interval of it, by the adjusted scores.
    pub interval: Interval,
    /// Chance of a difference at least this large, either way, if there were none: 0 to 1.
    pub p: f64,
    /// The difference of everybody together, unadjusted, which mixes kinds of people.
    pub pooled: f64,
    /// People without, in pairs that have both.
    pub n_without: u64,
    /// People with, in pairs that have both.
    pub n_with: u64,
    /// Pairs that have both.
    pub pairs: usize,
    /// People in pairs where one group is empty: they say nothing.
    pub left_out: u64,
}

impl Stratified {
    /// Compares within each pair; `None` when no pair has people in both groups.
    ///
    /// ```
    /// # use scores::{Kind, Pair, Score, Stratified};
    /// # fn of(p: u64, m: u64, d: u64) -> Score {
    /// #     Score::new(Kind::Nps, [d, 0, 0, 0, 0, 0, 0, m, 0, 0, p])
    /// # }
    /// let desktop = Pair { without: of(180, 60, 60), with: of(28, 6, 6) };
    /// let mobile = Pair { without: of(10, 10, 30), with: of(75, 60, 165) };
    /// let found = Stratified::of(Kind::Nps, &[desktop, mobile]).unwrap();
    /// // Better within each, worse together.
    /// assert!(found.difference > 12.0 && found.pooled < -48.0 && found.misleads());
    /// ```
    pub fn of(kind: Kind, pairs: &[Pair]) -> Option<Self> {
        let both: Vec<_> = pairs
            .iter()
            .filter(|pair| pair.without.n() > 0 && pair.with.n() > 0)
            .collect();
        let all = |of: fn(&Pair) -> &Score| sum(kind, both.iter().map(|pair| of(pair)));
        let (without, with) = (all(|pair| &pair.without), all(|pair| &pair.with));
        let n = without.n() + with.n();
        let (mut difference, mut centre, mut variance) = (0.0, 0.0, 0.0);
        for pair in &both {
            let weight = (pair.without.n() + pair.with.n()) as f64 / n as f64;
            let change = Change::of(&pair.without, &pair.with)?;
            difference += weight * (pair.with.value()? - pair.without.value()?);
            centre += weight * change.delta;
            variance += (weight * change.standard_error).powi(2);
        }
        let everybody: u64 = pairs.iter().map(|p| p.without.n() + p.with.n()).sum();
        let error = variance.sqrt();
        Some(Self {
            difference,
            interval: Interval {
                low: centre - Z95 * error,
                high: centre + Z95 * error,
            },
            p: p_of(centre / error),
            pooled: with.value()? - without.value()?,
            n_without: without.n(),
            n_with: with.n(),
            pairs: both.len(),
            left_out: everybody - n,
        })
    }

    /// Whether too few people are in one of the groups to say anything.
    pub fn is_too_little(&self) -> bool {
        self.n_without.min(self.n_with) < Reading::MIN_FOR_FIRM
    }

    /// The verdict at the 5 % level.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.p, self.difference)
    }

    /// Whether everybody together would tell another story: the other way, or outside the interval.
    pub fn misleads(&self) -> bool {
        let Interval { low, high } = self.interval;
        self.pooled * self.difference < 0.0 || !(low..=high).contains(&self.pooled)
    }
}

fn sum<'a>(kind: Kind, scores: impl Iterator<Item = &'a Score>) -> Score {
    let mut all = [0; POINTS];
    for score in scores {
        for (sum, n) in all.iter_mut().zip(score.histogram()) {
            *sum += n;
        }
    }
    Score::new(kind, all)
}
