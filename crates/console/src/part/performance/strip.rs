//! Turns stretches of one state into a strip of time, and says what its looks mean.

use protocol::query::Window;
use protocol::query::performance::{Stretch, UpState};

use super::distribution::{axis_labels, canvas};
use crate::node::{Element, el, said, svg};
use crate::performance::scale::percent;
use crate::performance::zone::Zone;
use crate::performance::{health, strip};
use crate::words::say;

/// Height of the strip, in pixels; what is up stays lower than what is not.
const HEIGHT: f64 = 26.0;

/// The window of one feature.
pub fn timeline(stretches: &[Stretch], window: Window, zone: &Zone) -> Element {
    let pieces = strip::pieces(stretches, window, zone).into_iter();
    let pieces = pieces.map(|piece| {
        let told = svg("title").text(piece.told);
        state(piece.state, percent(piece.from), percent(piece.width)).child(told)
    });
    let sentence = strip::sentence(stretches);
    el("figure")
        .class("strip")
        .child(said("figcaption", "visually-hidden", sentence))
        .child(
            canvas(HEIGHT + 20.0)
                .all(pieces)
                .all(axis_labels(&strip::ticks(window, zone), HEIGHT + 16.0)),
        )
}

fn state(state: UpState, x: String, width: String) -> Element {
    let (y, height) = match state {
        UpState::Down => (0.0, HEIGHT),
        UpState::Degraded => (4.0, 18.0),
        UpState::Up | UpState::Unknown | UpState::Maintenance => (8.0, 12.0),
    };
    svg("rect")
        .class(format!("state {}", health::state_name(state)))
        .at("x", x)
        .at("width", width)
        .num("y", y)
        .num("height", height)
}

/// What the looks of a strip mean.
pub fn key() -> Element {
    let states = [
        (UpState::Up, say::state_up()),
        (UpState::Down, say::state_key_down()),
        (UpState::Degraded, say::state_degraded()),
        (UpState::Unknown, say::state_key_unknown()),
        (UpState::Maintenance, say::state_key_maintenance()),
    ];
    let lines = states.map(|(of, word)| {
        let piece = state(of, String::from("0"), String::from("16"));
        let sample = canvas(HEIGHT).child(piece);
        el("li").child(sample).text(word)
    });
    el("ul").class("strip-key").child(hatch()).all(lines)
}

/// The pattern of what nobody knows: once a page.
fn hatch() -> Element {
    let line = svg("rect")
        .class("hatch-line")
        .at("width", "2")
        .at("height", "6");
    let pattern = svg("pattern")
        .at("id", "hatch")
        .at("width", "6")
        .at("height", "6")
        .at("patternUnits", "userSpaceOnUse")
        .at("patternTransform", "rotate(45)");
    let drawing = svg("svg").at("width", "0").at("height", "0");
    let drawing = drawing.child(svg("defs").child(pattern.child(line)));
    el("li")
        .class("pattern")
        .at("aria-hidden", "true")
        .child(drawing)
}
