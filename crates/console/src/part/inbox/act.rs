//! Turns keys, and lists over the page, into changes of what is chosen.

use leptos::prelude::*;
use protocol::query::inbox::Change;
use protocol::query::view::Status;

use super::notes::NOTE;
use super::pick::PickDialog;
use super::tags::TagsDialog;
use crate::browser;
use crate::inbox::board::{Board, Checked, Pick, board};
use crate::shell::keys::on_key;
use crate::words::say;

/// What is done to answers: by keys, and by what is chosen from.
#[component]
pub fn Hands() -> impl IntoView {
    let board = board();
    if board.can_change() {
        keys(board);
    }
    view! {
        <PickDialog/>
        <TagsDialog/>
    }
}

fn keys(board: Board) {
    on_key("e", say::inbox_key_done(), move || board.look_at());
    on_key("s", say::inbox_key_spam(), move || {
        board.change(Change::Status(Status::Spam), true);
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
    on_key("n", say::inbox_key_note(), || browser::focus(NOTE));
    on_key("x", say::inbox_key_check(), move || {
        board
            .cursor
            .get_untracked()
            .into_iter()
            .for_each(|id| board.check(id));
    });
    on_key("X", say::inbox_key_range(), move || {
        board
            .cursor
            .get_untracked()
            .into_iter()
            .for_each(|id| board.check_range(id));
    });
    on_key("*", say::inbox_key_all(), move || {
        board.checked.set(Checked::All)
    });
}
