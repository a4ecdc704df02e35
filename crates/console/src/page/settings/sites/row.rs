//! Turns one site into what it is, its tag to copy, whether anything came, and what can be done to it.

use gloo_net::http::Method;
use leptos::html::Select;
use leptos::prelude::*;
use protocol::query::setup::{EndKey, NewKey, SiteEntry};

use super::super::ask::Ask;
use super::super::part::{copied, when};
use super::super::send::{Sending, body};
use super::edit::edit;
use crate::browser;
use crate::fetched::Live;
use crate::shell::toast::Toasts;
use crate::snippet;
use crate::words::{self, say};

/// Hours for which a replaced key works on, to choose from.
const HOURS: [u32; 4] = [168, 24, 720, 0];

/// One site; whatever of it changes changes alone.
pub(super) fn site_row(site: Memo<Option<SiteEntry>>, live: Live) -> impl IntoView {
    let editing = RwSignal::new(false);
    let of = move |what: fn(&SiteEntry) -> String| {
        Memo::new(move |_| site.with(|site| site.as_ref().map(what).unwrap_or_default()))
    };
    let name = of(called);
    let key = of(|site| site.key.clone());
    let origins = of(|site| snippet::origins_in_words(&site.origins));
    let id = site.with_untracked(|site| site.as_ref().map_or(0, |site| site.id));
    view! {
        <li class="site" data-testid="site">
            <div class="site-head">
                <h2>{name}</h2>
                <Heard site/>
            </div>
            <p class="small">{move || say::first_accepted(&origins.get())}</p>
            {move || {
                let tag = snippet::script_tag(&browser::base_url(), &key.get());
                view! { {copied(format!("tag-{id}"), say::first_script(), tag)} }
            }}
            <Refused site/>
            <Former site live/>
            {move || match editing.get() {
                true => site.get_untracked().map(|at| edit(at, site, live, editing).into_any()),
                false => Some(view! { <Acts site live editing/> }.into_any()),
            }}
        </li>
    }
}

/// Its name, or its key while it has none.
fn called(site: &SiteEntry) -> String {
    match site.name.as_str() {
        "" => site.key.clone(),
        name => String::from(name),
    }
}

/// Whether anything came of its pages.
#[component]
fn Heard(site: Memo<Option<SiteEntry>>) -> impl IntoView {
    let last = Memo::new(move |_| site.with(|site| site.as_ref().and_then(|site| site.last_ms)));
    view! {
        <p class="heard" role="status" data-heard=move || last.get().is_some().to_string()>
            {move || match last.get() {
                Some(at_ms) => view! { {say::sites_heard()}" "{when(at_ms)} }.into_any(),
                None => say::sites_waiting_here().into_any(),
            }}
        </p>
    }
}

/// Why nothing may come: requests with its key that were refused.
#[component]
fn Refused(site: Memo<Option<SiteEntry>>) -> impl IntoView {
    let refused = Memo::new(move |_| {
        site.with(|site| {
            site.as_ref()
                .map(|site| site.refused.clone())
                .unwrap_or_default()
        })
    });
    move || {
        let refused = refused.get();
        let all: u64 = refused.iter().map(|one| one.items).sum();
        let names: Vec<_> = refused
            .iter()
            .map(|one| format!("{} ({})", one.reason, words::count(one.items)))
            .collect();
        (all > 0).then(|| {
            view! { <p class="warning small">{say::sites_refused(all, &names.join(", "))}</p> }
        })
    }
}

/// Keys that were replaced and still work.
#[component]
fn Former(site: Memo<Option<SiteEntry>>, live: Live) -> impl IntoView {
    let (toasts, ask, sending) = (
        expect_context::<Toasts>(),
        expect_context::<Ask>(),
        Sending::new(),
    );
    let former = Memo::new(move |_| {
        site.with(|site| {
            site.as_ref()
                .map(|site| site.former.clone())
                .unwrap_or_default()
        })
    });
    let end = move |key: String| {
        // As it is when it is asked about, which is what the answer is about.
        let Some(at) = site.get_untracked() else {
            return;
        };
        ask.before(
            say::sites_end_title(&key),
            say::sites_end_what(),
            say::sites_end(),
            move || {
                let asked = EndKey {
                    rev: at.rev,
                    key: key.clone(),
                };
                let url = format!("api/v1/sites/{}/end-key", at.id);
                sending.send(Method::POST, url, body(&asked), move |_| {
                    toasts.say(say::sites_ended());
                    live.refresh();
                });
            },
        );
    };
    toast_wrong(sending, toasts);
    view! {
        <ul class="former">
            <For
                each=move || former.get() key=|one| (one.key.clone(), one.until_ms)
                children=move |one| {
                    let key = one.key.clone();
                    view! {
                        <li class="small">
                            <span><code>{one.key}</code>" "{say::sites_former()}" "{when(one.until_ms)}</span>
                            <button class="button quiet" type="button" on:click=move |_| end(key.clone())>
                                {say::sites_end()}
                            </button>
                        </li>
                    }
                }
            />
        </ul>
    }
}

/// Tells what went wrong where no form is.
fn toast_wrong(sending: Sending, toasts: Toasts) {
    Effect::new(move || {
        if let Some(error) = sending.wrong.get() {
            toasts.failed(&error);
        }
    });
}

#[component]
fn Acts(site: Memo<Option<SiteEntry>>, live: Live, editing: RwSignal<bool>) -> impl IntoView {
    let (toasts, ask, sending) = (
        expect_context::<Toasts>(),
        expect_context::<Ask>(),
        Sending::new(),
    );
    let replacing = RwSignal::new(false);
    let name = Memo::new(move |_| site.with(|site| site.as_ref().map(called).unwrap_or_default()));
    let remove = move |_| {
        let Some(at) = site.get_untracked() else {
            return;
        };
        let name = called(&at);
        ask.before(
            say::sites_remove_title(&name),
            say::sites_remove_what(),
            say::sites_remove(),
            move || {
                let name = name.clone();
                sending.send(
                    Method::DELETE,
                    format!("api/v1/sites/{}", at.id),
                    None,
                    move |_| {
                        toasts.say(say::sites_removed(&name));
                        live.refresh();
                    },
                );
            },
        );
    };
    toast_wrong(sending, toasts);
    let hidden = move || view! { <span class="visually-hidden">" "{name}</span> };
    view! {
        <div class="acts">
            <button class="button" type="button" on:click=move |_| editing.set(true)>{say::sites_change()}{hidden}</button>
            <button
                class="button" type="button" aria-expanded=move || replacing.get().to_string()
                on:click=move |_| replacing.update(|open| *open = !*open)
            >
                {say::sites_key()}{hidden}
            </button>
            <button class="button" type="button" on:click=remove>{say::sites_remove()}{hidden}</button>
        </div>
        {move || replacing.get().then(|| view! { <Replace site live open=replacing/> })}
    }
}

/// Another key, and how long the old one works on.
#[component]
fn Replace(site: Memo<Option<SiteEntry>>, live: Live, open: RwSignal<bool>) -> impl IntoView {
    let (toasts, sending) = (expect_context::<Toasts>(), Sending::new());
    let select = NodeRef::<Select>::new();
    toast_wrong(sending, toasts);
    let replace = move |_| {
        let (Some(at), Some(select)) = (site.get_untracked(), select.get_untracked()) else {
            return;
        };
        let hours = select.value().parse().unwrap_or(HOURS[0]);
        let asked = NewKey { rev: at.rev, hours };
        let url = format!("api/v1/sites/{}/key", at.id);
        sending.send(Method::POST, url, body(&asked), move |_| {
            toasts.say(say::sites_key_made());
            open.set(false);
            live.refresh();
        });
    };
    let lengths = HOURS.map(|hours| {
        let name = match hours {
            0 => String::from(say::sites_hours_none()),
            hours => say::tokens_days(u64::from(hours / 24)),
        };
        view! { <option value=hours.to_string()>{name}</option> }
    });
    view! {
        <div class="block-form replace">
            <p class="muted">{say::sites_key_what()}</p>
            <div class="field">
                <label for="key-hours">{say::sites_hours()}</label>
                <select id="key-hours" node_ref=select>{lengths}</select>
            </div>
            <div class="acts">
                <button class="button primary" type="button" on:click=replace>{say::sites_key_make()}</button>
                <button class="button" type="button" on:click=move |_| open.set(false)>{say::set_cancel()}</button>
            </div>
        </div>
    }
}
