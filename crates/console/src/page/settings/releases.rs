//! Turns what was released when into a list, and a form that flags it on charts.

use gloo_net::http::Method;
use leptos::html::Input;
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::query::Session;
use protocol::query::access::Role;
use protocol::query::scores::{NewRelease, Release, Releases};

use super::ask::Ask;
use super::part::{field_ms, head, trouble, waiting, zone};
use super::send::{Sending, body, wrong};
use crate::browser;
use crate::fetched::{At, Live, fetched};
use crate::shell::toast::Toasts;
use crate::words::say;

/// Below the console's base.
const URL: &str = "api/v1/releases";

pub(super) fn page() -> impl IntoView {
    let may = expect_context::<Session>().role >= Role::Manager;
    let (live, told) = fetched::<Releases>(Memo::new(|_| At::new(URL)));
    let sentence = Signal::derive(move || {
        told.with(|told| match told.as_ref()?.items.len() {
            0 => Some(String::from(say::rel_none())),
            n => Some(say::rel_sentence(n as u64)),
        })
    });
    let is_there = Memo::new(move |_| told.with(Option::is_some));
    let items = move || {
        let mut items = told.get().map(|told| told.items).unwrap_or_default();
        items.reverse();
        items
    };
    view! {
        {head(sentence, say::set_releases(), say::set_releases_what())}
        {trouble(live)}
        {move || match is_there.get() {
            false => waiting(6).into_any(),
            true => view! {
                <ul class="rows" aria-label=say::set_releases()>
                    <For each=items key=|one| one.id children=move |one| row(one, live, may)/>
                </ul>
                {may.then(|| flag(live))}
            }.into_any(),
        }}
    }
}

fn row(one: Release, live: Live, may: bool) -> impl IntoView {
    let (ask, toasts, sending) = (
        expect_context::<Ask>(),
        expect_context::<Toasts>(),
        Sending::new(),
    );
    let url = format!("{URL}/{}", one.id);
    let title = say::rel_remove_title(&one.name);
    let remove = move |_| {
        let url = url.clone();
        ask.before(
            title.clone(),
            say::rel_remove_what(),
            say::sites_remove(),
            move || {
                sending.send(Method::DELETE, url.clone(), None, move |_| {
                    toasts.say(say::rel_removed());
                    live.refresh();
                });
            },
        );
    };
    let name = one.name.clone();
    view! {
        <li class="row">
            <div class="row-main">
                <p class="row-title">{one.name}</p>
                <p class="small">{say::rel_by(&zone().stamp(one.at_ms), &one.by)}</p>
                {(!one.note.is_empty()).then(|| view! { <p class="small">{one.note}</p> })}
                {wrong(sending)}
            </div>
            {may.then(|| view! {
                <div class="acts">
                    <button class="button" type="button" on:click=remove>
                        {say::sites_remove()}<span class="visually-hidden">" "{name}</span>
                    </button>
                </div>
            })}
        </li>
    }
}

fn flag(live: Live) -> impl IntoView {
    let (toasts, sending) = (expect_context::<Toasts>(), Sending::new());
    let (name, at, note) = (
        NodeRef::<Input>::new(),
        NodeRef::<Input>::new(),
        NodeRef::<Input>::new(),
    );
    let zone = zone();
    let zone_name = zone.name.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let value = |node: NodeRef<Input>| {
            let value = node.get_untracked().map(|it| it.value());
            String::from(value.unwrap_or_default().trim())
        };
        let new = NewRelease {
            name: value(name),
            at_ms: field_ms(&zone, &value(at)),
            note: value(note),
        };
        sending.send(Method::POST, URL, body(&new), move |_| {
            toasts.say(say::rel_flagged());
            for field in [name, at, note] {
                if let Some(field) = field.try_get_untracked().flatten() {
                    field.set_value("");
                }
            }
            live.refresh();
        });
    };
    let build = say::rel_build(&format!("{}{URL}", browser::base_url()));
    view! {
        <section class="explained">
            <h2>{say::rel_new()}</h2>
            <form class="block-form" method="post" on:submit=submit>
                <div class="field">
                    <label for="rel-name">{say::rel_name()}</label>
                    <input id="rel-name" required=true maxlength="100" autocomplete="off" node_ref=name/>
                </div>
                <div class="field">
                    <label for="rel-at">{say::rel_at()}</label>
                    <input id="rel-at" type="datetime-local" node_ref=at aria-describedby="rel-at-what"/>
                    <p class="small" id="rel-at-what">{say::rel_at_what(&zone_name)}</p>
                </div>
                <div class="field">
                    <label for="rel-note">{say::rel_note()}</label>
                    <input id="rel-note" maxlength="1000" autocomplete="off" node_ref=note/>
                </div>
                {wrong(sending)}
                <button class="button primary" type="submit" aria-disabled=move || sending.busy.get().then_some("true")>
                    {say::rel_flag()}
                </button>
            </form>
            <p class="small">{build}</p>
        </section>
    }
}
