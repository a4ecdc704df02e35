//! Turns e-mail and password into a session: in place of a page, or over it when a session has ended.

use leptos::html::{Dialog, Input};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use protocol::query::access::Providers;
use protocol::query::{Session, SignIn as Credentials};

use crate::account::{Account, Who};
use crate::api::{self, ApiError};
use crate::browser;
use crate::route::route;
use crate::words::say;

/// The form that stands where a page would be; signing in leads back to that page.
#[component]
pub fn SignIn() -> impl IntoView {
    browser::set_title(say::sign_in_title());
    let done = move |()| {
        // The form goes, and the keyboard would go with it.
        request_animation_frame(|| browser::focus("main"));
    };
    Effect::new(move || browser::focus("email"));
    view! {
        <main class="door">
            <div class="sign-in">
                <h1 class="wordmark">{ui::mark()}</h1>
                <Form email=String::new() done/>
                <Elsewhere/>
            </div>
        </main>
    }
}

/// Signing in by a provider, where one is configured; and what became of an attempt.
#[component]
fn Elsewhere() -> impl IntoView {
    let providers = RwSignal::new(Providers::default());
    spawn_local(async move {
        // Where it cannot be asked there is still the form.
        if let Ok(told) = api::providers().await {
            providers.try_set(told);
        }
    });
    let search = window().location().search().unwrap_or_default();
    let to = format!("{}{search}", route().path.get_untracked());
    let href = format!("api/v1/oidc/begin?to={}", browser::encode(&to));
    let failed = match browser::fragment().as_str() {
        "oidc=not_invited" => Some(say::oidc_not_invited()),
        "oidc=stale" => Some(say::oidc_stale()),
        "oidc=no_address" => Some(say::oidc_no_address()),
        "oidc=failed" => Some(say::oidc_failed()),
        _ => None,
    };
    view! {
        {failed.map(|why| view! { <p class="sign-in-error" role="alert">{why}</p> })}
        {move || providers.get().items.into_iter().map(|one| view! {
            <p class="sign-in-or small">{say::oidc_or()}</p>
            <a class="button" href=href.clone() rel="external">{say::oidc_with(&one.name)}</a>
        }).collect_view()}
    }
}

/// The form over a page whose session has ended: the page, what was typed there and its address stay.
#[component]
pub fn SignInAgain() -> impl IntoView {
    let account = expect_context::<Account>();
    let email = StoredValue::new(expect_context::<Session>().email);
    let dialog = NodeRef::<Dialog>::new();
    let follow = move |has_ended: bool| {
        let Some(dialog) = dialog.get() else { return };
        match has_ended {
            true if !dialog.open() => {
                // Only a dialog that is shown already refuses.
                let _ = dialog.show_modal();
                browser::focus("password");
            }
            false if dialog.open() => dialog.close(),
            _ => {}
        }
    };
    Effect::new(move || follow(account.has_ended.get()));
    view! {
        <dialog
            class="again" node_ref=dialog aria-labelledby="again-title"
            // Behind it nothing works until somebody has signed in.
            on:cancel=move |event: leptos::ev::Event| event.prevent_default()
            // Chromium closes it all the same when Escape is pressed twice.
            on:close=move |_| untrack(|| follow(account.has_ended.get()))
        >
            {move || account.has_ended.get().then(|| view! {
                <div class="sign-in">
                    <h2 id="again-title">{say::sign_in_ended()}</h2>
                    <p class="muted">{say::sign_in_ended_what()}</p>
                    <Form email=email.get_value() done=|()| ()/>
                    <button
                        class="button quiet" type="button"
                        on:click=move |_| {
                            account.who.set(Who::SignedOut);
                            account.has_ended.set(false);
                        }
                    >
                        {say::rail_sign_out()}
                    </button>
                </div>
            })}
        </dialog>
    }
}

#[component]
fn Form(
    /// Whose e-mail address is filled in.
    email: String,
    #[prop(into)] done: Callback<()>,
) -> impl IntoView {
    let account = expect_context::<Account>();
    let address = NodeRef::<Input>::new();
    let password = NodeRef::<Input>::new();
    let error = RwSignal::new(None::<ApiError>);
    let busy = RwSignal::new(false);
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let value = |node: NodeRef<Input>| node.get_untracked().map(|i| i.value());
        let credentials = Credentials {
            email: value(address).unwrap_or_default().trim().to_owned(),
            password: value(password).unwrap_or_default(),
        };
        busy.set(true);
        spawn_local(async move {
            let result = api::sign_in(&credentials).await;
            busy.try_set(false);
            match result {
                Ok(session) => {
                    account.came_in(session);
                    done.try_run(());
                }
                Err(why) => {
                    error.try_set(Some(why));
                    browser::focus("password");
                }
            }
        });
    };
    let refused = move || matches!(error.get(), Some(ApiError::WrongCredentials));
    let invalid = move || refused().then_some("true");
    let described = move || error.get().map(|_| "sign-in-error");
    view! {
        <form class="sign-in-form" method="post" on:submit=submit>
            <div class="field">
                <label for="email">{say::sign_in_email()}</label>
                <input
                    id="email" name="email" type="email" autocomplete="username" required=true
                    value=email node_ref=address aria-invalid=invalid aria-describedby=described
                />
            </div>
            <div class="field">
                <label for="password">{say::sign_in_password()}</label>
                <input
                    id="password" name="password" type="password"
                    autocomplete="current-password" required=true
                    node_ref=password aria-invalid=invalid aria-describedby=described
                />
            </div>
            <div class="sign-in-error" id="sign-in-error" role="alert">
                {move || error.get().map(|e| view! { <p>{e.to_string()}" "{e.advice()}</p> })}
            </div>
            <button class="button primary" type="submit" aria-disabled=move || busy.get().then_some("true")>
                {move || if busy.get() { say::sign_in_busy() } else { say::sign_in_title() }}
            </button>
        </form>
    }
}
