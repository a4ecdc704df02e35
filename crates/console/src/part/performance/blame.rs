//! Turns average phases into one stacked bar against the budget, and a line for each of them.

use super::common::{head, number, section};
use super::distribution::{canvas, label};
use crate::node::{Element, el, said, svg};
use crate::performance::blame::{Part, Split};
use crate::performance::quantity;
use crate::performance::scale::percent;
use crate::words::{count, say};

/// Where the time of the average request went; `None` when no browser told.
pub fn blame(split: Option<&Split>) -> Element {
    let blame = section("chart", "blame-title", say::blame_title());
    let Some(split) = split else {
        return blame.child(said("p", "muted", say::blame_unknown()));
    };
    let told = say::blame_average(&count(split.n), &split.sum());
    blame
        .child(said("p", "small", told))
        .child(el("figure").child(drawing(split)))
        .child(phases(
            [say::blame_phase(), say::blame_mean(), say::blame_share()],
            split.parts.iter().map(|part| row(part, split.share(part))),
        ))
}

fn drawing(split: &Split) -> Element {
    let piece = |class: String, from: f64, to: f64| {
        let piece = svg("rect").class(class).at("x", percent(from));
        let piece = piece.at("width", percent(to - from));
        piece.at("y", "12").at("height", "28")
    };
    let pieces = split.parts.iter();
    let pieces = pieces.map(|part| piece(class(part), part.from, part.to));
    let line = split.budget.into_iter().flat_map(|(ms, at)| {
        let (anchor, dx) = if at > 0.5 {
            ("end", "-2")
        } else {
            ("start", "2")
        };
        // A line at the very edge would be cut in half.
        let x = percent(at.min(0.9985));
        let line = svg("line").class("budget").at("x1", x.clone()).at("x2", x);
        let text = say::perf_of_budget(&quantity::threshold(ms));
        let named = label("budget-label", percent(at), 64.0, text);
        [
            line.at("y1", "2").at("y2", "50"),
            named.at("dx", dx).at("text-anchor", anchor),
        ]
    });
    canvas(68.0)
        .child(piece(String::from("track"), 0.0, 1.0))
        .all(pieces)
        .all(line)
}

fn class(part: &Part) -> String {
    let after = if part.is_after { " after" } else { "" };
    format!("phase {}{after}", part.name)
}

fn row(part: &Part, share: String) -> Element {
    let swatch = svg("rect").class(class(part)).at("x", ".5").at("y", ".5");
    let swatch = swatch.at("width", "11").at("height", "11").at("rx", "2");
    let swatch = svg("svg")
        .class("swatch")
        .at("width", "12")
        .at("height", "12")
        .at("aria-hidden", "true")
        .child(swatch);
    let name = head().child(swatch).text(part.label);
    el("tr")
        .child(name.child(said("span", "small", part.what)))
        .child(number(quantity::latency(part.ms)))
        .child(said("td", "number small", share))
}

/// A short table whose columns need no names for those who see them.
pub(super) fn phases(names: [&'static str; 3], rows: impl Iterator<Item = Element>) -> Element {
    let names = names.map(|name| el("th").at("scope", "col").text(name));
    let names = el("thead")
        .class("visually-hidden")
        .child(el("tr").all(names));
    let table = el("table").class("phases").child(names);
    table.child(el("tbody").all(rows))
}
