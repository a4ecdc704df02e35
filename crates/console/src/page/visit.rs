//! Turns a link to a view into its page, read-only; or into its password, or into what became of it.

use leptos::html::Input;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use protocol::query::view::{View, within_window};
use protocol::query::views::{OpenShare, Shared};

use crate::account::Surveys;
use crate::api::ApiError;
use crate::app::page_at;
use crate::browser;
use crate::chunk::Lazily;
use crate::route::{Route, Step, route};
use crate::shell;
use crate::shell::toast::ToastHost;
use crate::views;
use crate::visit;
use crate::words::say;

/// How far opening a link has come.
#[derive(Clone)]
enum State {
    Asking,
    /// It takes a password; what was wrong with the last one.
    Locked(Option<ApiError>),
    Gone,
    Failed(ApiError),
    Open(Box<Shared>),
}

/// A link to a view.
#[component]
pub fn VisitPage() -> impl IntoView {
    let state = RwSignal::new(State::Asking);
    let open = move |password: Option<String>| {
        let is_first = password.is_none();
        let asked = OpenShare {
            token: visit::token().unwrap_or_default(),
            password,
        };
        spawn_local(async move {
            let next = match views::open(&asked).await {
                Ok(shared) => State::Open(Box::new(shared)),
                Err(ApiError::NotFound) => State::Gone,
                Err(ApiError::WrongCredentials) if is_first => State::Locked(None),
                Err(error @ (ApiError::WrongCredentials | ApiError::TooManyAttempts { .. })) => {
                    State::Locked(Some(error))
                }
                Err(error) => State::Failed(error),
            };
            state.try_set(next);
        });
    };
    open(None);
    move || match state.get() {
        State::Asking => ().into_any(),
        State::Locked(error) => view! { <Locked error open/> }.into_any(),
        State::Gone => {
            view! { <Said what=say::visit_gone() advice=say::visit_gone_what()/> }.into_any()
        }
        State::Failed(error) => {
            view! { <Said what=error.to_string() advice=error.advice()/> }.into_any()
        }
        State::Open(shared) => view! { <Visited shared=*shared/> }.into_any(),
    }
}

#[component]
fn Said(#[prop(into)] what: String, #[prop(into)] advice: String) -> impl IntoView {
    browser::set_title(&what);
    view! {
        <main class="door" id="main">
            <section class="said" role="alert"><h1>{what}</h1><p class="muted">{advice}</p></section>
        </main>
    }
}

#[component]
fn Locked(
    error: Option<ApiError>,
    open: impl Fn(Option<String>) + Copy + 'static,
) -> impl IntoView {
    browser::set_title(say::visit_locked());
    let password = NodeRef::<Input>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = password.get_untracked().map(|input| input.value());
        open(Some(typed.unwrap_or_default()));
    };
    let told = match &error {
        Some(ApiError::WrongCredentials) => String::from(say::visit_wrong()),
        Some(error) => format!("{error} {}", error.advice()),
        None => String::new(),
    };
    let invalid = error.is_some().then_some("true");
    Effect::new(move || browser::focus("password"));
    view! {
        <main class="door" id="main">
            <div class="sign-in">
                <h1 class="wordmark">{ui::mark()}</h1>
                <p>{say::visit_locked_what()}</p>
                <form class="sign-in-form" method="post" on:submit=submit>
                    <div class="field">
                        <label for="password">{say::sign_in_password()}</label>
                        <input
                            id="password" name="password" type="password" required=true
                            autocomplete="off" node_ref=password aria-invalid=invalid
                            aria-describedby="visit-error"
                        />
                    </div>
                    <div class="sign-in-error" id="visit-error" role="alert">{told}</div>
                    <button class="button primary" type="submit">{say::visit_open()}</button>
                </form>
            </div>
        </main>
    }
}

#[component]
fn Visited(shared: Shared) -> impl IntoView {
    let Shared {
        name,
        page,
        query,
        verbatims,
        expires_ms,
        key,
        session,
    } = shared;
    let own = String::from(page.split('/').next().unwrap_or_default());
    // Numbers of requests have no filters by person: what holds there is the time.
    let narrow: fn(&str, &str) -> String = match own.as_str() {
        "performance" => within_window,
        _ => View::narrowed_query,
    };
    visit::begin(key, query.clone(), narrow);
    provide_context(Route::new());
    provide_context(Surveys(RwSignal::new(session.surveys.clone())));
    provide_context(session);
    shell::provide();
    let route = route();
    if route.path.with_untracked(|path| path.is_empty()) {
        // Where no survey holds, what was shared are all of them, and not the first.
        let is_of_one = own != "scores" || query.split('&').any(|it| it.starts_with("survey="));
        let all = if is_of_one { "" } else { "survey=*&" };
        let href = format!("{page}?{all}{query}");
        let href = href.trim_end_matches(['?', '&']);
        route.go(href, Step::Instead);
    }
    let shown = Memo::new(move |_| {
        route.path.with(|path| {
            let is_own = path.split('/').next() == Some(own.as_str());
            is_own.then(|| page_at(path)).flatten()
        })
    });
    let until = expires_ms.map(|at_ms| say::visit_until(&browser::iso(at_ms)[..10]));
    view! {
        <header class="visit">
            <span class="wordmark">{ui::mark()}</span>
            <p>
                <strong>{name}</strong>" "
                <span class="muted">
                    {say::visit_read_only()}" "
                    {(!verbatims).then(say::visit_no_words)}" "
                    {until}
                </span>
            </p>
        </header>
        <main class="page visited" id="main" tabindex="-1">
            {move || match shown.get() {
                Some(chunk) => view! { <Lazily chunk/> }.into_any(),
                None => view! { <p class="muted">{say::visit_elsewhere()}</p> }.into_any(),
            }}
        </main>
        <ToastHost/>
    }
}
