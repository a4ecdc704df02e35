//! Turns a health into a mark with a shape of its own, and into that mark with its word.

use protocol::query::performance::Health;

use crate::node::{Element, el, svg};
use crate::performance::health;

/// The mark alone; the word stands near it.
pub fn mark(of: Health) -> Element {
    let hatch = matches!(of, Health::Unknown).then(|| {
        svg("path")
            .class("hatch")
            .at("d", "M2.6 6.6l4-4M3.6 9l5.4-5.4M5.6 10.4l3.8-3.8")
    });
    svg("svg")
        .class(format!("health-mark {}", health::name(of)))
        .at("width", "12")
        .at("height", "12")
        .at("viewBox", "0 0 12 12")
        .at("aria-hidden", "true")
        .child(svg("path").class("shape").at("d", health::shape(of)))
        .maybe(hatch)
}

/// The mark and its word.
pub fn word(of: Health) -> Element {
    el("span")
        .class(format!("health {}", health::name(of)))
        .at("data-testid", "health")
        .child(mark(of))
        .text(health::word(of))
}
