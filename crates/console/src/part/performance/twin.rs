//! Turns a picture into a table as well, for those who do not see it or want its numbers.

use leptos::ev::Event;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Holds the table beside a picture; it is made when it is asked for.
#[component]
pub fn Twin(
    /// What it is a table of, as the end of "Table of".
    of: &'static str,
    /// The table.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let toggle = move |ev: Event| {
        let details = ev
            .target()
            .and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    let children = StoredValue::new(children);
    view! {
        <details class="twin" on:toggle=toggle>
            <summary>{format!("Table of {of}")}</summary>
            <Show when=move || open.get()>
                <Scroll label=of>{children.with_value(|children| children())}</Scroll>
            </Show>
        </details>
    }
}

/// Holds what may be wider than the page; the keyboard can scroll it.
#[component]
pub fn Scroll(
    /// What is in it.
    label: &'static str,
    /// The table.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="scroll" role="group" tabindex="0" aria-label=label>{children()}</div>
    }
}
