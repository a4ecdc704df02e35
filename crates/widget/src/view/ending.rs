//! Turns what became of the answers into the last screen: thanks only for what is kept.

use leptos::html;
use leptos::prelude::*;
use protocol::survey::SurveyContent;

use super::{Delivery, Scene, mark};

pub(super) fn ending(scene: Scene, content: &SurveyContent) -> impl IntoView + use<> {
    let thanks = content.thanks.clone();
    let words = scene.words;
    html::div().class("end").child((
        html::div()
            .class("body")
            .role("status")
            .attr("data-delivery", move || name(scene.delivery.get()))
            .child(move || {
                // The thanks are in the survey's language, the rest in that of the widget's words.
                let (lang, title, text) = match scene.delivery.get() {
                    Delivery::Stored => (None, thanks.title.clone(), thanks.text.clone()),
                    Delivery::Sending => own(words.language, words.sending, None),
                    Delivery::Waiting => {
                        own(words.language, words.waiting, Some(words.waiting_text))
                    }
                    Delivery::Refused => {
                        own(words.language, words.refused, Some(words.refused_text))
                    }
                };
                (
                    html::h2().id("title").tabindex(-1).lang(lang).child(title),
                    text.map(|text| html::p().lang(lang).child(text)),
                )
            }),
        html::div().class("foot").child(mark(scene)),
    ))
}

type Said = (Option<&'static str>, String, Option<String>);

fn own(language: &'static str, title: &str, text: Option<&str>) -> Said {
    (Some(language), title.to_owned(), text.map(str::to_owned))
}

fn name(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Sending => "sending",
        Delivery::Waiting => "waiting",
        Delivery::Stored => "stored",
        Delivery::Refused => "refused",
    }
}
