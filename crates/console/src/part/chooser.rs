//! Turns the surveys and spans there are into links and one picker; the URL holds the choice.

use leptos::{ev::Event, prelude::*};
use protocol::query::SurveySummary;

use crate::live::Choice;
use crate::route::{Step, route};
use crate::scores_url::{ALL, ScoresUrl, Span};
use crate::words::say;

/// Which survey, over which span.
#[component]
pub fn Chooser(
    /// All surveys of the project.
    surveys: Vec<SurveySummary>,
    /// What is chosen now.
    wanted: Memo<Choice>,
) -> impl IntoView {
    let scored: Vec<_> = surveys
        .into_iter()
        .filter(|s| !s.scores.is_empty())
        .collect();
    view! {
        <div class="chooser">
            {match scored.as_slice() {
                [only] => view! { <p class="survey-name">{only.name.clone()}</p> }.into_any(),
                _ => view! { <Picker scored wanted/> }.into_any(),
            }}
            <nav class="spans" aria-label=say::time_span()>
                {Span::OFFERED.map(|span| view! { <SpanLink span wanted/> })}
            </nav>
        </div>
    }
}

#[component]
fn SpanLink(span: Span, wanted: Memo<Choice>) -> impl IntoView {
    view! {
        <a
            href=move || wanted.with(|w| w.url.but(|url| {
                url.span = span;
                url.set("from", None);
                url.set("to", None);
            }))
            aria-current=move || wanted.with(|w| w.url.span == span).then_some("true")
        >
            {span.label()}
        </a>
    }
}

#[component]
fn Picker(scored: Vec<SurveySummary>, wanted: Memo<Choice>) -> impl IntoView {
    let route = route();
    let choose = move |ev: Event| {
        let survey = event_target_value(&ev);
        // What is asked of one survey may be nothing that another one knows.
        let href = wanted.with_untracked(|w| ScoresUrl::href(&survey, w.url.span));
        route.go(&href, Step::Forth);
    };
    let options = scored
        .into_iter()
        .map(|s| {
            let id = s.id.clone();
            let selected = move || wanted.with(|w| w.survey.as_deref() == Some(&*id));
            view! { <option value=s.id selected=selected>{s.name}</option> }
        })
        .collect_view();
    view! {
        <label class="picker">
            <span class="visually-hidden">{say::scores_survey()}</span>
            <select on:change=choose>
                {options}
                <option value=ALL selected=move || wanted.with(|w| w.survey.is_none())>
                    {say::scores_all_surveys()}
                </option>
            </select>
        </label>
    }
}
