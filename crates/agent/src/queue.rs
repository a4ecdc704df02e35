//! Turns things that happened into a bounded waiting line, answers first; what falls out is counted.

use protocol::id::{ItemId, ResponseId};
use protocol::item::{Item, ItemType, Response};
use protocol::limits::{ITEM_TTL_DAYS, MAX_ITEM_BYTES};

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::command::Body;
use crate::time::Now;

/// Items that wait at most. A survey makes about five, so this is dozens of surveys without a
/// collector, and still nothing a page's memory would notice.
const MAX_ITEMS: usize = 200;
/// Bytes that wait at most, as they would be on the wire.
const MAX_BYTES: usize = 256 << 10;
/// Bytes of an item's line beside its body: ids, numbers, names of fields.
const LINE_BYTES: usize = 160;
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
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
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
    pub(crate) body: Body,
    pub(crate) bytes: usize,
    /// Never part of an envelope, so its body may still change.
    pub(crate) fresh: bool,
}

impl Pending {
    pub(crate) fn new(id: ItemId, seq: u64, now: Now, body: Body) -> Self {
        let bytes = LINE_BYTES + body_bytes(&body);
        Self {
            id,
            seq,
            at_ms: now.mono_ms,
            body,
            bytes,
            fresh: true,
        }
    }

    /// The response that this item is a revision of.
    pub(crate) fn response(&self) -> Option<&Response> {
        match &self.body {
            Body::Response(response) => Some(response),
            _ => None,
        }
    }

    /// The item as it goes on the wire in an envelope built now.
    pub(crate) fn item(&self, now: Now) -> Item<Body> {
        Item {
            id: self.id,
            seq: self.seq,
            age_ms: now.mono_ms.saturating_sub(self.at_ms),
            kind: match self.body {
                Body::Impression(_) => ItemType::Impression,
                Body::Response(_) => ItemType::Response,
                Body::Dismissal(_) => ItemType::Dismissal,
            },
            p: self.body.clone(),
        }
    }

    /// Higher goes first and stays longest.
    fn rank(&self) -> u8 {
        match self.body {
            Body::Response(_) => 2,
            Body::Dismissal(_) => 1,
            Body::Impression(_) => 0,
        }
    }
}

/// The waiting line.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// By rank, highest first; within a rank in the order of happening.
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
        let is_it = |item: &Pending| {
            item.fresh && item.response().is_some_and(|it| it.response == response)
        };
        let idx = self.items.iter().position(is_it)?;
        Some(self.items.remove(idx))
    }

    /// Adds an item and returns those that had to go for it, with the reason.
    pub(crate) fn push(&mut self, item: Pending) -> Vec<(Pending, DropReason)> {
        if item.bytes > MAX_ITEM_BYTES {
            self.drops.count(DropReason::TooLarge);
            return vec![(item, DropReason::TooLarge)];
        }
        self.insert(item);
        let mut gone = Vec::new();
        while self.items.len() > MAX_ITEMS || self.bytes() > MAX_BYTES {
            let Some(lowest) = self.items.last().map(Pending::rank) else {
                break;
            };
            let oldest = self.items.partition_point(|item| item.rank() > lowest);
            self.drops.count(DropReason::QueueFull);
            gone.push((self.items.remove(oldest), DropReason::QueueFull));
        }
        gone
    }

    /// Puts an item back that an envelope held, at its old place.
    pub(crate) fn put_back(&mut self, mut item: Pending) {
        item.fresh = false;
        self.insert(item);
    }

    /// Removes what goes into one envelope: the most important items, up to both limits, at least
    /// one. Expired items are given up on the way.
    pub(crate) fn take(
        &mut self,
        n_items: usize,
        bytes: usize,
        now: Now,
    ) -> (Vec<Pending>, Vec<Pending>) {
        let mut expired = Vec::new();
        let mut total = 0;
        let mut n = 0;
        while let Some(item) = self.items.get(n) {
            if now.mono_ms.saturating_sub(item.at_ms) >= TTL_MS {
                self.drops.count(DropReason::Expired);
                expired.push(self.items.remove(n));
                continue;
            }
            total += item.bytes;
            if n == n_items || (n > 0 && total > bytes) {
                break;
            }
            n += 1;
        }
        let rest = self.items.split_off(n);
        (core::mem::replace(&mut self.items, rest), expired)
    }

    fn insert(&mut self, item: Pending) {
        let place = |other: &Pending| {
            other.rank() > item.rank() || (other.rank() == item.rank() && other.seq < item.seq)
        };
        let at = self.items.partition_point(place);
        self.items.insert(at, item);
    }

    fn bytes(&self) -> usize {
        self.items.iter().map(|item| item.bytes).sum()
    }
}

/// Bytes of a body as JSON, never less than the truth by more than the names of its fields.
pub(crate) fn body_bytes(body: &Body) -> usize {
    match body {
        Body::Impression(it) => 80 + text_bytes(&it.survey.id) + page_bytes(&it.page),
        Body::Dismissal(it) => 160 + text_bytes(&it.survey.id) + page_bytes(&it.page),
        Body::Response(it) => {
            let answers = it.answers.iter().map(|answer| {
                let value = match &answer.value {
                    protocol::item::AnswerValue::Text(text) => text_bytes(text),
                    _ => 0,
                };
                60 + text_bytes(&answer.question) + text_bytes(&answer.prompt) + value
            });
            180 + text_bytes(&it.survey.id) + page_bytes(&it.page) + answers.sum::<usize>()
        }
    }
}

fn page_bytes(page: &protocol::item::PageContext) -> usize {
    text_bytes(&page.url) + text_bytes(&page.language)
}

/// Bytes of a text as JSON: quotes and backslashes take two, control characters up to six.
fn text_bytes(text: &str) -> usize {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(escaped).sum()
}
