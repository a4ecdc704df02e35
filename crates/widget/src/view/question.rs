//! Turns one question into a form: title, control, complaint, buttons.

use either_of::Either;
use protocol::survey::{Question, QuestionKind};
use reactive_graph::traits::Get;
use tachys::html::{element, event as ev};
use tachys::prelude::*;

use super::{Scene, mark, nps, text, truth};
use crate::flow::Flow;
use crate::words::{fill, number};

/// Ids of what describes the control. An empty or absent element describes nothing.
pub(super) const DESCRIBED_BY: &str = "about low high problem";

/// The question with `index`, from 0.
pub(super) fn question(
    scene: Scene,
    question: &Question,
    index: usize,
) -> impl Render<State: 'static> + use<> {
    let words = scene.words;
    let control = match &question.kind {
        QuestionKind::Nps { low, high } => {
            Either::Left(nps::scale(scene, low, high, question.required))
        }
        QuestionKind::Text { max_chars } => {
            Either::Right(text::area(scene, *max_chars, question.required))
        }
    };
    let last = scene.flow(Flow::is_last);
    element::form()
        .novalidate(true)
        .on(ev::submit, move |event| {
            event.prevent_default();
            scene.go_on(false);
        })
        .child((
            element::div().class("body").child((
                progress(scene, index),
                element::h2()
                    .id("title")
                    .tabindex(-1)
                    .child(question.title.clone()),
                question
                    .description
                    .clone()
                    .map(|text| element::p().id("about").child(text)),
                control,
                // Mounted empty: screen readers only report what changes in a region they know.
                element::p()
                    .id("problem")
                    .lang(words.language)
                    .aria_live("polite")
                    .aria_atomic("true")
                    .child(move || scene.problem.get()),
            )),
            element::div().class("foot").lang(words.language).child((
                mark(scene),
                (!question.required).then(|| {
                    element::button()
                        .r#type("button")
                        .class("skip")
                        .on(ev::click, move |_| scene.go_on(true))
                        .child(words.skip)
                }),
                element::button()
                    .r#type("submit")
                    .class("go")
                    .child(if last { words.send } else { words.next }),
            )),
        ))
}

/// Where the person is, when there is more than one question.
fn progress(scene: Scene, index: usize) -> impl RenderHtml {
    let of = scene.flow(|flow| flow.content().questions.len());
    (of > 1).then(|| {
        let text = fill(scene.words.progress, "{n}", &number(index + 1));
        element::p()
            .class("progress")
            .lang(scene.words.language)
            .child(fill(&text, "{of}", &number(of)))
    })
}

/// For `aria-invalid`: whether something is to be mended.
pub(super) fn invalid(scene: Scene) -> String {
    truth(!scene.problem.get().is_empty())
}
