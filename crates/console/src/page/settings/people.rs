//! Turns somebody who answered into what is held about them: to be exported, or erased.

use std::collections::BTreeMap;

use gloo_net::http::Method;
use leptos::html::{Input, Select};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use protocol::query::custody::{Erase, Erased, Held, Whom};

use super::ask::Ask;
use super::part::{head, when};
use super::send::{Sending, body, wrong};
use crate::account::Account;
use crate::api::{self, ApiError};
use crate::browser;
use crate::view_url::{Dropped, Reader, View, Writer, use_view};
use crate::words::{self, say};

/// By what somebody is known, as parameters are called.
const KINDS: [&str; 3] = ["person", "install", "response"];

/// Whom it is about, as the address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sought(Option<(&'static str, String)>);

impl View for Sought {
    fn read(from: &mut Reader) -> Self {
        let found = KINDS.map(|kind| from.take(kind, |text| Some((kind, String::from(text)))));
        Self(found.into_iter().flatten().next())
    }

    fn write(&self, to: &mut Writer) {
        if let Some((kind, id)) = &self.0 {
            to.put(kind, Some(id));
        }
    }
}

impl Sought {
    /// The same for a request; nothing where it is no id of its kind.
    fn whom(&self) -> Option<Whom> {
        let (kind, id) = self.0.as_ref()?;
        let mut whom = Whom::default();
        match *kind {
            "install" => whom.install = Some(id.parse().ok()?),
            "response" => whom.response = Some(id.parse().ok()?),
            _ => whom.person = Some(id.clone()),
        }
        Some(whom)
    }
}

fn kind_name(kind: &str) -> &'static str {
    match kind {
        "install" => say::people_install(),
        "response" => say::people_response(),
        _ => say::people_person(),
    }
}

/// What was found about whom is sought.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    Nothing,
    Looking,
    Held(Held),
    Erased(Erased),
    Failed(ApiError),
}

pub(super) fn page() -> impl IntoView {
    let account = expect_context::<Account>();
    let viewed = use_view::<Sought>();
    let found = RwSignal::new(Found::Nothing);
    Effect::new(move || {
        let sought = viewed.view.get();
        if sought.0.is_none() {
            return found.set(Found::Nothing);
        }
        found.set(Found::Looking);
        spawn_local(async move {
            let url = sought.link("api/v1/people/held");
            let text = account.with_session(|| api::text(&url)).await;
            let held =
                text.and_then(|text| serde_json::from_str(&text).map_err(|_| ApiError::Unreadable));
            // Somebody else may be sought by now.
            if viewed.view.try_get_untracked().as_ref() == Some(&sought) {
                found.try_set(match held {
                    Ok(held) => Found::Held(held),
                    Err(error) => Found::Failed(error),
                });
            }
        });
    });
    let (kind, id) = (NodeRef::<Select>::new(), NodeRef::<Input>::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(select), Some(input)) = (kind.get_untracked(), id.get_untracked()) else {
            return;
        };
        let chosen = select.value();
        let kind = KINDS.into_iter().find(|kind| *kind == chosen);
        let value = String::from(input.value().trim());
        viewed.change(|view| view.0 = kind.zip(Some(value)).filter(|(_, id)| !id.is_empty()));
    };
    let is_kind = move |kind: &'static str| {
        viewed
            .view
            .with(|view| view.0.as_ref().is_some_and(|(known, _)| *known == kind))
    };
    let value = move || {
        let id = viewed
            .view
            .with(|view| view.0.as_ref().map(|(_, id)| id.clone()));
        id.unwrap_or_default()
    };
    view! {
        {head(Signal::stored(Some(String::from(say::people_sentence()))), "", say::set_people_what())}
        <form class="line-form" on:submit=submit>
            <div class="field">
                <label for="whom-kind">{say::people_by()}</label>
                <select id="whom-kind" node_ref=kind>
                    {KINDS.map(|kind| view! {
                        <option value=kind selected=move || is_kind(kind)>{kind_name(kind)}</option>
                    })}
                </select>
            </div>
            <div class="field grow">
                <label for="whom-id">{say::people_id()}</label>
                <input
                    id="whom-id" required=true maxlength="256" autocomplete="off" spellcheck="false"
                    node_ref=id prop:value=value
                />
            </div>
            <button class="button primary" type="submit">{say::people_find()}</button>
        </form>
        <Dropped what=viewed.dropped/>
        <div role="status" aria-live="polite">
            {move || match found.get() {
                Found::Nothing | Found::Looking => ().into_any(),
                Found::Failed(error) => view! {
                    <p class="wrong">{error.to_string()}" "{error.advice()}</p>
                }.into_any(),
                Found::Held(held) if held.counts.is_empty() => view! {
                    <p class="empty muted">{say::people_none()}</p>
                }.into_any(),
                Found::Held(held) => holding(&held, &viewed.view.get_untracked(), found).into_any(),
                Found::Erased(erased) => gone(&erased).into_any(),
            }}
        </div>
    }
}

/// What a kind of row is called.
fn row_name(kind: &str) -> &str {
    match kind {
        "item" => say::held_item(),
        "conflict" => say::held_conflict(),
        "letter" => say::held_letter(),
        "loss" => say::held_loss(),
        "response" => say::held_response(),
        "attachment" => say::held_attachment(),
        other => other,
    }
}

fn counts(counts: &BTreeMap<String, u64>) -> impl IntoView + use<> {
    let rows = counts.iter().map(|(kind, n)| {
        let name = String::from(row_name(kind));
        view! { <tr><th scope="row">{name}</th><td class="number">{words::count(*n)}</td></tr> }
    });
    let rows: Vec<_> = rows.collect();
    view! {
        <table>
            <thead>
                <tr><th scope="col">{say::people_kind()}</th><th scope="col" class="number">{say::people_rows()}</th></tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn listed(counts: &BTreeMap<String, u64>) -> String {
    let counts = counts.iter();
    let counts = counts.map(|(kind, n)| format!("{}: {}", row_name(kind), words::count(*n)));
    counts.collect::<Vec<_>>().join(", ")
}

/// What is held, and what can be done with it.
fn holding(held: &Held, sought: &Sought, found: RwSignal<Found>) -> impl IntoView + use<> {
    let (ask, sending) = (expect_context::<Ask>(), Sending::patient());
    let export = sought.link("api/v1/people/export");
    let what = listed(&held.counts);
    let name = sought
        .0
        .as_ref()
        .map(|(_, id)| id.clone())
        .unwrap_or_default();
    let whom = StoredValue::new(sought.whom());
    let erase = move |_| {
        let title = say::people_erase_title(&name);
        ask.before(
            title,
            say::people_erase_what(&what),
            say::people_erase(),
            move || {
                let Some(whom) = whom.get_value() else {
                    return;
                };
                let asked = Erase {
                    whom,
                    rewrite: true,
                };
                sending.send(
                    Method::POST,
                    "api/v1/people/erase",
                    body(&asked),
                    move |text| {
                        if let Ok(erased) = serde_json::from_str(&text) {
                            found.set(Found::Erased(erased));
                            browser::focus("main");
                        }
                    },
                );
            },
        );
    };
    view! {
        <section class="counts">
            <h2>{say::people_held()}</h2>
            {held.first_ms.map(|at_ms| view! { <p class="small">{say::people_since()}" "{when(at_ms)}</p> })}
            {counts(&held.counts)}
            <div class="foot">
                <a class="button" href=export download="">{say::people_export()}</a>
                <button
                    class="button danger" type="button" on:click=erase
                    aria-disabled=move || sending.busy.get().then_some("true")
                >
                    {move || if sending.busy.get() { say::people_erasing() } else { say::people_erase() }}
                </button>
            </div>
            {wrong(sending)}
        </section>
    }
}

/// What was erased, and what is still somewhere.
fn gone(erased: &Erased) -> impl IntoView + use<> {
    let copies: Vec<_> = erased
        .backups
        .iter()
        .map(|copy| view! { <li><code>{copy.path.clone()}</code>" "{when(copy.made_ms)}</li> })
        .collect();
    view! {
        <section class="counts" data-testid="erased">
            <h2>{say::people_erased()}</h2>
            {counts(&erased.counts)}
            <p class="after">
                {match erased.rewritten {
                    true => say::people_rewritten(),
                    false => say::people_not_rewritten(),
                }}
            </p>
            {(!copies.is_empty()).then(|| view! {
                <p class="warning">{say::people_copies()}</p>
                <ul class="small">{copies}</ul>
            })}
        </section>
    }
}
