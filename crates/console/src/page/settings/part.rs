//! Turns what the pages of settings have in common into small parts: times, roles, secrets, waiting.

use leptos::{prelude::*, task::spawn_local};
use protocol::query::Session;
use protocol::query::access::Role;

use crate::api::ApiError;
use crate::browser;
use crate::fetched::Live;
use crate::part::Notice;
use crate::performance::zone::{Zone, shown_ms};
use crate::words::{self, say};

/// The project's time zone.
pub(super) fn zone() -> Zone {
    Zone::new(&expect_context::<Session>().timezone, browser::ahead_min)
}

/// A time in words, and exactly for whoever points at it.
pub(super) fn when(at_ms: u64) -> impl IntoView {
    let zone = zone();
    let now_ms = browser::now_ms();
    let words = match at_ms > now_ms {
        true => zone.stamp(at_ms),
        false => words::when(zone.moment(at_ms), zone.moment(now_ms)),
    };
    let iso = browser::iso(at_ms);
    view! { <time datetime=iso.clone() title=iso>{words}</time> }
}

/// What a role is called.
pub(super) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Viewer => say::role_viewer(),
        Role::Responder => say::role_responder(),
        Role::Manager => say::role_manager(),
        Role::Admin => say::role_admin(),
    }
}

/// What a role may do.
pub(super) fn role_what(role: Role) -> &'static str {
    match role {
        Role::Viewer => say::role_viewer_what(),
        Role::Responder => say::role_responder_what(),
        Role::Manager => say::role_manager_what(),
        Role::Admin => say::role_admin_what(),
    }
}

/// The roles to choose from.
pub(super) fn role_options(chosen: Role) -> impl IntoView {
    Role::ALL.map(|role| {
        view! {
            <option value=role.as_str() selected=role == chosen>{role_name(role)}</option>
        }
    })
}

/// A text to be copied: a link, a secret, a tag. `id` names it in the document, `label` says what it is
/// to people who do not see it.
pub(super) fn copied(
    id: impl Into<String>,
    label: &'static str,
    text: impl Into<String>,
) -> impl IntoView {
    let (id, text): (String, String) = (id.into(), text.into());
    let told = RwSignal::new("");
    let copy = {
        let (id, text) = (id.clone(), text.clone());
        move |_| {
            let (id, text) = (id.clone(), text.clone());
            spawn_local(async move {
                if browser::copy(&text).await {
                    told.try_set(say::first_copied());
                } else {
                    browser::select(&id);
                    told.try_set(say::first_selected());
                }
            });
        }
    };
    view! {
        <div class="snippet">
            <pre tabindex="0" aria-label=label><code id=id>{text}</code></pre>
            <button class="button" type="button" on:click=copy>{say::first_copy()}</button>
        </div>
        <p class="copied" role="status">{told}</p>
    }
}

/// The head of a page: itself in a sentence once that is known, and what it is for.
pub(super) fn head(
    sentence: Signal<Option<String>>,
    name: &'static str,
    what: &'static str,
) -> impl IntoView {
    view! {
        <header class="page-head" data-waiting=move || sentence.get().is_none().then_some("true")>
            <h1 class="sentence">{move || sentence.get().unwrap_or_else(|| String::from(name))}</h1>
            <p class="context">{what}</p>
        </header>
    }
}

/// What went wrong while something was fetched, above what is known still.
pub(super) fn trouble(live: Live) -> impl IntoView {
    let trouble: Signal<Option<ApiError>> = live.trouble.into();
    view! {
        <Notice
            trouble
            kept=Signal::stored(None::<String>)
            retry=move |()| live.refresh()
        />
    }
}

/// Lines that are awaited, at their size.
pub(super) fn waiting(lines: usize) -> impl IntoView {
    let lines = (0..lines).map(|_| view! { <i class="block line-block"></i> });
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{say::app_loading()}</span>
            {lines.collect_view()}
        </div>
    }
}

/// When the clocks of a zone show what a field says: `2026-11-27T07:15`.
pub(super) fn field_ms(zone: &Zone, text: &str) -> Option<u64> {
    let (date, time) = text.split_once('T')?;
    let mut numbers = date.split('-').chain(time.split(':')).map(str::parse);
    let mut next = || numbers.next()?.ok();
    let fields = [next()?, next()?, next()?, next()?, next()?, 0];
    let local = u64::try_from(shown_ms(fields)).ok()?;
    zone.instant(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<u64>) {
        let zone = Zone::new("Europe/Berlin", |_, _| 60);
        assert_eq!(field_ms(&zone, text), expect, "{text}");
    }

    #[test]
    fn a_field_is_read_by_the_clocks_of_the_project() {
        check("2026-11-27T08:15", Some(1_795_763_700_000));
        check("2026-11-27T08:15:30", Some(1_795_763_700_000));
        check("2026-11-27", None);
        check("", None);
    }
}
