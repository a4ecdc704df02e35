//! Turns scores over time into a line with its band, flags where something was released, and a table.

use core::fmt::Write as _;

use protocol::query::Window;
use protocol::query::scores::{Bucket, Release, Scores};
use scores::{Kind, Reading};

use crate::node::{Element, el, said, svg};
use crate::part::flags::flags;
use crate::part::performance::common::{number, numbers, scroll, table, when, words};
use crate::part::performance::distribution::{axis_labels, canvas, label, rule};
use crate::performance::scale::percent;
use crate::performance::zone::Zone;
use crate::picture::value;
use crate::scores_url::ScoresUrl;
use crate::words::{count, say};

/// Width of the drawing that paths are written for; it is stretched to what there is.
const WIDTH: f64 = 1_000.0;
/// Height of the drawing, in pixels.
const HEIGHT: f64 = 180.0;
/// Height of the bars of people.
const VOLUME: f64 = 24.0;
/// Where they stand: with a gap under the line.
const BASE: f64 = HEIGHT + 14.0 + VOLUME;
/// Height of the whole drawing.
const WHOLE: f64 = BASE + 24.0;
/// How the score went.
pub fn trend(report: &Scores, kind: Kind, zone: &Zone, url: &ScoresUrl) -> Element {
    let title = said("h2", "section-title", say::trend_title()).at("id", "trend-title");
    let steps = [
        ("day", say::trend_day()),
        ("week", say::trend_week()),
        ("month", say::trend_month()),
    ];
    let steps = steps.map(|(step, name)| {
        let href = url.but(|it| it.step = Some(String::from(step)));
        el("a")
            .at("href", href)
            .maybe_at("aria-current", (report.step == step).then_some("true"))
            .text(name)
    });
    let steps = el("nav")
        .class("spans")
        .at("aria-label", say::trend_step())
        .all(steps);
    let chart = Chart::new(report, kind);
    let few = chart
        .has_few()
        .then(|| said("p", "small", say::trend_few(Reading::MIN_FOR_FIRM)));
    el("section")
        .class("chart over-time")
        .at("aria-labelledby", "trend-title")
        .child(el("div").class("section-head").child(title).child(steps))
        .maybe(few)
        .child(el("figure").child(chart.drawing(zone)))
        .child(twin(report, kind, zone))
}

/// The drawing's axes.
struct Chart<'a> {
    report: &'a Scores,
    kind: Kind,
    from_ms: f64,
    length_ms: f64,
    low: f64,
    high: f64,
    grid: f64,
}

impl<'a> Chart<'a> {
    fn new(report: &'a Scores, kind: Kind) -> Self {
        let first = report
            .trend
            .first()
            .map_or(report.window.from_ms, |it| it.from_ms);
        let last = report
            .trend
            .last()
            .map_or(report.window.to_ms, |it| it.to_ms);
        let shown = report
            .trend
            .iter()
            .filter(|it| it.figure.n >= Reading::MIN_FOR_SCORE);
        let ends = shown.filter_map(|it| it.figure.interval);
        let grid: f64 = match kind {
            Kind::Nps => 25.0,
            Kind::Csat => 20.0,
            Kind::Ces => 1.0,
        };
        let (least, most) = kind.range();
        let (mut low, mut high) = (most, least);
        for end in ends {
            (low, high) = (low.min(end.low), high.max(end.high));
        }
        if low > high {
            (low, high) = (least, most);
        }
        // On lines of the grid, so that marks are round.
        let down = |it: f64| (least + ((it - least) / grid).floor() * grid).max(least);
        let up = |it: f64| (least + ((it - least) / grid).ceil() * grid).min(most);
        Self {
            report,
            kind,
            from_ms: first as f64,
            length_ms: (last.saturating_sub(first).max(1)) as f64,
            low: down(low),
            high: up(high).max(down(low) + grid),
            grid,
        }
    }

    fn has_few(&self) -> bool {
        let mut all = self.report.trend.iter();
        all.any(|it| (1..Reading::MIN_FOR_FIRM).contains(&it.figure.n))
    }

    fn x(&self, at_ms: u64) -> f64 {
        ((at_ms as f64 - self.from_ms) / self.length_ms).clamp(0.0, 1.0)
    }

    fn middle(&self, bucket: &Bucket) -> f64 {
        f64::midpoint(self.x(bucket.from_ms), self.x(bucket.to_ms))
    }

    fn y(&self, score: f64) -> f64 {
        (1.0 - (score - self.low) / (self.high - self.low)).clamp(0.0, 1.0) * HEIGHT
    }

    fn drawing(&self, zone: &Zone) -> Element {
        let paths = svg("svg")
            .at("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
            .at("preserveAspectRatio", "none")
            .at("width", "100%")
            .num("height", HEIGHT)
            .all(self.paths());
        let window = Window {
            from_ms: self.from_ms as u64,
            to_ms: (self.from_ms + self.length_ms) as u64,
        };
        let ticks = zone.ticks(window, 6).into_iter();
        let ticks: Vec<_> = ticks.map(|(at_ms, text)| (self.x(at_ms), text)).collect();
        let most = self.report.trend.iter().map(|it| it.figure.n).max();
        let most = most.unwrap_or(0).max(1);
        canvas(WHOLE)
            .all(self.marks())
            .child(paths)
            .all(self.flags())
            .all(self.report.trend.iter().flat_map(|it| self.dot(it)))
            .maybe(self.end())
            .child(rule("axis", BASE))
            .all(self.report.trend.iter().map(|it| self.volume(it, most)))
            .child(label("tick value", percent(1.0), BASE, say::scores_people()).at("dx", "8"))
            .all(axis_labels(&ticks, WHOLE - 4.0))
    }

    fn marks(&self) -> impl Iterator<Item = Element> {
        let n = ((self.high - self.low) / self.grid).round() as u32;
        (0..=n).flat_map(move |nth| {
            let score = self.low + f64::from(nth) * self.grid;
            let y = self.y(score);
            let text = value(self.kind, score);
            let mark = label("tick", percent(0.0), y + 4.0, text);
            [
                rule("grid", y),
                mark.at("dx", "-8").at("text-anchor", "end"),
            ]
        })
    }

    /// The band and the line, each in pieces where enough people answered in two buckets running.
    fn paths(&self) -> Vec<Element> {
        let (mut line, mut open, mut band) = (String::new(), String::new(), String::new());
        for pair in self.report.trend.windows(2) {
            let [a, b] = pair else { continue };
            let firm = |it: &Bucket| it.figure.n >= Reading::MIN_FOR_FIRM;
            let (Some(from), Some(to)) = (self.place(a), self.place(b)) else {
                continue;
            };
            if !(firm(a) && (firm(b) || (!b.complete && b.figure.n >= Reading::MIN_FOR_SCORE))) {
                continue;
            }
            let path = if b.complete { &mut line } else { &mut open };
            let ([x1, y1, low1, high1], [x2, y2, low2, high2]) = (from, to);
            // Writing to a string does not fail.
            let _ = write!(path, "M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}");
            let _ = write!(
                band,
                "M{x1:.1} {low1:.1}L{x2:.1} {low2:.1}L{x2:.1} {high2:.1}L{x1:.1} {high1:.1}Z"
            );
        }
        let path = |class: &'static str, d: String| svg("path").class(class).at("d", d);
        vec![
            path("band", band),
            path("line", line),
            path("line open", open),
        ]
    }

    /// Where a bucket's score and its interval lie.
    fn place(&self, bucket: &Bucket) -> Option<[f64; 4]> {
        let interval = bucket.figure.interval?;
        Some([
            self.middle(bucket) * WIDTH,
            self.y(bucket.figure.score?),
            self.y(interval.low),
            self.y(interval.high),
        ])
    }

    /// A point; with a line up and down where there are few people.
    fn dot(&self, bucket: &Bucket) -> Vec<Element> {
        let n = bucket.figure.n;
        let Some([_, y, low, high]) = self.place(bucket).filter(|_| n >= Reading::MIN_FOR_SCORE)
        else {
            return Vec::new();
        };
        let x = percent(self.middle(bucket));
        let whisker = (n < Reading::MIN_FOR_FIRM).then(|| {
            let line = svg("line")
                .class("whisker")
                .at("x1", x.clone())
                .at("x2", x.clone());
            line.num("y1", low).num("y2", high)
        });
        let class = match (bucket.complete, n < Reading::MIN_FOR_FIRM) {
            (false, _) => "trend-dot open",
            (true, true) => "trend-dot few",
            (true, false) => "trend-dot",
        };
        let dot = svg("circle").class(class).at("cx", x).num("cy", y);
        whisker.into_iter().chain([dot.at("r", "3.5")]).collect()
    }

    /// The newest score, where its line ends.
    fn end(&self) -> Option<Element> {
        let mut told = self.report.trend.iter().rev();
        let last = told.find(|it| it.figure.n >= Reading::MIN_FOR_SCORE)?;
        let [_, y, ..] = self.place(last)?;
        let x = percent(self.middle(last));
        let text = value(self.kind, last.figure.score?);
        let at_end = self.middle(last) > 0.94;
        let dx = if at_end { "8" } else { "10" };
        Some(label("line-label end", x, y + 4.0, text).at("dx", dx))
    }

    fn volume(&self, bucket: &Bucket, most: u64) -> Element {
        let height = bucket.figure.n as f64 / most as f64 * VOLUME;
        let (from, to) = (self.x(bucket.from_ms), self.x(bucket.to_ms));
        svg("rect")
            .class("volume")
            .at("x", percent(from))
            .at("width", percent((to - from) * 0.86))
            .num("y", BASE - height)
            .num("height", height)
    }

    fn flags(&self) -> Vec<Element> {
        let releases = self.report.releases.iter();
        flags(releases.map(|it| (self.x(it.at_ms), &*it.name)), BASE)
    }
}

/// The same in words.
fn twin(report: &Scores, kind: Kind, zone: &Zone) -> Element {
    let columns = vec![
        words(say::trend_from(&zone.name)),
        numbers(say::scores_score()),
        numbers(say::trend_interval()),
        numbers("n"),
        words(say::trend_released()),
    ];
    let rows = report
        .trend
        .iter()
        .map(|bucket| row(bucket, report, kind, zone));
    el("details")
        .key("trend-table")
        .class("twin")
        .child(el("summary").text(say::trend_table()))
        .child(scroll(say::trend_title(), table(columns, rows)))
}

fn row(bucket: &Bucket, report: &Scores, kind: Kind, zone: &Zone) -> Element {
    let at = el("th")
        .at("scope", "row")
        .child(when(bucket.from_ms, zone.day(bucket.from_ms)));
    let at = match bucket.complete {
        true => at,
        false => at.text(say::curve_open()),
    };
    let figure = &bucket.figure;
    let known = figure.score.zip(figure.interval);
    let known = known.filter(|_| figure.n >= Reading::MIN_FOR_SCORE);
    let none = || String::from("\u{2014}");
    let score = known.map_or_else(none, |(score, _)| value(kind, score));
    let interval = known.map_or_else(none, |(_, it)| {
        say::scores_range(&value(kind, it.high), &value(kind, it.low))
    });
    let within = |it: &&Release| (bucket.from_ms..bucket.to_ms).contains(&it.at_ms);
    let names: Vec<_> = report
        .releases
        .iter()
        .filter(within)
        .map(|it| &*it.name)
        .collect();
    el("tr")
        .child(at)
        .child(number(score))
        .child(number(interval))
        .child(number(count(figure.n)))
        .child(el("td").text(names.join(", ")))
}

#[cfg(test)]
mod tests {
    use protocol::query::Interval;
    use protocol::query::scores::Figure;

    use super::*;
    use crate::picture::example;

    const DAY: u64 = 86_400_000;

    /// A day for each number of people; the last is not over.
    fn report(people: &[u64]) -> Scores {
        let mut report = example(Kind::Nps, [50, 30, 20]);
        let last = people.len() as u64;
        let days = (0_u64..).zip(people);
        report.trend = days
            .map(|(nth, n)| Bucket {
                from_ms: nth * DAY,
                to_ms: (nth + 1) * DAY,
                complete: nth + 1 < last,
                figure: Figure {
                    n: *n,
                    score: (*n > 0).then_some(30.0),
                    interval: (*n > 0).then_some(Interval {
                        low: 10.0,
                        high: 45.0,
                    }),
                    split: [0; 3],
                },
            })
            .collect();
        report
    }

    fn drawn(report: &Scores) -> Element {
        let utc = Zone::new("UTC", |_, _| 0);
        trend(report, Kind::Nps, &utc, &ScoresUrl::default())
    }

    fn commands(of: &Element, class: &str) -> String {
        let path = of.find("class", class);
        let d = path[0].attributes.iter().find(|(name, _)| *name == "d");
        d.map(|(_, d)| d.chars().filter(char::is_ascii_alphabetic).collect())
            .unwrap_or_default()
    }

    #[test]
    fn a_line_joins_what_enough_people_said() {
        let drawn = drawn(&report(&[40, 40, 12, 40, 40]));
        assert_eq!(commands(&drawn, "band"), "MLLLZMLLLZ");
        let lines = drawn.find("class", "line");
        assert_eq!(lines.len(), 2, "one for what is not over");
        assert_eq!(commands(&drawn, "open"), "ML");
        assert_eq!(drawn.find("class", "whisker").len(), 1);
        assert_eq!(drawn.find("class", "trend-dot").len(), 5);
        assert_eq!(drawn.find("class", "end")[0].words(), "+30");
    }

    #[test]
    fn a_few_people_are_no_point() {
        let drawn = drawn(&report(&[9, 0, 12]));
        assert_eq!(drawn.find("class", "trend-dot").len(), 1);
        assert_eq!(commands(&drawn, "band"), "");
        assert_eq!(drawn.find("class", "volume").len(), 3);
    }

    #[test]
    fn marks_are_round_and_around_the_band() {
        let drawn = drawn(&report(&[40, 40]));
        let marks: Vec<_> = drawn
            .find("class", "tick")
            .into_iter()
            .map(Element::words)
            .collect();
        assert_eq!(marks[..3], ["0", "+25", "+50"]);
    }

    #[test]
    fn releases_are_flags_and_in_the_table() {
        let mut told = report(&[40, 40, 40, 40]);
        let release = |at_ms, name: &str| Release {
            id: 1,
            at_ms,
            name: String::from(name),
            note: String::new(),
            by: String::new(),
        };
        told.releases = vec![
            release(DAY, "2.0"),
            release(DAY + 9, "2.1"),
            release(3 * DAY, "3.0"),
        ];
        let drawn = drawn(&told);
        assert_eq!(drawn.find("class", "flag-line").len(), 3);
        let names: Vec<_> = drawn
            .find("class", "flag")
            .into_iter()
            .map(Element::words)
            .collect();
        assert_eq!(names, ["2.0", "3.0"], "2.1 would touch");
        assert!(drawn.words().contains("2.0, 2.1"));
    }
}
