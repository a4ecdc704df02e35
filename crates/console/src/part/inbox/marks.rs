//! Turns scores, states and times of an item into small marks that say the same in words.

use leptos::prelude::*;
use protocol::query::inbox::{Item, Piece};
use protocol::query::view::Status;

use crate::browser;
use crate::inbox::board::Board;
use crate::inbox::names;
use crate::node::{Element, el, said, svg};
use crate::part::Painted;
use crate::words::{self, say};

/// Draws what has no handlers. It is drawn anew when a signal changes that it reads.
pub(super) fn painted(draw: impl Fn() -> Vec<Element> + Send + Sync + 'static) -> AnyView {
    view! { <Painted draw=Box::new(draw)/> }.into_any()
}

/// The first score, or a sign of what there is instead.
pub(super) fn mark(item: &Item) -> Element {
    let hidden = |words: String| said("span", "visually-hidden", words);
    if let Some(score) = &item.score {
        let of = say::inbox_of(&score.top.to_string());
        return el("span")
            .class(format!("chip {}", names::tone(score)))
            .text(score.points.to_string())
            .child(hidden(format!(" {of}")));
    }
    let (sign, words) = match item.feedback {
        true => ("M4 4h12v9H9l-4 3v-3H4z", say::inbox_feedback()),
        false => ("M4 6h12M4 10h12M4 14h7", say::comments_no_score()),
    };
    let drawing = svg("svg")
        .at("width", "16")
        .at("height", "16")
        .at("viewBox", "0 0 20 20")
        .at("aria-hidden", "true")
        .child(svg("path").at("d", sign));
    el("span")
        .class("chip unscored")
        .child(drawing)
        .child(hidden(String::from(words)))
}

/// How far it has come: a sign that fills, and its name.
pub(super) fn state(status: Status) -> Element {
    el("span")
        .class(format!("state {}", status.as_str()))
        .child(el("i").at("aria-hidden", "true"))
        .text(names::status(status))
}

/// What was written, with what was looked for; what there is to say where nothing was.
pub(super) fn excerpt(item: &Item) -> Element {
    let all = el("span")
        .class("inbox-said")
        .at("lang", item.language.clone())
        .at("dir", "auto");
    if item.excerpt.is_empty() {
        return all.child(said("span", "muted", say::inbox_no_words()));
    }
    item.excerpt
        .iter()
        .fold(all, |all, Piece { text, hit }| match hit {
            true => all.child(el("mark").text(text.clone())),
            false => all.text(text.clone()),
        })
}

/// How long ago it was, and when, on the clocks of the project.
pub(super) fn age(board: Board, at_ms: u64) -> Element {
    let now = now(board);
    let words = board
        .zone
        .with(|zone| words::when(zone.moment(at_ms), zone.moment(now)));
    time(at_ms, words)
}

/// The same where there is little room: `now`, `5 min`, `3 h`, `27 Nov`.
pub(super) fn brief(board: Board, at_ms: u64) -> Element {
    let words = match now(board).saturating_sub(at_ms) / 60_000 {
        0 => String::from(say::time_just_now()),
        minutes @ 1..60 => format!("{minutes} min"),
        minutes @ 60..1_440 => format!("{} h", minutes / 60),
        _ => board.zone.with(|zone| zone.day(at_ms)),
    };
    time(at_ms, words)
}

/// Times in words grow old: they follow every refresh.
fn now(board: Board) -> u64 {
    let told = |told: &Option<crate::inbox::asked::Told>| told.as_ref().map(|told| told.at_ms);
    board.list.shown.with(told).unwrap_or_else(browser::now_ms)
}

fn time(at_ms: u64, words: String) -> Element {
    let iso = browser::iso(at_ms);
    el("time")
        .at("datetime", iso.clone())
        .at("title", iso)
        .text(words)
}
