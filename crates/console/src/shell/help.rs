//! Turns the keys that do something now into a list that `?` shows.

use leptos::html::Dialog;
use leptos::prelude::*;

use super::keys::{Bound, Keys, Reach};
use crate::words::say;

/// Whether the list of keys is shown.
#[derive(Clone, Copy, Debug)]
pub struct Help(pub RwSignal<bool>);

/// The list of keys.
#[component]
pub fn HelpDialog() -> impl IntoView {
    let is_open = expect_context::<Help>().0;
    let dialog = NodeRef::<Dialog>::new();
    let bound = expect_context::<Keys>().bound;
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if is_open.get() && !dialog.open() {
            // Only a dialog that is shown already refuses.
            let _ = dialog.show_modal();
        }
    });
    let close = move || {
        dialog
            .get_untracked()
            .into_iter()
            .for_each(|dialog| dialog.close())
    };
    let of = move |reach: Reach| {
        bound
            .get()
            .into_iter()
            .filter(|one| one.reach == reach)
            .collect::<Vec<_>>()
    };
    view! {
        <dialog
            class="help" node_ref=dialog aria-labelledby="help-title"
            on:close=move |_| is_open.set(false)
            on:click=move |event| if event.target() == event.current_target() { close() }
        >
            <div class="help-box">
                <header>
                    <h2 id="help-title">{say::keys_title()}</h2>
                    <button class="button quiet" type="button" on:click=move |_| close()>
                        {say::app_close()}
                    </button>
                </header>
                {move || is_open.get().then(|| view! {
                    <Group title=say::keys_here() keys=of(Reach::Here)/>
                    <Group title=say::keys_everywhere() keys=of(Reach::Everywhere)/>
                })}
            </div>
        </dialog>
    }
}

#[component]
fn Group(title: &'static str, keys: Vec<Bound>) -> impl IntoView {
    (!keys.is_empty()).then(|| {
        let lines = keys.into_iter().map(|one| {
            view! { <div><dt>{caps(one.keys)}</dt><dd>{one.what}</dd></div> }
        });
        view! { <section><h3 class="label">{title}</h3><dl>{lines.collect_view()}</dl></section> }
    })
}

/// Keys as caps: two after each other, or two at once.
pub(super) fn caps(keys: &'static str) -> impl IntoView {
    let is_mac = crate::browser::is_mac();
    let caps = keys
        .split([' ', '+'])
        .map(|key| match (key, is_mac) {
            ("Mod", true) => String::from("\u{2318}"),
            ("Mod", false) => String::from("Ctrl"),
            (key, _) if keys.starts_with("Mod") => key.to_uppercase(),
            (key, _) => String::from(key),
        })
        .map(|key| view! { <kbd>{key}</kbd> });
    view! { <span class="caps">{caps.collect_view()}</span> }
}
