//! Turns the audit log into pages that are filtered by their address, and into files.

use leptos::html::Input;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use protocol::query::access::{Audit, AuditLine, AuditNames, Credential};

use super::part::{head, trouble, waiting, when};
use crate::account::Account;
use crate::api::{self, ApiError};
use crate::fetched::{At, Live, fetched};
use crate::shell::toast::Toasts;
use crate::view_url::{Dropped, Reader, View, Viewed, Writer, use_view};
use crate::words::say;

/// Days that can be chosen; absent is all time.
const DAYS: [u32; 3] = [1, 7, 28];

/// Which lines, as the address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filters {
    actor: Option<String>,
    action: Option<String>,
    text: Option<String>,
    days: Option<u32>,
}

impl View for Filters {
    fn read(from: &mut Reader) -> Self {
        let any = |text: &str| Some(String::from(text));
        Self {
            actor: from.take("actor", any),
            action: from.take("action", any),
            text: from.take("q", any),
            days: from.take("days", |text| {
                text.parse().ok().filter(|days| DAYS.contains(days))
            }),
        }
    }

    fn write(&self, to: &mut Writer) {
        to.put("actor", self.actor.as_deref());
        to.put("action", self.action.as_deref());
        to.put("q", self.text.as_deref());
        to.put("days", self.days.map(|days| days.to_string()).as_deref());
    }
}

pub(super) fn page() -> impl IntoView {
    let viewed = use_view::<Filters>();
    let (live, told) = fetched::<Audit>(Memo::new(move |_| {
        At::new(viewed.view.with(|view| view.link("api/v1/audit")))
    }));
    let older = RwSignal::new(None::<Audit>);
    // Another question has other lines before it.
    Effect::new(move || {
        viewed.view.track();
        older.set(None);
    });
    let shown = Memo::new(move |_| joined(told.get()?, older.get()));
    let lines = move || shown.get().map(|shown| shown.items).unwrap_or_default();
    let next = move || shown.with(|shown| shown.as_ref()?.next.clone());
    let is_there = Memo::new(move |_| told.with(Option::is_some));
    let is_none = move || told.with(|told| told.as_ref().is_some_and(|told| told.items.is_empty()));
    let export = move |format: &str| {
        let link = viewed.view.with(|view| view.link("api/v1/audit/export"));
        let joint = if link.contains('?') { '&' } else { '?' };
        format!("{link}{joint}format={format}")
    };
    view! {
        {head(Signal::stored(Some(String::from(say::audit_sentence()))), "", say::set_audit_what())}
        <Choose viewed/>
        <Dropped what=viewed.dropped/>
        {trouble(live)}
        <ul class="rows log" aria-label=say::set_audit() aria-busy=move || live.is_behind().then_some("true")>
            <For each=lines key=|line| line.id children=|line| view! { <Line line/> }/>
        </ul>
        {move || (!is_there.get()).then(|| waiting(8))}
        {move || is_none().then(|| view! { <p class="empty muted">{say::audit_none()}</p> })}
        // Below lines, and not before their place is known.
        {move || is_there.get().then(|| view! {
            <div class="foot">
                {move || next().map(|after| view! { <Older viewed live after shown older/> })}
                <span class="foot-end">
                    <a class="button" href=move || export("csv") download="">{say::audit_csv()}</a>
                    <a class="button" href=move || export("ndjson") download="">{say::audit_ndjson()}</a>
                </span>
            </div>
        })}
    }
}

/// The newest lines before all that was shown when somebody asked for older ones: none of them is pushed out
/// of sight. Where others may lie between, the newest stand alone.
fn joined(mut newest: Audit, kept: Option<Audit>) -> Option<Audit> {
    let id = |line: &AuditLine| line.id;
    let Some(kept) = kept.filter(|kept| newest.items.last().map(id) <= kept.items.first().map(id))
    else {
        return Some(newest);
    };
    let last = kept.items.first().map(id);
    newest.items.retain(|line| Some(line.id) > last);
    newest.items.extend(kept.items);
    newest.next = kept.next;
    Some(newest)
}

/// The filters; each change is another address.
#[component]
fn Choose(viewed: Viewed<Filters>) -> impl IntoView {
    let (_, names) = fetched::<AuditNames>(Memo::new(|_| At::new("api/v1/audit/names")));
    let text = NodeRef::<Input>::new();
    let chosen = |event: &leptos::ev::Event| {
        Some(event_target_value(event)).filter(|value| !value.is_empty())
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let value = text.get_untracked().map(|input| input.value());
        viewed.change(|view| view.text = value.filter(|value| !value.is_empty()));
    };
    let actors = move || {
        let names = names.get().map(|names| names.actors).unwrap_or_default();
        options(names, viewed.view.with(|view| view.actor.clone()))
    };
    let actions = move || {
        let names = names.get().map(|names| names.actions).unwrap_or_default();
        options(names, viewed.view.with(|view| view.action.clone()))
    };
    let days = DAYS.map(|days| {
        view! {
            <option value=days.to_string() selected=move || viewed.view.with(|view| view.days == Some(days))>
                {say::audit_days(u64::from(days))}
            </option>
        }
    });
    view! {
        <form class="line-form filters" role="search" on:submit=submit>
            <div class="field grow">
                <label for="audit-text">{say::audit_text()}</label>
                <input
                    id="audit-text" type="search" autocomplete="off" node_ref=text
                    prop:value=move || viewed.view.with(|view| view.text.clone().unwrap_or_default())
                    on:change=move |event| viewed.change(|view| view.text = chosen(&event))
                />
            </div>
            <div class="field">
                <label for="audit-actor">{say::audit_actor()}</label>
                <select id="audit-actor" on:change=move |event| viewed.change(|view| view.actor = chosen(&event))>
                    <option value="">{say::audit_anyone()}</option>
                    {actors}
                </select>
            </div>
            <div class="field">
                <label for="audit-action">{say::audit_action()}</label>
                <select id="audit-action" on:change=move |event| viewed.change(|view| view.action = chosen(&event))>
                    <option value="">{say::audit_anything()}</option>
                    {actions}
                </select>
            </div>
            <div class="field">
                <label for="audit-days">{say::audit_when()}</label>
                <select
                    id="audit-days"
                    on:change=move |event| viewed.change(|view| {
                        view.days = chosen(&event).and_then(|days| days.parse().ok());
                    })
                >
                    <option value="">{say::audit_ever()}</option>
                    {days}
                </select>
            </div>
        </form>
    }
}

/// Names to choose from, what is chosen among them even where the log does not know it.
fn options(mut names: Vec<String>, chosen: Option<String>) -> impl IntoView {
    names.extend(chosen.clone());
    names.sort_unstable();
    names.dedup();
    let options = names.into_iter().map(move |name| {
        let selected = chosen.as_ref() == Some(&name);
        let value = name.clone();
        view! { <option value=value selected=selected>{name}</option> }
    });
    options.collect_view()
}

#[component]
fn Line(line: AuditLine) -> impl IntoView {
    let by = match line.credential {
        Credential::Session | Credential::Link => None,
        Credential::Token => Some(say::audit_by_token()),
        Credential::CommandLine => Some(say::audit_by_command()),
        Credential::None => Some(say::audit_by_itself()),
    };
    view! {
        <li class="row">
            <p class="log-when small">{when(line.at_ms)}</p>
            <div class="row-main">
                <p class="log-what">
                    <code>{line.action}</code>" "<span class="strong">{line.target}</span>
                </p>
                {(!line.detail.is_empty()).then(|| view! { <p class="small log-detail">{line.detail}</p> })}
            </div>
            <p class="log-who small">
                {line.actor}{by.map(|by| view! { " "<span class="tag">{by}</span> })}
            </p>
        </li>
    }
}

/// Shows the lines before those that are shown.
#[component]
fn Older(
    viewed: Viewed<Filters>,
    live: Live,
    after: String,
    shown: Memo<Option<Audit>>,
    older: RwSignal<Option<Audit>>,
) -> impl IntoView {
    let (account, toasts) = (expect_context::<Account>(), expect_context::<Toasts>());
    let busy = RwSignal::new(false);
    let show = move |_| {
        if busy.get_untracked() || untrack(move || live.is_behind()) {
            return;
        }
        busy.set(true);
        // From now on all that is shown stays.
        let shown = shown.get_untracked();
        let view = viewed.view.get_untracked();
        let link = view.link("api/v1/audit");
        let joint = if link.contains('?') { '&' } else { '?' };
        let url = format!("{link}{joint}after={after}");
        spawn_local(async move {
            let text = account.with_session(|| api::text(&url)).await;
            let page = text.and_then(|text| {
                serde_json::from_str::<Audit>(&text).map_err(|_| ApiError::Unreadable)
            });
            busy.try_set(false);
            match page {
                // Other lines may be asked for by now.
                Ok(_) if viewed.view.try_get_untracked() != Some(view) => {}
                Ok(page) => {
                    let mut items = shown.map(|shown| shown.items).unwrap_or_default();
                    items.extend(page.items);
                    let next = page.next;
                    older.try_set(Some(Audit { items, next }));
                }
                Err(error) => toasts.failed(&error),
            }
        });
    };
    let is_busy = move || busy.get().then_some("true");
    view! {
        <button class="button" type="button" aria-disabled=is_busy on:click=show>
            {say::audit_older()}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audit(ids: &[u64], next: Option<&str>) -> Audit {
        let line = |id: &u64| AuditLine {
            id: *id,
            at_ms: *id,
            credential: Credential::Session,
            actor: String::new(),
            action: String::new(),
            target: String::new(),
            detail: String::new(),
        };
        Audit {
            items: ids.iter().map(line).collect(),
            next: next.map(String::from),
        }
    }

    fn check(newest: &[u64], kept: &[u64], expect: &[u64], next: &str) {
        let newest = audit(newest, Some("newest"));
        let kept = (!kept.is_empty()).then(|| audit(kept, Some("kept")));
        let expect = audit(expect, Some(next));
        assert_eq!(joined(newest, kept), Some(expect));
    }

    #[test]
    fn older_lines_stay_below_newer_ones() {
        check(&[9, 8, 7], &[], &[9, 8, 7], "newest");
        check(&[9, 8, 7], &[9, 8, 7, 6, 5], &[9, 8, 7, 6, 5], "kept");
        // Three came since, and 8 and 7 are no longer among the newest.
        check(
            &[12, 11, 10, 9],
            &[9, 8, 7, 6],
            &[12, 11, 10, 9, 8, 7, 6],
            "kept",
        );
        // Lines between 13 and 9 were never seen.
        check(&[15, 14, 13], &[9, 8, 7], &[15, 14, 13], "newest");
    }

    #[test]
    fn what_is_chosen_is_the_address() {
        let pairs = [("actor", "a@b.c"), ("days", "7"), ("action", "site")];
        let pairs = pairs.map(|(name, value)| (String::from(name), String::from(value)));
        let mut reader = Reader::new(pairs);
        let view = Filters::read(&mut reader);
        assert_eq!(view.link("x"), "x?actor=a%40b.c&action=site&days=7");
        assert!(reader.finish().is_empty());
        let mut reader = Reader::new([(String::from("days"), String::from("8"))]);
        assert_eq!(Filters::read(&mut reader), Filters::default());
        assert_eq!(reader.finish(), ["days=8"]);
    }
}
