//! Turns keys, and lists over the page, into changes of what is chosen.

use leptos::prelude::*;
use protocol::query::inbox::Change;
use protocol::query::view::Status;

use super::pick::PickDialog;
use super::tags::TagsDialog;
use crate::inbox::board::board;

/// What a key does to what is chosen.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Somebody has looked at it.
    LookAt,
    /// It is spam.
    Spam,
    /// A note is about to be typed.
    Note,
}

/// What a key was pressed for, until it is done: a key may be pressed before the code that acts is here.
#[derive(Clone, Copy, Debug)]
pub struct Pressed(pub RwSignal<Option<Act>>);

/// What is done to answers: by keys, and by what is chosen from.
#[component]
pub fn Hands() -> impl IntoView {
    let (board, Pressed(pressed)) = (board(), expect_context::<Pressed>());
    Effect::new(move || {
        let Some(act) = pressed.get() else { return };
        match act {
            Act::LookAt => board.look_at(),
            Act::Spam => board.change(Change::Status(Status::Spam), true),
            // That is for the field, once it is there.
            Act::Note => return,
        }
        pressed.set(None);
    });
    view! {
        <PickDialog/>
        <TagsDialog/>
    }
}
