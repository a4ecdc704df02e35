//! Turns a failed refresh into what happened, what is still on screen, and what to do.

use leptos::prelude::*;

use crate::browser;
use crate::live::Live;

/// Stands above the numbers while the latest attempt to load them failed.
#[component]
pub fn Notice(
    /// The numbers.
    live: Live,
) -> impl IntoView {
    let kept = move || {
        live.shown.with(|shown| {
            let shown = shown.as_ref()?;
            let at = browser::moment(shown.at_ms).clock();
            Some(format!("You see {} as of {at}.", shown.choice.span.noun()))
        })
    };
    view! {
        <div class="notice" role="status">
            {move || live.trouble.get().map(|error| view! {
                <p>
                    <strong>{error.to_string()}</strong>" "
                    {kept}" "{error.advice()}
                </p>
                <button class="button" type="button" on:click=move |_| live.refresh()>"Try again"</button>
            })}
        </div>
    }
}
