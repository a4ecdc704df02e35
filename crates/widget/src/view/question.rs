//! Turns one question into a group: title, control, complaint.

use std::rc::Rc;

use protocol::survey::{Image, Link, Question, QuestionKind};
use protocol::text::Phrase;

use super::{Scene, choice, scale, text, truth};
use crate::dom::{El, el};
use crate::flow::Screen;
use crate::words::{Word, decimal};

/// The question at position `here`, whose title has the id `title`.
pub(super) fn question(scene: &Scene, asked: &Question<Phrase>, here: usize, title: &str) -> El {
    let group = !matches!(
        asked.kind,
        QuestionKind::Text { .. } | QuestionKind::Statement { .. }
    );
    let heading = if title == "title" { "h2" } else { "h3" };
    let heading = scene.phrase(heading, "", &asked.title);
    let heading = heading.set("id", title).set("tabindex", "-1");
    let together = scene.flow(|flow| flow.screen()) == Screen::Together;
    let quiet = matches!(asked.kind, QuestionKind::Statement { .. }) || asked.required;
    let heading = if together && !quiet {
        heading.add(&scene.worded("small", "", Word::Optional))
    } else {
        heading
    };
    let image = match &asked.kind {
        QuestionKind::Statement { image, .. } => image.as_ref().and_then(picture),
        _ => None,
    };
    let part = if group {
        el("fieldset", "q").add(&el("legend", "").add(&heading))
    } else {
        el("div", "q").maybe(image.as_ref()).add(&heading)
    };
    let about = asked.description.as_ref();
    let about = about.map(|about| scene.phrase("p", "about", about).set("id", &id("a", here)));
    let part = control(scene, asked, here, title, part.maybe(about.as_ref()));
    // Mounted empty: screen readers only report what changes in a region they know.
    let problem = scene.chrome(el("p", "problem").set("id", &id("p", here)));
    let problem = problem
        .set("aria-live", "polite")
        .set("aria-atomic", "true");
    let (line, on) = (problem.clone(), scene.clone());
    scene.watch(Rc::new(move || line.put(&on.problem(here))));
    part.add(&problem)
}

fn control(scene: &Scene, asked: &Question<Phrase>, here: usize, title: &str, part: El) -> El {
    match &asked.kind {
        QuestionKind::Text { .. } => part.add(&text::field(scene, asked, here, title)),
        QuestionKind::SingleChoice(options) => choice::options(scene, part, options, here, false),
        QuestionKind::MultipleChoice(options) => choice::options(scene, part, options, here, true),
        QuestionKind::Consent { label } => {
            choice::consent(scene, part, label, here, asked.required)
        }
        QuestionKind::Statement {
            link, reactions, ..
        } => statement(scene, part, link.as_ref(), *reactions, here),
        _ => scale::scale(scene, part, asked, here),
    }
}

/// The attributes of what is answered with: what describes it, whether it has to be, and is wrong.
pub(super) fn describe(scene: &Scene, el: El, here: usize, required: bool) -> El {
    let n = decimal(here);
    let about = ["a", &n, " h", &n, " l", &n, " r", &n, " p", &n].concat();
    let el = el.set("aria-describedby", &about);
    let (told, on) = (el.clone(), scene.clone());
    scene.watch(Rc::new(move || {
        let wrong = truth(!on.problem(here).is_empty());
        told.clone().set("aria-invalid", wrong);
    }));
    if required {
        el.set("aria-required", "true")
    } else {
        el
    }
}

/// An id of the question at position `here`.
pub(super) fn id(kind: &str, here: usize) -> String {
    [kind, &decimal(here)].concat()
}

fn picture(image: &Image<Phrase>) -> Option<El> {
    let safe = image.url.starts_with("https://");
    safe.then(|| {
        el("img", "")
            .set("alt", &image.alt.text)
            .set("referrerpolicy", "no-referrer")
            .set("src", &image.url)
    })
}

fn statement(
    scene: &Scene,
    part: El,
    link: Option<&Link<Phrase>>,
    reactions: bool,
    here: usize,
) -> El {
    let link = link.and_then(|link| anchor(scene, link));
    let part = part.maybe(link.as_ref());
    if reactions {
        choice::reactions(scene, part, here)
    } else {
        part
    }
}

/// A link that opens in a tab of its own, to where a link may lead.
pub(super) fn anchor(scene: &Scene, link: &Link<Phrase>) -> Option<El> {
    let fits = ["https://", "http://", "mailto:"];
    let fits = fits.iter().any(|scheme| link.url.starts_with(scheme));
    fits.then(|| {
        let hint = scene.worded("span", "heard", Word::NewTab);
        scene
            .phrase("a", "link", &link.label)
            .set("href", &link.url)
            .set("target", "_blank")
            .set("rel", "noopener noreferrer")
            .text(" ")
            .add(&hint)
    })
}
