//! Turns an address that leads nowhere into a way back.

use leptos::prelude::*;

use crate::browser;
use crate::words::say;

/// Nothing is at this address.
#[component]
pub fn NotFound() -> impl IntoView {
    browser::set_title(say::not_found_title());
    view! {
        <section class="said">
            <h1>{say::not_found_what()}</h1>
            <p class="muted">{say::not_found_why()}</p>
            <p><a href="scores">{say::not_found_back()}</a></p>
        </section>
    }
}
