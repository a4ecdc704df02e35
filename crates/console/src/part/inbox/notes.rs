//! Turns what the team says to itself about an item into a list, and what is typed into another line of it.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::{prelude::*, task::spawn_local};
use protocol::id::ResponseId;
use protocol::query::inbox::{Detail, NewNote, Note};

use super::act::{Act, Pressed};
use super::marks::{age, painted};
use crate::api::{self, ApiError, Verb};
use crate::browser;
use crate::inbox::board::{Board, board};
use crate::inbox::names;
use crate::shell::keys::Keys;
use crate::words::say;

/// The element that a note is typed into.
pub const NOTE: &str = "inbox-note";

/// Notes of one item. What is typed stays with it until it is saved.
#[component]
pub fn Notes(
    /// Of which.
    id: ResponseId,
    /// What is known of it.
    detail: Memo<Option<Arc<Detail>>>,
) -> impl IntoView {
    let board = board();
    let kept = board.drafts.with_value(|drafts| drafts.get(&id).cloned());
    let typed = RwSignal::new(kept.unwrap_or_default());
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<ApiError>));
    let keep = move |text: String| {
        board.drafts.update_value(|drafts| match text.is_empty() {
            true => drop(drafts.remove(&id)),
            false => drop(drafts.insert(id, text.clone())),
        });
        typed.set(text);
    };
    let (Pressed(pressed), keys) = (expect_context::<Pressed>(), expect_context::<Keys>());
    if let Some(Act::Note) = pressed.get_untracked() {
        pressed.set(None);
        request_animation_frame(move || {
            browser::focus(NOTE);
            let early = keys.typed_early();
            if let Some(text) = typed.try_get_untracked() {
                keep(text + &early);
            }
        });
    }
    let save = move || {
        let text = typed.get_untracked();
        if busy.get_untracked() || text.trim().is_empty() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let (url, note) = (format!("api/v1/inbox/items/{id}/notes"), NewNote { text });
            let sent = board.ask(Verb::Post, &url, api::json(&note)).await;
            busy.try_set(false);
            if sent.is_ok() {
                board.drafts.try_update_value(|drafts| drafts.remove(&id));
                typed.try_set(String::new());
                board.refresh();
            }
            error.try_set(sent.err());
        });
    };
    let notes = move || {
        let notes = detail
            .get()
            .map(|detail| detail.notes.clone())
            .unwrap_or_default();
        notes
            .into_iter()
            .map(|note| one(board, note))
            .collect_view()
    };
    let press = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if event.ctrl_key() || event.meta_key() => {
            event.prevent_default();
            save();
        }
        "Escape" => {
            event.prevent_default();
            browser::focus("inbox-open");
        }
        _ => {}
    };
    view! {
        <section class="inbox-notes" aria-labelledby="inbox-notes-title">
            <h3 class="section-title" id="inbox-notes-title">{say::inbox_notes_title()}</h3>
            <ul class="plain">{notes}</ul>
            {board.can_change().then(|| view! {
                <form on:submit=move |event: SubmitEvent| { event.prevent_default(); save(); }>
                    <textarea
                        id=NOTE rows="2" aria-label=say::inbox_note_new() placeholder=say::inbox_note_new()
                        prop:value=move || typed.get()
                        on:input=move |event| keep(event_target_value(&event))
                        on:keydown=press
                    ></textarea>
                    <button
                        class="button" type="submit"
                        aria-disabled=move || busy.get().then_some("true")
                    >
                        {say::inbox_note_save()}
                    </button>
                </form>
            })}
            {move || error.get().map(|error| view! {
                <p class="inline-error" role="alert">{error.to_string()}" "{error.advice()}</p>
            })}
        </section>
    }
}

fn one(board: Board, note: Note) -> impl IntoView {
    let is_own = board
        .session
        .with_value(|session| session.email == note.author);
    let id = note.id;
    let remove = move |_| {
        spawn_local(async move {
            let url = format!("api/v1/inbox/notes/{id}");
            match board.ask(Verb::Delete, &url, None).await {
                Ok(_) => board.refresh(),
                Err(error) => board.toasts.failed(&error),
            }
        });
    };
    view! {
        <li class="inbox-note">
            <p class="words">{note.text}</p>
            <p class="meta">
                <span>{String::from(names::short(&note.author))}</span>
                <span aria-hidden="true">"\u{b7}"</span>
                {painted(move || vec![age(board, note.at_ms)])}
                {note.edited_ms.map(|_| view! { <span>{say::inbox_note_edited()}</span> })}
                {is_own.then(|| view! {
                    <button class="button quiet" type="button" on:click=remove>
                        {say::inbox_note_remove()}
                    </button>
                })}
            </p>
        </li>
    }
}
