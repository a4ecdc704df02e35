//! Turns one item into those beside it: by the same person, and with the same rare words.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use protocol::query::inbox::{Change, Detail, Item, Timeline};
use protocol::query::view::View;

use super::marks::{age, excerpt, mark, painted, state};
use crate::api::{self, ApiError, Verb};
use crate::browser;
use crate::inbox::board::{Board, board};
use crate::inbox::url::link;
use crate::node::{Element, el};
use crate::words::say;

/// What else this person said, which of all it repeats, and what is alike.
pub(super) fn others(board: Board, detail: &Arc<Detail>) -> impl IntoView + use<> {
    let id = detail.item.response;
    let original = detail.item.duplicate_of.map(|original| {
        view! {
            <p class="inbox-original">
                {say::inbox_same_as()}" "
                <a href=link(&View::default(), Some(original))>{say::inbox_the_original()}</a>
            </p>
        }
    });
    let can_change = board.can_change();
    let alike = detail.similar.iter().map(|item| {
        let (other, drawn) = (item.response, item.clone());
        view! {
            <li>
                {painted(move || vec![short(board, &drawn)])}
                {can_change.then(|| view! {
                    <button
                        class="button quiet" type="button"
                        on:click=move |_| board.change_one(id, Change::DuplicateOf(other))
                    >
                        {say::inbox_same()}
                    </button>
                })}
            </li>
        }
    });
    let alike = alike.collect_view();
    view! {
        {original}
        {(detail.others > 0).then(|| view! { <Person detail=Arc::clone(detail)/> })}
        {(!detail.similar.is_empty()).then(|| view! {
            <section class="inbox-others">
                <h3 class="section-title">{say::inbox_similar()}</h3>
                <ul class="plain">{alike}</ul>
            </section>
        })}
    }
}

/// What else came from the same browser profile or person, once somebody wants to see it.
#[component]
fn Person(detail: Arc<Detail>) -> impl IntoView {
    let board = board();
    let (shown, error) = (
        RwSignal::new(None::<Vec<Item>>),
        RwSignal::new(None::<ApiError>),
    );
    let id = detail.item.response;
    let whom = match &detail.item.person {
        Some(person) => format!("person={}", browser::encode(person)),
        None => format!("install={}", detail.install),
    };
    let load = move |_| {
        let whom = whom.clone();
        spawn_local(async move {
            let url = format!("api/v1/people/timeline?{whom}");
            let told = board.ask(Verb::Get, &url, None).await;
            match told.and_then(|text| api::read(&text)) {
                Ok(Timeline { mut items }) => {
                    items.retain(|item| item.response != id);
                    shown.try_set(Some(items));
                }
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    };
    let n = detail.others;
    view! {
        <section class="inbox-others" aria-label=say::inbox_same_person()>
            <h3 class="section-title">{say::inbox_same_person()}</h3>
            {move || match shown.get() {
                None => view! {
                    <button class="button" type="button" on:click=load.clone()>
                        {say::inbox_show_others(n)}
                    </button>
                }.into_any(),
                Some(items) => painted(move || {
                    let lines = items.iter().map(|item| el("li").child(short(board, item)));
                    vec![el("ul").class("plain").all(lines)]
                }),
            }}
            {move || error.get().map(|e| view! { <p class="inline-error" role="alert">{e.to_string()}</p> })}
        </section>
    }
}

/// One of the others in a line or two.
fn short(board: Board, item: &Item) -> Element {
    let meta = el("span")
        .class("inbox-meta")
        .child(state(item.status))
        .child(el("span").child(age(board, item.at_ms)));
    el("a")
        .class("inbox-other")
        .at("href", link(&View::default(), Some(item.response)))
        .all([mark(item), excerpt(item), meta])
}
