//! Turns e-mail and password into a session.

use leptos::{ev::SubmitEvent, html::Input, prelude::*, task::spawn_local};
use protocol::query::SignIn as Credentials;

use crate::account::{Account, Who};
use crate::api::{self, ApiError};
use crate::browser;

/// The form that stands where a page would be; signing in leads back to that page.
#[component]
pub fn SignIn() -> impl IntoView {
    browser::set_title("Sign in");
    let account = expect_context::<Account>();
    let (email, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let error = RwSignal::new(None::<ApiError>);
    let busy = RwSignal::new(false);

    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let value = |node: NodeRef<Input>| node.get_untracked().map(|i| i.value());
        let credentials = Credentials {
            email: value(email).unwrap_or_default().trim().to_owned(),
            password: value(password).unwrap_or_default(),
        };
        busy.set(true);
        spawn_local(async move {
            let result = api::sign_in(&credentials).await;
            busy.set(false);
            match result {
                Ok(session) => {
                    account.who.set(Who::SignedIn(session));
                    // The form goes, and the keyboard would go with it.
                    request_animation_frame(|| browser::focus("main"));
                }
                Err(why) => {
                    error.set(Some(why));
                    browser::focus("password");
                }
            }
        });
    };
    Effect::new(move || browser::focus("email"));
    let refused = move || matches!(error.get(), Some(ApiError::WrongCredentials));
    let invalid = move || refused().then_some("true");
    let described = move || error.get().map(|_| "sign-in-error");

    view! {
        <main class="door">
            <form class="sign-in" method="post" on:submit=submit>
                <h1 class="wordmark">{ui::mark()}</h1>
                <div class="field">
                    <label for="email">"E-mail"</label>
                    <input
                        id="email" name="email" type="email" autocomplete="username" required=true
                        node_ref=email aria-invalid=invalid aria-describedby=described
                    />
                </div>
                <div class="field">
                    <label for="password">"Password"</label>
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
                    {move || if busy.get() { "Signing in\u{2026}" } else { "Sign in" }}
                </button>
            </form>
        </main>
    }
}
