//! Turns an open question into a text field that counts only where its room runs out.

use protocol::survey::{Question, QuestionKind, TextFormat};
use protocol::text::Phrase;
use tachys::dom::event_target_value;
use wasm_bindgen::JsValue;

use super::Scene;
use super::question::{describe, id};
use crate::dom::{El, el};
use crate::flow::{Room, room};
use crate::words::Word;

/// A field without `maxlength`: what is pasted stays whole, and can be shortened by its writer.
pub(super) fn field(scene: &Scene, asked: &Question<Phrase>, here: usize, title: &str) -> El {
    let QuestionKind::Text {
        max_chars,
        min_chars,
        format,
        short,
    } = asked.kind
    else {
        return el("div", "");
    };
    let input = if short || format != TextFormat::Any {
        kind(el("input", ""), format)
    } else {
        el("textarea", "").set("rows", "3")
    };
    let input = input
        .set("id", &id("q", here))
        .set("dir", "auto")
        .set("aria-labelledby", title);
    let input = describe(scene, input, here, asked.required);
    input.property("value", &JsValue::from_str(&scene.draft(here).text));
    let seen = scene.chrome(el("p", "room").set("aria-hidden", "true"));
    let counted = seen.clone();
    let mut before = Room::Plenty;
    let on = scene.clone();
    let heard = move |event| {
        let text = event_target_value::<JsValue>(&event);
        let now = room(&text, max_chars);
        if now != before {
            counted.put(&sight(&on, now));
        }
        let told = now.announced(max_chars);
        if told != before.announced(max_chars) {
            on.say(&sound(&on, told));
        }
        before = now;
        on.enter(here, |draft| draft.text = text);
    };
    scene.on(&input, "input", Box::new(heard));
    let hint = (min_chars > 1).then(|| {
        let text = scene.words(|words| words.with(Word::AtLeast, min_chars as usize));
        scene
            .chrome(el("p", "hint"))
            .set("id", &id("h", here))
            .text(&text)
    });
    el("div", "text")
        .maybe(hint.as_ref())
        .add(&input)
        .add(&seen)
}

/// What the browser can help with: the right keyboard, and what it knows of the person.
fn kind(input: El, format: TextFormat) -> El {
    let (kind, mode, fill) = match format {
        TextFormat::Any => ("text", "text", "on"),
        TextFormat::Email => ("email", "email", "email"),
        TextFormat::Url => ("url", "url", "url"),
        TextFormat::Number => ("text", "decimal", "off"),
    };
    input
        .set("type", kind)
        .set("inputmode", mode)
        .set("autocomplete", fill)
}

fn sight(scene: &Scene, room: Room) -> String {
    scene.words(|words| match room {
        Room::Plenty => String::new(),
        Room::Left(n) => words.with(Word::Left, n),
        Room::Over(n) => words.with(Word::Over, n),
    })
}

fn sound(scene: &Scene, room: Room) -> String {
    scene.words(|words| match room {
        Room::Plenty => String::new(),
        Room::Left(n) => words.with(Word::Nearly, n),
        Room::Over(_) => words.get(Word::Full).to_owned(),
    })
}
