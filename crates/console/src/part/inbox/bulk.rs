//! Turns what is chosen into what can be done to all of it at once.

use leptos::prelude::*;
use protocol::query::inbox::Change;
use protocol::query::view::Status;

use crate::inbox::board::{Board, Checked, Pick, board};
use crate::words::say;

/// Stands over the list while something is chosen.
#[component]
pub fn Bulk() -> impl IntoView {
    let board = board();
    let is_any = Memo::new(move |_| board.checked.with(|checked| *checked != Checked::None));
    view! { <Show when=move || is_any.get()>{bar(board)}</Show> }
}

fn bar(board: Board) -> impl IntoView {
    let total = move || {
        board
            .counts
            .shown
            .with(|it| it.as_ref().map_or(0, |(_, it)| it.total))
    };
    let said = move || {
        board.checked.with(|checked| match checked {
            Checked::All => say::inbox_chosen_all(total()),
            Checked::Ids(ids) => say::inbox_chosen(ids.len() as u64),
            Checked::None => String::new(),
        })
    };
    let more = move || {
        let is_part = board.checked.with(|it| matches!(it, Checked::Ids(_)));
        (is_part && total() > 0).then(|| {
            view! {
                <button
                    class="button quiet" type="button" aria-keyshortcuts="*"
                    on:click=move |_| board.checked.set(Checked::All)
                >
                    {say::inbox_choose_all(total())}
                </button>
            }
        })
    };
    let pick = move |what: Pick, said: &'static str| {
        view! {
            <button
                class="button" type="button" aria-haspopup="dialog"
                on:click=move |_| board.pick.set(Some(what))
            >
                {said}
            </button>
        }
    };
    view! {
        <section class="inbox-bulk" aria-label=say::inbox_bulk()>
            <p role="status"><strong>{said}</strong>" "{more}</p>
            <div>
                {pick(Pick::Status, say::inbox_status())}
                {pick(Pick::Assignee, say::inbox_assign())}
                {pick(Pick::Tag, say::inbox_tag())}
                {pick(Pick::Snooze, say::inbox_snooze())}
                <button
                    class="button" type="button"
                    on:click=move |_| board.change(Change::Status(Status::Spam), false)
                >
                    {say::inbox_status_spam()}
                </button>
                <button
                    class="button quiet" type="button"
                    on:click=move |_| board.checked.set(Checked::None)
                >
                    {say::inbox_choose_none()}
                </button>
            </div>
        </section>
    }
}
