//! Turns who is signed in and the URL into the page to show.

use leptos::prelude::*;

use crate::account::{Account, Surveys, Who};
use crate::browser;
use crate::chunk::{self, Chunk, Later, Lazily};
use crate::page::{NotFound, Unavailable};
use crate::part::PageSkeleton;
use crate::route::{Route, Step, route};
use crate::shell;
use crate::shell::rail::Rail;
use crate::shell::toast::ToastHost;
use crate::shell::views::ViewsOpen;
use crate::shell::{keys, palette};
use crate::visit;
use crate::words::say;

/// The page at a path below the console's base: one line each.
pub(crate) fn page_at(path: &str) -> Option<Chunk> {
    match path.split('/').next()? {
        "inbox" if path == "inbox" => Some(chunk::INBOX),
        "scores" if path == "scores" => Some(chunk::SCORES),
        // It knows itself which paths are below it.
        "performance" => Some(chunk::PERFORMANCE),
        "settings" => Some(chunk::SETTINGS),
        "surveys" if path == "surveys" => Some(chunk::SURVEYS),
        "surveys" => Some(chunk::SURVEY),
        _ => None,
    }
}

/// The console.
#[component]
pub fn App() -> impl IntoView {
    // Whoever has a link to choose a password may be nobody yet: nobody asks who it is.
    match browser::is_at("password") {
        true => view! { <Lazily chunk=chunk::PASSWORD quiet=true/> }.into_any(),
        false => view! { <Console/> }.into_any(),
    }
}

/// The pages, for whoever is signed in, or the way there.
#[component]
fn Console() -> impl IntoView {
    if visit::token().is_some() {
        // Somebody with a link to a view: no session, no rail.
        provide_context(Account::of_visitor());
        return view! { <Lazily chunk=chunk::VISIT quiet=true/> }.into_any();
    }
    let account = Account::new();
    provide_context(account);
    provide_context(Route::new());
    // The URL alone must not remount the page: only somebody else does.
    let door = Memo::new(move |_| match account.who.get() {
        Who::SignedIn(session) => Ok(session),
        other => Err(Box::new(other)),
    });
    let page = move || match door.get() {
        Ok(session) => view! { <Signed session/> }.into_any(),
        Err(other) => match *other {
            Who::SignedOut => view! { <Lazily chunk=chunk::SIGN_IN quiet=true/> }.into_any(),
            Who::Unknown(error) => {
                view! { <Unavailable what=error.to_string() advice=error.advice()/> }.into_any()
            }
            _ => view! { <PageSkeleton/> }.into_any(),
        },
    };
    page.into_any()
}

/// The pages of somebody who is signed in.
#[component]
fn Signed(session: protocol::query::Session) -> impl IntoView {
    let account = expect_context::<Account>();
    let email = session.email.clone();
    provide_context(Surveys(RwSignal::new(session.surveys.clone())));
    provide_context(session);
    let parts = shell::provide();
    let views = RwSignal::new(false);
    provide_context(ViewsOpen(views));
    let route = route();
    let page = Memo::new(move |_| route.path.with(|path| page_at(path)));
    // The start of the console is its scores.
    Effect::new(move || {
        if route.path.with(String::is_empty) {
            route.go("scores", Step::Instead);
        }
    });
    keys::on_key("g v", say::views_title(), move || views.set(true));
    palette::offer(say::views_title(), move || views.set(true));
    let skip = move |ev: leptos::ev::MouseEvent| {
        ev.prevent_default();
        browser::focus("main");
    };
    view! {
        <a class="skip" href=move || format!("{}#main", browser::here()) on:click=skip>
            {say::app_skip()}
        </a>
        <div class="frame">
            <Rail email/>
            <main class="page" id="main" tabindex="-1">
                {move || match page.get() {
                    Some(chunk) => view! { <Lazily chunk/> }.into_any(),
                    None if route.path.with_untracked(String::is_empty) => ().into_any(),
                    None => view! { <NotFound/> }.into_any(),
                }}
            </main>
        </div>
        <ToastHost/>
        <Later chunk=chunk::PALETTE wanted=parts.palette.is_open/>
        <Later chunk=chunk::VIEWS wanted=views/>
        <Later chunk=chunk::HELP wanted=parts.help.0/>
        <Later chunk=chunk::SIGN_IN_AGAIN wanted=account.has_ended/>
    }
}
