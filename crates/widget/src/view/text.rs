//! Turns an open question into a text field that counts only where its room runs out.

use reactive_graph::signal::RwSignal;
use reactive_graph::traits::{Get, Set};
use tachys::dom::event_target_value;
use tachys::html::{element, event as ev};
use tachys::prelude::*;

use super::question::{DESCRIBED_BY, invalid};
use super::{Scene, truth};
use crate::flow::{Room, room};
use crate::words::{fill, number};

/// A field without `maxlength`: what is pasted stays whole, and can be shortened by its writer.
pub(super) fn area(scene: Scene, max_chars: u32, required: bool) -> impl RenderHtml {
    let seen = RwSignal::new(String::new());
    let mut before = Room::Plenty;
    element::div().class("text").child((
        element::textarea()
            .rows(3)
            .dir("auto")
            .aria_labelledby("title")
            .aria_describedby(DESCRIBED_BY)
            .aria_required(truth(required))
            .aria_invalid(move || invalid(scene))
            .on(ev::input, move |event| {
                let text = event_target_value(&event);
                let now = room(&text, max_chars);
                if now != before {
                    seen.set(sight(scene, now));
                }
                let heard = now.announced(max_chars);
                if heard != before.announced(max_chars) {
                    scene.said.set(sound(scene, heard));
                }
                before = now;
                scene.enter(|draft| draft.text = text);
            }),
        // Seen with every key; what is heard of it comes in steps.
        element::p()
            .class("room")
            .lang(scene.words.language)
            .aria_hidden("true")
            .child(move || seen.get()),
    ))
}

fn sight(scene: Scene, room: Room) -> String {
    match room {
        Room::Plenty => String::new(),
        Room::Left(n) => fill(scene.words.left, "{n}", &number(n)),
        Room::Over(n) => fill(scene.words.over, "{n}", &number(n)),
    }
}

fn sound(scene: Scene, room: Room) -> String {
    match room {
        Room::Plenty => String::new(),
        Room::Left(n) => fill(scene.words.nearly, "{n}", &number(n)),
        Room::Over(_) => scene.words.full.to_owned(),
    }
}
