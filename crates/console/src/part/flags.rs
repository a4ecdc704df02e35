//! Turns releases into small flags on what is drawn over time.

use crate::node::{Element, svg};
use crate::part::performance::distribution::label;
use crate::performance::scale::percent;

/// Two names are so much of the width apart, or the second is only in the table.
const APART: f64 = 0.09;

/// A line for each release, and its name where that touches none before. Places are from 0 to 1; lines go
/// down to `bottom`, in pixels.
pub fn flags<'a>(releases: impl IntoIterator<Item = (f64, &'a str)>, bottom: f64) -> Vec<Element> {
    let mut flags = Vec::new();
    let mut before = -1.0;
    for (at, name) in releases {
        let x = percent(at);
        let line = svg("line").class("flag-line").at("x1", x.clone());
        let line = line.at("x2", x.clone());
        flags.push(line.at("y1", "-10").num("y2", bottom));
        if at - before >= APART {
            let (anchor, dx) = if at > 0.85 {
                ("end", "-5")
            } else {
                ("start", "5")
            };
            let name = label("flag", x, -4.0, name);
            flags.push(name.at("dx", dx).at("text-anchor", anchor));
            before = at;
        }
    }
    flags
}
