//! Turns an empty list into what to do about it: which filter to drop, and what that would show.

use leptos::{prelude::*, task::spawn_local};

use super::marks::painted;
use crate::inbox::asked::counts;
use crate::inbox::board::{Board, board};
use crate::inbox::names::{Chip, chips};
use crate::inbox::url::link;
use crate::node::{Element, el, said};
use crate::words::say;

/// A filter that stands in the way, and how many would be there without it.
#[derive(Clone, PartialEq)]
struct Way {
    label: String,
    href: String,
    n: u64,
}

/// Stands where the list would be.
#[component]
pub fn Empty() -> impl IntoView {
    let board = board();
    let ways = RwSignal::new(None::<Vec<Way>>);
    let is_filtered = board
        .url
        .with_untracked(|url| url.view != Default::default());
    if is_filtered {
        spawn_local(async move {
            let found = ways_out(board).await;
            ways.try_set(Some(found));
        });
    }
    painted(move || {
        let drawn = match (is_filtered, ways.get()) {
            (false, _) => nothing_yet(),
            (true, None) => vec![said("p", "muted", say::app_loading())],
            (true, Some(ways)) => ways_of(&ways),
        };
        vec![el("div").class("inbox-empty").all(drawn)]
    })
}

fn nothing_yet() -> Vec<Element> {
    let scores = el("a").at("href", "scores").text(say::inbox_empty_scores());
    vec![
        el("h2").text(say::inbox_empty_title()),
        said("p", "muted", say::inbox_empty_what()),
        el("p").child(scores),
    ]
}

fn ways_of(ways: &[Way]) -> Vec<Element> {
    let way = |way: &Way| {
        let link = el("a").at("href", way.href.clone());
        el("li")
            .child(link.text(say::inbox_without(&way.label)))
            .child(said("span", "muted", say::inbox_would_show(way.n)))
    };
    vec![
        el("h2").text(say::inbox_nothing_title()),
        said("p", "muted", say::inbox_nothing_what()),
        el("ul").class("plain inbox-ways").all(ways.iter().map(way)),
    ]
}

/// The filters of the view with what is there without each, the most first; then everything.
async fn ways_out(board: Board) -> Vec<Way> {
    let view = board.view.get_untracked();
    let mut all = board.zone.with_untracked(|zone| {
        board
            .session
            .with_value(|session| chips(&view, &session.surveys, zone))
    });
    if let [one] = view.status.as_slice() {
        let mut without = view.clone();
        without.status.clear();
        all.push(Chip {
            label: String::from(crate::inbox::names::status(*one)),
            without,
            is_search: false,
        });
    }
    let mut ways = Vec::new();
    for chip in all {
        if let Ok(counts) = counts(&chip.without.to_string()).await {
            ways.push(Way {
                href: link(&chip.without, None),
                label: chip.label,
                n: counts.total,
            });
        }
    }
    ways.sort_by_key(|way| core::cmp::Reverse(way.n));
    ways
}
