//! Turns an open question into a text field that counts only where its room runs out.

use leptos::prelude::*;
use leptos::{ev, html};

use super::Scene;
use super::question::{DESCRIBED_BY, invalid};
use crate::flow::{Room, room};
use crate::words::fill;

/// A field without `maxlength`: what is pasted stays whole, and can be shortened by its writer.
pub(super) fn area(scene: Scene, max_chars: u32, required: bool) -> impl IntoView {
    let left = RwSignal::new(Room::Plenty);
    html::div().class("text").child((
        html::textarea()
            .rows(3)
            .dir("auto")
            .aria_labelledby("title")
            .aria_describedby(DESCRIBED_BY)
            .aria_required(if required { "true" } else { "false" })
            .aria_invalid(move || invalid(scene))
            .on(ev::input, move |event| {
                let text = event_target_value(&event);
                count(scene, left, room(&text, max_chars), max_chars);
                scene.enter(|draft| draft.text = text);
            }),
        // Seen with every key; what is heard of it is said by `count`, in steps.
        html::p()
            .class("room")
            .lang(scene.words.language)
            .aria_hidden("true")
            .class(("over", move || matches!(left.get(), Room::Over(_))))
            .child(move || match left.get() {
                Room::Plenty => String::new(),
                Room::Left(n) => fill(scene.words.left, "{n}", &n.to_string()),
                Room::Over(n) => fill(scene.words.over, "{n}", &n.to_string()),
            }),
    ))
}

fn count(scene: Scene, left: RwSignal<Room>, now: Room, max_chars: u32) {
    let before = left.get_untracked();
    if before == now {
        return;
    }
    left.set(now);
    let said = now.announced(max_chars);
    if before.announced(max_chars) == said {
        return;
    }
    scene.said.set(match said {
        Room::Plenty => String::new(),
        Room::Left(n) => fill(scene.words.nearly, "{n}", &n.to_string()),
        Room::Over(_) => scene.words.full.to_owned(),
    });
}
