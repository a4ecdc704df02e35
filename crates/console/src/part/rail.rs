//! Turns the pages there are into the way between them.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;

use crate::account::{Account, Who};
use crate::api;

/// The pages, and the way out.
#[component]
pub fn Rail(
    /// Who is signed in.
    email: String,
) -> impl IntoView {
    let account = expect_context::<Account>();
    let failed = RwSignal::new(false);
    let path = use_location().pathname;
    let on_scores = move || path.with(|p| p.ends_with("/scores")).then_some("page");
    let on_performance = move || path.with(|p| p.contains("/performance")).then_some("page");
    let sign_out = move |_| {
        spawn_local(async move {
            match api::sign_out().await {
                Ok(()) => account.who.set(Who::SignedOut),
                Err(_) => failed.set(true),
            }
        });
    };
    view! {
        <header class="rail">
            <a class="wordmark" href="scores">{ui::mark()}</a>
            <nav aria-label="Pages">
                <a href="scores" aria-current=on_scores>"Scores"</a>
                <a href="performance" aria-current=on_performance>"Performance"</a>
            </nav>
            <div class="who">
                <p class="email">{email}</p>
                <button class="button quiet" type="button" on:click=sign_out>"Sign out"</button>
                <p class="inline-error" role="alert">
                    {move || failed.get().then_some("Still signed in: the collector did not answer.")}
                </p>
            </div>
        </header>
    }
}
