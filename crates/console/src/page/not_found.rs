//! Turns an address that leads nowhere into a way back.

use leptos::prelude::*;

use crate::browser;

/// Nothing is at this address.
#[component]
pub fn NotFound() -> impl IntoView {
    browser::set_title("Not found");
    view! {
        <section class="said">
            <h1>"There is no page at this address"</h1>
            <p class="muted">"The link may be mistyped or older than this version."</p>
            <p><a href="scores">"Go to the scores"</a></p>
        </section>
    }
}
