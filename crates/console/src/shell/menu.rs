//! Turns who is signed in into a menu: appearance, language, keys, the way out.

use leptos::{prelude::*, task::spawn_local};
use protocol::query::Session;

use super::choices::{self, Appearance, Theme};
use super::help::Help;
use super::views::ViewsOpen;
use crate::account::{Account, Who};
use crate::api;
use crate::chunk::{self, Later};
use crate::words::{self, Language, say};

/// What opens the menu, and where it appears.
#[component]
pub fn Menu(
    /// Who is signed in.
    email: String,
) -> impl IntoView {
    let wanted = RwSignal::new(false);
    let initial: String = email.chars().take(1).flat_map(char::to_uppercase).collect();
    view! {
        <div class="who">
            <button
                class="who-button" type="button" popovertarget="menu" aria-label=say::rail_menu()
                on:click=move |_| wanted.set(true)
            >
                <span class="initial" aria-hidden="true">{initial}</span>
                <span class="email">{email}</span>
            </button>
            <div class="menu" id="menu" popover="auto" role="group" aria-label=say::rail_menu()>
                <Later chunk=chunk::MENU wanted/>
            </div>
        </div>
    }
}

/// What is in the menu.
#[component]
pub fn MenuPanel() -> impl IntoView {
    let account = expect_context::<Account>();
    let help = expect_context::<Help>();
    let views = expect_context::<ViewsOpen>().0;
    let email = expect_context::<Session>().email;
    let failed = RwSignal::new(false);
    let sign_out = move |_| {
        spawn_local(async move {
            match api::sign_out().await {
                Ok(()) => account.who.set(Who::SignedOut),
                Err(_) => failed.set(true),
            }
        });
    };
    view! {
        <p class="menu-email">{email}</p>
        <button
            class="menu-line" type="button" popovertarget="menu" popovertargetaction="hide"
            on:click=move |_| views.set(true)
        >
            {say::views_title()}<kbd>"g v"</kbd>
        </button>
        <Themes/>
        <Languages/>
        <button
            class="menu-line" type="button" popovertarget="menu" popovertargetaction="hide"
            on:click=move |_| help.0.set(true)
        >
            {say::keys_title()}<kbd>"?"</kbd>
        </button>
        <button class="menu-line" type="button" on:click=sign_out>{say::rail_sign_out()}</button>
        <p class="inline-error" role="alert">{move || failed.get().then(say::rail_still_in)}</p>
    }
}

#[component]
fn Themes() -> impl IntoView {
    let appearance = expect_context::<Appearance>();
    let choices = Theme::ALL.map(|theme| {
        view! {
            <label>
                <input
                    type="radio" name="theme" value=theme.tag()
                    prop:checked=move || appearance.get() == theme
                    on:change=move |_| appearance.choose(theme)
                />
                <span>{theme.name()}</span>
            </label>
        }
    });
    view! {
        <fieldset class="segments">
            <legend class="label">{say::theme_title()}</legend>
            <div>{choices}</div>
        </fieldset>
    }
}

#[component]
fn Languages() -> impl IntoView {
    let now = words::language();
    let choose = move |event| {
        if let Some(language) = Language::of_tag(&event_target_value(&event)) {
            choices::set_language(language);
        }
    };
    let options = Language::ALL.map(|language| {
        view! {
            <option value=language.tag() lang=language.tag() selected=language == now>
                {language.name()}
            </option>
        }
    });
    view! {
        <div class="menu-field">
            <label class="label" for="language">{say::language_title()}</label>
            <select id="language" on:change=choose>{options}</select>
        </div>
    }
}
