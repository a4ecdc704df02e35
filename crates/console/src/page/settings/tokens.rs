//! Turns API tokens into a list: made with what they reach, told once, revoked.

use gloo_net::http::Method;
use leptos::html::{Form, Input, Select};
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::query::access::{MadeToken, NewToken, Role, Scope, TokenEntry, Tokens};
use web_sys::HtmlInputElement;
use web_sys::wasm_bindgen::JsCast;

use super::ask::Ask;
use super::part::{copied, head, role_name, role_options, trouble, waiting, when};
use super::send::{Sending, body, wrong};
use crate::browser;
use crate::fetched::{At, Live, fetched};
use crate::shell::toast::Toasts;
use crate::words::say;

/// For how many days a token works; 0 is until it is revoked.
const DAYS: [u32; 4] = [30, 90, 365, 0];

pub(super) fn page() -> impl IntoView {
    let (live, told) = fetched::<Tokens>(Memo::new(|_| At::new("api/v1/tokens")));
    let made = RwSignal::new(None::<MadeToken>);
    let sentence = Signal::derive(move || {
        told.with(|told| {
            let now_ms = browser::now_ms();
            let works = told.as_ref()?.items.iter().filter(|one| works(one, now_ms));
            Some(match works.count() {
                0 => String::from(say::tokens_nothing()),
                n => say::tokens_sentence(n as u64),
            })
        })
    });
    let tokens = move || told.get().map(|told| told.items).unwrap_or_default();
    let is_there = Memo::new(move |_| told.with(Option::is_some));
    let is_empty =
        move || told.with(|told| told.as_ref().is_some_and(|told| told.items.is_empty()));
    view! {
        {head(sentence, say::set_tokens(), say::set_tokens_what())}
        {trouble(live)}
        <div role="status">
            {move || made.get().map(|told| view! {
                <div class="told-once" data-testid="made-token">
                    <p><strong>{say::tokens_made(&told.token.name)}</strong></p>
                    <p class="muted">{say::tokens_made_what()}</p>
                    {copied("made-token", say::tokens_secret(), told.secret)}
                    <button class="button quiet" type="button" on:click=move |_| made.set(None)>
                        {say::set_done()}
                    </button>
                </div>
            })}
        </div>
        {move || match is_there.get() {
            false => waiting(6).into_any(),
            true => view! {
        <ul class="rows" aria-label=say::set_tokens()>
            <For
                each=tokens
                key=|one| (one.id, one.revoked_ms, one.used_ms)
                children=move |one| view! { <TokenRow one live/> }
            />
        </ul>
        {move || is_empty().then(|| view! { <p class="empty muted">{say::tokens_none()}</p> })}
        <Make live made/>
            }.into_any(),
        }}
    }
}

fn works(token: &TokenEntry, now_ms: u64) -> bool {
    token.revoked_ms.is_none() && token.expires_ms.is_none_or(|end| end > now_ms)
}

fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Answers => say::scope_answers(),
        Scope::Surveys => say::scope_surveys(),
        Scope::Performance => say::scope_performance(),
        Scope::Delivery => say::scope_delivery(),
        Scope::Data => say::scope_data(),
        Scope::Audit => say::scope_audit(),
    }
}

#[component]
fn TokenRow(one: TokenEntry, live: Live) -> impl IntoView {
    let ask = expect_context::<Ask>();
    let toasts = expect_context::<Toasts>();
    let sending = Sending::new();
    let id = one.id;
    let does_work = works(&one, browser::now_ms());
    let name = one.name.clone();
    let revoke = move |_| {
        // Of its own: the line may have gone when it is told.
        let name = name.clone();
        ask.before(
            say::tokens_revoke_title(&name),
            say::tokens_revoke_what(),
            say::tokens_revoke(),
            move || {
                let name = name.clone();
                sending.send(
                    Method::DELETE,
                    format!("api/v1/tokens/{id}"),
                    None,
                    move |_| {
                        toasts.say(say::tokens_revoked(&name));
                        live.refresh();
                    },
                );
            },
        );
    };
    Effect::new(move || {
        if let Some(error) = sending.wrong.get() {
            toasts.failed(&error);
        }
    });
    let scopes: Vec<_> = one.scopes.iter().map(|scope| scope_name(*scope)).collect();
    view! {
        <li class="row" data-off=(!does_work).then_some("true")>
            <div class="row-main">
                <p class="row-title">
                    {one.name.clone()}" "<code class="muted">{one.prefix}"\u{2026}"</code>
                </p>
                <p class="small">{role_name(one.role)}": "{scopes.join(", ")}</p>
                <p class="small">
                    {say::tokens_used()}" "
                    {match one.used_ms {
                        Some(at_ms) => when(at_ms).into_any(),
                        None => say::tokens_never().into_any(),
                    }}
                    {match (one.revoked_ms, one.expires_ms) {
                        (Some(at_ms), _) => view! { " \u{b7} "{say::tokens_ended()}" "{when(at_ms)} }.into_any(),
                        (None, Some(at_ms)) => view! { " \u{b7} "{say::tokens_until()}" "{when(at_ms)} }.into_any(),
                        (None, None) => ().into_any(),
                    }}
                </p>
            </div>
            {does_work.then(|| view! {
                <div class="acts">
                    <button class="button" type="button" on:click=revoke>
                        {say::tokens_revoke()}<span class="visually-hidden">" "{one.name}</span>
                    </button>
                </div>
            })}
        </li>
    }
}

#[component]
fn Make(live: Live, made: RwSignal<Option<MadeToken>>) -> impl IntoView {
    let sending = Sending::new();
    let form = NodeRef::<Form>::new();
    let (name, role, days) = (
        NodeRef::<Input>::new(),
        NodeRef::<Select>::new(),
        NodeRef::<Select>::new(),
    );
    let none = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(form), Some(name)) = (form.get_untracked(), name.get_untracked()) else {
            return;
        };
        let is_chosen = |scope: &Scope| {
            let selector = format!("input[value={}]", scope.as_str());
            let found = form.query_selector(&selector).ok().flatten();
            let found = found.and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
            found.is_some_and(|input| input.checked())
        };
        let scopes: Vec<_> = Scope::ALL.into_iter().filter(is_chosen).collect();
        none.set(scopes.is_empty());
        if scopes.is_empty() {
            return browser::focus("scope-answers");
        }
        let value = |select: NodeRef<Select>| select.get_untracked().map(|select| select.value());
        let new = NewToken {
            name: String::from(name.value().trim()),
            role: value(role)
                .and_then(|role| Role::from_name(&role))
                .unwrap_or(Role::Viewer),
            scopes,
            days: value(days)
                .and_then(|days| days.parse().ok())
                .filter(|days| *days > 0),
        };
        sending.send(Method::POST, "api/v1/tokens", body(&new), move |text| {
            made.set(serde_json::from_str(&text).ok());
            form.reset();
            live.refresh();
            window().scroll_to_with_x_and_y(0.0, 0.0);
        });
    };
    let scopes = Scope::ALL.map(|scope| {
        view! {
            <label class="check">
                <input id=format!("scope-{}", scope.as_str()) type="checkbox" name="scope" value=scope.as_str()/>
                {scope_name(scope)}
            </label>
        }
    });
    let lengths = DAYS.map(|n| {
        view! {
            <option value=n.to_string()>
                {match n {
                    0 => String::from(say::tokens_for_ever()),
                    n => say::tokens_days(u64::from(n)),
                }}
            </option>
        }
    });
    view! {
        <section class="explained">
            <h2>{say::tokens_new()}</h2>
            <form class="block-form" method="post" on:submit=submit node_ref=form>
                <div class="field">
                    <label for="token-name">{say::tokens_name()}</label>
                    <input id="token-name" name="name" required=true maxlength="100" autocomplete="off" node_ref=name/>
                </div>
                <div class="field-pair">
                    <div class="field">
                        <label for="token-role">{say::team_role()}</label>
                        <select id="token-role" name="role" node_ref=role>{role_options(Role::Viewer)}</select>
                    </div>
                    <div class="field">
                        <label for="token-days">{say::tokens_works()}</label>
                        <select id="token-days" name="days" node_ref=days>{lengths}</select>
                    </div>
                </div>
                <fieldset class="checks" aria-describedby="scopes-wrong">
                    <legend>{say::tokens_scopes()}</legend>
                    {scopes}
                    <p class="wrong" id="scopes-wrong" role="alert">
                        {move || none.get().then(say::tokens_no_scope)}
                    </p>
                </fieldset>
                {wrong(sending)}
                <button class="button primary" type="submit" aria-disabled=move || sending.busy.get().then_some("true")>
                    {say::tokens_make()}
                </button>
            </form>
        </section>
    }
}
