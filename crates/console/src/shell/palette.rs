//! Turns a few typed letters into a page, a survey or something to do.

use std::sync::Arc;

use leptos::html::Dialog;
use leptos::prelude::*;
use protocol::query::Session;
use web_sys::KeyboardEvent;

use super::choices::{Appearance, Theme, set_language};
use super::keys::Keys;
use super::pages;
use crate::route::{Step, route};
use crate::scores_url::ScoresUrl;
use crate::words::{Language, say};

/// Something that the palette can do.
#[derive(Clone)]
pub struct Action {
    /// What it does, for people.
    pub label: String,
    /// The keys that do the same; empty without any.
    pub keys: &'static str,
    id: u64,
    act: Arc<dyn Fn() + Send + Sync>,
}

impl core::fmt::Debug for Action {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.label)
    }
}

/// What the palette can do now: one per page, in the context.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    offered: RwSignal<Vec<Action>>,
    next: StoredValue<u64>,
    /// Whether it is open.
    pub is_open: RwSignal<bool>,
}

/// Lets the palette do something as long as the current component is there.
pub fn offer(label: impl Into<String>, act: impl Fn() + Send + Sync + 'static) {
    expect_context::<Palette>().add(label.into(), "", act);
}

impl Palette {
    pub(super) fn new() -> Self {
        Self {
            offered: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            is_open: RwSignal::new(false),
        }
    }

    fn add(self, label: String, keys: &'static str, act: impl Fn() + Send + Sync + 'static) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        let act = Arc::new(act);
        self.offered.update(|all| {
            all.push(Action {
                label,
                keys,
                id,
                act,
            });
        });
        on_cleanup(move || {
            self.offered
                .try_update(|all| all.retain(|one| one.id != id));
        });
    }

    /// What is there on every page: pages, surveys, appearance, language.
    fn offer_everything(self) {
        let route = route();
        for page in pages::pages() {
            self.add(String::from((page.name)()), page.keys, move || {
                route.go(page.path, Step::Forth)
            });
        }
        let surveys = use_context::<Session>().map(|session| session.surveys);
        for survey in surveys.into_iter().flatten() {
            if !survey.scores.is_empty() {
                let href = ScoresUrl::of_survey(&survey.id);
                self.add(say::palette_survey(&survey.name), "", move || {
                    route.go(&href, Step::Forth)
                });
            }
        }
        let appearance = expect_context::<Appearance>();
        for theme in Theme::ALL {
            let label = say::palette_to_theme(theme.name());
            self.add(label, "", move || appearance.choose(theme));
        }
        for language in Language::ALL {
            let label = say::palette_to_language(language.name());
            self.add(label, "", move || set_language(language));
        }
    }

    /// What fits the typed letters, the best first.
    fn found(self, typed: &str) -> Vec<Action> {
        self.offered.with(|all| {
            let mut found: Vec<_> = all
                .iter()
                .filter_map(|action| Some((rank(typed, &action.label)?, action)))
                .collect();
            found.sort_by_key(|(rank, _)| *rank);
            found
                .into_iter()
                .map(|(_, action)| action.clone())
                .collect()
        })
    }
}

/// How well `label` fits what was typed, 0 best: each typed word begins a word of it, or is within one.
fn rank(typed: &str, label: &str) -> Option<usize> {
    let label = label.to_lowercase();
    let is_edge = |c: char| !c.is_alphanumeric();
    let mut worst = 0;
    for word in typed.to_lowercase().split_whitespace() {
        let starts = label.split(is_edge).any(|part| part.starts_with(word));
        let rank = match (label.starts_with(word), starts, label.contains(word)) {
            (true, _, _) => 0,
            (_, true, _) => 1,
            (_, _, true) => 2,
            _ => return None,
        };
        worst = worst.max(rank);
    }
    Some(worst)
}

/// The palette itself.
#[component]
pub fn PaletteDialog() -> impl IntoView {
    let (palette, keys) = (expect_context::<Palette>(), expect_context::<Keys>());
    palette.offer_everything();
    let dialog = NodeRef::<Dialog>::new();
    let (typed, at) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let found = Memo::new_with_compare(move |_| palette.found(&typed.get()), |_, _| true);
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match palette.is_open.get() {
            true if !dialog.open() => {
                typed.set(keys.typed_early());
                at.set(0);
                // Only a dialog that is shown already refuses.
                let _ = dialog.show_modal();
            }
            false if dialog.open() => dialog.close(),
            _ => {}
        }
    });
    let choose = move |nth: usize| {
        let chosen = found.with_untracked(|found| found.get(nth).cloned());
        if let Some(chosen) = chosen {
            palette.is_open.set(false);
            (chosen.act)();
        }
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
    };
    let active =
        move || (found.with(|all| !all.is_empty())).then(|| format!("palette-{}", at.get()));
    view! {
        <dialog
            class="palette" node_ref=dialog aria-label=say::palette_title()
            on:close=move |_| palette.is_open.set(false)
            on:click=move |event| {
                // What is clicked beside the box is the dialog itself.
                if event.target() == event.current_target() {
                    palette.is_open.set(false);
                }
            }
        >
            <div class="palette-box">
                <input
                    type="text" role="combobox" aria-expanded="true" aria-controls="palette-list"
                    aria-autocomplete="list" aria-label=say::palette_title() aria-activedescendant=active
                    placeholder=say::palette_hint() autocomplete="off" spellcheck="false"
                    autofocus=true prop:value=move || typed.get()
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        at.set(0);
                    }
                    on:keydown=press
                />
                <ul id="palette-list" role="listbox" aria-label=say::palette_title()>
                    {move || found.get().into_iter().enumerate().map(|(nth, action)| {
                        view! { <Choice nth action at choose=Callback::new(choose)/> }
                    }).collect_view()}
                </ul>
                <p class="palette-none" role="status">
                    {move || match found.with(Vec::len) {
                        0 => String::from(say::palette_none()),
                        _ if typed.with(String::is_empty) => String::new(),
                        n => say::palette_found(n as u64),
                    }}
                </p>
            </div>
        </dialog>
    }
}

#[component]
fn Choice(
    nth: usize,
    action: Action,
    at: RwSignal<usize>,
    choose: Callback<usize>,
) -> impl IntoView {
    let chosen = move || at.get() == nth;
    let node = NodeRef::<leptos::html::Li>::new();
    Effect::new(move || {
        if let (true, Some(node)) = (chosen(), node.get()) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            node.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    view! {
        <li
            id=format!("palette-{nth}") role="option" node_ref=node
            aria-selected=move || if chosen() { "true" } else { "false" }
            on:click=move |_| choose.run(nth)
            on:pointermove=move |_| if at.get_untracked() != nth { at.set(nth) }
        >
            <span>{action.label}</span>
            {(!action.keys.is_empty()).then(|| super::help::caps(action.keys))}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn what_begins_comes_before_what_contains() {
        assert_eq!(rank("per", "Performance"), Some(0));
        assert_eq!(rank("checkout", "Scores of Checkout"), Some(1));
        assert_eq!(rank("form", "Performance"), Some(2));
        assert_eq!(rank("x", "Performance"), None);
        assert_eq!(rank("", "Performance"), Some(0));
    }

    #[test]
    fn every_word_has_to_fit() {
        assert_eq!(rank("dark app", "Appearance: Dark"), Some(1));
        assert_eq!(rank("dark x", "Appearance: Dark"), None);
        assert_eq!(rank("ÉQ", "Équipe"), Some(0));
    }
}
