//! Turns answers into what somebody would have said: each question, and what was said to it.

use protocol::id::AttachmentId;
use protocol::query::inbox::{Answered, Detail, Score};

use crate::inbox::names;
use crate::node::{Element, el, said};
use crate::words::say;

/// All answers in the order of their questions, and the images.
pub(super) fn answers(detail: &Detail) -> Vec<Element> {
    let language = &detail.item.language;
    let all = detail.answers.iter().map(|one| answer(one, language));
    let mut parts = vec![el("dl").class("inbox-answers").all(all)];
    let mut small = |words: String| parts.push(said("p", "muted small", words));
    if !detail.complete {
        small(String::from(say::inbox_unfinished()));
    }
    if !detail.missing.is_empty() {
        small(say::inbox_image_missing(detail.missing.len() as u64));
    }
    if !detail.attachments.is_empty() {
        parts.push(images(&detail.attachments));
    }
    parts
}

fn answer(one: &Answered, language: &str) -> Element {
    let class = if one.off_path { "off-path" } else { "" };
    let words = |text: &String| {
        said("dd", "words", text.clone())
            .at("lang", String::from(language))
            .at("dir", "auto")
    };
    let options = (!one.options.is_empty()).then(|| el("dd").text(one.options.join(", ")));
    let aside = one.off_path.then(say::inbox_off_path);
    el("div")
        .class(class)
        .child(el("dt").text(one.prompt.clone()))
        .maybe(one.score.as_ref().map(score))
        .maybe(options)
        .maybe(one.text.as_ref().map(words))
        .maybe(other(one).map(|words| said("dd", "muted", words)))
        .maybe(aside.map(|words| said("dd", "muted small", words)))
}

fn score(score: &Score) -> Element {
    let of = say::inbox_of(&score.top.to_string());
    let points = said("b", names::tone(score), score.points.to_string());
    el("dd")
        .class("inbox-score")
        .child(points)
        .text(" ")
        .child(said("span", "muted", of))
}

/// What is neither a score nor words.
fn other(one: &Answered) -> Option<&'static str> {
    match (&*one.kind, one.reaction.as_deref()) {
        ("skipped", _) => Some(say::inbox_skipped()),
        ("consent", _) => Some(say::inbox_consent()),
        (_, Some("up")) => Some(say::inbox_reaction_up()),
        (_, Some("down")) => Some(say::inbox_reaction_down()),
        (_, Some("heart")) => Some(say::inbox_reaction_heart()),
        _ => None,
    }
}

fn images(ids: &[AttachmentId]) -> Element {
    let n = ids.len().to_string();
    let link = |(nth, id): (usize, &AttachmentId)| {
        let url = format!("api/v1/attachments/{id}");
        let image = el("img")
            .class("shot")
            .at("src", url.clone())
            .at("alt", say::comments_shot(&n, &(nth + 1).to_string()))
            .at("loading", "lazy")
            .at("width", "240")
            .at("height", "160");
        el("a")
            .at("href", url)
            .at("target", "_blank")
            .at("rel", "noopener")
            .child(image)
    };
    el("p")
        .class("shots inbox-shots")
        .all(ids.iter().enumerate().map(link))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &Answered, expect: &str) {
        assert_eq!(answer(one, "en").words(), expect);
    }

    #[test]
    fn every_kind_of_answer_is_said() {
        let asked = Answered {
            prompt: "Why? ".into(),
            ..Answered::default()
        };
        let kind = |kind: &str| Answered {
            kind: kind.into(),
            ..asked.clone()
        };
        check(&kind("skipped"), "Why? Skipped");
        check(&kind("consent"), "Why? Agreed");
        let scored = Score {
            scale: "nps".into(),
            points: 9,
            top: 10,
        };
        check(
            &Answered {
                score: Some(scored),
                ..asked.clone()
            },
            "Why? 9 of 10",
        );
        check(
            &Answered {
                options: vec!["Price".into(), "Other".into()],
                text: Some(": late".into()),
                ..asked.clone()
            },
            "Why? Price, Other: late",
        );
    }
}
