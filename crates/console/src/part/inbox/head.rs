//! Turns how many there are into one sentence, and a view into a search box, states and filters.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use protocol::query::inbox::Counts;
use protocol::query::view::{Aside, Status, View};

use crate::browser;
use crate::inbox::board::{Board, Pick, board};
use crate::inbox::names;
use crate::inbox::url::{link, of_status};
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
    let sentence = move || {
        let view = board.view.get();
        told.with(|counts| {
            counts.as_ref().map_or_else(
                || String::from(say::rail_inbox()),
                |counts| sentence(counts, &view),
            )
        })
    };
    view! {
        <header class="inbox-head">
            <h1 class="inbox-sentence">{sentence}</h1>
            <Search/>
            <States told/>
            <Filters told/>
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

#[component]
fn States(told: Memo<Option<Counts>>) -> impl IntoView {
    let board = board();
    let n_all = move || told.with(|it| it.as_ref().map(|it| it.status.values().sum::<u64>()));
    let n_of = move |status: Status| {
        told.with(|it| {
            it.as_ref()
                .map(|it| it.status.get(&status).copied().unwrap_or(0))
        })
    };
    let tab = move |status: Option<Status>| {
        let name = status.map_or(say::inbox_any(), names::status);
        let is_it = move || {
            board.view.with(|view| match status {
                Some(status) => view.status.contains(&status),
                None => view.status.is_empty(),
            })
        };
        let n = move || match status {
            Some(status) => n_of(status),
            None => n_all(),
        };
        view! {
            <a
                href=move || board.view.with(|view| of_status(view, status))
                aria-current=move || is_it().then_some("true")
                data-state=status.map_or("any", Status::as_str)
            >
                {name}" "<span class="n">{move || n().map_or_else(|| String::from("\u{2007}"), count)}</span>
            </a>
        }
    };
    view! {
        <nav class="inbox-states" aria-label=say::inbox_status() tabindex="-1">
            {tab(None)}
            {STATES.map(|status| tab(Some(status)))}
        </nav>
    }
}

/// Filters that can be taken away one by one, and what is kept aside.
#[component]
fn Filters(told: Memo<Option<Counts>>) -> impl IntoView {
    let board = board();
    let chips = Memo::new(move |_| {
        let view = board.view.get();
        board.zone.with(|zone| {
            board
                .session
                .with_value(|session| names::chips(&view, &session.surveys, zone))
        })
    });
    let chip = |chip: names::Chip| {
        let named = say::inbox_remove_filter(&chip.label);
        view! {
            <li class="filter" data-testid="filter">
                <span>{chip.label.clone()}</span>
                <a href=chip.link() aria-label=named>"\u{d7}"</a>
            </li>
        }
    };
    view! {
        <div class="inbox-filters">
            {move || {
                let chips = chips.get();
                (!chips.is_empty()).then(|| view! {
                    <ul class="plain">{chips.into_iter().map(chip).collect_view()}</ul>
                })
            }}
            <AsideLine board told/>
        </div>
    }
}

#[component]
fn AsideLine(board: Board, told: Memo<Option<Counts>>) -> impl IntoView {
    let links = move || {
        let view = board.view.get();
        if !view.aside.is_empty() {
            return None;
        }
        let counts = told.get()?;
        let links = counts.aside.iter().map(|(aside, n)| {
            let with = View {
                aside: vec![*aside],
                status: Vec::new(),
                ..view.clone()
            };
            view! { <a href=link(&with, None)>{format!("{} {}", count(*n), say_aside(*aside))}</a> }
        });
        let links = links.collect_view();
        (!counts.aside.is_empty()).then(|| {
            view! {
                <p class="inbox-aside"><span>{say::inbox_aside()}</span>{links}</p>
            }
        })
    };
    view! { {links} }
}

fn say_aside(aside: Aside) -> String {
    names::aside(aside).to_lowercase()
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
