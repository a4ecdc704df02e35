//! Turns what is set up, who may do what, and how it went into pages with a way between them.

mod account;
mod ask;
mod audit;
mod budgets;
mod health;
mod maintenance;
mod part;
mod people;
mod project;
mod releases;
mod retention;
mod section;
mod send;
mod sites;
mod team;
mod tokens;

use leptos::prelude::*;
use protocol::query::Session;

use self::ask::{Ask, ask_dialog};
use self::section::{GROUPS, Group, Section};
use super::NotFound;
use crate::browser;
use crate::chunk::Lazily;
use crate::route::route;
use crate::shell::palette;
use crate::words::say;

/// `/settings`, `/settings/team` and so on.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let path = route().path;
    let role = expect_context::<Session>().role;
    let ask = Ask::new();
    provide_context(ask);
    for section in Section::ALL.into_iter().filter(|one| role >= one.least()) {
        let route = route();
        palette::offer(say::set_palette(section.name()), move || {
            route.go(section.path(), crate::route::Step::Forth)
        });
    }
    let place = Memo::new(move |_| path.with(|path| Place::parse(path)));
    Effect::new(move || {
        place.track();
        ask.end();
    });
    move || {
        let place = place.get();
        let body = match place {
            Place::Nowhere => return view! { <NotFound/> }.into_any(),
            Place::Index => {
                browser::set_title(say::rail_settings());
                view! { <Index/> }.into_any()
            }
            Place::Of(section) => {
                browser::set_title(section.name());
                match role >= section.least() {
                    true => section_view(section),
                    false => view! { <NotYours section/> }.into_any(),
                }
            }
        };
        view! {
            <div class="settings" data-index=(place == Place::Index).then_some("true")>
                <Sections place/>
                <div class="settings-body">{body}</div>
            </div>
            {ask_dialog()}
        }
        .into_any()
    }
}

/// What an address below `settings` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Index,
    Of(Section),
    Nowhere,
}

impl Place {
    fn parse(path: &str) -> Self {
        match path.strip_prefix("settings/") {
            None => Self::Index,
            Some(_) => Section::at(path).map_or(Self::Nowhere, Self::Of),
        }
    }
}

/// The page of a section.
fn section_view(section: Section) -> AnyView {
    provide_context(section);
    view! { <Lazily chunk=section.chunk()/> }.into_any()
}

/// What is set up.
#[component]
pub fn SettingsProject() -> impl IntoView {
    match expect_context::<Section>() {
        Section::Sites => sites::page().into_any(),
        _ => project::page().into_any(),
    }
}

/// What is promised, and what happened meanwhile.
#[component]
pub fn SettingsTimes() -> impl IntoView {
    match expect_context::<Section>() {
        Section::Maintenance => maintenance::page().into_any(),
        Section::Releases => releases::page().into_any(),
        _ => budgets::page().into_any(),
    }
}

/// How it went, and whose it is.
#[component]
pub fn SettingsData() -> impl IntoView {
    match expect_context::<Section>() {
        Section::Health => health::page().into_any(),
        _ => people::page().into_any(),
    }
}

/// Who may do what.
#[component]
pub fn SettingsAccess() -> impl IntoView {
    match expect_context::<Section>() {
        Section::Team => team::page().into_any(),
        _ => tokens::page().into_any(),
    }
}

/// Who did what, and whoever looks.
#[component]
pub fn SettingsDone() -> impl IntoView {
    match expect_context::<Section>() {
        Section::Audit => audit::page().into_any(),
        _ => account::page().into_any(),
    }
}

/// The way between the pages: a column, or on a phone the way back to all of them.
#[component]
fn Sections(place: Place) -> impl IntoView {
    let role = expect_context::<Session>().role;
    let groups = GROUPS.map(|Group { name, sections }| {
        let links = sections.iter().filter(|one| role >= one.least());
        let links = links.map(|section| {
            view! {
                <li>
                    <a
                        href=section.path()
                        aria-current=(place == Place::Of(*section)).then_some("page")
                    >
                        {section.name()}
                    </a>
                </li>
            }
        });
        view! { <li><p class="label">{name()}</p><ul>{links.collect_view()}</ul></li> }
    });
    view! {
        <nav class="sections" aria-label=say::rail_settings()>
            <a class="sections-back" href="settings">{say::rail_settings()}</a>
            <ul>{groups}</ul>
        </nav>
    }
}

/// All pages, each in a sentence.
#[component]
fn Index() -> impl IntoView {
    let session = expect_context::<Session>();
    let groups = GROUPS.map(|Group { name, sections }| {
        let links = sections.iter().filter(|one| session.role >= one.least());
        let links = links.map(|section| {
            view! {
                <li>
                    <a href=section.path()>
                        <strong>{section.name()}</strong>
                        <span class="muted">{section.what()}</span>
                    </a>
                </li>
            }
        });
        view! {
            <section>
                <h2 class="label">{name()}</h2>
                <ul class="index">{links.collect_view()}</ul>
            </section>
        }
    });
    view! {
        <header class="page-head"><h1 class="sentence">{say::set_title(&session.project)}</h1></header>
        <div class="index-groups">{groups}</div>
    }
}

/// A page that takes another role.
#[component]
fn NotYours(section: Section) -> impl IntoView {
    let role = expect_context::<Session>().role;
    let (least, role) = (part::role_name(section.least()), part::role_name(role));
    view! {
        <div class="said">
            <h1>{section.name()}</h1>
            <p class="muted">{say::set_not_yours(least, role)}</p>
        </div>
    }
}
