//! Turns answers into JSON text as it goes on the wire.
//!
//! Written by hand for the few shapes there are: a serializer would weigh more than they do.

use protocol::item::{Answer, AnswerValue, Chosen};
use protocol::survey::Reaction;

use crate::words::decimal;

/// The answers as a JSON array of the wire's `Answer`.
pub fn answers(all: &[Answer]) -> String {
    let mut out = String::new();
    list(&mut out, all, answer);
    out
}

fn list<T>(out: &mut String, all: &[T], one: fn(&mut String, &T)) {
    out.push('[');
    for (idx, item) in all.iter().enumerate() {
        if idx > 0 {
            out.push(',');
        }
        one(out, item);
    }
    out.push(']');
}

fn answer(out: &mut String, answer: &Answer) {
    out.push_str("{\"question\":");
    text(out, &answer.question);
    out.push_str(",\"prompt\":");
    text(out, &answer.prompt);
    out.push_str(",\"value\":");
    value(out, &answer.value);
    out.push_str(if answer.off_path {
        ",\"off_path\":true}"
    } else {
        "}"
    });
}

fn value(out: &mut String, value: &AnswerValue) {
    let name = match value {
        AnswerValue::Skipped => return text(out, "skipped"),
        AnswerValue::Nps(_) => "nps",
        AnswerValue::Text(_) => "text",
        AnswerValue::Csat(_) => "csat",
        AnswerValue::Ces(_) => "ces",
        AnswerValue::Rating(_) => "rating",
        AnswerValue::Choice(_) => "choice",
        AnswerValue::Consent(_) => "consent",
        AnswerValue::Reaction(_) => "reaction",
    };
    out.push('{');
    text(out, name);
    out.push(':');
    match value {
        AnswerValue::Nps(score) => out.push_str(&decimal(u8::from(*score).into())),
        AnswerValue::Csat(score) | AnswerValue::Ces(score) | AnswerValue::Rating(score) => {
            out.push_str(&decimal((*score).into()));
        }
        AnswerValue::Text(said) => text(out, said),
        AnswerValue::Choice(chosen) => choice(out, chosen),
        AnswerValue::Consent(_) | AnswerValue::Skipped => out.push_str("true"),
        AnswerValue::Reaction(reaction) => text(
            out,
            match reaction {
                Reaction::Up => "up",
                Reaction::Down => "down",
                Reaction::Heart => "heart",
            },
        ),
    }
    out.push('}');
}

fn choice(out: &mut String, chosen: &Chosen) {
    out.push_str("{\"options\":");
    list(out, &chosen.options, |out, option| {
        out.push_str("{\"id\":");
        text(out, &option.id);
        out.push_str(",\"label\":");
        text(out, &option.label);
        out.push('}');
    });
    if let Some(other) = &chosen.other {
        out.push_str(",\"other\":");
        text(out, other);
    }
    out.push('}');
}

fn text(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0'..='\u{1f}' => {
                out.push_str("\\u00");
                let byte = c as usize;
                out.extend([HEX[byte >> 4] as char, HEX[byte & 15] as char]);
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}
