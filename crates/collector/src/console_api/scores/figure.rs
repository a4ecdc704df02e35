//! Turns people per point into a score with its interval, and two of them into a difference.

use std::collections::BTreeMap;

use protocol::query::Interval;
use protocol::query::scores::{Difference, Figure, Verdict};
use scores::{Change, Kind, Score, Stratified};

pub(super) fn figure(kind: Kind, histogram: [u64; 11]) -> Figure {
    let score = Score::new(kind, histogram);
    Figure {
        n: score.n(),
        score: score.value(),
        interval: score.interval().map(interval),
        split: score.split(),
    }
}

/// People per point of the scale.
pub(super) fn points(kind: Kind, histogram: [u64; 11]) -> BTreeMap<u8, u64> {
    let all = (0_u8..).zip(histogram);
    all.filter(|(point, _)| kind.points().contains(point))
        .collect()
}

/// This minus the other.
pub(super) fn difference(this: &Score, other: &Score) -> Option<Difference> {
    let change = Change::of(other, this)?;
    let is_little = !(this.reading().shows_score() && other.reading().shows_score());
    Some(Difference {
        value: this.value()? - other.value()?,
        interval: interval(change.interval()),
        p: change.p,
        verdict: match is_little {
            true => Verdict::TooFew,
            false => verdict(change.verdict()),
        },
    })
}

pub(super) fn of_strata(found: &Stratified) -> Difference {
    Difference {
        value: found.difference,
        interval: interval(found.interval),
        p: found.p,
        verdict: verdict(found.verdict()),
    }
}

const fn verdict(verdict: scores::Verdict) -> Verdict {
    match verdict {
        scores::Verdict::Up => Verdict::Up,
        scores::Verdict::Down => Verdict::Down,
        scores::Verdict::NoDetectableChange => Verdict::NoDetectableChange,
    }
}

const fn interval(interval: scores::Interval) -> Interval {
    Interval {
        low: interval.low,
        high: interval.high,
    }
}
