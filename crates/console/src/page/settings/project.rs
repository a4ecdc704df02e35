//! Turns the project's name, time zone and retention into what admins and managers change.

use gloo_net::http::Method;
use leptos::html::{Input, Select};
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::query::Session;
use protocol::query::access::Role;
use protocol::query::performance::BudgetsEntry;
use protocol::query::setup::ProjectEdit;

use super::part::{head, trouble};
use super::retention;
use super::send::{Sending, body, wrong};
use crate::account::Account;
use crate::browser;
use crate::fetched::{At, Live, fetched};
use crate::shell::toast::Toasts;
use crate::words::say;

pub(super) fn page() -> impl IntoView {
    let session = expect_context::<Session>();
    let (live, told) = fetched::<BudgetsEntry>(Memo::new(|_| At::new("api/v1/budgets")));
    let sentence = say::project_sentence(&session.project, &session.timezone);
    view! {
        {head(Signal::stored(Some(sentence)), "", say::set_project_what())}
        {trouble(live)}
        {(session.role >= Role::Admin).then(|| rename(session.project.clone()))}
        {(session.role >= Role::Manager).then(|| time_zone(&session.timezone, live, told))}
        {retention::section()}
    }
}

fn rename(known: String) -> impl IntoView {
    let (account, toasts, sending) = (
        expect_context::<Account>(),
        expect_context::<Toasts>(),
        Sending::new(),
    );
    let name = NodeRef::<Input>::new();
    let now = known.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let chosen = name.get_untracked().map(|input| input.value());
        let edit = ProjectEdit {
            known: known.clone(),
            name: String::from(chosen.unwrap_or_default().trim()),
        };
        sending.send(Method::PUT, "api/v1/project", body(&edit), move |_| {
            toasts.say(say::project_renamed());
            account.ask();
        });
    };
    view! {
        <form class="line-form" method="post" on:submit=submit>
            <div class="field grow">
                <label for="project-name">{say::project_name()}</label>
                <input id="project-name" required=true maxlength="100" autocomplete="off" value=now node_ref=name/>
            </div>
            <button class="button" type="submit">{say::set_save()}</button>
        </form>
        {wrong(sending)}
    }
}

/// The zone is a part of the budgets, whose days and months it cuts: another one is another version.
fn time_zone(now: &str, live: Live, told: Memo<Option<BudgetsEntry>>) -> impl IntoView + use<> {
    let (account, toasts, sending) = (
        expect_context::<Account>(),
        expect_context::<Toasts>(),
        Sending::new(),
    );
    let zone = NodeRef::<Select>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let chosen = zone.get_untracked().map(|select| select.value());
        let (Some(chosen), Some(known)) = (chosen, told.get_untracked()) else {
            return;
        };
        let mut budgets = known.budgets;
        budgets.timezone = chosen;
        let url = format!("api/v1/budgets?base={}", known.version);
        sending.send(Method::PUT, url, body(&budgets), move |_| {
            toasts.say(say::project_zone_changed());
            live.refresh();
            account.ask();
        });
    };
    let mut zones = browser::time_zones();
    zones.push(now.to_owned());
    zones.push(String::from("UTC"));
    zones.sort_unstable();
    zones.dedup();
    let options = zones.into_iter().map(|name| {
        let (value, selected) = (name.clone(), name == now);
        view! { <option value=value selected=selected>{name}</option> }
    });
    let options: Vec<_> = options.collect();
    view! {
        <form class="line-form" method="post" on:submit=submit>
            <div class="field grow">
                <label for="project-zone">{say::project_zone()}</label>
                <select id="project-zone" node_ref=zone>{options}</select>
            </div>
            <button class="button" type="submit">{say::set_save()}</button>
        </form>
        {wrong(sending)}
    }
}
