//! Turns who is signed in and the URL into the page to show.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::hooks::use_navigate;
use leptos_router::path;

use crate::account::{Account, Who};
use crate::browser;
use crate::chunk::{self, Lazily};
use crate::page::{NotFound, SignIn, SignInAgain, Unavailable};
use crate::part::PageSkeleton;
use crate::shell;
use crate::shell::help::{Help, HelpDialog};
use crate::shell::palette::PaletteDialog;
use crate::shell::rail::Rail;
use crate::shell::toast::ToastHost;
use crate::words::say;

/// The console.
#[component]
pub fn App() -> impl IntoView {
    let account = Account::new();
    provide_context(account);
    // Whoever has a link to choose a password may be nobody yet.
    let is_link = browser::is_at("password");
    // The URL alone must not remount the page: only somebody else does.
    let door = Memo::new(move |_| match account.who.get() {
        Who::SignedIn(session) => Ok(session),
        other => Err(other),
    });
    view! {
        <Router base=browser::base_path()>
            {move || match door.get() {
                _ if is_link => view! { <Lazily chunk=chunk::PASSWORD/> }.into_any(),
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
    let email = session.email.clone();
    provide_context(session);
    shell::provide();
    let help = Help(RwSignal::new(false));
    let skip = move |ev: leptos::ev::MouseEvent| {
        ev.prevent_default();
        browser::focus("main");
    };
    view! {
        <a class="skip" href=move || format!("{}#main", browser::here()) on:click=skip>
            {say::app_skip()}
        </a>
        <div class="frame">
            <Rail email=email.clone() help/>
            <main class="page" id="main" tabindex="-1">
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("") view=ToScores/>
                    <Route
                        path=path!("scores")
                        view=|| view! { <Lazily chunk=chunk::SCORES/> }
                    />
                    <Route
                        path=path!("performance/*rest")
                        view=|| view! { <Lazily chunk=chunk::PERFORMANCE/> }
                    />
                </FlatRoutes>
            </main>
        </div>
        <ToastHost/>
        <PaletteDialog/>
        <HelpDialog help/>
        <SignInAgain email/>
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
