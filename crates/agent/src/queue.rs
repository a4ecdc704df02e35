//! Turns things that happened into a bounded waiting line, answers first; what falls out is counted.

use std::rc::Rc;

use protocol::id::{ItemId, ResponseId};
use protocol::item::{AnswerValue, Item, ItemType, Response};
use protocol::limits::ITEM_TTL_DAYS;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::command::{Body, Shared};
use crate::time::Now;

/// Items that wait at most. A survey makes about five, so this is dozens of surveys without a
/// collector, and still nothing a page's memory would notice.
const MAX_ITEMS: usize = 200;
/// Bytes that wait at most, as they would be on the wire.
const MAX_BYTES: usize = 256 << 10;
/// Milliseconds after which an item that nobody acknowledged is given up.
const TTL_MS: u64 = ITEM_TTL_DAYS * 24 * 60 * 60 * 1000;

/// Why an item was given up before the collector decided on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DropReason {
    /// The waiting line was full of items at least as important.
    QueueFull,
    /// Longer than one line, or than one body that the collector takes.
    TooLarge,
    /// The collector could not read it, even alone.
    Unreadable,
    /// Nobody acknowledged it for seven days.
    Expired,
}

impl DropReason {
    const ALL: [Self; 4] = [
        Self::QueueFull,
        Self::TooLarge,
        Self::Unreadable,
        Self::Expired,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::TooLarge => "too_large",
            Self::Unreadable => "unreadable",
            Self::Expired => "expired",
        }
    }
}

/// How many items were given up, by reason; written as a map of those that occurred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drops([u32; DropReason::ALL.len()]);

impl Drops {
    pub(crate) fn count(&mut self, reason: DropReason) {
        self.0[reason as usize] += 1;
    }

    pub(crate) fn add(&mut self, other: Self) {
        for i in 0..self.0.len() {
            self.0[i] += other.0[i];
        }
    }
}

impl Serialize for Drops {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (reason, n) in DropReason::ALL.iter().zip(self.0) {
            if n > 0 {
                map.serialize_entry(reason.as_str(), &n)?;
            }
        }
        map.end()
    }
}

/// One item that nobody has acknowledged yet.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) id: ItemId,
    pub(crate) seq: u64,
    /// When it happened, on the monotonic clock.
    pub(crate) at_ms: u64,
    pub(crate) body: Shared,
    pub(crate) bytes: usize,
    /// Never part of an envelope, so its body may still change.
    pub(crate) fresh: bool,
}

impl Pending {
    pub(crate) fn new(id: ItemId, seq: u64, now: Now, body: Body) -> Self {
        let bytes = body_bytes(&body);
        Self {
            id,
            seq,
            at_ms: now.mono_ms,
            body: Shared(Rc::new(body)),
            bytes,
            fresh: true,
        }
    }

    /// The response that this item is a revision of.
    pub(crate) fn response(&self) -> Option<&Response> {
        match &*self.body.0 {
            Body::Response(response) => Some(response),
            _ => None,
        }
    }

    /// The item as it goes on the wire in an envelope built now.
    pub(crate) fn item(&self, now: Now) -> Item<Shared> {
        Item {
            id: self.id,
            seq: self.seq,
            age_ms: now.mono_ms.saturating_sub(self.at_ms),
            kind: match *self.body.0 {
                Body::Impression(_) => ItemType::Impression,
                Body::Response(_) => ItemType::Response,
                Body::Dismissal(_) => ItemType::Dismissal,
            },
            p: self.body.clone(),
        }
    }

    /// Where it stands in the line: answers first, impressions last, then in order of happening.
    fn place(&self) -> (u8, u64) {
        let rank = match &*self.body.0 {
            Body::Response(_) => 0,
            Body::Dismissal(_) => 1,
            Body::Impression(_) => 2,
        };
        (rank, self.seq)
    }
}

/// The waiting line.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// In the order of their places.
    items: Vec<Pending>,
    /// What was given up and not yet reported.
    pub(crate) drops: Drops,
}

impl Queue {
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(crate) fn has_response(&self) -> bool {
        self.items
            .first()
            .is_some_and(|first| first.response().is_some())
    }

    /// Removes the revision of `response` that no envelope holds yet, if there is one.
    pub(crate) fn remove_fresh(&mut self, response: ResponseId) -> Option<Pending> {
        self.remove(|item| item.fresh && item.response().is_some_and(|it| it.response == response))
    }

    /// Adds an item at its place.
    pub(crate) fn push(&mut self, item: Pending) {
        let behind = |other: &Pending| other.place() > item.place();
        let at = self.items.iter().position(behind);
        self.items.insert(at.unwrap_or(self.items.len()), item);
    }

    /// Removes what has to go while there is too much: the oldest of the least important items.
    pub(crate) fn overflow(&mut self) -> Option<Pending> {
        let bytes: usize = self.items.iter().map(|item| item.bytes).sum();
        if self.items.len() <= MAX_ITEMS && bytes <= MAX_BYTES {
            return None;
        }
        let (last, _) = self.items.last()?.place();
        self.remove(|item| item.place().0 == last)
    }

    /// Removes an item that has waited for too long.
    pub(crate) fn expired(&mut self, now: Now) -> Option<Pending> {
        self.remove(|item| now.mono_ms.saturating_sub(item.at_ms) >= TTL_MS)
    }

    /// Removes what goes into one envelope: the most important items up to both limits, at least
    /// one if there is any.
    pub(crate) fn take(&mut self, n_items: usize, bytes: usize) -> Vec<Pending> {
        let mut n = 0;
        let mut total = 0;
        for item in &self.items {
            total += item.bytes;
            if n == n_items || (n > 0 && total > bytes) {
                break;
            }
            n += 1;
        }
        let rest = self.items.split_off(n);
        core::mem::replace(&mut self.items, rest)
    }

    fn remove(&mut self, is_it: impl Fn(&Pending) -> bool) -> Option<Pending> {
        let idx = self.items.iter().position(is_it)?;
        Some(self.items.remove(idx))
    }
}

/// Bytes of a body as JSON, roughly: the collector is the judge, and ten times as generous as our
/// envelopes are long.
fn body_bytes(body: &Body) -> usize {
    let (survey, page) = match body {
        Body::Impression(it) => (&it.survey, &it.page),
        Body::Dismissal(it) => (&it.survey, &it.page),
        Body::Response(it) => (&it.survey, &it.page),
    };
    let mut bytes = 200 + survey.id.len() + page.url.len() + page.language.len();
    if let Body::Response(it) = body {
        for answer in &it.answers {
            bytes += 60 + answer.question.len() + answer.prompt.len();
            if let AnswerValue::Text(text) = &answer.value {
                bytes += text.len();
            }
        }
    }
    bytes
}
