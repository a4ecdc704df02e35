//! Turns percentiles over time into four labelled lines, the requests under them, and a table.

use super::common::{disclosure, head, number, numbers, scroll, section, table, when, words};
use super::distribution::{axis_labels, canvas, label, nothing, rule};
use crate::node::{Element, el, said, svg};
use crate::part::flags::flags;
use crate::performance::curve::{Curve, HEIGHT, Line, NAMES, Row, Step, WIDTH};
use crate::performance::scale::percent;
use crate::performance::zone::Zone;
use crate::words::{count, say};

/// Height of the bars of requests, in pixels.
const VOLUME: f64 = 28.0;
/// Where the bars of requests stand: with a gap under the lines.
const BASE: f64 = HEIGHT + 14.0 + VOLUME;
/// Height of the whole drawing.
const WHOLE: f64 = BASE + 24.0;
/// Name of its table.
pub const TABLE: &str = "percentiles";
/// Class of the slider that lies over the lines.
pub const READER: &str = "reader";

/// How fast the feature was, when. `chosen` is the step that is pointed at, if one is.
pub fn percentiles(curve: &Curve, zone: &Zone, chosen: Option<usize>, is_open: bool) -> Element {
    let reading = read(&curve.rows, chosen).and_then(|i| curve.rows.get(i));
    let reading = reading.map_or_else(|| String::from(say::requests_none()), Row::reading);
    let cross = chosen.and_then(|i| curve.steps.get(i)).map(cross);
    let figure = el("figure")
        .child(drawing(curve).all(cross.into_iter().flatten()))
        .child(reader(curve, chosen, &reading));
    section("chart curve", "curve-title", say::curve_title())
        .child(said("p", "small reading", reading).at("data-testid", "reading"))
        .child(figure)
        .child(disclosure(
            TABLE,
            String::from(say::curve_table()),
            is_open.then(|| rows(curve, zone)),
        ))
}

/// Which step is read: the chosen one, or the newest that anything came in.
fn read(rows: &[Row], chosen: Option<usize>) -> Option<usize> {
    chosen
        .filter(|i| *i < rows.len())
        .or_else(|| rows.iter().rposition(|row| row.n > 0))
}

/// A slider for keyboards and screen readers, a surface for pointers.
fn reader(curve: &Curve, chosen: Option<usize>, reading: &str) -> Element {
    let last = curve.rows.len().saturating_sub(1);
    el("input")
        .class(READER)
        .at("type", "range")
        .at("min", "0")
        .at("max", last.to_string())
        .at(
            "value",
            read(&curve.rows, chosen).unwrap_or(last).to_string(),
        )
        .at("aria-label", say::curve_step())
        .at("aria-valuetext", String::from(reading))
}

fn rows(curve: &Curve, zone: &Zone) -> Element {
    let mut columns = vec![words(say::curve_from(&zone.name)), numbers("n")];
    columns.extend(NAMES.map(numbers));
    let rows = curve.rows.iter().map(|row| {
        let at = head().child(when(row.at_ms, row.at.clone()));
        let at = if row.complete {
            at
        } else {
            at.text(say::curve_open())
        };
        let none = || ["\u{2014}"; 4].map(String::from);
        let n = match row.n {
            0 => String::from(say::requests_none()),
            n => count(n),
        };
        let values = row.values.clone().unwrap_or_else(none);
        el("tr").child(at).child(number(n)).all(values.map(number))
    });
    scroll(say::curve_title(), table(columns, rows))
}

fn drawing(curve: &Curve) -> Element {
    let marks = curve.marks.iter().flat_map(|(y, text)| {
        let mark = label("tick", percent(0.0), y + 4.0, text.clone());
        [
            rule("grid", *y),
            mark.at("dx", "-8").at("text-anchor", "end"),
        ]
    });
    let budgets = curve.budgets.iter().flat_map(|(y, text)| {
        let text = say::perf_of_budget(text);
        let named = label("budget-label", percent(0.0), y - 5.0, text);
        [rule("budget", *y), named.at("dx", "4")]
    });
    // Stretched to what room there is, without its lines getting thicker.
    let lines = svg("svg")
        .at("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
        .at("preserveAspectRatio", "none")
        .at("width", "100%")
        .num("height", HEIGHT)
        .all(curve.lines.iter().flat_map(paths));
    canvas(WHOLE)
        .all(marks)
        .all(budgets)
        .all(flags(
            curve.releases.iter().map(|(at, name)| (*at, &**name)),
            BASE,
        ))
        .child(lines)
        .all(curve.lines.iter().filter_map(name))
        .maybe((curve.most == 0).then(|| nothing(HEIGHT / 3.0)))
        .child(rule("axis", BASE))
        .all(curve.steps.iter().map(volume))
        .child(label("tick value", percent(1.0), BASE, say::curve_requests()).at("dx", "8"))
        .all(axis_labels(&curve.ticks, WHOLE - 4.0))
}

fn paths(line: &Line) -> [Element; 2] {
    let path = |class: &str, d: &str| {
        let path = svg("path").class(format!("{class} {}", line.name));
        path.at("d", String::from(d))
    };
    [path("line", &line.solid), path("line open", &line.dotted)]
}

fn name(line: &Line) -> Option<Element> {
    let (value, y) = line.end.as_ref()?;
    let name = svg("text").class(format!("line-label {}", line.name));
    let name = name.at("x", "100%").at("dx", "8").num("y", y + 4.0);
    let value = svg("tspan").class("value").text(format!(" {value}"));
    Some(name.text(line.name).child(value))
}

/// How much came, under how fast it was.
fn volume(step: &Step) -> Element {
    let height = step.volume * VOLUME;
    svg("rect")
        .class("volume")
        .at("x", percent(step.from))
        .at("width", percent((step.to - step.from) * 0.86))
        .num("y", BASE - height)
        .num("height", height)
}

/// Marks the step that is read.
fn cross(step: &Step) -> impl Iterator<Item = Element> {
    let x = percent(f64::midpoint(step.from, step.to));
    let dot = step.p95.map(|y| {
        let dot = svg("circle").class("dot").at("cx", x.clone()).num("cy", y);
        dot.at("r", "3.5")
    });
    let line = svg("line").class("cross").at("x1", x.clone()).at("x2", x);
    let line = line.at("y1", "0").num("y2", BASE);
    core::iter::once(line).chain(dot)
}
