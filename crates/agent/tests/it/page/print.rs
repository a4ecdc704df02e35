//! Turns items and envelopes into the few words by which tests know them.

use std::fmt::Write as _;

use agent::{Body, Command};
use protocol::id::{ItemId, ResponseId};
use protocol::item::{AnswerValue, Item, ItemType, Response};

use super::Page;

impl Page {
    pub(super) fn batch(&self, slot: u32) -> String {
        let number = self.slots.iter().position(|it| *it == slot);
        number.map_or_else(|| "unsent".to_owned(), |n| format!("b{}", n + 1))
    }

    pub(super) fn response(&mut self, id: ResponseId) -> String {
        let known = self.responses.iter().position(|it| *it == id);
        let number = known.unwrap_or_else(|| {
            self.responses.push(id);
            self.responses.len() - 1
        });
        format!("r{}", number + 1)
    }

    pub(super) fn item(&mut self, item: &Item<Body>) -> String {
        match &item.p {
            Body::Impression(it) => format!("impression {}", it.survey.id),
            Body::Dismissal(it) => {
                let response = it.response.map(|id| self.response(id));
                format!(
                    "dismissal {} {:?} {}",
                    it.survey.id,
                    it.reason,
                    response.unwrap_or_default()
                )
                .trim()
                .to_lowercase()
            }
            Body::Latency(it) => format!("latency of {}", it.features.len()),
            Body::Response(it) => {
                let mut line = format!("{}.{}", self.response(it.response), it.revision);
                for answer in &it.answers {
                    match &answer.value {
                        AnswerValue::Nps(score) => {
                            write!(line, " {}={}", answer.question, u8::from(*score))
                        }
                        AnswerValue::Text(text) => write!(line, " {}={text}", answer.question),
                        AnswerValue::Skipped => write!(line, " {}=-", answer.question),
                        other => write!(line, " {}={other:?}", answer.question),
                    }
                    .unwrap();
                }
                line + if it.complete { " done" } else { "" }
            }
        }
    }
}

/// What base64 text stands for.
pub(super) fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let six = |c| DIGITS.find(c).unwrap() as u32;
    let digits: Vec<u32> = text.trim_end_matches('=').chars().map(six).collect();
    let mut bytes = Vec::new();
    for four in digits.chunks(4) {
        let bits = (0..4).fold(0, |bits, i| bits << 6 | four.get(i).copied().unwrap_or(0));
        bytes.extend(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}

/// The latest response that was sent.
pub(crate) fn response(page: &Page) -> Response {
    let items = page.sent.iter().flat_map(|sent| &sent.items);
    let of = |item: &Item<Body>| match &item.p {
        Body::Response(response) if item.kind == ItemType::Response => Some(response.clone()),
        _ => None,
    };
    items.rev().find_map(of).unwrap()
}

/// The ids and positions of all items that were sent, in the order of sending.
pub(crate) fn ids(page: &Page) -> Vec<(ItemId, u64)> {
    let items = page.sent.iter().flat_map(|sent| &sent.items);
    items.map(|item| (item.id, item.seq)).collect()
}

/// A list of facts as the facade writes it.
pub(crate) fn list(parts: &[&str]) -> String {
    parts.iter().flat_map(|part| [*part, "\u{1f}"]).collect()
}

/// The counts of `counted`, which have to add up.
pub(super) fn counted(command: &Command) -> String {
    let Command::Counted {
        made,
        adopted,
        accepted,
        duplicate,
        conflict,
        rejected,
        pending,
        dropped,
    } = command
    else {
        return String::new();
    };

    let fates = [accepted, duplicate, conflict, rejected, pending];
    let ends: u32 = fates.into_iter().chain(dropped.values()).sum();
    // Whatever happened: it adds up.
    assert_eq!(made + adopted, ends);
    let words = ["accepted", "duplicate", "conflict", "rejected", "pending"];
    let mut line = format!("made {made}");
    let of = fates.into_iter().zip(words);
    let adopted = [(adopted, "adopted")].into_iter();
    for (n, word) in adopted.chain(of).filter(|(n, _)| **n > 0) {
        write!(line, " {word} {n}").unwrap();
    }
    for (reason, n) in dropped {
        write!(line, " {reason} {n}").unwrap();
    }
    line
}
