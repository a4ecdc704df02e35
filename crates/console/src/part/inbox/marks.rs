//! Turns scores, states and times of an item into small marks that say the same in words.

use leptos::prelude::*;
use protocol::query::inbox::{Item, Piece};
use protocol::query::view::Status;

use crate::browser;
use crate::inbox::board::Board;
use crate::inbox::names;
use crate::words::{self, say};

/// The first score, or a sign of what there is instead.
pub(super) fn mark(item: &Item) -> AnyView {
    let Some(score) = &item.score else {
        let (sign, said) = match item.feedback {
            true => ("M4 4h12v9H9l-4 3v-3H4z", say::inbox_feedback()),
            false => ("M4 6h12M4 10h12M4 14h7", say::comments_no_score()),
        };
        return view! {
            <span class="chip unscored">
                <svg width="16" height="16" viewBox="0 0 20 20" aria-hidden="true"><path d=sign/></svg>
                <span class="visually-hidden">{said}</span>
            </span>
        }
        .into_any();
    };
    let class = format!("chip {}", names::tone(score));
    let of = say::inbox_of(&score.top.to_string());
    view! {
        <span class=class>{score.points.to_string()}<span class="visually-hidden">" "{of}</span></span>
    }
    .into_any()
}

/// How far it has come: a sign that fills, and its name.
pub(super) fn state(status: Status) -> impl IntoView {
    view! {
        <span class=format!("state {}", status.as_str())>
            <i aria-hidden="true"></i>{names::status(status)}
        </span>
    }
}

/// What was written, with what was looked for.
pub(super) fn excerpt(pieces: &[Piece]) -> AnyView {
    let pieces = pieces.iter().map(|piece| match piece.hit {
        true => view! { <mark>{piece.text.clone()}</mark> }.into_any(),
        false => piece.text.clone().into_any(),
    });
    pieces.collect_view().into_any()
}

/// How long ago it was, and when, on the clocks of the project.
pub(super) fn age(board: Board, at_ms: u64) -> impl IntoView {
    let now = move || {
        let told = board
            .list
            .shown
            .with(|told| told.as_ref().map(|told| told.at_ms));
        told.unwrap_or_else(browser::now_ms)
    };
    let said = move || {
        board
            .zone
            .with(|zone| words::when(zone.moment(at_ms), zone.moment(now())))
    };
    let iso = browser::iso(at_ms);
    view! { <time datetime=iso.clone() title=iso>{said}</time> }
}

/// The same where there is little room: `now`, `5 min`, `3 h`, `27 Nov`.
pub(super) fn brief(board: Board, at_ms: u64) -> impl IntoView {
    let now = move || {
        let told = board
            .list
            .shown
            .with(|told| told.as_ref().map(|told| told.at_ms));
        told.unwrap_or_else(browser::now_ms)
    };
    let said = move || match now().saturating_sub(at_ms) / 60_000 {
        0 => String::from(say::time_just_now()),
        minutes @ 1..60 => format!("{minutes} min"),
        minutes @ 60..1_440 => format!("{} h", minutes / 60),
        _ => board.zone.with(|zone| zone.day(at_ms)),
    };
    let iso = browser::iso(at_ms);
    view! { <time datetime=iso.clone() title=iso>{said}</time> }
}
