//! Turns the product's name into its mark.

use leptos::prelude::*;

/// A speech bubble with one voice in it.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
            <path d="M4 2h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z"/>
            <circle cx="10" cy="8" r="2.25"/>
        </svg>
    }
}
