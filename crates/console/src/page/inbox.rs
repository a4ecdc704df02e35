//! Turns what people wrote into a page that is worked through: a list, one item of it, and what to do.

use leptos::prelude::*;

use crate::browser;
use crate::chunk::{self, Later, Lazily, is_painted};
use crate::inbox::board::{Board, Checked, Pick};
use crate::inbox::url::link;
use crate::part::Notice;
use crate::part::inbox::{Act, Head, NOTE, Pressed, Rows, SEARCH};
use crate::shell::keys::{Keys, on_key};
use crate::shell::palette;
use crate::view_url::Dropped;
use crate::visit;
use crate::words::say;

/// `/inbox?status=new&q=slow&sel=<response>`
#[component]
pub fn InboxPage() -> impl IntoView {
    let board = Board::new();
    provide_context(board);
    provide_context(Pressed(RwSignal::new(None)));
    Effect::new(move || browser::set_title(say::rail_inbox()));
    keys(board);
    palette::offer(say::inbox_tags_manage(), move || board.tags_open.set(true));
    let dropped = Memo::new(move |_| board.url.with(|url| url.dropped.clone()));
    let is_open = Memo::new(move |_| board.sel.with(Option::is_some));
    // What is done to answers is fetched once the list is on screen.
    let is_listed = is_painted(Memo::new(move |_| board.list.shown.with(Option::is_some)));
    let is_any = Memo::new(move |_| board.checked.with(|it| *it != Checked::None));
    let kept = Signal::derive(move || {
        let at = board
            .list
            .shown
            .with(|told| told.as_ref().map(|told| told.at_ms))?;
        Some(board.zone.with(|zone| say::app_kept_at(&zone.clock(at))))
    });
    view! {
        <div class="inbox" data-open=move || is_open.get().then_some("true")>
            <section class="inbox-list" aria-label=say::inbox_list()>
                <Dropped what=dropped/>
                <Head/>
                <Notice trouble=board.list.trouble kept retry=move |()| board.refresh()/>
                <Later chunk=chunk::INBOX_BULK wanted=is_any/>
                <Rows/>
                // No link shows files: there a visitor would find an error.
                {visit::key().is_none().then(|| view! { <Later chunk=chunk::INBOX_FOOT wanted=is_listed/> })}
            </section>
            <section class="inbox-item" aria-label=say::inbox_item() tabindex="-1">
                // On a phone the sentence is not there while an answer is open.
                <h1 class="visually-hidden inbox-alone">{say::rail_inbox()}</h1>
                {move || (!is_open.get() && is_listed.get()).then(|| {
                    view! { <Lazily chunk=chunk::INBOX_HINT quiet=true/> }
                })}
                <Later chunk=chunk::INBOX_ANSWER wanted=is_open/>
            </section>
        </div>
        <Later chunk=chunk::INBOX_HANDS wanted=is_listed/>
    }
}

/// What hands do that never leave the keyboard.
fn keys(board: Board) {
    on_key("j", say::inbox_key_next(), move || walk(board, 1));
    on_key("k", say::inbox_key_before(), move || walk(board, -1));
    for key in ["Enter", "o"] {
        on_key(key, say::inbox_key_open(), move || read(board));
    }
    on_key("/", say::inbox_key_search(), || browser::focus(SEARCH));
    on_key("f", say::inbox_key_filter(), move || {
        board.pick.set(Some(Pick::Filter))
    });
    on_key("Escape", say::inbox_key_back(), move || back_out(board));
    if board.can_change() {
        act_keys(board);
    }
}

/// Those that change something, or begin to.
fn act_keys(board: Board) {
    let Pressed(pressed) = expect_context();
    on_key("e", say::inbox_key_done(), move || {
        pressed.set(Some(Act::LookAt));
    });
    on_key("s", say::inbox_key_spam(), move || {
        pressed.set(Some(Act::Spam));
    });
    for (key, said, pick) in [
        ("m", say::inbox_key_status(), Pick::Status),
        ("z", say::inbox_key_snooze(), Pick::Snooze),
        ("a", say::inbox_key_assign(), Pick::Assignee),
        ("t", say::inbox_key_tag(), Pick::Tag),
    ] {
        on_key(key, said, move || {
            if board.n_target() > 0 {
                board.pick.set(Some(pick));
            }
        });
    }
    let keys = expect_context::<Keys>();
    on_key("n", say::inbox_key_note(), move || {
        if browser::is_there(NOTE) {
            browser::focus(NOTE);
        } else if board.sel.with_untracked(Option::is_some) {
            // Its field comes with what is known of the answer.
            pressed.set(Some(Act::Note));
            keys.await_field();
        }
    });
    let cursor = move || board.cursor.get_untracked().into_iter();
    on_key("x", say::inbox_key_check(), move || {
        cursor().for_each(|id| board.check(id));
    });
    on_key("X", say::inbox_key_range(), move || {
        cursor().for_each(|id| board.check_range(id));
    });
    on_key("*", say::inbox_key_all(), move || {
        board.checked.set(Checked::All)
    });
}

/// Moves on, and takes the focus along: whoever hears the page hears the item.
fn walk(board: Board, by: isize) {
    board.walk(by);
    if let Some(id) = board.cursor.get_untracked() {
        browser::show(&format!("row-{id}"));
    }
}

/// Opens the item, and goes to it where it is open already.
fn read(board: Board) {
    let Some(id) = board.cursor.get_untracked().or_else(|| board.beside(0)) else {
        return;
    };
    board.cursor.set(Some(id));
    let is_open = board.sel.with_untracked(|sel| *sel == Some(id));
    if !is_open {
        board.open(Some(id));
    }
    browser::focus("inbox-open");
}

/// One step out: of what is chosen, of the item, of the filters.
fn back_out(board: Board) {
    if board
        .checked
        .with_untracked(|checked| *checked != Checked::None)
    {
        board.checked.set(Checked::None);
    } else if board.sel.with_untracked(Option::is_some) {
        let cursor = board.cursor.get_untracked();
        board.open(None);
        if let Some(id) = cursor {
            browser::show(&format!("row-{id}"));
        }
    } else if board
        .url
        .with_untracked(|url| url.view != Default::default())
    {
        board.go(&link(&Default::default(), None));
    }
}
