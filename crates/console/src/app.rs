//! Turns who is signed in and the URL into the page to show.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::hooks::use_navigate;
use leptos_router::path;

use crate::account::{Account, Who};
use crate::browser;
use crate::page::{NotFound, PerformancePage, ScoresPage, SignIn, Unavailable};
use crate::part::{PageSkeleton, Rail};

/// The console.
#[component]
pub fn App() -> impl IntoView {
    let account = Account::new();
    provide_context(account);
    // The URL alone must not remount the page: only somebody else does.
    let door = Memo::new(move |_| match account.who.get() {
        Who::SignedIn(session) => Ok(session),
        other => Err(other),
    });
    view! {
        <Router base=browser::base_path()>
            {move || match door.get() {
                Ok(session) => view! { <Signed session/> }.into_any(),
                Err(Who::SignedOut) => view! { <SignIn/> }.into_any(),
                Err(Who::Unknown(error)) => {
                    view! { <Unavailable what=error.to_string() advice=error.advice()/> }.into_any()
                },
                Err(_) => view! { <PageSkeleton/> }.into_any(),
            }}
        </Router>
    }
}

/// The pages of somebody who is signed in.
#[component]
fn Signed(session: protocol::query::Session) -> impl IntoView {
    let session = StoredValue::new(session);
    let skip = move |ev: leptos::ev::MouseEvent| {
        ev.prevent_default();
        browser::focus("main");
    };
    view! {
        <a class="skip" href=move || format!("{}#main", browser::here()) on:click=skip>
            "Skip to content"
        </a>
        <div class="frame">
            <Rail email=session.with_value(|s| s.email.clone())/>
            <main class="page" id="main" tabindex="-1">
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("") view=ToScores/>
                    <Route
                        path=path!("scores")
                        view=move || view! { <ScoresPage session=session.get_value()/> }
                    />
                    <Route path=path!("performance/*rest") view=PerformancePage/>
                </FlatRoutes>
            </main>
        </div>
    }
}

/// The start of the console is its scores.
#[component]
fn ToScores() -> impl IntoView {
    let navigate = use_navigate();
    Effect::new(move || {
        let options = NavigateOptions {
            resolve: false,
            replace: true,
            ..NavigateOptions::default()
        };
        navigate(&format!("{}/scores", browser::base_path()), options);
    });
}
