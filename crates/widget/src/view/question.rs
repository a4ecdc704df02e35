//! Turns one question into a form: title, control, complaint, buttons.

use leptos::either::Either;
use leptos::prelude::*;
use leptos::{ev, html};
use protocol::survey::{Question, QuestionKind};

use super::{Scene, mark, nps, text};
use crate::flow::{Flow, Problem};
use crate::words::fill;

/// Ids of what describes the control. An empty or absent element describes nothing.
pub(super) const DESCRIBED_BY: &str = "about low high problem";

pub(super) fn question(scene: Scene, question: &Question, last: bool) -> AnyView {
    let words = scene.words;
    let control = match &question.kind {
        QuestionKind::Nps { low, high } => {
            Either::Left(nps::scale(scene, low, high, question.required))
        }
        QuestionKind::Text { max_chars } => {
            Either::Right(text::area(scene, *max_chars, question.required))
        }
    };
    html::form()
        .novalidate(true)
        .on(ev::submit, move |event| {
            event.prevent_default();
            scene.confirm();
        })
        .child((
            html::div().class("body").child((
                progress(scene),
                html::h2()
                    .id("title")
                    .tabindex(-1)
                    .child(question.title.clone()),
                question
                    .description
                    .clone()
                    .map(|text| html::p().id("about").child(text)),
                control,
                // Mounted empty: screen readers only report what changes in a region they know.
                html::p()
                    .id("problem")
                    .lang(words.language)
                    .aria_live("polite")
                    .aria_atomic("true")
                    .child(move || scene.problem.get().map(|problem| complaint(scene, problem))),
            )),
            html::div().class("foot").lang(words.language).child((
                mark(scene),
                (!question.required).then(|| {
                    html::button()
                        .r#type("button")
                        .class("skip")
                        .on(ev::click, move |_| scene.skip())
                        .child(words.skip)
                }),
                html::button().r#type("submit").class("go").child(if last {
                    words.send
                } else {
                    words.next
                }),
            )),
        ))
        .into_any()
}

/// Where the person is, when there is more than one question.
fn progress(scene: Scene) -> impl IntoView {
    let (n, of) = scene.flow.with_untracked(Flow::progress);
    (of > 1).then(|| {
        let text = fill(scene.words.progress, "{n}", &n.to_string());
        html::p()
            .class("progress")
            .lang(scene.words.language)
            .child(fill(&text, "{of}", &of.to_string()))
    })
}

fn complaint(scene: Scene, problem: Problem) -> String {
    match problem {
        Problem::ScoreMissing => scene.words.score_missing.to_owned(),
        Problem::TextMissing => scene.words.text_missing.to_owned(),
        Problem::TextTooLong(over) => fill(scene.words.text_too_long, "{n}", &over.to_string()),
    }
}

/// `true` while something is to be mended, for `aria-invalid`.
pub(super) fn invalid(scene: Scene) -> &'static str {
    if scene.problem.with(Option::is_some) {
        "true"
    } else {
        "false"
    }
}
