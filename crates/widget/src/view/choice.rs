//! Turns options into native radios and boxes, and keeps what is picked among them.

use std::rc::Rc;

use protocol::survey::Choice;
use protocol::text::Phrase;
use tachys::dom::event_target_value;
use wasm_bindgen::JsValue;

use super::question::{describe, id};
use super::{Scene, truth};
use crate::dom::{self, El, el, icon};
use crate::flow::Screen;
use crate::words::{Word, decimal};

/// Class of the text field behind "other".
const OWN: &str = "own";

/// What can be picked: a bit of the draft.
pub(super) struct Mark {
    pub(super) bit: u8,
    pub(super) label: El,
    pub(super) input: El,
}

impl Mark {
    /// A native `kind` of input inside a label.
    pub(super) fn new(kind: &str, here: usize, bit: u8) -> Self {
        let name = id("q", here);
        let value = decimal(bit.into());
        let input = el("input", "")
            .set("type", kind)
            .set("id", &[&name, "-", &value].concat())
            .set("name", &name)
            .set("value", &value);
        Self {
            bit,
            label: el("label", "").add(&input),
            input,
        }
    }
}

/// Follows what is picked among `marks` inside `whole`. With `fill`, all before the picked one are
/// drawn like it; `exclusive` are a box that takes all others back, and the rest that it is not.
pub(super) fn picks(
    scene: &Scene,
    here: usize,
    whole: &El,
    marks: Vec<Mark>,
    fill: bool,
    multiple: Option<Multiple>,
) {
    let marks = Rc::new(marks);
    show(&marks, scene.draft(here).picked, fill);
    let on = scene.clone();
    let heard = move |event: JsValue| {
        // The text field inside says so too.
        if dom::target_class(&event) == OWN {
            return;
        }
        let Ok(bit) = event_target_value(&event).parse::<u8>() else {
            return;
        };
        let was = on.draft(here).picked;
        let now = match &multiple {
            Some(multiple) => multiple.pick(was, bit),
            None => 1 << bit,
        };
        on.enter(here, |draft| draft.picked = now);
        show(&marks, now, fill);
        if multiple.is_some_and(|multiple| multiple.cleared(was, now)) {
            on.say(&on.word(Word::Cleared));
        }
    };
    scene.on(whole, "change", Box::new(heard));
}

fn show(marks: &[Mark], picked: u64, fill: bool) {
    for mark in marks {
        let on = picked >> mark.bit & 1 == 1;
        mark.input.check(on);
        let filled = fill && picked >> mark.bit != 0;
        mark.label.toggle("data-on", on || filled);
        if let Some(field) = field(mark) {
            field.toggle("hidden", !on);
        }
    }
}

/// The text field behind an option, when it has one.
fn field(mark: &Mark) -> Option<El> {
    let next = mark.label.element().next_element_sibling()?;
    (next.class_name() == OWN).then(|| El::of(next))
}

/// Several options at once, of which one may exclude all others.
#[derive(Clone, Copy)]
pub(super) struct Multiple {
    /// The bit of that one, or 0.
    none: u64,
}

impl Multiple {
    fn pick(&self, was: u64, bit: u8) -> u64 {
        let now = was ^ 1 << bit;
        if now & !was & self.none == 0 {
            // Not "none" was ticked just now: with any other option it goes.
            if now & !self.none == 0 {
                now
            } else {
                now & !self.none
            }
        } else {
            self.none
        }
    }

    fn cleared(&self, was: u64, now: u64) -> bool {
        now & self.none != 0 && was & !self.none != 0
    }
}

/// A list of options, with "other" and "none" at its end.
pub(super) fn options(
    scene: &Scene,
    part: El,
    choice: &Choice<Phrase>,
    here: usize,
    multiple: bool,
) -> El {
    let kind = if multiple { "checkbox" } else { "radio" };
    let n = choice.options.len();
    let order = scene.flow(|flow| flow.walk().order(here, choice));
    let mut list = el("div", "options");
    let mut marks = Vec::new();
    let own = order
        .iter()
        .map(|at| (*at, choice.options.get(*at).map(|option| &option.label)));
    let all = own.chain([(n, choice.other.as_ref()), (n + 1, choice.none.as_ref())]);
    for (at, label) in all {
        let Some(label) = label else { continue };
        let mark = option(scene, kind, here, at as u8, label);
        list = list.add(&mark.label);
        if at == n {
            list = list.add(&other(scene, here, label));
        }
        marks.push(mark);
    }
    let none = if choice.none.is_some() {
        1 << (n + 1)
    } else {
        0
    };
    let rule = multiple.then_some(Multiple { none });
    picks(scene, here, &list, marks, false, rule);
    let part = match hint(scene, choice).filter(|_| multiple) {
        Some(hint) => part.add(
            &scene
                .chrome(el("p", "hint"))
                .set("id", &id("h", here))
                .text(&hint),
        ),
        None => part,
    };
    let required = scene.flow(|flow| flow.question(here).is_some_and(|asked| asked.required));
    let part = if multiple {
        part
    } else {
        part.set("role", "radiogroup")
    };
    describe(scene, part, here, required && !multiple).add(&list)
}

fn option(scene: &Scene, kind: &str, here: usize, bit: u8, label: &Phrase) -> Mark {
    let mark = Mark::new(kind, here, bit);
    let text = scene.phrase("span", "", label);
    Mark {
        label: mark.label.set("class", "option").add(&text),
        ..mark
    }
}

/// The text field right behind "other", which has a label of its own.
fn other(scene: &Scene, here: usize, label: &Phrase) -> El {
    let name = scene.words(|words| [&label.text, ": ", words.get(Word::Own)].concat());
    let field = el("input", OWN)
        .set("type", "text")
        .set("id", &id("o", here))
        .set("dir", "auto")
        .set("aria-label", &name)
        .set("aria-describedby", &id("p", here));
    field.property("value", &JsValue::from_str(&scene.draft(here).text));
    let on = scene.clone();
    let heard = move |event| {
        let text = event_target_value::<JsValue>(&event);
        on.enter(here, |draft| draft.text = text);
    };
    scene.on(&field, "input", Box::new(heard));
    field
}

/// How many options may be chosen.
fn hint(scene: &Scene, choice: &Choice<Phrase>) -> Option<String> {
    let (min, max) = (usize::from(choice.min), usize::from(choice.max));
    Some(scene.words(|words| match (min, max) {
        (0 | 1, 0) => words.get(Word::PickAny).to_owned(),
        (_, 0) => words.with(Word::PickMin, min),
        (0 | 1, _) => words.with(Word::PickMax, max),
        _ => words.with_of(Word::PickRange, min, max),
    }))
}

/// One box to tick.
pub(super) fn consent(scene: &Scene, part: El, label: &Phrase, here: usize, required: bool) -> El {
    let mark = option(scene, "checkbox", here, 0, label);
    let list = el("div", "options").add(&mark.label);
    let input = mark.input.clone();
    picks(
        scene,
        here,
        &list,
        vec![mark],
        false,
        Some(Multiple { none: 0 }),
    );
    describe(scene, input, here, required);
    part.add(&list)
}

const THUMB: &str =
    "M7 11l4-8a2.5 2.5 0 0 1 2.5 2.5V9h5a2 2 0 0 1 2 2.3l-1.2 7a2 2 0 0 1-2 1.7H7zM7 11H3.5v9H7";
const HEART: &str = "M12 20.5l-7.7-7.6a5 5 0 0 1 7.1-7.1l.6.7l.6-.7a5 5 0 0 1 7.1 7.1z";

/// Three buttons: one tap is the answer. With other questions beside them they only stay pressed.
pub(super) fn reactions(scene: &Scene, part: El, here: usize) -> El {
    let picked = scene.draft(here).picked;
    let mut row = el("div", "reactions");
    let all = [(Word::Up, THUMB), (Word::Down, THUMB), (Word::Heart, HEART)];
    let buttons: Vec<El> = all
        .iter()
        .enumerate()
        .map(|(bit, (word, path))| {
            el("button", "react")
                .set("type", "button")
                .set("data-bit", &decimal(bit))
                .set("aria-label", &scene.word(*word))
                .set("aria-pressed", truth(picked >> bit & 1 == 1))
                .add(&icon(path))
        })
        .collect();
    let pressed = Rc::new(buttons);
    for (bit, button) in pressed.iter().enumerate() {
        row = row.add(button);
        let all = Rc::clone(&pressed);
        let on = scene.clone();
        let heard = move |_| {
            on.enter(here, |draft| draft.picked = 1 << bit);
            for (other, button) in all.iter().enumerate() {
                button.clone().set("aria-pressed", truth(other == bit));
            }
            if on.flow(|flow| flow.screen()) != Screen::Together {
                on.go_on(false);
            }
        };
        scene.on(button, "click", Box::new(heard));
    }
    part.add(&scene.chrome(row))
}
