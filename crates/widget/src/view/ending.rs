//! Turns what became of the answers into the last screen: thanks only for what is kept.

use std::rc::Rc;

use protocol::survey::{Ending, SurveyContent};
use protocol::text::Phrase;

use super::{DELIVERIES, REFUSED, STORED, Scene, question};
use crate::dom::{El, el};
use crate::flow::{Flow, Screen};
use crate::words::Word;

/// The ending that is shown.
pub(super) fn of(content: &SurveyContent, at: Screen) -> Option<&Ending<Phrase>> {
    match at {
        Screen::Ending(ending) => content.endings.get(ending),
        _ => None,
    }
}

/// The elements stay while their texts change: the focus is on the title.
pub(super) fn ending(scene: &Scene) -> El {
    let at = scene.flow(Flow::screen);
    let content = scene.content();
    let ending = of(&content, at);
    let title = el("h2", "").set("id", "title").set("tabindex", "-1");
    let text = el("p", "");
    let link = ending.and_then(|ending| ending.link.as_ref());
    let link = link.and_then(|link| question::anchor(scene, link));
    let body = el("div", "body")
        .set("role", "status")
        .add(&title)
        .add(&text)
        .maybe(link.as_ref());
    let shown = body.clone();
    let on = scene.clone();
    scene.watch(Rc::new(move || {
        let state = on.delivery();
        shown.clone().set("data-delivery", &state);
        let (headline, below) = said(&on, at, &state);
        for (el, phrase) in [(&title, headline), (&text, below)] {
            el.put(&on.flow(|flow| flow.piped(&phrase.text)));
            let own = on.content().language.clone();
            let language = if phrase.language.is_empty() {
                own
            } else {
                phrase.language
            };
            el.clone().set("lang", &language);
        }
        if let Some(link) = &link {
            link.toggle("hidden", state != STORED);
        }
    }));
    let foot = el("div", "foot").maybe(scene.mark().as_ref());
    el("div", "end").add(&body).add(&foot)
}

/// The thanks, in the survey's language; or what else there is to say, in that of the widget's words.
fn said(scene: &Scene, at: Screen, state: &str) -> (Phrase, Phrase) {
    let content = scene.content();
    let ending = of(&content, at).filter(|ending| !ending.title.text.is_empty());
    if let Some(ending) = ending.filter(|_| state == STORED) {
        return (
            ending.title.clone(),
            ending.text.clone().unwrap_or_default(),
        );
    }
    let words = match state {
        STORED => (Some(Word::Thanks), None),
        REFUSED => (Some(Word::Refused), Some(Word::RefusedText)),
        _ if state == DELIVERIES[1] => (Some(Word::Waiting), Some(Word::WaitingText)),
        _ if state == DELIVERIES[4] => (Some(Word::Waiting), Some(Word::WaitingKept)),
        _ => (Some(Word::Sending), None),
    };
    let phrase = |word: Option<Word>| Phrase {
        text: word.map_or_else(String::new, |word| scene.word(word)),
        language: scene.word(Word::Language),
    };
    (phrase(words.0), phrase(words.1))
}
