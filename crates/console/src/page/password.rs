//! Turns the link of an invitation, or of a forgotten password, into a password.

use leptos::html::Input;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use protocol::query::access::UseLink;

use crate::api::{self, ApiError};
use crate::browser;
use crate::words::say;

/// Fewest and most characters of a password; the collector counts the same.
const LENGTH: core::ops::RangeInclusive<usize> = 8..=1_024;

/// `/password#TOKEN`: the secret follows the `#`, where no server and no log ever sees it.
#[component]
pub fn PasswordPage() -> impl IntoView {
    browser::set_title(say::password_title());
    let link = browser::fragment();
    let done = RwSignal::new(false);
    view! {
        <main class="door" id="main">
            <div class="sign-in">
                <p class="wordmark">{ui::mark()}</p>
                {move || match (done.get(), link.is_empty()) {
                    (true, _) => view! {
                        <h1 id="done" tabindex="-1">{say::password_done()}</h1>
                        <p class="muted">{say::password_done_what()}</p>
                        // What comes next asks who is signed in anew.
                        <a class="button primary" href="scores" rel="external">{say::sign_in_title()}</a>
                    }.into_any(),
                    (_, true) => view! {
                        <h1>{say::password_no_link()}</h1>
                        <p class="muted">{say::password_no_link_what()}</p>
                    }.into_any(),
                    (_, false) => view! { <Choose link=link.clone() done/> }.into_any(),
                }}
            </div>
        </main>
    }
}

#[component]
fn Choose(link: String, done: RwSignal<bool>) -> impl IntoView {
    let password = NodeRef::<Input>::new();
    let (shown, busy) = (RwSignal::new(false), RwSignal::new(false));
    let wrong = RwSignal::new(None::<String>);
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let chosen = password.get_untracked().map(|input| input.value());
        let chosen = chosen.unwrap_or_default();
        if let Some(why) = refused(&chosen) {
            wrong.set(Some(String::from(why)));
            return browser::focus("new-password");
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let asked = UseLink {
            link: link.clone(),
            password: chosen,
        };
        spawn_local(async move {
            let used = api::use_link(&asked).await;
            busy.try_set(false);
            match used {
                Ok(()) => {
                    done.try_set(true);
                    request_animation_frame(|| browser::focus("done"));
                }
                Err(why) => {
                    wrong.try_set(Some(told(&why)));
                    browser::focus("new-password");
                }
            }
        });
    };
    Effect::new(move || browser::focus("new-password"));
    let described = move || match wrong.get() {
        Some(_) => "password-what password-wrong",
        None => "password-what",
    };
    view! {
        <h1>{say::password_title()}</h1>
        <p class="muted" id="password-what">{say::password_what()}</p>
        <form class="sign-in-form" method="post" on:submit=submit novalidate=true>
            <div class="field">
                <label for="new-password">{say::password_new()}</label>
                <input
                    id="new-password" name="new-password" autocomplete="new-password" required=true
                    type=move || if shown.get() { "text" } else { "password" }
                    node_ref=password aria-describedby=described
                    aria-invalid=move || wrong.get().map(|_| "true")
                />
            </div>
            <label class="check">
                <input type="checkbox" on:change=move |_| shown.update(|shown| *shown = !*shown)/>
                {say::password_show()}
            </label>
            <div class="sign-in-error" id="password-wrong" role="alert">
                {move || wrong.get().map(|why| view! { <p>{why}</p> })}
            </div>
            <button class="button primary" type="submit" aria-disabled=move || busy.get().then_some("true")>
                {move || if busy.get() { say::password_saving() } else { say::password_save() }}
            </button>
        </form>
    }
}

fn told(why: &ApiError) -> String {
    format!("{why} {}", why.advice())
}

/// Why a password cannot be taken, before anybody is asked.
fn refused(password: &str) -> Option<&'static str> {
    match password.chars().count() {
        n if n < *LENGTH.start() => Some(say::password_short()),
        n if n > *LENGTH.end() => Some(say::password_long()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::refused;

    #[test]
    fn length_is_counted_in_characters() {
        assert!(refused("1234567").is_some());
        assert!(refused("\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}").is_none());
        assert!(refused(&"x".repeat(1_024)).is_none());
        assert!(refused(&"x".repeat(1_025)).is_some());
    }
}
