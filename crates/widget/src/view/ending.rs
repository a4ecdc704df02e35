//! Turns what became of the answers into the last screen: thanks only for what is kept.

use reactive_graph::traits::Get;
use tachys::html::element;
use tachys::prelude::*;

use super::{Scene, mark};

pub(super) fn ending(scene: Scene) -> impl Render<State: 'static> {
    element::div().class("end").child((
        element::div()
            .class("body")
            .role("status")
            .attr("data-delivery", move || scene.delivery.get())
            .child((
                // The elements stay while their texts change: the focus is on the title.
                element::h2()
                    .id("title")
                    .tabindex(-1)
                    .lang(move || said(scene).lang)
                    .child(move || said(scene).title),
                element::p()
                    .lang(move || said(scene).lang)
                    .child(move || said(scene).text),
            )),
        element::div().class("foot").child(mark(scene)),
    ))
}

struct Said {
    lang: String,
    title: String,
    text: String,
}

/// The thanks, in the survey's language; or what else there is to say, in that of the widget's words.
fn said(scene: Scene) -> Said {
    let words = scene.words;
    let (title, text) = match scene.delivery.get().as_str() {
        "stored" => {
            return scene.flow(|flow| {
                let content = flow.content();
                Said {
                    lang: content.language.clone(),
                    title: content.thanks.title.clone(),
                    text: content.thanks.text.clone().unwrap_or_default(),
                }
            });
        }
        "waiting" => (words.waiting, words.waiting_text),
        "refused" => (words.refused, words.refused_text),
        _ => (words.sending, ""),
    };
    Said {
        lang: words.language.to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
    }
}
