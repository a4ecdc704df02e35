//! Turns the open item into all that is known of it: answers, context, notes, what was done, who else.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::query::inbox::{Change, Detail, Item};
use protocol::query::view::{Status, View};

use super::answers::answers;
use super::context::context;
use super::history::history;
use super::marks::{age, excerpt, mark};
use super::notes::Notes;
use super::others::others;
use super::toolbar::Toolbar;
use crate::inbox::board::{Board, board};
use crate::inbox::names;
use crate::inbox::url::link;
use crate::part::Notice;
use crate::words::say;

/// The open item, or what to do where nothing is open.
#[component]
pub fn Open() -> impl IntoView {
    let board = board();
    let item = Memo::new(move |_| board.current());
    let detail = Memo::new(move |_| board.known());
    // What was said stands still while something is done about it.
    let said = Memo::new(move |_| detail.with(|it| it.as_deref().map(still)));
    let is_open = Memo::new(move |_| board.sel.with(Option::is_some));
    let id = Memo::new(move |_| item.with(|item| item.as_ref().map(|item| item.response)));
    view! {
        <Show when=move || is_open.get() fallback=hint>
            <Toolbar item/>
            <Notice
                trouble=board.detail.trouble kept=Signal::stored(None::<String>)
                retry=move |()| board.detail.refresh()
            />
            <div class="inbox-read" id="inbox-read">
                {move || id.get().map(|_| view! { <Title board item/> })}
                {move || match said.get() {
                    Some(said) => whole(board, &said).into_any(),
                    None => item.with(|it| it.as_ref().map(beginning)).into_any(),
                }}
                {move || id.get().map(|id| view! { <Notes id detail/> })}
                {move || said.get().map(|detail| others(board, &detail))}
                {move || detail.get().map(|detail| history(board, &detail))}
            </div>
        </Show>
    }
}

/// Without what a team does about it.
fn still(detail: &Detail) -> Arc<Detail> {
    let item = Item {
        status: Status::New,
        aside: Vec::new(),
        snoozed_until_ms: None,
        assignee: None,
        tags: Vec::new(),
        rev: 0,
        notes: 0,
        ..detail.item.clone()
    };
    Arc::new(Detail {
        item,
        changes: Vec::new(),
        notes: Vec::new(),
        ..detail.clone()
    })
}

/// What the keyboard does here, where nothing is open.
fn hint() -> impl IntoView {
    let line = |keys: &'static [&'static str], what: &'static str| {
        let caps = keys.iter().map(|key| view! { <kbd>{*key}</kbd> });
        view! { <li><span class="caps">{caps.collect_view()}</span>{what}</li> }
    };
    view! {
        <div class="inbox-hint">
            <p class="muted">{say::inbox_hint()}</p>
            <ul class="plain">
                {line(&["j", "k"], say::inbox_key_walk())}
                {line(&["e"], say::inbox_key_done())}
                {line(&["z"], say::inbox_key_snooze())}
                {line(&["t"], say::inbox_key_tag())}
                {line(&["/"], say::inbox_key_search())}
                {line(&["?"], say::keys_help())}
            </ul>
        </div>
    }
}

#[component]
fn Title(board: Board, item: Memo<Option<Item>>) -> impl IntoView {
    let tag = move |name: String| {
        let with = View {
            tags: vec![name.clone()],
            ..View::default()
        };
        let (gone, said) = (name.clone(), say::inbox_remove_tag(&name));
        let remove = move |_| {
            if let Some(item) = item.get_untracked() {
                board.change_one(item.response, Change::RemoveTag(gone.clone()));
            }
        };
        view! {
            <li class="tag">
                <a href=link(&with, None)>{name}</a>
                {board.can_change().then(|| view! {
                    <button type="button" aria-label=said on:click=remove>"\u{d7}"</button>
                })}
            </li>
        }
    };
    let head = move |item: &Item| {
        let what = board
            .session
            .with_value(|session| names::kind(item, &session.surveys));
        let who = item
            .person
            .clone()
            .unwrap_or_else(|| String::from(say::inbox_somebody()));
        view! {
            {mark(item)}
            <h2 id="inbox-open" tabindex="-1">{who}<span class="muted">" \u{b7} "{what}</span></h2>
            <span class="muted inbox-age">{age(board, item.at_ms)}</span>
        }
    };
    view! {
        <header class="inbox-title">{move || item.with(|it| it.as_ref().map(head))}</header>
        {move || item.with(|it| {
            let tags = it.as_ref().map(|it| it.tags.clone()).unwrap_or_default();
            (!tags.is_empty()).then(|| view! {
                <ul class="plain inbox-tags" aria-label=say::inbox_tags()>
                    {tags.into_iter().map(tag).collect_view()}
                </ul>
            })
        })}
    }
}

/// What the list knows already, until the rest is here.
fn beginning(item: &Item) -> impl IntoView + use<> {
    let said = (!item.excerpt.is_empty()).then(|| excerpt(&item.excerpt));
    view! { <p class="words" lang=item.language.clone() dir="auto" aria-busy="true">{said}</p> }
}

fn whole(board: Board, detail: &Arc<Detail>) -> impl IntoView + use<> {
    view! {
        {answers(detail)}
        {context(board, detail)}
    }
}
