//! Turns times that no promise covers into a list, and a form in the project's time zone.

use gloo_net::http::Method;
use leptos::html::{Input, Select};
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::query::access::Role;
use protocol::query::performance::{BudgetsEntry, Maintenance, MaintenanceList, NewMaintenance};
use protocol::query::{Session, Window};

use super::ask::Ask;
use super::part::{field_ms, head, trouble, waiting, zone};
use super::send::{Sending, body, wrong};
use crate::browser;
use crate::fetched::{At, Live, fetched};
use crate::shell::toast::Toasts;
use crate::words::say;

pub(super) fn page() -> impl IntoView {
    let may = expect_context::<Session>().role >= Role::Manager;
    let (live, told) = fetched::<MaintenanceList>(Memo::new(|_| At::new("api/v1/maintenance")));
    let sentence = Signal::derive(move || {
        told.with(|told| {
            let now_ms = browser::now_ms();
            let ahead = told.as_ref()?.items.iter().filter(|one| one.to_ms > now_ms);
            Some(match ahead.count() {
                0 => String::from(say::maint_nothing()),
                n => say::maint_sentence(n as u64),
            })
        })
    });
    let is_there = Memo::new(move |_| told.with(Option::is_some));
    let items = move || {
        let mut items = told.get().map(|told| told.items).unwrap_or_default();
        items.sort_by_key(|one| core::cmp::Reverse(one.from_ms));
        items
    };
    view! {
        {head(sentence, say::set_maint(), say::set_maint_what())}
        {trouble(live)}
        {move || match is_there.get() {
            false => waiting(6).into_any(),
            true => view! {
                <ul class="rows" aria-label=say::set_maint()>
                    <For each=items key=|one| one.id children=move |one| row(one, live, may)/>
                </ul>
                {may.then(|| announce(live))}
            }.into_any(),
        }}
    }
}

fn row(one: Maintenance, live: Live, may: bool) -> impl IntoView {
    let (ask, toasts, sending) = (
        expect_context::<Ask>(),
        expect_context::<Toasts>(),
        Sending::new(),
    );
    let zone = zone();
    let id = one.id;
    let window = Window {
        from_ms: one.from_ms,
        to_ms: one.to_ms,
    };
    let when = zone.stretch(window);
    let title = say::maint_remove_title(&when);
    let remove = move |_| {
        ask.before(
            title.clone(),
            say::maint_remove_what(),
            say::sites_remove(),
            move || {
                sending.send(
                    Method::DELETE,
                    format!("api/v1/maintenance/{id}"),
                    None,
                    move |_| {
                        toasts.say(say::maint_removed());
                        live.refresh();
                    },
                );
            },
        );
    };
    let feature = one
        .feature
        .unwrap_or_else(|| String::from(say::maint_all()));
    view! {
        <li class="row">
            <div class="row-main">
                <p class="row-title">{when.clone()}</p>
                <p class="small">{feature}{(!one.note.is_empty()).then(|| format!(": {}", one.note))}</p>
                {wrong(sending)}
            </div>
            {may.then(|| view! {
                <div class="acts">
                    <button class="button" type="button" on:click=remove>
                        {say::sites_remove()}<span class="visually-hidden">" "{when}</span>
                    </button>
                </div>
            })}
        </li>
    }
}

fn announce(live: Live) -> impl IntoView {
    let (toasts, sending) = (expect_context::<Toasts>(), Sending::new());
    let (_, budgets) = fetched::<BudgetsEntry>(Memo::new(|_| At::new("api/v1/budgets")));
    let (from, to, note) = (
        NodeRef::<Input>::new(),
        NodeRef::<Input>::new(),
        NodeRef::<Input>::new(),
    );
    let feature = NodeRef::<Select>::new();
    let zone = zone();
    let name = zone.name.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let value = |node: NodeRef<Input>| node.get_untracked().map(|it| it.value());
        let time = |node| value(node).and_then(|text| field_ms(&zone, &text));
        let (Some(from_ms), Some(to_ms)) = (time(from), time(to)) else {
            return;
        };
        let chosen = feature.get_untracked().map(|select| select.value());
        let new = NewMaintenance {
            from_ms,
            to_ms,
            feature: chosen.filter(|id| !id.is_empty()),
            note: value(note).unwrap_or_default(),
        };
        sending.send(Method::POST, "api/v1/maintenance", body(&new), move |_| {
            toasts.say(say::maint_announced());
            live.refresh();
        });
    };
    let features = move || {
        let features = budgets.get().map(|told| told.budgets.features);
        let features = features.unwrap_or_default().into_iter();
        features
            .map(|one| view! { <option value=one.id>{one.name}</option> })
            .collect_view()
    };
    view! {
        <section class="explained">
            <h2>{say::maint_new()}</h2>
            <form class="block-form" method="post" on:submit=submit>
                <div class="field-pair">
                    <div class="field">
                        <label for="maint-from">{say::maint_from()}</label>
                        <input id="maint-from" type="datetime-local" required=true node_ref=from aria-describedby="maint-zone"/>
                    </div>
                    <div class="field">
                        <label for="maint-to">{say::maint_to()}</label>
                        <input id="maint-to" type="datetime-local" required=true node_ref=to aria-describedby="maint-zone"/>
                    </div>
                </div>
                <p class="small" id="maint-zone">{say::maint_zone(&name)}</p>
                <div class="field">
                    <label for="maint-feature">{say::maint_feature()}</label>
                    <select id="maint-feature" node_ref=feature>
                        <option value="">{say::maint_all()}</option>
                        {features}
                    </select>
                </div>
                <div class="field">
                    <label for="maint-note">{say::maint_note()}</label>
                    <input id="maint-note" maxlength="1000" autocomplete="off" node_ref=note/>
                </div>
                {wrong(sending)}
                <button class="button primary" type="submit" aria-disabled=move || sending.busy.get().then_some("true")>
                    {say::maint_announce()}
                </button>
            </form>
        </section>
    }
}
