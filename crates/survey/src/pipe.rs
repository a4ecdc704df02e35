//! Turns `{{question_id|otherwise}}` in a text into what the person answered there, as text.

use protocol::item::{Answer, AnswerValue, Chosen};
use protocol::survey::OTHER;

/// Puts earlier answers into `text`; what was not answered becomes what stands behind the `|`.
///
/// An answer is inserted as it is: braces in it mean nothing. Answers off the path are as if they
/// had not been given.
///
/// ```
/// assert_eq!(survey::pipe::fill("Why {{score|so}}?", &[]), "Why so?");
/// ```
pub fn fill(text: &str, answers: &[Answer]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, inner, after)) = next(rest) {
        filled.push_str(before);
        let (id, otherwise) = split(inner);
        match answers.iter().find(|answer| answer.question == id) {
            Some(answer) if !answer.off_path => {
                let said = said(&answer.value);
                filled.push_str(if said.is_empty() { otherwise } else { &said });
            }
            _ => filled.push_str(otherwise),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The ids of the questions that `text` takes answers from, in the order of the text.
pub fn questions(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, inner, after)) = next(rest) {
        found.push(split(inner).0);
        rest = after;
    }
    found
}

/// The text before the first pair of braces, inside, and after it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let open = find(text, b"{{")?;
    let after = text.get(open + 2..)?;
    let close = find(after, b"}}")?;
    Some((
        text.get(..open)?,
        after.get(..close)?,
        after.get(close + 2..)?,
    ))
}

/// `str::find` for a text would bring two kilobytes of search into the widget.
fn find(text: &str, pair: &[u8; 2]) -> Option<usize> {
    text.as_bytes().windows(2).position(|two| two == pair)
}

fn split(inner: &str) -> (&str, &str) {
    let bar = inner.bytes().position(|b| b == b'|');
    let (id, otherwise) = inner.split_at(bar.unwrap_or(inner.len()));
    (id.trim(), otherwise.get(1..).unwrap_or_default())
}

/// What was answered, as text; empty when it has none.
pub fn said(value: &AnswerValue) -> String {
    match value {
        AnswerValue::Nps(score) => number(u8::from(*score)),
        AnswerValue::Csat(score) | AnswerValue::Ces(score) | AnswerValue::Rating(score) => {
            number(*score)
        }
        AnswerValue::Text(text) => text.clone(),
        AnswerValue::Choice(chosen) => labels(chosen),
        AnswerValue::Skipped | AnswerValue::Consent(_) | AnswerValue::Reaction(_) => String::new(),
    }
}

fn labels(chosen: &Chosen) -> String {
    let mut all = String::new();
    for option in &chosen.options {
        if !all.is_empty() {
            all.push_str(", ");
        }
        let own = chosen.other.as_deref().filter(|_| option.id == OTHER);
        all.push_str(own.unwrap_or(&option.label));
    }
    all
}

fn number(n: u8) -> String {
    let mut digits = String::new();
    for (place, from) in [(100, 100), (10, 10), (1, 0)] {
        if n >= from {
            digits.push(char::from(b'0' + n / place % 10));
        }
    }
    digits
}
