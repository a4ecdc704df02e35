//! Turns how many there are into one sentence, and a view into a search box, states and filters.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use protocol::query::inbox::Counts;
use protocol::query::view::{Aside, Status, View};

use super::marks::painted;
use crate::browser;
use crate::inbox::board::{Pick, board};
use crate::inbox::names;
use crate::inbox::url::{link, of_status};
use crate::node::{Element, el, said};
use crate::words::{count, say};

/// States that have a place of their own above the list; spam is kept aside.
const STATES: [Status; 7] = [
    Status::New,
    Status::Triaged,
    Status::Planned,
    Status::InProgress,
    Status::Shipped,
    Status::Declined,
    Status::Duplicate,
];

/// The element that takes what is searched for.
pub const SEARCH: &str = "inbox-search";

/// Everything above the list.
#[component]
pub fn Head() -> impl IntoView {
    let board = board();
    let told = Memo::new(move |_| board.counts.shown.get().map(|(_, counts)| counts));
    let chips = Memo::new(move |_| {
        let view = board.view.get();
        board.zone.with(|zone| {
            board
                .session
                .with_value(|session| names::chips(&view, &session.surveys, zone))
        })
    });
    let sentence = move || {
        told.with(|counts| match counts {
            Some(counts) => board.view.with(|view| sentence(counts, view)),
            None => String::from(say::rail_inbox()),
        })
    };
    let below = move || {
        let view = board.view.get();
        told.with(|counts| {
            let counts = counts.as_ref();
            chips.with(|chips| vec![states(&view, counts), filters(chips, &view, counts)])
        })
    };
    view! {
        <header class="inbox-head">
            <h1 class="inbox-sentence">{sentence}</h1>
            <Search/>
            {painted(below)}
        </header>
    }
}

/// The page's one sentence.
fn sentence(counts: &Counts, view: &View) -> String {
    let plain = View {
        status: view.status.clone(),
        ..View::default()
    };
    let is_plain = *view == plain;
    if !view.aside.is_empty() {
        return say::inbox_kept_aside(counts.total);
    }
    let all: u64 = counts.status.values().sum();
    let new = counts.status.get(&Status::New).copied().unwrap_or(0);
    match (all, new, is_plain) {
        (0, _, true) => String::from(say::inbox_empty_title()),
        (0, _, false) => String::from(say::inbox_nothing_title()),
        (_, 0, true) => say::inbox_seen(all),
        (_, 0, false) => say::inbox_seen_here(all),
        (_, _, true) => say::inbox_wait(new, &count(all)),
        (_, _, false) => say::inbox_wait_here(new, &count(all)),
    }
}

#[component]
fn Search() -> impl IntoView {
    let board = board();
    let field = NodeRef::<Input>::new();
    let typed = RwSignal::new(String::new());
    // The field follows the URL, but not while somebody types into it something else.
    Effect::new(move || typed.set(board.view.with(View::typed)));
    let search = move |event: SubmitEvent| {
        event.prevent_default();
        let href = board.zone.with_untracked(|zone| {
            board.url.with_untracked(|url| {
                url.searched(&typed.get_untracked(), |day| zone.day_begins(day))
            })
        });
        board.go(&href);
        leave(field);
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            typed.set(board.view.with_untracked(View::typed));
            leave(field);
        }
    };
    view! {
        <form class="inbox-search" role="search" on:submit=search>
            <svg width="16" height="16" viewBox="0 0 20 20" aria-hidden="true">
                <path d="M9 3.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11M13.2 13.2l3.8 3.8"/>
            </svg>
            <input
                node_ref=field id=SEARCH type="search" autocomplete="off" spellcheck="false"
                aria-label=say::inbox_search() placeholder=say::inbox_search_hint()
                title=say::inbox_search_how() enterkeyhint="search"
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
                on:keydown=press
            />
            <button
                class="button" type="button" aria-haspopup="dialog"
                on:click=move |_| board.pick.set(Some(Pick::Filter))
            >
                {say::inbox_filter()}
            </button>
        </form>
    }
}

/// Gives the keyboard back to the list.
fn leave(field: NodeRef<Input>) {
    if let Some(field) = field.get_untracked() {
        // It had the focus.
        let _ = field.blur();
    }
    browser::focus("main");
}

/// How many are in each state: each is a filter.
fn states(view: &View, counts: Option<&Counts>) -> Element {
    let n = |status: Option<Status>| {
        let by = &counts?.status;
        Some(match status {
            Some(status) => by.get(&status).copied().unwrap_or(0),
            None => by.values().sum::<u64>(),
        })
    };
    let tab = |status: Option<Status>| {
        let is_it = match status {
            Some(status) => view.status.contains(&status),
            None => view.status.is_empty(),
        };
        // The room of a number until it is known.
        let n = n(status).map_or_else(|| String::from("\u{2007}"), count);
        el("a")
            .at("href", of_status(view, status))
            .maybe_at("aria-current", is_it.then_some("true"))
            .at("data-state", status.map_or("any", Status::as_str))
            .text(status.map_or(say::inbox_any(), names::status))
            .text(" ")
            .child(said("span", "n", n))
    };
    el("nav")
        .class("inbox-states")
        .at("aria-label", say::inbox_status())
        .child(tab(None))
        .all(STATES.map(|status| tab(Some(status))))
}

/// Filters that can be taken away one by one, and what is kept aside.
fn filters(chips: &[names::Chip], view: &View, counts: Option<&Counts>) -> Element {
    let chip = |chip: &names::Chip| {
        let away = el("a")
            .at("href", chip.link())
            .at("aria-label", say::inbox_remove_filter(&chip.label))
            .text("\u{d7}");
        el("li")
            .class("filter")
            .at("data-testid", "filter")
            .child(el("span").text(chip.label.clone()))
            .child(away)
    };
    let list = (!chips.is_empty()).then(|| el("ul").class("plain").all(chips.iter().map(chip)));
    let aside = counts.filter(|counts| view.aside.is_empty() && !counts.aside.is_empty());
    let link = |(aside, n): (&Aside, &u64)| {
        let with = View {
            aside: vec![*aside],
            status: Vec::new(),
            ..view.clone()
        };
        let name = names::aside(*aside).to_lowercase();
        el("a")
            .at("href", link(&with, None))
            .text(format!("{} {name}", count(*n)))
    };
    let aside = aside.map(|counts| {
        said("p", "inbox-aside", say::inbox_aside()).all(counts.aside.iter().map(link))
    });
    el("div").class("inbox-filters").maybe(list).maybe(aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, status: &[(Status, u64)], expect: &str) {
        let counts = Counts {
            total: status.iter().map(|(_, n)| n).sum(),
            status: status.iter().copied().collect(),
            ..Counts::default()
        };
        let view = View::parse(query, &[], |_| None).view;
        assert_eq!(sentence(&counts, &view), expect, "{query}");
    }

    #[test]
    fn the_sentence_says_who_waits() {
        check(
            "",
            &[(Status::New, 12), (Status::Triaged, 1_174)],
            "12 of 1,186 wait for a first look",
        );
        check(
            "",
            &[(Status::New, 1), (Status::Planned, 1)],
            "1 of 2 waits for a first look",
        );
        check("", &[(Status::Planned, 2)], "All 2 have been looked at");
        check(
            "status=new",
            &[(Status::Planned, 2)],
            "All 2 have been looked at",
        );
        check("", &[], "Nobody has written anything yet");
        check("q=slow", &[], "Nothing matches");
        check(
            "q=slow",
            &[(Status::New, 3)],
            "3 of 3 that match wait for a first look",
        );
        check("is=spam", &[(Status::Spam, 4)], "4 are kept aside");
    }
}
