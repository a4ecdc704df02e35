//! Turns a collector that does not answer into what to do about it.

use std::time::Duration;

use leptos::prelude::*;

use crate::account::Account;
use crate::browser;
use crate::words::say;

/// Between two attempts.
const RETRY: Duration = Duration::from_secs(5);

/// The collector could not say who is signed in.
#[component]
pub fn Unavailable(
    /// What happened.
    what: String,
    /// What to do about it.
    advice: String,
) -> impl IntoView {
    browser::set_title(say::unavailable_title());
    let account = expect_context::<Account>();
    if let Ok(handle) = set_interval_with_handle(move || account.ask(), RETRY) {
        on_cleanup(move || handle.clear());
    }
    view! {
        <main class="door">
            <section class="said" role="alert">
                <h1>{what}</h1>
                <p class="muted">{advice}</p>
                <p>
                    <button class="button" type="button" on:click=move |_| account.ask()>
                        {say::app_retry()}
                    </button>
                </p>
            </section>
        </main>
    }
}
