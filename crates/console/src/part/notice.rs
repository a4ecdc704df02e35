//! Turns a failed refresh into what happened, what is still on screen, and what to do.

use leptos::prelude::*;

use crate::api::ApiError;
use crate::words::say;

/// Stands above the numbers while the latest attempt to load them failed.
#[component]
pub fn Notice(
    /// Why it failed.
    #[prop(into)]
    trouble: Signal<Option<ApiError>>,
    /// What is still on screen, as a sentence; nothing when nothing is.
    #[prop(into)]
    kept: Signal<Option<String>>,
    /// Tries again.
    #[prop(into)]
    retry: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="notice" role="status">
            {move || trouble.get().map(|error| view! {
                <p>
                    <strong>{error.to_string()}</strong>" "
                    {move || kept.get()}" "{error.advice()}
                </p>
                <button class="button" type="button" on:click=move |_| retry.run(())>{say::app_retry()}</button>
            })}
        </div>
    }
}
