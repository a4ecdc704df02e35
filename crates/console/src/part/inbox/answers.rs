//! Turns answers into what somebody would have said: each question, and what was said to it.

use leptos::prelude::*;
use protocol::id::AttachmentId;
use protocol::query::inbox::{Answered, Detail, Score};

use crate::inbox::names;
use crate::words::say;

/// All answers in the order of their questions, and the images.
pub(super) fn answers(detail: &Detail) -> impl IntoView + use<> {
    let language = detail.item.language.clone();
    let all = detail.answers.iter().map(|one| answer(one, &language));
    view! {
        <dl class="inbox-answers">{all.collect_view()}</dl>
        {(!detail.complete).then(|| view! { <p class="muted small">{say::inbox_unfinished()}</p> })}
        {images(&detail.attachments)}
        {(!detail.missing.is_empty()).then(|| view! {
            <p class="muted small">{say::inbox_image_missing(detail.missing.len() as u64)}</p>
        })}
    }
}

fn answer(one: &Answered, language: &str) -> impl IntoView + use<> {
    let class = if one.off_path { "off-path" } else { "" };
    view! {
        <div class=class>
            <dt>{one.prompt.clone()}</dt>
            {one.score.as_ref().map(score)}
            {(!one.options.is_empty()).then(|| view! { <dd>{one.options.join(", ")}</dd> })}
            {one.text.clone().map(|text| view! {
                <dd class="words" lang=String::from(language) dir="auto">{text}</dd>
            })}
            {said(one).map(|said| view! { <dd class="muted">{said}</dd> })}
            {one.off_path.then(|| view! { <dd class="muted small">{say::inbox_off_path()}</dd> })}
        </div>
    }
}

fn score(score: &Score) -> impl IntoView + use<> {
    let of = say::inbox_of(&score.top.to_string());
    view! {
        <dd class="inbox-score">
            <b class=names::tone(score)>{score.points.to_string()}</b>" "<span class="muted">{of}</span>
        </dd>
    }
}

/// What is neither a score nor words.
fn said(one: &Answered) -> Option<&'static str> {
    match (&*one.kind, one.reaction.as_deref()) {
        ("skipped", _) => Some(say::inbox_skipped()),
        ("consent", _) => Some(say::inbox_consent()),
        (_, Some("up")) => Some(say::inbox_reaction_up()),
        (_, Some("down")) => Some(say::inbox_reaction_down()),
        (_, Some("heart")) => Some(say::inbox_reaction_heart()),
        _ => None,
    }
}

fn images(ids: &[AttachmentId]) -> Option<impl IntoView + use<>> {
    let n = ids.len();
    let link = move |(nth, id): (usize, &AttachmentId)| {
        let url = format!("api/v1/attachments/{id}");
        let (picture, name) = (
            url.clone(),
            say::comments_shot(&n.to_string(), &(nth + 1).to_string()),
        );
        view! {
            <a href=url target="_blank" rel="noopener">
                <img class="shot" src=picture alt=name loading="lazy" width="240" height="160"/>
            </a>
        }
    };
    let links = ids.iter().enumerate().map(link).collect_view();
    (n > 0).then(|| view! { <p class="shots inbox-shots">{links}</p> })
}
