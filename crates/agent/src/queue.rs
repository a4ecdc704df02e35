//! Turns things that happened into a bounded waiting line, answers first; what falls out is counted.

use protocol::id::ItemId;
use protocol::limits::ITEM_TTL_DAYS;

use crate::asking::{Kind, Revision};
use crate::command::word;
use crate::json::Json;
use crate::time::Now;

/// Items that wait at most. A survey makes about five, so this is dozens of surveys without a
/// collector, and still nothing a page's memory would notice.
const MAX_ITEMS: usize = 200;
/// Bytes that wait at most, as they would be on the wire.
const MAX_BYTES: usize = 256 << 10;
/// Milliseconds after which an item that nobody acknowledged is given up.
const TTL_MS: u64 = ITEM_TTL_DAYS * 24 * 60 * 60 * 1000;
/// Bytes of an item beside its body, at most: id, position, age, type.
const FRAME_BYTES: usize = 150;

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

/// The stable names of [`DropReason`].
const REASONS: &str = "queue_full too_large unreadable expired ";
/// How many there are.
const N_REASONS: usize = 4;

impl DropReason {
    pub(crate) fn as_bytes(self) -> &'static [u8] {
        word(REASONS, self as usize)
    }
}

/// How many items were given up, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Drops([u32; N_REASONS]);

impl Drops {
    pub(crate) fn count(&mut self, reason: DropReason) {
        self.0[reason as usize] += 1;
    }

    pub(crate) fn add(&mut self, other: Self) {
        for i in 0..self.0.len() {
            self.0[i] += other.0[i];
        }
    }

    /// A map of those that occurred.
    pub(crate) fn write(self, to: &mut Json) {
        to.raw(b"{");
        for (i, n) in self.0.iter().enumerate() {
            if *n > 0 {
                to.text(word(REASONS, i));
                to.end(b':');
                to.number((*n).into());
            }
        }
        to.end(b'}');
    }
}

/// One item that nobody has acknowledged yet.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) id: ItemId,
    pub(crate) seq: u64,
    /// When it happened, on the monotonic clock.
    at_ms: u64,
    pub(crate) kind: Kind,
    pub(crate) revision: Revision,
    /// JSON.
    body: Vec<u8>,
}

impl Pending {
    pub(crate) const fn new(
        id: ItemId,
        seq: u64,
        now: Now,
        kind: Kind,
        revision: Revision,
        body: Vec<u8>,
    ) -> Self {
        Self {
            id,
            seq,
            at_ms: now.mono_ms,
            kind,
            revision,
            body,
        }
    }

    /// Bytes on the wire, at most.
    pub(crate) const fn bytes(&self) -> usize {
        self.body.len() + FRAME_BYTES
    }

    pub(crate) const fn is_response(&self) -> bool {
        self.kind.is_response()
    }

    /// The item as it goes on the wire in an envelope built now.
    pub(crate) fn write(&self, now: Now, to: &mut Json) {
        to.raw(b"{");
        to.key("id");
        to.id(self.id.0);
        to.number_at("seq", self.seq);
        to.number_at("age_ms", now.mono_ms.saturating_sub(self.at_ms));
        to.word_at("type", self.kind.as_bytes());
        to.key("p");
        to.raw(&self.body);
        to.end(b'}');
    }

    /// Where it stands in the line: answers first, impressions last, then in order of happening.
    const fn place(&self) -> (u8, u64) {
        (self.kind as u8, self.seq)
    }
}

/// The waiting line: items that no envelope has held yet.
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

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn has_response(&self) -> bool {
        self.items.first().is_some_and(Pending::is_response)
    }

    /// Removes the waiting revision of the same response, if there is one.
    pub(crate) fn remove_revision(&mut self, of: Revision) -> Option<Pending> {
        self.remove(|item| item.is_response() && item.revision.is_of(of))
    }

    /// Adds an item at its place.
    pub(crate) fn push(&mut self, item: Pending) {
        let behind = |other: &Pending| other.place() > item.place();
        let at = self.items.iter().position(behind);
        self.items.insert(at.unwrap_or(self.items.len()), item);
    }

    /// Removes what has to go while there is too much: the oldest of the least important items.
    pub(crate) fn overflow(&mut self) -> Option<Pending> {
        let bytes: usize = self.items.iter().map(Pending::bytes).sum();
        if self.items.len() <= MAX_ITEMS && bytes <= MAX_BYTES {
            return None;
        }
        let last = self.items.last()?.kind;
        self.remove(|item| item.kind == last)
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
            total += item.bytes();
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
