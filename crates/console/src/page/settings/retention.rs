//! Turns how long each kind of thing is kept into a list that an admin changes where the configuration is silent.

use gloo_net::http::Method;
use leptos::html::Select;
use leptos::prelude::*;
use protocol::query::Session;
use protocol::query::access::Role;
use protocol::query::setup::{Keep, NewKeep, Older, Retention};

use super::ask::Ask;
use super::part::{trouble, zone};
use super::send::{Sending, body, wrong};
use crate::api;
use crate::fetched::{At, Live, fetched};
use crate::shell::toast::Toasts;
use crate::words::{self, say};

const DAY_MS: u64 = 86_400_000;
/// What to choose from, in days: a month to what holds two years against each other.
const DAYS: [u64; 5] = [30, 90, 180, 400, 800];

pub(super) fn section() -> impl IntoView {
    let may = expect_context::<Session>().role >= Role::Admin;
    let (live, told) = fetched::<Retention>(Memo::new(|_| At::new("api/v1/retention")));
    let keys = move || {
        told.with(|told| {
            let items = told.iter().flat_map(|told| &told.items);
            items.map(|one| one.key.clone()).collect::<Vec<_>>()
        })
    };
    view! {
        <section class="counts keeps">
            <h2>{say::keep_title()}</h2>
            <p class="small">{say::keep_what()}</p>
            {trouble(live)}
            <table>
                <thead><tr><th scope="col">{say::people_kind()}</th><th scope="col" class="number">{say::keep_length()}</th></tr></thead>
                <tbody>
                    <For each=keys key=Clone::clone children=move |key| view! { <KeepRow key told live may/> }/>
                </tbody>
            </table>
        </section>
    }
}

#[component]
fn KeepRow(key: String, told: Memo<Option<Retention>>, live: Live, may: bool) -> impl IntoView {
    let name = kind_name(&key);
    let head = format!("{key}-is");
    let code = key.clone();
    let one = Memo::new(move |_| {
        told.with(|told| {
            told.as_ref()?
                .items
                .iter()
                .find(|one| one.key == key)
                .cloned()
        })
    });
    // The collector may come back with another configuration.
    let is_fixed = Memo::new(move |_| one.with(|one| one.as_ref().is_none_or(|one| one.fixed)));
    let length = move || one.with(|one| one.as_ref().map(|one| length(one.keep_ms)));
    let chosen_by = head.clone();
    let cell = move || match (may, is_fixed.get()) {
        (true, false) => chooser(chosen_by.clone(), name, one, live).into_any(),
        (true, true) => view! { {length}<p class="small">{say::keep_fixed()}</p> }.into_any(),
        (false, _) => length.into_any(),
    };
    view! { <tr><th scope="row"><span id=head>{name}</span>" "<code>{code}</code></th><td class="number">{cell}</td></tr> }
}

/// A choice. It shows what is so until another is: what would go is asked about first.
fn chooser(head: String, name: &'static str, one: Memo<Option<Keep>>, live: Live) -> impl IntoView {
    let (ask, toasts, sending) = (
        expect_context::<Ask>(),
        expect_context::<Toasts>(),
        Sending::new(),
    );
    let zone = StoredValue::new(zone());
    let select = NodeRef::<Select>::new();
    let put = move |keep_ms: Option<u64>| {
        let Some(now) = one.get_untracked() else {
            return;
        };
        let url = format!("api/v1/retention/{}", now.key);
        let new = NewKeep {
            rev: now.rev,
            keep_ms,
        };
        sending.send(Method::PUT, url, body(&new), move |_| {
            toasts.say(say::keep_changed(name, &length(keep_ms)));
            live.refresh();
        });
    };
    let shorten = move |key: &str, ms: u64| {
        let url = format!("api/v1/retention/{key}/older?keep_ms={ms}");
        sending.send(Method::GET, url, None, move |text| {
            match api::read::<Older>(&text) {
                Ok(Older { n: 0, .. }) => put(Some(ms)),
                Ok(Older { n, before_ms }) => ask.before(
                    say::keep_ask(name, &length(Some(ms))),
                    say::keep_goes(
                        &zone.with_value(|zone| zone.stamp(before_ms)),
                        &words::count(n),
                    ),
                    say::keep_verb(),
                    move || put(Some(ms)),
                ),
                Err(error) => sending.wrong.set(Some(error)),
            }
        });
    };
    let change = move |event| {
        let Some(now) = one.get_untracked() else {
            return;
        };
        let chosen: Option<u64> = event_target_value(&event).parse().ok();
        if let Some(select) = select.get_untracked() {
            select.set_value(&value(now.keep_ms));
        }
        match chosen {
            Some(ms) if now.keep_ms.is_none_or(|was| ms < was) => shorten(&now.key, ms),
            _ if chosen != now.keep_ms => put(chosen),
            _ => {}
        }
    };
    let options = move || {
        let now = one.with(|one| one.as_ref().and_then(|one| one.keep_ms));
        let mut lengths: Vec<_> = DAYS.iter().map(|days| days * DAY_MS).chain(now).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let lengths = lengths.into_iter().map(Some).chain([None]);
        lengths
            .map(|keep_ms| {
                view! { <option value=value(keep_ms) prop:selected=keep_ms == now>{length(keep_ms)}</option> }
            })
            .collect_view()
    };
    view! {
        <select class="select" aria-labelledby=head node_ref=select on:change=change>{options}</select>
        {wrong(sending)}
    }
}

/// A length as the value of an option; empty is for good.
fn value(keep_ms: Option<u64>) -> String {
    keep_ms.map(|ms| ms.to_string()).unwrap_or_default()
}

fn length(keep_ms: Option<u64>) -> String {
    match keep_ms {
        None => String::from(say::keep_forever()),
        Some(ms) => say::tokens_days(ms.div_ceil(DAY_MS)),
    }
}

fn kind_name(key: &str) -> &'static str {
    match key {
        "keep_responses" => say::keep_responses(),
        "keep_impressions" => say::keep_impressions(),
        "keep_dismissals" => say::keep_dismissals(),
        "keep_attachments" => say::keep_attachments(),
        "keep_vitals" => say::keep_vitals(),
        "keep_dead_letters" => say::keep_dead_letters(),
        "keep_losses" => say::keep_losses(),
        "keep_ids" => say::keep_ids(),
        "keep_slices" => say::keep_slices(),
        "keep_minutes" => say::keep_minutes(),
        _ => "",
    }
}
