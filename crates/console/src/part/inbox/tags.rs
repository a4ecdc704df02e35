//! Turns the tags of the project into lines that rename them, make one of two, or take them away.

use leptos::html::Dialog;
use leptos::{prelude::*, task::spawn_local};
use protocol::query::inbox::{Merge, NewTag, Tag, Tags};

use crate::api::{self, ApiError, Verb};
use crate::inbox::board::{Board, board};
use crate::words::{count, say};

/// Puts tags in order.
#[component]
pub fn TagsDialog() -> impl IntoView {
    let board = board();
    let dialog = NodeRef::<Dialog>::new();
    let tags = RwSignal::new(None::<Vec<Tag>>);
    let error = RwSignal::new(None::<ApiError>);
    let load = move || {
        spawn_local(async move {
            let told = board.ask(Verb::Get, "api/v1/inbox/tags", None).await;
            match told.and_then(|text| api::read(&text)) {
                Ok(Tags { items }) => drop(tags.try_set(Some(items))),
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    };
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match board.tags_open.get() {
            true if !dialog.open() => {
                error.set(None);
                load();
                // Only a dialog that is shown already refuses.
                let _ = dialog.show_modal();
            }
            false if dialog.open() => dialog.close(),
            _ => {}
        }
    });
    let done = Callback::new(move |did: Result<(), ApiError>| match did {
        Ok(()) => {
            error.try_set(None);
            load();
            board.refresh();
        }
        Err(why) => drop(error.try_set(Some(why))),
    });
    let lines = move || {
        let all = tags.get().unwrap_or_default();
        let names: Vec<_> = all.iter().map(|tag| (tag.id, tag.name.clone())).collect();
        all.into_iter()
            .map(|tag| line(board, &tag, &names, done))
            .collect_view()
    };
    view! {
        <dialog
            class="help" node_ref=dialog aria-labelledby="tags-title"
            on:close=move |_| board.tags_open.set(false)
        >
            <div class="help-box">
                <header>
                    <h2 id="tags-title">{say::inbox_tags()}</h2>
                    <button
                        class="button quiet" type="button"
                        on:click=move |_| board.tags_open.set(false)
                    >
                        {say::app_close()}
                    </button>
                </header>
                <p class="inline-error" role="alert">
                    {move || error.get().map(|e| format!("{e} {}", e.advice()))}
                </p>
                <ul class="plain inbox-tag-lines">{lines}</ul>
                {move || tags.with(|tags| tags.as_ref().is_some_and(Vec::is_empty)).then(|| view! {
                    <p class="muted">{say::inbox_tags_none()}</p>
                })}
            </div>
        </dialog>
    }
}

fn line(
    board: Board,
    tag: &Tag,
    names: &[(u64, String)],
    done: Callback<Result<(), ApiError>>,
) -> impl IntoView + use<> {
    let id = tag.id;
    let send = move |verb: Verb, path: String, body: Option<String>| {
        spawn_local(async move {
            let url = format!("api/v1/inbox/tags/{path}");
            let done_so = board.ask(verb, &url, body).await.map(|_| ());
            // Of a page that has gone nobody wants to know.
            done.try_run(done_so);
        });
    };
    let rename = move |event: leptos::ev::Event| {
        let name = event_target_value(&event);
        send(Verb::Put, id.to_string(), api::json(&NewTag { name }));
    };
    let merge = move |event: leptos::ev::Event| {
        if let Ok(into) = event_target_value(&event).parse() {
            let merge = Merge { from: id, into };
            send(Verb::Post, String::from("merge"), api::json(&merge));
        }
    };
    let remove = move |_| send(Verb::Delete, id.to_string(), None);
    let others = names
        .iter()
        .filter(|(other, _)| *other != id)
        .map(|(other, name)| {
            view! { <option value=other.to_string()>{name.clone()}</option> }
        });
    let others = others.collect_view();
    view! {
        <li>
            <input
                type="text" maxlength="60" prop:value=tag.name.clone()
                aria-label=say::inbox_tag_name() on:change=rename
            />
            <span class="muted">{count(tag.responses)}</span>
            <select aria-label=say::inbox_tag_merge(&tag.name) on:change=merge>
                <option value="">{say::inbox_tag_merge_into()}</option>
                {others}
            </select>
            <button
                class="button quiet" type="button" aria-label=say::inbox_tag_remove(&tag.name)
                on:click=remove
            >
                {say::inbox_note_remove()}
            </button>
        </li>
    }
}
