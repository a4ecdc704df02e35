//! Turns one survey into a desk: its definition on one side, what people will see on the other.

use leptos::{ev, prelude::*};
use protocol::query::Session;
use protocol::query::access::{Credential, Role};
use protocol::query::surveys::State;

use super::board::StateMark;
use super::clash::ClashPanel;
use super::finding::Findings;
use super::more::More;
use super::preview::{PreviewPane, ReachPane};
use super::versions::Versions;
use crate::browser;
use crate::part::{Notice, Skeleton};
use crate::performance::zone::Zone;
use crate::shell::palette;
use crate::surveys::bench::{Bench, Saving};
use crate::surveys::url::DeskUrl;
use crate::surveys::{element, tell};
use crate::view_url::{Dropped, use_view};
use crate::words::say;

/// `/surveys/ID?version=3`
#[component]
pub(super) fn DeskPage(id: String) -> impl IntoView {
    let viewed = use_view::<DeskUrl>();
    let bench = Bench::new(id);
    let is_there = Memo::new(move |_| bench.desk.with(Option::is_some));
    view! {
        <Dropped what=viewed.dropped/>
        <Notice
            trouble=bench.trouble
            kept=Signal::stored(None::<String>)
            retry=move |()| bench.ask()
        />
        {move || match is_there.get() {
            true => view! { <Work bench url=viewed.view/> }.into_any(),
            false => bench.trouble.get().is_none().then(|| view! { <Skeleton/> }).into_any(),
        }}
    }
}

/// The project's zone.
pub(super) fn zone_of(bench: Bench) -> Zone {
    let name = bench
        .desk
        .with_untracked(|desk| desk.as_ref().map(|desk| desk.timezone.clone()));
    Zone::new(&name.unwrap_or_default(), browser::ahead_min)
}

#[component]
fn Work(bench: Bench, url: Memo<DeskUrl>) -> impl IntoView {
    let may = expect_context::<Session>().role >= Role::Manager;
    // What is painted first needs none of it.
    browser::after_paint(element::fetch);
    view! {
        <Head bench may/>
        <FromFile bench/>
        <ClashPanel bench/>
        <div class="desk">
            <section class="writing" aria-labelledby="definition">
                <div class="pane-head">
                    <h2 class="section-title" id="definition">{say::survey_definition()}</h2>
                    <SavingSign bench/>
                </div>
                <Editor bench may/>
                <Findings bench/>
            </section>
            <div class="showing">
                <PreviewPane bench/>
                <ReachPane bench/>
            </div>
        </div>
        <Versions bench url may/>
    }
}

#[component]
fn Head(bench: Bench, may: bool) -> impl IntoView {
    let entry = Memo::new(move |_| {
        bench
            .desk
            .with(|desk| desk.as_ref().map(|it| it.entry.clone()))
    });
    let name = Memo::new(move |_| entry.get().map(|entry| entry.name).unwrap_or_default());
    Effect::new(move || browser::set_title(&name.get()));
    let state = Memo::new(move |_| entry.get().map(|entry| entry.state));
    let sentence = move || {
        entry.get().map(|entry| {
            let zone = zone_of(bench);
            format!("{} {}", tell::desk(&entry, &zone), tell::outcome(&entry))
        })
    };
    let tests = move || {
        let tests = entry.get().map_or(0, |entry| entry.counts.tests);
        (tests > 0).then(|| view! { <p class="small">{say::survey_tests(tests)}</p> })
    };
    view! {
        <header class="page-head desk-head">
            <p class="crumb">
                <a href="surveys">{say::rail_surveys()}</a>
                {move || state.get().map(|state| view! { <StateMark state/> })}
            </p>
            <h1 class="desk-name">{name}</h1>
            <p class="muted desk-sentence">{sentence}</p>
            {tests}
            {may.then(|| view! { <Actions bench state/> })}
        </header>
    }
}

#[component]
fn Actions(bench: Bench, state: Memo<Option<State>>) -> impl IntoView {
    palette::offer(say::survey_publish(), move || bench.publish());
    let errors = Memo::new(move |_| {
        bench
            .findings
            .with(|found| found.iter().filter(|one| one.is_error).count() as u64)
    });
    let nothing = move || bench.saving.with(|saving| *saving == Saving::Nothing);
    let is_blocked = move || errors.get() > 0 || nothing();
    let publish = move |_| {
        if !is_blocked() {
            bench.publish();
        }
    };
    let label = move || match errors.get() {
        0 => String::from(say::survey_publish()),
        n => say::survey_publish_first(n),
    };
    let toggle = move || match state.get() {
        Some(State::Draft | State::Ended) | None => None,
        Some(State::Paused) => Some(
            view! {
                <button class="button" type="button" on:click=move |_| bench.pause(false)>
                    {say::survey_resume()}
                </button>
            }
            .into_any(),
        ),
        Some(_) => Some(
            view! {
                <button class="button" type="button" on:click=move |_| bench.pause(true)>
                    {say::survey_pause()}
                </button>
            }
            .into_any(),
        ),
    };
    view! {
        <div class="actions">
            <button
                class="button primary" type="button" data-testid="publish"
                aria-disabled=move || is_blocked().then_some("true")
                on:click=publish
            >
                {label}
            </button>
            {toggle}
            <More bench/>
        </div>
    }
}

/// Says that a file stands behind the version that runs.
#[component]
fn FromFile(bench: Bench) -> impl IntoView {
    let is_from_file = Memo::new(move |_| {
        bench.desk.with(|desk| {
            let newest = desk.as_ref().and_then(|desk| desk.versions.first());
            let by = newest.and_then(|version| version.by.as_ref());
            by.is_some_and(|by| by.credential == Credential::CommandLine)
        })
    });
    move || {
        is_from_file.get().then(|| {
            view! {
                <p class="notice-line">{say::survey_from_file()}</p>
            }
        })
    }
}

#[component]
fn Editor(bench: Bench, may: bool) -> impl IntoView {
    let first = bench.text.get_untracked();
    let typed = move |ev: ev::Event| {
        let text = ev.target().and_then(|target| element::typed(&target));
        if let Some(text) = text {
            bench.typed(text);
        }
    };
    Effect::new(move || {
        if !may {
            element::lock();
        }
        // The element is there now, whether or not it is what it will be.
        let json = bench.findings.with(serde_json::to_string);
        if let Ok(json) = json {
            element::set_findings(&json);
        }
    });
    view! {
        <div class="editor" on:input=typed>
            <fh-code id=element::CODE schema="v1/survey.schema.json" label=say::survey_definition()>
                <textarea
                    aria-label=say::survey_definition() spellcheck="false" readonly=!may
                    prop:value=first
                ></textarea>
            </fh-code>
        </div>
    }
}

/// Where what was typed is.
#[component]
fn SavingSign(bench: Bench) -> impl IntoView {
    let said = move || match bench.saving.get() {
        Saving::Nothing => say::survey_as_published().to_owned(),
        Saving::Waiting => say::survey_saving().to_owned(),
        Saving::Saved(at) => say::survey_saved(&zone_of(bench).clock(at)),
        Saving::Failed(error) => say::survey_not_saved(&error.to_string()),
        Saving::Clashed => say::survey_clashed().to_owned(),
    };
    view! {
        <p class="small" role="status" data-testid="saving" data-saving=move || bench.saving.with(mark)>
            {said}
        </p>
    }
}

fn mark(saving: &Saving) -> &'static str {
    match saving {
        Saving::Nothing => "nothing",
        Saving::Waiting => "waiting",
        Saving::Saved(_) => "saved",
        Saving::Failed(_) => "failed",
        Saving::Clashed => "clashed",
    }
}
