//! Turns the state of the open item into buttons that change it, and ways to the items beside it.

use leptos::prelude::*;
use protocol::query::inbox::{Change, Item};
use protocol::query::view::{Aside, Status};

use crate::browser;
use crate::inbox::board::{Board, Pick, board};
use crate::inbox::edit::is_snoozed;
use crate::inbox::names;
use crate::inbox::url::link;
use crate::words::say;

/// Stands over the open item.
#[component]
pub fn Toolbar(
    /// What is open.
    item: Memo<Option<Item>>,
) -> impl IntoView {
    let board = board();
    let is_known = Memo::new(move |_| item.with(Option::is_some));
    let back = move || board.view.with(|view| link(view, None));
    let close = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        board.open(None);
    };
    let step = move |by: isize, said: &'static str, key: &'static str, sign: &'static str| {
        view! {
            <button
                class="button" type="button" aria-label=said title=format!("{said} ({key})")
                on:click=move |_| board.walk(by)
            >
                {sign}
            </button>
        }
    };
    view! {
        <div class="inbox-toolbar">
            <a
                class="button inbox-back" href=back on:click=close
                aria-label=say::inbox_back() title=say::inbox_back()
            >
                "\u{2190}"
            </a>
            // All at once: none of them moves another.
            {move || (board.can_change() && is_known.get()).then(|| view! { <Buttons item/> })}
            <span class="inbox-beside">
                {step(-1, say::inbox_before(), "k", "\u{2191}")}
                {step(1, say::inbox_after(), "j", "\u{2193}")}
            </span>
        </div>
    }
}

#[component]
fn Buttons(item: Memo<Option<Item>>) -> impl IntoView {
    let board = board();
    let status = Memo::new(move |_| item.with(|it| it.as_ref().map(|it| it.status)));
    view! {
        <button
            class="button primary" type="button" title=format!("{} (e)", say::inbox_key_done())
            on:click=move |_| board.alone(Board::look_at)
        >
            {say::inbox_done()}
        </button>
        <button
            class="button" type="button" aria-haspopup="dialog" data-testid="status"
            title=format!("{} (m)", say::inbox_key_status())
            on:click=move |_| pick_alone(board, Pick::Status)
        >
            <span class="visually-hidden">{say::inbox_status()}" "</span>
            {move || status.get().map(|status| view! {
                <span class=format!("state {}", status.as_str())>
                    <i aria-hidden="true"></i>{names::status(status)}
                </span>
            })}
        </button>
        {opens(board, Pick::Assignee, "a", move || item.with(|it| whose(it.as_ref())))}
        {opens(board, Pick::Snooze, "z", move || item.with(|it| until(board, it.as_ref())))}
        {opens(board, Pick::Tag, "t", || String::from(say::inbox_tag()))}
        {does(move || is_spam(item), (say::inbox_not_spam(), say::inbox_spam()), move |is| {
            let to = if is { Status::New } else { Status::Spam };
            board.alone(|it| it.change(Change::Status(to), true));
        })}
        {does(move || is_archived(item), (say::inbox_unarchive(), say::inbox_archive()), move |is| {
            board.alone(|it| it.change(Change::Archived(!is), true));
        })}
    }
}

/// Lets choose for the open item, until the choice is made or left.
fn pick_alone(board: Board, pick: Pick) {
    board.is_alone.set_value(true);
    board.pick.set(Some(pick));
}

/// A button that opens what can be chosen.
fn opens(
    board: Board,
    pick: Pick,
    key: &'static str,
    said: impl Fn() -> String + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <button
            class="button" type="button" aria-haspopup="dialog" title=key
            on:click=move |_| pick_alone(board, pick)
        >
            {said}
        </button>
    }
}

/// A button that does something, or the opposite.
fn does(
    is: impl Fn() -> bool + Copy + Send + Sync + 'static,
    said: (&'static str, &'static str),
    act: impl Fn(bool) + 'static,
) -> impl IntoView {
    view! {
        <button class="button" type="button" on:click=move |_| act(untrack(is))>
            {move || if is() { said.0 } else { said.1 }}
        </button>
    }
}

fn is_spam(item: Memo<Option<Item>>) -> bool {
    item.with(|it| it.as_ref().is_some_and(|it| it.status == Status::Spam))
}

fn is_archived(item: Memo<Option<Item>>) -> bool {
    item.with(|it| {
        it.as_ref()
            .is_some_and(|it| it.aside.contains(&Aside::Archived))
    })
}

fn whose(item: Option<&Item>) -> String {
    let email = item.and_then(|item| item.assignee.as_deref());
    email.map_or_else(
        || String::from(say::inbox_assign()),
        |email| String::from(names::short(email)),
    )
}

fn until(board: Board, item: Option<&Item>) -> String {
    match item.filter(|item| is_snoozed(item, browser::now_ms())) {
        Some(item) => {
            let until = item.snoozed_until_ms.unwrap_or_default();
            board.zone.with(|zone| say::inbox_until(&zone.stamp(until)))
        }
        None => String::from(say::inbox_snooze()),
    }
}
