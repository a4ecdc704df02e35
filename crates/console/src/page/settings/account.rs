//! Turns one's own sessions and password into what can be ended and changed.

use gloo_net::http::Method;
use leptos::html::Input;
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::query::Session;
use protocol::query::access::{NewPassword, OwnSession, Sessions};

use super::part::{head, role_name, role_what, trouble, waiting, when};
use super::send::{Sending, body, wrong};
use crate::browser;
use crate::fetched::{At, Live, fetched};
use crate::shell::toast::Toasts;
use crate::words::say;

pub(super) fn page() -> impl IntoView {
    let session = expect_context::<Session>();
    let (live, told) = fetched::<Sessions>(Memo::new(|_| At::new("api/v1/sessions")));
    let sentence = say::account_sentence(&session.email, role_name(session.role));
    let sessions = move || told.get().map(|told| told.items).unwrap_or_default();
    let is_there = Memo::new(move |_| told.with(Option::is_some));
    let others = move || sessions().iter().filter(|one| !one.is_this).count();
    let (toasts, sending) = (expect_context::<Toasts>(), Sending::new());
    let end_others = move |_| {
        sending.send(Method::DELETE, "api/v1/sessions", None, move |_| {
            toasts.say(say::account_others_ended());
            live.refresh();
        });
    };
    view! {
        {head(Signal::stored(Some(sentence)), "", role_what(session.role))}
        {trouble(live)}
        {move || match is_there.get() {
            false => waiting(4).into_any(),
            true => view! {
        <section class="explained first">
            <h2>{say::account_sessions()}</h2>
            <ul class="rows" aria-label=say::account_sessions()>
                <For
                    each=sessions key=|one| one.id.clone()
                    children=move |one| view! { <SessionRow one live/> }
                />
            </ul>
            {move || (others() > 0).then(|| view! {
                <p><button class="button" type="button" on:click=end_others>{say::account_end_others()}</button></p>
            })}
            {wrong(sending)}
        </section>
        <Change live/>
            }.into_any(),
        }}
    }
}

#[component]
fn SessionRow(one: OwnSession, live: Live) -> impl IntoView {
    let (toasts, sending) = (expect_context::<Toasts>(), Sending::new());
    let id = StoredValue::new(one.id);
    let end = move |_| {
        let url = id.with_value(|id| format!("api/v1/sessions/{id}"));
        sending.send(Method::DELETE, url, None, move |_| {
            toasts.say(say::account_ended());
            live.refresh();
        });
    };
    view! {
        <li class="row">
            <div class="row-main">
                <p class="row-title">
                    {say::account_since()}" "{when(one.created_ms)}
                    {one.is_this.then(|| view! { " "<span class="tag">{say::account_this()}</span> })}
                </p>
                <p class="small">
                    {say::account_used()}" "{when(one.used_ms)}" \u{b7} "
                    {say::account_until()}" "{when(one.expires_ms)}
                </p>
                {wrong(sending)}
            </div>
            {(!one.is_this).then(|| view! {
                <div class="acts">
                    <button class="button" type="button" on:click=end>{say::account_end()}</button>
                </div>
            })}
        </li>
    }
}

#[component]
fn Change(live: Live) -> impl IntoView {
    let (toasts, sending) = (expect_context::<Toasts>(), Sending::new());
    let (current, new) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let email = expect_context::<Session>().email;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(current), Some(new)) = (current.get_untracked(), new.get_untracked()) else {
            return;
        };
        let asked = NewPassword {
            current: current.value(),
            new: new.value(),
        };
        sending.send(Method::PUT, "api/v1/password", body(&asked), move |_| {
            current.set_value("");
            new.set_value("");
            toasts.say(say::account_password_changed());
            live.refresh();
        });
    };
    Effect::new(move || {
        if sending.wrong.with(Option::is_some) {
            browser::focus("current-password");
        }
    });
    view! {
        <section class="explained">
            <h2>{say::account_password()}</h2>
            <p class="muted">{say::account_password_what()}</p>
            <form class="block-form" method="post" on:submit=submit>
                <input class="visually-hidden" type="email" autocomplete="username" value=email readonly=true tabindex="-1" aria-hidden="true"/>
                <div class="field">
                    <label for="current-password">{say::account_current()}</label>
                    <input
                        id="current-password" type="password" autocomplete="current-password"
                        required=true node_ref=current
                    />
                </div>
                <div class="field">
                    <label for="next-password">{say::password_new()}</label>
                    <input
                        id="next-password" type="password" autocomplete="new-password" required=true
                        minlength="8" maxlength="1024" node_ref=new aria-describedby="next-password-what"
                    />
                    <p class="small" id="next-password-what">{say::account_length()}</p>
                </div>
                {wrong(sending)}
                <button class="button primary" type="submit" aria-disabled=move || sending.busy.get().then_some("true")>
                    {say::account_change()}
                </button>
            </form>
        </section>
    }
}
