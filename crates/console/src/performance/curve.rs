//! Turns steps of time into four curves of percentiles, with gaps where nothing came.

use core::fmt::Write as _;

use protocol::budget::Stage;
use protocol::query::Window;
use protocol::query::performance::{FeatureDetail, ObjectiveKind, Percentiles, Point};

use super::bars::mark;
use super::quantity;
use super::scale::{Log, spread};
use super::zone::Zone;
use crate::words::{self, say};

/// Width of the drawing that paths are written for; it is stretched to what there is.
pub const WIDTH: f64 = 1_000.0;
/// Height of the drawing, in pixels.
pub const HEIGHT: f64 = 220.0;
/// Labels of lines stand at least so many pixels apart.
const LABEL: f64 = 15.0;

/// One percentile over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// `p95`.
    pub name: &'static str,
    /// Path of what is over.
    pub solid: String,
    /// Path to what is not over and may still change; empty without any.
    pub dotted: String,
    /// The newest value and where its label stands, in pixels from above; absent without any.
    pub end: Option<(String, f64)>,
}

/// One step of time in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// When it begins: `27 Nov, 07:15`.
    pub at: String,
    /// When it begins; milliseconds since 1970 (UTC).
    pub at_ms: u64,
    /// Attempts that count for latency.
    pub n: u64,
    /// p50, p75, p95, p99; absent when nothing came.
    pub values: Option<[String; 4]>,
    /// Whether it is over.
    pub complete: bool,
}

/// Where one step lies, and how much came in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Left edge, from 0 to 1.
    pub from: f64,
    /// Right edge.
    pub to: f64,
    /// Attempts, as a share of the most in one step.
    pub volume: f64,
    /// Where its 95th percentile lies, in pixels from above; absent when nothing came.
    pub p95: Option<f64>,
}

/// The picture of percentiles over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// p50, p75, p95, p99.
    pub lines: [Line; 4],
    /// One for each step.
    pub steps: Vec<Step>,
    /// The same in words.
    pub rows: Vec<Row>,
    /// Latency budgets until the answer begins: pixels from above, and value.
    pub budgets: Vec<(f64, String)>,
    /// Marks of the axis of milliseconds, in pixels from above.
    pub marks: Vec<(f64, String)>,
    /// Marks of the axis of time, from 0 to 1.
    pub ticks: Vec<(f64, String)>,
    /// Most attempts in one step.
    pub most: u64,
    /// Length of a step in words.
    pub step: String,
    /// What was released, from 0 to 1.
    pub releases: Vec<(f64, String)>,
}

/// Names of the percentiles.
pub const NAMES: [&str; 4] = ["p50", "p75", "p95", "p99"];

impl Curve {
    /// The percentiles of one feature; times are those of `zone`.
    pub fn new(detail: &FeatureDetail, zone: &Zone) -> Self {
        let series = &detail.series;
        let axis = Axis::new(detail);
        let measured = series.iter().filter_map(|point| point.percentiles);
        let budgets: Vec<_> = budgets_ms(detail).collect();
        let values = measured.flat_map(|p| [p.p50, p.p99]);
        let scale = Log::around(values.chain(budgets.iter().map(|ms| f64::from(*ms))));
        let most = series.iter().map(|point| point.n).max().unwrap_or(0);
        let lines = core::array::from_fn(|i| line(i, series, &axis, scale));
        Self {
            lines: apart(lines),
            steps: steps(series, &axis, scale, most),
            rows: series.iter().map(|point| row(point, zone)).collect(),
            budgets: budgets
                .iter()
                .map(|ms| (height(scale, f64::from(*ms)), quantity::threshold(*ms)))
                .collect(),
            marks: scale
                .ticks(7)
                .iter()
                .map(|ms| (height(scale, *ms), mark(*ms)))
                .collect(),
            ticks: zone
                .ticks(detail.window, 6)
                .into_iter()
                .map(|(at_ms, label)| (axis.at(at_ms as f64), label))
                .collect(),
            most,
            step: quantity::lasting(detail.step_ms),
            releases: detail
                .releases
                .iter()
                .map(|one| (axis.at(one.at_ms as f64), one.name.clone()))
                .collect(),
        }
    }
}

impl Row {
    /// What is read of it: `27 Nov, 07:15: p50 120 ms, …, n = 312`.
    pub fn reading(&self) -> String {
        let Some(values) = &self.values else {
            return say::curve_none(&self.at);
        };
        let named: Vec<_> = NAMES
            .iter()
            .zip(values)
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        let open = if self.complete { "" } else { say::curve_open() };
        let (at, n) = (&self.at, words::count(self.n));
        say::curve_reading(at, &n, &named.join(", ")) + open
    }
}

fn budgets_ms(detail: &FeatureDetail) -> impl Iterator<Item = u32> {
    let objectives = detail.summary.objectives.iter();
    objectives.filter_map(|one| match one.kind {
        ObjectiveKind::Latency {
            stage: Stage::Headers,
            within_ms,
        } => Some(within_ms),
        _ => None,
    })
}

/// The axis of time.
struct Axis {
    from_ms: f64,
    length_ms: f64,
    step_ms: u64,
}

impl Axis {
    fn new(detail: &FeatureDetail) -> Self {
        let Window { from_ms, to_ms } = detail.window;
        Self {
            from_ms: from_ms as f64,
            length_ms: (to_ms.saturating_sub(from_ms).max(1)) as f64,
            step_ms: detail.step_ms.max(1),
        }
    }

    fn at(&self, at_ms: f64) -> f64 {
        ((at_ms - self.from_ms) / self.length_ms).clamp(0.0, 1.0)
    }

    /// Edges of the step that begins at this time. Steps are cut to the window.
    fn edges(&self, at_ms: u64) -> (f64, f64) {
        let end_ms = at_ms / self.step_ms * self.step_ms + self.step_ms;
        (self.at(at_ms as f64), self.at(end_ms as f64))
    }

    fn middle(&self, at_ms: u64) -> f64 {
        let (from, to) = self.edges(at_ms);
        f64::midpoint(from, to)
    }
}

fn height(scale: Log, ms: f64) -> f64 {
    (1.0 - scale.at(ms)) * HEIGHT
}

fn pick(p: Percentiles, index: usize) -> f64 {
    [p.p50, p.p75, p.p95, p.p99]
        .get(index)
        .copied()
        .unwrap_or(0.0)
}

fn line(index: usize, series: &[Point], axis: &Axis, scale: Log) -> Line {
    let (mut solid, mut dotted) = (String::new(), String::new());
    let mut end = None;
    let mut before: Option<(f64, f64)> = None;
    for (i, point) in series.iter().enumerate() {
        let Some(percentiles) = point.percentiles else {
            before = None;
            continue;
        };
        let ms = pick(percentiles, index);
        let place = (axis.middle(point.at_ms) * WIDTH, height(scale, ms));
        let path = if point.complete {
            &mut solid
        } else {
            &mut dotted
        };
        match before {
            Some(_) if point.complete => push(path, 'L', place),
            Some(from) => {
                push(path, 'M', from);
                push(path, 'L', place);
            }
            None => {
                push(path, 'M', place);
                let next = series.get(i + 1);
                let alone = next.is_none_or(|next| next.percentiles.is_none() || !next.complete);
                if alone {
                    // A line of no length with round ends is a dot.
                    path.push_str("h0");
                }
            }
        }
        before = Some(place);
        end = Some((quantity::latency(ms), place.1));
    }
    let name = NAMES.get(index).copied().unwrap_or("");
    Line {
        name,
        solid,
        dotted,
        end,
    }
}

fn push(path: &mut String, command: char, (x, y): (f64, f64)) {
    // Writing to a string does not fail.
    let _ = write!(path, "{command}{x:.1} {y:.1}");
}

/// Moves labels at the ends of lines apart.
fn apart(mut lines: [Line; 4]) -> [Line; 4] {
    let places: Vec<f64> = lines
        .iter()
        .filter_map(|line| line.end.as_ref().map(|(_, y)| *y))
        .collect();
    let mut moved = spread(&places, LABEL, 6.0, HEIGHT - 4.0).into_iter();
    for line in &mut lines {
        if let Some(((_, y), place)) = line.end.as_mut().zip(moved.next()) {
            *y = place;
        }
    }
    lines
}

fn steps(series: &[Point], axis: &Axis, scale: Log, most: u64) -> Vec<Step> {
    let steps = series.iter().map(|point| {
        let (from, to) = axis.edges(point.at_ms);
        Step {
            from,
            to,
            volume: point.n as f64 / most.max(1) as f64,
            p95: point.percentiles.map(|p| height(scale, p.p95)),
        }
    });
    steps.collect()
}

fn row(point: &Point, zone: &Zone) -> Row {
    Row {
        at: zone.stamp(point.at_ms),
        at_ms: point.at_ms,
        n: point.n,
        values: point
            .percentiles
            .map(|p| [p.p50, p.p75, p.p95, p.p99].map(quantity::latency)),
        complete: point.complete,
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    const HOUR: u64 = 3_600_000;

    /// One step for each letter: `x` with requests, `.` without; the last is not over where it is `o`.
    fn curve(steps: &str) -> Curve {
        let mut detail = example::detail(vec![]);
        detail.window.to_ms = detail.window.from_ms + steps.len() as u64 * HOUR;
        let from_ms = detail.window.from_ms;
        detail.series = steps
            .chars()
            .zip(0..)
            .map(|(c, i)| Point {
                at_ms: from_ms + i * HOUR,
                n: if c == '.' { 0 } else { 10 * (i + 1) },
                slow: vec![],
                eligible: 0,
                bad: 0,
                percentiles: (c != '.').then_some(Percentiles {
                    p50: 100.0,
                    p75: 200.0,
                    p95: 400.0,
                    p99: 800.0,
                }),
                complete: c != 'o',
            })
            .collect();
        Curve::new(&detail, &Zone::new("UTC", |_, _| 0))
    }

    fn check(steps: &str, solid: &str, dotted: &str) {
        let commands =
            |path: &str| -> String { path.chars().filter(char::is_ascii_alphabetic).collect() };
        let curve = curve(steps);
        for line in &curve.lines {
            assert_eq!(commands(&line.solid), solid, "{steps} {}", line.name);
            assert_eq!(commands(&line.dotted), dotted, "{steps} {}", line.name);
        }
    }

    #[test]
    fn nothing_is_drawn_where_nothing_came() {
        check("xxx", "MLL", "");
        check("xx.xx", "MLML", "");
        check("x.x", "MhMh", "");
        check("....", "", "");
        check(".x.", "Mh", "");
    }

    #[test]
    fn what_is_not_over_is_dotted() {
        check("xxo", "ML", "ML");
        check("xo", "Mh", "ML");
        check("x.o", "Mh", "Mh");
    }

    #[test]
    fn lines_are_in_order_and_labels_apart() {
        let curve = curve("xxxo");
        let ends: Vec<f64> = curve
            .lines
            .iter()
            .filter_map(|line| line.end.as_ref().map(|end| end.1))
            .collect();
        assert_eq!(ends.len(), 4);
        assert!(
            ends.windows(2)
                .all(|pair| pair[0] - pair[1] >= LABEL - 1e-9)
        );
        assert_eq!(curve.lines[2].end.as_ref().unwrap().0, "400 ms");
        assert_eq!(curve.budgets[0].1, "300 ms");
        // Between p75 and p95.
        let p95 = curve.steps[0].p95.unwrap();
        assert!(curve.budgets[0].0 > p95);
    }

    #[test]
    fn steps_fill_the_window_and_tell_how_much_came() {
        let curve = curve("x.xx");
        assert!(
            curve
                .steps
                .windows(2)
                .all(|pair| (pair[0].to - pair[1].from).abs() < 1e-9)
        );
        assert!((curve.steps[3].to - 1.0).abs() < 1e-9);
        assert_eq!(curve.most, 40);
        let volumes: Vec<_> = curve.steps.iter().map(|s| s.volume).collect();
        assert_eq!(volumes, [0.25, 0.0, 0.75, 1.0]);
        assert!(curve.steps[1].p95.is_none());
    }

    #[test]
    fn every_step_can_be_read() {
        let curve = curve("x.o");
        assert_eq!(
            curve.rows[0].reading(),
            "26 Nov, 00:00: p50 100 ms, p75 200 ms, p95 400 ms, p99 800 ms, n = 10"
        );
        assert_eq!(curve.rows[1].reading(), "26 Nov, 01:00: no requests");
        assert!(curve.rows[2].reading().ends_with("n = 30, not over yet"));
    }
}
