//! Turns the items of a view into a list to go through with two keys.

use leptos::{prelude::*, task::spawn_local};
use protocol::id::ResponseId;
use protocol::query::inbox::Item;

use super::marks::{brief, excerpt, mark, painted, state};
use crate::api::ApiError;
use crate::browser;
use crate::chunk::{self, Lazily};
use crate::inbox::board::{Board, Checked, board};
use crate::inbox::edit::is_snoozed;
use crate::inbox::names;
use crate::inbox::url::link;
use crate::node::{Element, el, said};
use crate::words::say;

/// Items that are on screen at once, where many are: the rest follows when they have been painted.
const AT_ONCE: usize = 16;

/// The list, what waits above it, and what comes after it.
#[component]
pub fn Rows() -> impl IntoView {
    let board = board();
    let waiting = Memo::new(move |_| {
        board
            .list
            .shown
            .with(|told| told.as_ref().map_or(0, |told| told.list.waiting.len()))
    });
    let show = move |_| {
        board.list.shown.update(|told| {
            if let Some(told) = told {
                told.list.show_waiting();
            }
        });
    };
    let is_any = Memo::new(move |_| board.items.with(|items| !items.is_empty()));
    let is_known = Memo::new(move |_| board.list.shown.with(Option::is_some));
    // What explains an empty list explains the one that is shown.
    let told = Memo::new(move |_| {
        board
            .list
            .shown
            .with(|told| told.as_ref().map(|told| told.query.clone()))
    });
    let painted = RwSignal::new(None);
    Effect::new(move || {
        let told = told.get();
        browser::after_paint(move || {
            painted.try_set(told);
        });
    });
    let shown = Memo::new(move |_| {
        let n = match painted.get() == told.get() {
            true => usize::MAX,
            false => AT_ONCE,
        };
        board
            .items
            .with(|items| items.iter().take(n).cloned().collect::<Vec<_>>())
    });
    let is_behind = move || board.list.is_behind().then_some("true");
    view! {
        <div class="inbox-scroll" id="inbox-scroll" aria-busy=is_behind>
            {move || (waiting.get() > 0).then(|| view! {
                <button class="button inbox-waiting" type="button" on:click=show>
                    {say::inbox_waiting(waiting.get() as u64)}
                </button>
            })}
            {move || match (is_known.get(), is_any.get()) {
                (false, _) => (0..8).map(|_| view! { <i class="block inbox-ghost skeleton"></i> })
                    .collect_view().into_any(),
                (true, false) => (move || {
                    told.track();
                    view! { <Lazily chunk=chunk::INBOX_EMPTY quiet=true/> }
                })
                .into_any(),
                (true, true) => view! {
                    <ol class="inbox-rows" aria-label=say::inbox_list()>
                        <For each=move || shown.get() key=|item| item.response let:item>
                            <Row item/>
                        </For>
                    </ol>
                    <Older/>
                }.into_any(),
            }}
        </div>
    }
}

/// The id of a row's element.
pub(super) fn row_id(id: ResponseId) -> String {
    format!("row-{id}")
}

#[component]
fn Row(item: Item) -> impl IntoView {
    let board = board();
    let id = item.response;
    let first = StoredValue::new(item);
    let item = Memo::new(move |_| {
        let listed = |items: &Vec<Item>| items.iter().find(|one| one.response == id).cloned();
        board
            .items
            .with(listed)
            .unwrap_or_else(|| first.get_value())
    });
    let is_current = Memo::new(move |_| board.cursor.get() == Some(id));
    let is_checked = Memo::new(move |_| {
        board.checked.with(|checked| match checked {
            Checked::None => false,
            Checked::Ids(ids) => ids.contains(&id),
            Checked::All => true,
        })
    });
    let href = move || board.view.with(|view| link(view, Some(id)));
    let open = move |event: leptos::ev::MouseEvent| {
        if !(event.meta_key() || event.ctrl_key() || event.shift_key()) {
            event.prevent_default();
            board.cursor.set(Some(id));
            board.open(Some(id));
        }
    };
    view! {
        <li
            class="inbox-row" data-testid="row" data-response=id.to_string()
            class:current=move || is_current.get()
            class:checked=move || is_checked.get()
            class:unseen=move || item.with(is_unseen)
        >
            {board.can_change().then(|| view! {
                <label class="inbox-check">
                    <input
                        type="checkbox" prop:checked=move || is_checked.get()
                        on:change=move |_| board.check(id)
                    />
                    <span class="visually-hidden">{say::inbox_select()}</span>
                </label>
            })}
            <a
                id=row_id(id) href=href on:click=open
                aria-current=move || is_current.get().then_some("true")
            >
                {painted(move || item.with(|item| line(board, item)))}
            </a>
        </li>
    }
}

fn is_unseen(item: &Item) -> bool {
    item.status == protocol::query::view::Status::New
}

fn line(board: Board, item: &Item) -> Vec<Element> {
    let what = board
        .session
        .with_value(|session| names::kind(item, &session.surveys));
    let place = format!("{what} \u{b7} {}", names::place(&item.page_url));
    let snoozed = is_snoozed(item, crate::browser::now_ms()).then(say::inbox_aside_snoozed);
    let tags = item.tags.iter().map(|tag| said("span", "tag", tag.clone()));
    let who = item
        .assignee
        .as_deref()
        .map(|email| String::from(names::short(email)));
    let images = (item.images > 0).then(|| say::inbox_images(u64::from(item.images)));
    let notes = (item.notes > 0).then(|| say::inbox_notes(u64::from(item.notes)));
    let meta = el("span")
        .class("inbox-meta")
        .child(state(item.status))
        .maybe(snoozed.map(|words| el("span").text(words)))
        .child(said("span", "inbox-place", place))
        .all(tags)
        .maybe(who.map(|who| said("span", "inbox-who", who)))
        .maybe(images.map(|words| el("span").text(words)))
        .maybe(notes.map(|words| el("span").text(words)));
    let age = el("span")
        .class("inbox-age")
        .child(brief(board, item.at_ms));
    vec![mark(item), excerpt(item), age, meta]
}

#[component]
fn Older() -> impl IntoView {
    let board = board();
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<ApiError>));
    let load = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            error.try_set(board.load_older().await.err());
            busy.try_set(false);
        });
    };
    let more = move || {
        board
            .list
            .shown
            .with(|told| told.as_ref().is_some_and(|told| told.list.next.is_some()))
    };
    view! {
        {move || error.get().map(|e| view! { <p class="inline-error" role="alert">{e.to_string()}</p> })}
        <Show when=more>
            <button
                class="button inbox-older" type="button"
                aria-disabled=move || busy.get().then_some("true") on:click=load
            >
                {move || if busy.get() { say::comments_loading() } else { say::comments_more() }}
            </button>
        </Show>
    }
}
