//! Turns bars into a picture over a logarithmic axis with the budget as a line, and into a table.

use protocol::query::performance::FeatureDetail;

use super::common::{disclosure, head, number, numbers, scroll, section, table, words};
use super::objectives::told;
use crate::node::{Element, el, said, svg};
use crate::performance::bars::{Bar, Bars, Budget};
use crate::performance::curve::NAMES;
use crate::performance::quantity;
use crate::performance::scale::percent;
use crate::words::{count, say};

/// Height of the whole drawing, in pixels.
const HEIGHT: f64 = 230.0;
/// Where the bars stand.
const BASELINE: f64 = 204.0;
/// Height of the highest bar: leaves room for what is written above.
const TALLEST: f64 = 150.0;
/// Name of its table.
pub const TABLE: &str = "distribution";

/// How long requests took; with the table when that is open.
pub fn distribution(detail: &FeatureDetail, picture: &Bars, is_open: bool) -> Element {
    let beyond = (detail.beyond > 0).then(|| {
        let beyond = quantity::requests(detail.beyond);
        said("p", "small", say::dist_beyond(&beyond))
    });
    let rows = || {
        let rows = picture.rows.iter();
        let rows = rows.map(|row| {
            let range = head().text(row.range.clone());
            el("tr").child(range).child(number(count(row.count)))
        });
        let columns = vec![words(say::dist_duration()), numbers(say::perf_requests())];
        scroll(say::dist_by_duration(), table(columns, rows))
    };
    section("chart", "distribution-title", say::dist_title())
        .child(el("p").child(told("small", "percentiles", percentiles(detail))))
        .child(el("figure").child(drawing(picture)))
        .maybe(beyond)
        .child(disclosure(
            TABLE,
            String::from(say::dist_table()),
            is_open.then(rows),
        ))
}

fn percentiles(detail: &FeatureDetail) -> String {
    let Some(p) = detail.summary.percentiles else {
        return String::from(say::requests_none());
    };
    let values = [p.p50, p.p75, p.p95, p.p99].map(quantity::latency);
    let named = NAMES.iter().zip(values);
    let named: Vec<_> = named
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    format!(
        "{} \u{b7} n = {}",
        named.join(", "),
        count(detail.summary.n)
    )
}

fn drawing(picture: &Bars) -> Element {
    let nothing = (picture.n == 0).then(|| nothing(BASELINE / 2.0));
    let first = picture.budgets.iter().find(|line| line.is_first);
    let kept = picture.kept.zip(first);
    canvas(HEIGHT)
        .child(rule("axis", BASELINE))
        .all(picture.bars.iter().map(bar))
        .maybe(nothing)
        .all(axis_labels(&picture.ticks, BASELINE + 18.0))
        .all(picture.budgets.iter().flat_map(line))
        .all(
            kept.into_iter()
                .flat_map(|((actual, target), line)| shares(actual, target, line.at)),
        )
}

/// A drawing as wide as there is room; what it says is said beside it.
pub fn canvas(height: f64) -> Element {
    svg("svg")
        .at("width", "100%")
        .num("height", height)
        .at("aria-hidden", "true")
}

/// A line from end to end.
pub fn rule(class: &'static str, y: f64) -> Element {
    let rule = svg("line").class(class).at("x1", "0").at("x2", "100%");
    rule.num("y1", y).num("y2", y)
}

/// Words in a drawing.
pub fn label(class: &'static str, x: String, y: f64, text: impl Into<String>) -> Element {
    let label = svg("text").class(class).at("x", x).num("y", y);
    label.text(text.into())
}

/// Labels under an axis; each other one may be left out where there is little room. Those at the ends
/// stay within it.
pub fn axis_labels(ticks: &[(f64, String)], y: f64) -> impl Iterator<Item = Element> {
    let classes = ["tick", "tick minor"].into_iter().cycle();
    ticks.iter().zip(classes).map(move |((at, text), class)| {
        let anchor = match *at {
            at if at < 0.03 => "start",
            at if at > 0.97 => "end",
            _ => "middle",
        };
        label(class, percent(*at), y, text.clone()).at("text-anchor", anchor)
    })
}

/// Says in the middle of a drawing that there is nothing to draw.
pub(super) fn nothing(y: f64) -> Element {
    label("nothing", percent(0.5), y, say::dist_nothing()).at("text-anchor", "middle")
}

fn bar(bar: &Bar) -> Element {
    // One request among thousands is still seen.
    let height = (bar.height * TALLEST).max(1.5);
    svg("rect")
        .class(if bar.is_over { "bar over" } else { "bar" })
        .at("x", percent(bar.from))
        .at("width", percent(bar.to - bar.from))
        .num("y", BASELINE - height)
        .num("height", height)
}

fn line(budget: &Budget) -> [Element; 2] {
    let (class, y) = match budget.is_first {
        true => ("budget", 12.0),
        false => ("budget other", 44.0),
    };
    let (anchor, dx) = match budget.at > 0.7 {
        true => ("end", "-6"),
        false => ("start", "6"),
    };
    let text = say::perf_of_budget(&budget.label);
    [
        svg("line")
            .class(class)
            .at("x1", percent(budget.at))
            .at("x2", percent(budget.at))
            .num("y1", y - 10.0)
            .num("y2", BASELINE),
        label("budget-label", percent(budget.at), y, text)
            .at("dx", dx)
            .at("text-anchor", anchor),
    ]
}

/// What was within and over, on both sides of the line as far as there is room.
fn shares(actual: f64, target: f64, at: f64) -> impl Iterator<Item = Element> {
    let within = say::dist_within(&quantity::actual(actual, target));
    let over = say::dist_over(&quantity::missing(actual, target));
    let left = (at > 0.16).then(|| {
        let left = label("within-label", percent(at), 30.0, within);
        left.at("dx", "-6").at("text-anchor", "end")
    });
    let right = (at < 0.84).then(|| label("over-label", percent(at), 30.0, over).at("dx", "6"));
    left.into_iter().chain(right)
}
