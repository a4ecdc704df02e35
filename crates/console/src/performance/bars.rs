//! Turns a distribution of latency into bars over a logarithmic axis, parted by the budget.

use protocol::budget::Stage;
use protocol::query::performance::{FeatureDetail, ObjectiveKind, ObjectiveReport};

use super::quantity;
use super::scale::Log;
use crate::words::{decimal, say};

/// Bars that can still be told apart on a phone.
const MOST: usize = 96;
/// Bars of a doubling, finest first: boundaries of the histogram at scale 4 and above are among them.
const FINENESS: [i32; 3] = [16, 8, 4];
/// Below this many attempts fine bars would be a comb.
const MANY: u64 = 400;

/// Attempts between two durations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Where it begins on the axis, from 0 to 1.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Of the highest, from 0 to 1.
    pub height: f64,
    /// Whether it is over the first budget.
    pub is_over: bool,
}

/// Attempts between two durations, for a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `100 ms to 109 ms`.
    pub range: String,
    /// Attempts.
    pub count: u64,
}

/// A latency budget on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    /// Where, from 0 to 1.
    pub at: f64,
    /// `300 ms`.
    pub label: String,
    /// Whether it is what the bars are parted by.
    pub is_first: bool,
}

/// The picture of a distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// In order; where the first budget parts one, it is two.
    pub bars: Vec<Bar>,
    /// The same in numbers.
    pub rows: Vec<Row>,
    /// Those that are held against the time until the answer begins.
    pub budgets: Vec<Budget>,
    /// Share within the first budget, from exact counters, and what was promised of it.
    pub kept: Option<(f64, f64)>,
    /// Marks of the axis.
    pub ticks: Vec<(f64, String)>,
    /// Attempts in all bars.
    pub n: u64,
}

impl Bars {
    /// The distribution of one feature.
    pub fn new(detail: &FeatureDetail) -> Self {
        let promised: Vec<_> = detail.summary.objectives.iter().filter_map(until).collect();
        let n = detail.distribution.iter().map(|bucket| bucket.count).sum();
        let ends = detail
            .distribution
            .iter()
            .flat_map(|b| [b.from_ms.max(b.to_ms / 2.0), b.to_ms]);
        let thresholds = promised.iter().map(|(_, ms)| f64::from(*ms));
        let scale = Log::around(ends.chain(thresholds));
        let counts = grouped(detail, n);
        let first = promised.first().map(|(_, ms)| f64::from(*ms));
        Self {
            bars: bars(&counts, scale, first),
            rows: counts.iter().map(row).collect(),
            budgets: budgets(&promised, scale),
            kept: promised
                .first()
                .and_then(|(one, _)| Some((one.actual?, one.target))),
            ticks: ticks(scale),
            n,
        }
    }
}

/// Objectives about the time until the answer begins: the only ones whose line belongs here.
fn until(report: &ObjectiveReport) -> Option<(&ObjectiveReport, u32)> {
    match report.kind {
        ObjectiveKind::Latency {
            stage: Stage::Headers,
            within_ms,
        } => Some((report, within_ms)),
        _ => None,
    }
}

/// Attempts from one duration to another, in milliseconds.
struct Group {
    from_ms: f64,
    to_ms: f64,
    count: u64,
}

fn grouped(detail: &FeatureDetail, n: u64) -> Vec<Group> {
    let finest = if n < MANY { 1 } else { 0 };
    let mut groups = Vec::new();
    for fineness in &FINENESS[finest..] {
        groups = by_doubling(detail, *fineness);
        let span = match (groups.first(), groups.last()) {
            (Some(first), Some(last)) => (last.to_ms / first.from_ms).log2() * f64::from(*fineness),
            _ => 0.0,
        };
        if span <= MOST as f64 {
            break;
        }
    }
    groups
}

fn by_doubling(detail: &FeatureDetail, fineness: i32) -> Vec<Group> {
    let fine = f64::from(fineness);
    let mut groups: Vec<(i32, u64)> = Vec::new();
    for bucket in &detail.distribution {
        let middle = match bucket.from_ms > 0.0 {
            true => (bucket.from_ms * bucket.to_ms).sqrt(),
            false => bucket.to_ms / 1.01,
        };
        let index = (middle.max(f64::MIN_POSITIVE).log2() * fine).floor() as i32;
        match groups.last_mut() {
            Some((last, count)) if *last == index => *count += bucket.count,
            _ => groups.push((index, bucket.count)),
        }
    }
    let edge = |index: i32| (f64::from(index) / fine).exp2();
    groups
        .into_iter()
        .map(|(index, count)| Group {
            from_ms: edge(index),
            to_ms: edge(index + 1),
            count,
        })
        .collect()
}

fn bars(groups: &[Group], scale: Log, first: Option<f64>) -> Vec<Bar> {
    let most = groups.iter().map(|g| g.count).max().unwrap_or(1).max(1);
    let mut bars = Vec::with_capacity(groups.len() + 1);
    for group in groups {
        let height = group.count as f64 / most as f64;
        let mut push = |from_ms, to_ms, is_over| {
            bars.push(Bar {
                from: scale.at(from_ms),
                to: scale.at(to_ms),
                height,
                is_over,
            });
        };
        match first {
            Some(x) if group.from_ms < x && x < group.to_ms => {
                push(group.from_ms, x, false);
                push(x, group.to_ms, true);
            }
            Some(x) => push(group.from_ms, group.to_ms, group.from_ms >= x),
            None => push(group.from_ms, group.to_ms, false),
        }
    }
    bars
}

fn row(group: &Group) -> Row {
    Row {
        range: say::dist_range(
            &quantity::latency(group.from_ms),
            &quantity::latency(group.to_ms),
        ),
        count: group.count,
    }
}

fn budgets(promised: &[(&ObjectiveReport, u32)], scale: Log) -> Vec<Budget> {
    let budgets = promised.iter().enumerate();
    budgets
        .map(|(i, (_, ms))| Budget {
            at: scale.at(f64::from(*ms)),
            label: quantity::threshold(*ms),
            is_first: i == 0,
        })
        .collect()
}

/// Marks of an axis of milliseconds: `1 ms`, `2 s`.
fn ticks(scale: Log) -> Vec<(f64, String)> {
    let ticks = scale.ticks(13).into_iter();
    ticks.map(|ms| (scale.at(ms), mark(ms))).collect()
}

/// A round number of milliseconds: `50 ms`, `2 s`, `100 s`.
pub(super) fn mark(ms: f64) -> String {
    if ms < 1_000.0 {
        decimal(format!("{} ms", ms.mul_add(10.0, 0.5).floor() / 10.0))
    } else {
        format!("{} s", (ms / 1_000.0).round())
    }
}

#[cfg(test)]
mod tests {
    use protocol::query::performance::Bucket;

    use super::super::example;
    use super::*;

    fn detail(buckets: &[(f64, f64, u64)]) -> FeatureDetail {
        let mut detail = example::detail(vec![]);
        detail.distribution = buckets
            .iter()
            .map(|(from_ms, to_ms, count)| Bucket {
                from_ms: *from_ms,
                to_ms: *to_ms,
                count: *count,
            })
            .collect();
        detail
    }

    /// Buckets as a histogram of scale 5 has them.
    fn fine(from: i32, to: i32, count: u64) -> FeatureDetail {
        let edge = |i: i32| (f64::from(i) / 32.0).exp2();
        let buckets: Vec<_> = (from..to).map(|i| (edge(i), edge(i + 1), count)).collect();
        detail(&buckets)
    }

    #[test]
    fn nothing_is_lost_and_no_bar_covers_another() {
        for (from, to) in [(0, 512), (150, 400), (200, 201), (10, 60)] {
            let detail = fine(from, to, 7);
            let picture = Bars::new(&detail);
            assert_eq!(picture.n, 7 * u64::try_from(to - from).unwrap());
            assert_eq!(picture.rows.iter().map(|r| r.count).sum::<u64>(), picture.n);
            assert!(picture.bars.len() <= MOST + 33, "{}", picture.bars.len());
            let ordered = picture.bars.windows(2).all(|p| p[0].to <= p[1].from + 1e-9);
            assert!(ordered && picture.bars.iter().all(|bar| bar.from < bar.to));
        }
    }

    #[test]
    fn the_budget_parts_the_bars_exactly() {
        let picture = Bars::new(&fine(200, 320, 5));
        let line = &picture.budgets[0];
        assert_eq!((line.label.as_str(), line.is_first), ("300 ms", true));
        let over: Vec<_> = picture.bars.iter().filter(|bar| bar.is_over).collect();
        assert!((over[0].from - line.at).abs() < 1e-9);
        let within = picture.bars.iter().filter(|bar| !bar.is_over);
        assert!(within.map(|bar| bar.to).all(|to| to <= line.at + 1e-9));
        // One bar in two colours is as high on both sides.
        assert!(
            (over[0].height - picture.bars[picture.bars.len() - over.len() - 1].height).abs()
                < 1e-9
        );
    }

    #[test]
    fn a_budget_far_from_what_was_measured_is_on_the_axis() {
        let picture = Bars::new(&fine(0, 32, 5));
        assert!(picture.budgets[0].at <= 1.0 && picture.bars.iter().all(|bar| !bar.is_over));
        assert!(
            picture
                .bars
                .iter()
                .all(|bar| bar.to < picture.budgets[0].at)
        );
    }

    #[test]
    fn nothing_and_less_than_a_millisecond_have_a_picture() {
        let nothing = Bars::new(&detail(&[]));
        assert_eq!((nothing.bars.len(), nothing.n), (0, 0));
        let quick = Bars::new(&detail(&[(0.0, 1.0, 3), (1.0, 1.02, 4)]));
        assert_eq!(quick.n, 7);
        assert!(quick.bars.iter().all(|bar| bar.from < bar.to));
    }

    #[test]
    fn marks_are_round() {
        assert_eq!(mark(0.5), "0.5 ms");
        assert_eq!(mark(50.0), "50 ms");
        assert_eq!(mark(200.000_000_1), "200 ms");
        assert_eq!(mark(2_000.0), "2 s");
    }
}
