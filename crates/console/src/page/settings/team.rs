//! Turns the people who may sign in into a list that admins change.

use gloo_net::http::Method;
use leptos::html::{Input, Select};
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::query::Session;
use protocol::query::access::{Invitation, Invited, NewRole, People, PersonEntry, Role};

use super::ask::Ask;
use super::part::{copied, head, role_name, role_options, role_what, trouble, waiting, when};
use super::send::{Sending, body, wrong};
use crate::api;
use crate::browser;
use crate::fetched::{At, Live, fetched};
use crate::shell::toast::Toasts;
use crate::words::say;

/// A link that was just made, and for whom.
#[derive(Clone, PartialEq, Eq)]
struct Made {
    email: String,
    invited: Invited,
}

pub(super) fn page() -> impl IntoView {
    let (live, told) = fetched::<People>(Memo::new(|_| At::new("api/v1/team")));
    let made = RwSignal::new(None::<Made>);
    let sentence = Signal::derive(move || {
        told.with(|told| {
            let people = &told.as_ref()?.items;
            let waiting = people.iter().filter(|one| !one.has_password).count();
            let all = say::team_sentence(people.len() as u64);
            Some(match waiting {
                0 => format!("{all}."),
                n => format!("{all}; {}.", say::team_waiting(n as u64)),
            })
        })
    });
    let is_there = Memo::new(move |_| told.with(Option::is_some));
    view! {
        {head(sentence, say::set_team(), say::set_team_what())}
        {trouble(live)}
        {move || match is_there.get() {
            false => waiting(6).into_any(),
            true => view! {
                <Invite live made/>
                <MadeLink made/>
                {rows(told, live, made)}
                {explained()}
            }.into_any(),
        }}
    }
}

/// Everybody, each in a line that stays where it is.
fn rows(told: Memo<Option<People>>, live: Live, made: RwSignal<Option<Made>>) -> impl IntoView {
    let ids = Memo::new(move |_| {
        told.with(|told| {
            let people = told.iter().flat_map(|told| told.items.iter());
            people.map(|one| one.id).collect::<Vec<_>>()
        })
    });
    let row = move |id: i64| {
        let one = Memo::new(move |_| {
            told.with(|told| {
                let mut people = told.as_ref()?.items.iter();
                people.find(|one| one.id == id).cloned()
            })
        });
        let first = one.get_untracked();
        first.map(|first| view! { <PersonRow first one live made/> })
    };
    view! {
        <ul class="rows" aria-label=say::set_team()>
            <For each=move || ids.get() key=|id| *id children=row/>
        </ul>
    }
}

fn explained() -> impl IntoView {
    let roles = Role::ALL.map(|role| {
        view! { <div><dt>{role_name(role)}</dt><dd class="muted">{role_what(role)}</dd></div> }
    });
    view! {
        <section class="explained">
            <h2>{say::team_roles()}</h2>
            <dl>{roles}</dl>
        </section>
    }
}

#[component]
fn Invite(live: Live, made: RwSignal<Option<Made>>) -> impl IntoView {
    let sending = Sending::new();
    let (email, role) = (NodeRef::<Input>::new(), NodeRef::<Select>::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(field), Some(select)) = (email.get_untracked(), role.get_untracked()) else {
            return;
        };
        let invitation = Invitation {
            email: String::from(field.value().trim()),
            role: Role::from_name(&select.value()).unwrap_or(Role::Viewer),
        };
        let invited = invitation.email.clone();
        sending.send(
            Method::POST,
            "api/v1/team",
            body(&invitation),
            move |text| {
                if let Ok(link) = serde_json::from_str(&text) {
                    made.set(Some(Made {
                        email: invited,
                        invited: link,
                    }));
                }
                field.set_value("");
                live.refresh();
            },
        );
    };
    view! {
        <form class="line-form" method="post" on:submit=submit>
            <div class="field grow">
                <label for="invite-email">{say::sign_in_email()}</label>
                <input
                    id="invite-email" name="email" type="email" required=true maxlength="254"
                    autocomplete="off" node_ref=email
                />
            </div>
            <div class="field">
                <label for="invite-role">{say::team_role()}</label>
                <select id="invite-role" name="role" node_ref=role>{role_options(Role::Responder)}</select>
            </div>
            <button class="button primary" type="submit" aria-disabled=move || sending.busy.get().then_some("true")>
                {say::team_invite()}
            </button>
        </form>
        {wrong(sending)}
    }
}

/// The link of an invitation, to be passed on. It is told once.
#[component]
fn MadeLink(made: RwSignal<Option<Made>>) -> impl IntoView {
    view! {
        <div role="status">
            {move || made.get().map(|Made { email, invited }| {
                let origin = window().location().origin().unwrap_or_default();
                view! {
                    <div class="told-once" data-testid="made-link">
                        <p><strong>{say::team_link(&email)}</strong></p>
                        <p class="muted">{say::team_link_what()}" "{when(invited.expires_ms)}</p>
                        {copied("made-link", say::team_link_label(), format!("{origin}{}", invited.link))}
                        <button class="button quiet" type="button" on:click=move |_| made.set(None)>
                            {say::set_done()}
                        </button>
                    </div>
                }
            })}
        </div>
    }
}

#[component]
fn PersonRow(
    /// What is known when the line appears.
    first: PersonEntry,
    /// What is known now.
    one: Memo<Option<PersonEntry>>,
    live: Live,
    made: RwSignal<Option<Made>>,
) -> impl IntoView {
    let is_you = expect_context::<Session>().email == first.email;
    let has_password =
        Memo::new(move |_| one.with(|one| one.as_ref().is_some_and(|one| one.has_password)));
    view! {
        <li class="row">
            <div class="row-main">
                <p class="row-title">
                    {first.email.clone()}
                    {is_you.then(|| view! { " "<span class="tag">{say::team_you()}</span> })}
                </p>
                <p class="small">
                    {move || match has_password.get() {
                        true => say::team_since(),
                        false => say::team_invited(),
                    }}
                    " "{when(first.created_ms)}
                </p>
            </div>
            <div class="acts">
                {role_of(&first, one, live, is_you)}
                {(!is_you).then(|| view! { <PersonActs one=first live made/> })}
            </div>
        </li>
    }
}

/// The role, to be changed and taken back.
fn role_of(
    first: &PersonEntry,
    one: Memo<Option<PersonEntry>>,
    live: Live,
    is_you: bool,
) -> impl IntoView + use<> {
    let toasts = expect_context::<Toasts>();
    let id = first.id;
    let email = StoredValue::new(first.email.clone());
    let select = NodeRef::<Select>::new();
    let known = Memo::new(move |_| one.with(|one| one.as_ref().map(|one| one.role)));
    let show = move |role: Role| {
        if let Some(select) = select.try_get_untracked().flatten() {
            select.set_value(role.as_str());
        }
    };
    Effect::new(move || {
        select.track();
        known.get().into_iter().for_each(show);
    });
    let send = move |role: Role| async move {
        let url = format!("api/v1/team/{id}/role");
        api::change(Method::PUT, &url, body(&NewRole { role })).await?;
        live.refresh();
        Ok(())
    };
    let change = move |event| {
        let before = known.get_untracked().unwrap_or(Role::Viewer);
        let role = Role::from_name(&event_target_value(&event)).unwrap_or(before);
        toasts.change(
            email.with_value(|email| say::team_changed(email, role_name(role))),
            move || show(role),
            move || show(before),
            send(role),
            move |()| send(before),
        );
    };
    view! {
        <label class="visually-hidden" for=format!("role-{id}")>{say::team_role_of(&first.email)}</label>
        <select id=format!("role-{id}") class="select" node_ref=select disabled=is_you on:change=change>
            {role_options(first.role)}
        </select>
    }
}

#[component]
fn PersonActs(one: PersonEntry, live: Live, made: RwSignal<Option<Made>>) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let ask = expect_context::<Ask>();
    let sending = Sending::new();
    let id = one.id;
    let email = StoredValue::new(one.email.clone());
    let link = move |_| {
        let url = format!("api/v1/team/{id}/password-link");
        let email = email.get_value();
        sending.send(Method::POST, url, None, move |text| {
            if let Ok(invited) = serde_json::from_str(&text) {
                made.set(Some(Made { email, invited }));
                browser::focus("main");
            }
        });
    };
    let remove = move |_| {
        let name = email.get_value();
        ask.before(
            say::team_remove_title(&name),
            say::team_remove_what(),
            say::team_remove(),
            move || {
                // The line may have gone when it is told.
                let said = say::team_removed(&name);
                sending.send(
                    Method::DELETE,
                    format!("api/v1/team/{id}"),
                    None,
                    move |_| {
                        toasts.say(said);
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
    view! {
        <button class="button" type="button" on:click=link>
            {say::team_new_link()}<span class="visually-hidden">" "{one.email.clone()}</span>
        </button>
        <button class="button" type="button" on:click=remove>
            {say::team_remove()}<span class="visually-hidden">" "{one.email.clone()}</span>
        </button>
    }
}
