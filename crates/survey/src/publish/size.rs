//! Turns the questions of a survey into the bytes that a full response could need.

use protocol::limits::{MAX_ITEM_BYTES, MAX_OTHER_CHARS};
use protocol::survey::{Choice, Question, QuestionKind, Survey};
use protocol::text::LocalText;

use super::{Code, Report};

/// Bytes of an item that are not answers: ids, page, person, attachments, context.
const RESERVE: usize = 8 << 10;
/// Bytes around one answer: names, quotes, braces.
const FRAME: usize = 96;
/// Bytes of one character at most, as UTF-8 and as most JSON escapes.
const CHAR: usize = 4;

pub(super) fn check(survey: &Survey, report: &mut Report<'_>) {
    let needed: usize = survey.questions.iter().map(|q| answer(q, survey)).sum();
    let most = MAX_ITEM_BYTES - RESERVE;
    if needed > most {
        let sentence = format!(
            "A full response could need {needed} bytes, and {most} fit; allow fewer characters in text answers."
        );
        report.say("/questions", Code::ResponseSize, sentence);
    }
}

fn answer(question: &Question<LocalText>, survey: &Survey) -> usize {
    let piped = |text: &str| {
        let sources = pipes(text).into_iter();
        let answers = sources.map(|(id, _)| {
            let source = survey.questions.iter().find(|q| q.id == id);
            source.map_or(0, |source| value(&source.kind))
        });
        answers.sum::<usize>()
    };
    let prompt = longest(&question.title, |text| text.len() + piped(text));
    FRAME + question.id.len() + prompt + value(&question.kind)
}

fn value(kind: &QuestionKind<LocalText>) -> usize {
    match kind {
        QuestionKind::Text { max_chars, .. } => *max_chars as usize * CHAR,
        QuestionKind::SingleChoice(choice) => {
            options(choice).max().unwrap_or_default() + other(choice)
        }
        QuestionKind::MultipleChoice(choice) => options(choice).sum::<usize>() + other(choice),
        _ => 0,
    }
}

fn options(choice: &Choice<LocalText>) -> impl Iterator<Item = usize> {
    let written = choice.options.iter().map(|o| (o.id.len(), &o.label));
    let own = [&choice.other, &choice.none].into_iter().flatten();
    written
        .chain(own.map(|label| (8, label)))
        .map(|(id, label)| 24 + id + longest(label, str::len))
}

fn other(choice: &Choice<LocalText>) -> usize {
    choice.other.as_ref().map_or(0, |_| MAX_OTHER_CHARS * CHAR)
}

fn longest(text: &LocalText, len: impl Fn(&str) -> usize) -> usize {
    match text {
        LocalText::One(text) => len(text),
        LocalText::Many(texts) => texts.values().map(|text| len(text)).max().unwrap_or(0),
    }
}

/// The questions that `text` takes answers from, each with what stands there without one.
pub(super) fn pipes(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{")
        && let Some((inner, after)) = after.split_once("}}")
    {
        let (id, otherwise) = inner.split_once('|').unwrap_or((inner, ""));
        found.push((id.trim(), otherwise));
        rest = after;
    }
    found
}
