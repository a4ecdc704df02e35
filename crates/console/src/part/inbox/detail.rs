//! Turns the open item into all that is known of it: answers, context, notes, what was done, who else.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::query::Session;
use protocol::query::inbox::{Change, Detail, Item};
use protocol::query::view::{Status, View};

use super::answers::answers;
use super::context::context;
use super::history::history;
use super::marks::{age as age_of, excerpt, mark, painted};
use super::notes::Notes;
use super::others::others;
use super::toolbar::Toolbar;
use crate::inbox::board::{Board, board};
use crate::inbox::names;
use crate::inbox::opened::attend;
use crate::inbox::url::link;
use crate::node::{Element, el, said};
use crate::part::Notice;
use crate::words::say;

/// The open item.
#[component]
pub fn Open() -> impl IntoView {
    let board = board();
    let asked = attend(board);
    let item = Memo::new(move |_| board.current());
    let detail = Memo::new(move |_| board.known());
    // What was said stands still while something is done about it.
    let said = Memo::new(move |_| detail.with(|it| it.as_deref().map(still)));
    let is_open = Memo::new(move |_| board.sel.with(Option::is_some));
    let id = Memo::new(move |_| item.with(|item| item.as_ref().map(|item| item.response)));
    let read = Memo::new(move |_| detail.with(|it| it.as_ref().map(|it| it.item.response)));
    view! {
        <Show when=move || is_open.get()>
            <Toolbar item/>
            <Notice
                trouble=asked.trouble kept=Signal::stored(None::<String>)
                retry=move |()| asked.refresh()
            />
            <div class="inbox-read" id="inbox-read">
                {move || id.get().map(|_| view! { <Title board item/> })}
                {painted(move || match said.get() {
                    Some(detail) => whole(board, &detail),
                    None => item.with(|it| it.as_ref().map(beginning).unwrap_or_default()),
                })}
                // Below what is said, and not before its place is known.
                {move || read.get().map(|id| view! { <Notes id detail/> })}
                {move || said.get().map(|detail| others(board, &detail))}
                {painted(move || {
                    detail.with(|it| it.as_ref().map(|it| history(board, it)).unwrap_or_default())
                })}
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
        let who = item.person.clone();
        let who = who.unwrap_or_else(|| String::from(say::inbox_somebody()));
        let title = el("h2")
            .at("id", "inbox-open")
            .at("tabindex", "-1")
            .text(who);
        let age = el("span").class("muted inbox-age");
        vec![
            mark(item),
            title.child(said("span", "muted", format!(" \u{b7} {what}"))),
            age.child(age_of(board, item.at_ms)),
        ]
    };
    let head = move || item.with(|it| it.as_ref().map(head).unwrap_or_default());
    view! {
        <header class="inbox-title">{painted(head)}</header>
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
fn beginning(item: &Item) -> Vec<Element> {
    vec![
        el("div")
            .class("words")
            .at("aria-busy", "true")
            .child(excerpt(item)),
    ]
}

fn whole(board: Board, detail: &Detail) -> Vec<Element> {
    let mut parts = answers(detail);
    let context = |session: &Session| context(detail, &session.surveys);
    parts.push(board.session.with_value(context));
    parts
}
