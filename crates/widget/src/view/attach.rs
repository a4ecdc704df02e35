//! Turns what may be attached to feedback into a box to tick, with all of it to read beforehand.

use tachys::dom::event_target_checked;
use wasm_bindgen::JsCast;

use super::Scene;
use crate::dom::{El, el};
use crate::words::Word;

/// Adds the place for screenshots, and the context with its consent, of a feedback form.
pub(super) fn attach(scene: &Scene, body: El) -> El {
    let Some(parts) = scene.content().feedback else {
        return body;
    };
    let shots = parts.screenshot && scene.with(|inner| inner.shots);
    let body = if shots {
        body.add(&el("div", "shots").set("id", "shots"))
    } else {
        body
    };
    if parts.context {
        context(scene, body)
    } else {
        body
    }
}

fn context(scene: &Scene, body: El) -> El {
    let list = scene.words(|words| {
        let context = words.context();
        let all = context.iter().fold(el("dl", ""), |list, (name, value)| {
            list.add(&el("dt", "").text(name))
                .add(&el("dd", "").text(value))
        });
        (!context.is_empty()).then_some(all)
    });
    let Some(list) = list else {
        return body;
    };
    let input = el("input", "").set("type", "checkbox").set("id", "context");
    input.check(scene.flow(|flow| flow.agreed()));
    let on = scene.clone();
    let heard = move |event: wasm_bindgen::JsValue| {
        let agreed = event_target_checked(event.unchecked_ref());
        on.update(|inner| inner.flow.agree(agreed));
    };
    scene.on(&input, "change", Box::new(heard));
    let label = el("label", "option").add(&input);
    let label = label.add(&scene.worded("span", "", Word::Context));
    let preview = el("details", "")
        .add(&scene.worded("summary", "", Word::Preview))
        .add(&list);
    body.add(&el("div", "attach").add(&label).add(&preview))
}
