//! Turns options into a list over the page that is gone through by keys, or narrowed by typing.

use leptos::html::Dialog;
use leptos::{prelude::*, task::spawn_local};
use protocol::query::inbox::{Assignees, Tags};
use web_sys::KeyboardEvent;

use super::options::{Choice, Does, Known, choices};
use crate::api::{self, Verb};
use crate::browser;
use crate::inbox::board::{Board, Pick, board};
use crate::words::say;

/// Chooses what a change is, or what the view shows.
#[component]
pub fn PickDialog() -> impl IntoView {
    let board = board();
    let dialog = NodeRef::<Dialog>::new();
    let (typed, at) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let known = RwSignal::new(Known::default());
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match board.pick.get() {
            Some(pick) if !dialog.open() => {
                typed.set(String::new());
                at.set(0);
                learn(board, pick, known);
                // Only a dialog that is shown already refuses.
                let _ = dialog.show_modal();
            }
            Some(_) => {}
            None => {
                board.is_alone.set_value(false);
                // Only one that is open closes, and says so.
                dialog.close();
            }
        }
    });
    let found = Memo::new(move |_| {
        let Some(pick) = board.pick.get() else {
            return Vec::new();
        };
        let typed = typed.get();
        let all = known.with(|known| choices(board, pick, known, &typed, browser::now_ms()));
        narrowed(all, &typed)
    });
    let choose = move |nth: usize| {
        let chosen = found.with_untracked(|found| found.get(nth).cloned());
        let pick = board.pick.get_untracked();
        if let Some(chosen) = chosen {
            act(board, pick, chosen.does);
        }
        board.pick.set(None);
    };
    let press = move |event: KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        let now = at.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => at.set(if now >= last { 0 } else { now + 1 }),
            "ArrowUp" => at.set(if now == 0 { last } else { now - 1 }),
            "Enter" => choose(now),
            _ => return,
        }
        event.prevent_default();
        if let Some(option) = document().get_element_by_id(&format!("pick-{}", at.get_untracked()))
        {
            option.scroll_into_view_with_bool(false);
        }
    };
    let title = move || board.pick.get().map_or("", title);
    let active = move || {
        found
            .with(|all| !all.is_empty())
            .then(|| format!("pick-{}", at.get()))
    };
    view! {
        <dialog
            class="palette pick" node_ref=dialog aria-label=title
            on:close=move |_| board.pick.set(None)
            on:click=move |event| {
                // What is clicked beside the box is the dialog itself.
                if event.target() == event.current_target() {
                    board.pick.set(None);
                }
            }
        >
            <div class="palette-box">
                <input
                    type="text" role="combobox" aria-expanded="true" aria-controls="pick-list"
                    aria-autocomplete="list" aria-label=title aria-activedescendant=active
                    placeholder=title autocomplete="off" spellcheck="false" autofocus=true
                    prop:value=move || typed.get()
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        at.set(0);
                    }
                    on:keydown=press
                />
                <ul id="pick-list" role="listbox" aria-label=title>
                    {move || found.get().into_iter().enumerate().map(|(nth, one)| view! {
                        <li
                            id=format!("pick-{nth}") role="option"
                            aria-selected=move || if at.get() == nth { "true" } else { "false" }
                            on:click=move |_| choose(nth)
                        >
                            <span>
                                <i class="pick-so" aria-hidden="true">{one.is_so.then_some("\u{2713}")}</i>
                                {one.label}
                                {one.is_so.then(|| view! {
                                    <span class="visually-hidden">" "{say::inbox_is_so()}</span>
                                })}
                            </span>
                            <span class="muted small">{one.note}</span>
                        </li>
                    }).collect_view()}
                </ul>
                <p class="palette-none" role="status">
                    {move || found.with(Vec::is_empty).then(say::palette_none)}
                </p>
            </div>
        </dialog>
    }
}

const fn title_of(pick: Pick) -> fn() -> &'static str {
    match pick {
        Pick::Status => say::inbox_status,
        Pick::Assignee => say::inbox_assign_to,
        Pick::Snooze => say::inbox_snooze_until,
        Pick::Tag => say::inbox_tag_with,
        Pick::Filter => say::inbox_filter_by,
    }
}

fn title(pick: Pick) -> &'static str {
    title_of(pick)()
}

/// Asks for what only this list needs.
fn learn(board: Board, pick: Pick, known: RwSignal<Known>) {
    let url = match pick {
        Pick::Assignee => "api/v1/inbox/assignees",
        Pick::Tag => "api/v1/inbox/tags",
        Pick::Status | Pick::Snooze | Pick::Filter => return,
    };
    spawn_local(async move {
        // Without an answer there is less to choose from; the next time it is asked again.
        let Ok(text) = board.ask(Verb::Get, url, None).await else {
            return;
        };
        known.try_update(|known| {
            if pick == Pick::Tag {
                known.tags = api::read(&text).map_or_else(|_| Vec::new(), |tags: Tags| tags.items);
            } else if let Ok(Assignees { items }) = api::read(&text) {
                known.people = items;
            }
        });
    });
}

fn act(board: Board, pick: Option<Pick>, does: Does) {
    match does {
        Does::Change(change) => {
            let goes_on = matches!(pick, Some(Pick::Snooze));
            board.change(change, goes_on);
        }
        Does::Go(href) => board.go(&href),
        Does::Tags => board.tags_open.set(true),
    }
}

/// Those of which every typed word is a part; the last two of tags are made of what was typed.
fn narrowed(all: Vec<Choice>, typed: &str) -> Vec<Choice> {
    let words = typed.to_lowercase();
    let fits = |one: &Choice| {
        let label = one.label.to_lowercase();
        words.split_whitespace().all(|word| label.contains(word))
    };
    all.into_iter().filter(fits).collect()
}
