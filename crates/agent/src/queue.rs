//! Turns things that happened into a bounded waiting line, answers first; what falls out is counted.

use protocol::id::ItemId;
use protocol::limits::ITEM_TTL_DAYS;

use crate::asking::Revision;
use crate::command::word;
use crate::json::Json;
use crate::kind::Kind;
use crate::time::Now;

/// Items and bytes, as they would be on the wire, that wait at most in each lane.
///
/// Answers: dozens of surveys without a collector; events: what those make beside. Outages and latency:
/// hours of reports, which come every ten minutes while nothing is delivered, or one of a page with
/// thousands of templates. All of it is nothing that a page's memory would notice.
const LANES: [(usize, usize); 4] = [
    (100, 192 << 10),
    (60, 256 << 10),
    (100, 48 << 10),
    (60, 256 << 10),
];
/// Milliseconds after which an item that nobody acknowledged is given up.
const TTL_MS: i64 = ITEM_TTL_DAYS as i64 * 24 * 60 * 60 * 1000;
/// Bytes of an item beside its body, at most: id, position, age, type.
const FRAME_BYTES: usize = 150;

/// Why an item was given up before the collector decided on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DropReason {
    /// Its lane of the waiting line was full.
    QueueFull,
    /// Longer than one line, or than one body that the collector takes.
    TooLarge,
    /// The collector could not read it, even alone.
    Unreadable,
    /// Nobody acknowledged it for seven days.
    Expired,
    /// The person does not allow it, or the browser says so for them.
    NoConsent,
    /// The page's own `beforeSend` kept it back, or threw.
    BeforeSend,
    /// Left by an earlier page, and the oldest of the least important when there was no room.
    OutboxFull,
    /// No loss, but reported like one: kept in localStorage, because the database refused.
    KeptInStorage,
    /// The same: nothing but the page's memory has it.
    KeptInMemory,
}

/// The stable names of [`DropReason`].
const REASONS: &str = "queue_full too_large unreadable expired no_consent before_send outbox_full kept_in_localstorage kept_in_memory ";
/// How many there are.
const N_REASONS: usize = 9;

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
        self.count_all(reason, 1);
    }

    pub(crate) fn count_all(&mut self, reason: DropReason, n: u32) {
        self.0[reason as usize] += n;
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
    /// When it happened, on the monotonic clock; below zero when that was before this page.
    pub(crate) at_ms: i64,
    pub(crate) kind: Kind,
    pub(crate) revision: Revision,
    /// Whether the page was told to keep it beyond its own end.
    pub(crate) kept: bool,
    /// JSON.
    pub(crate) body: Vec<u8>,
}

impl Pending {
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
        to.number_at("age_ms", self.age_ms(now).max(0) as u64);
        to.word_at("type", self.kind.as_bytes());
        to.key("p");
        to.raw(&self.body);
        to.end(b'}');
    }

    const fn age_ms(&self, now: Now) -> i64 {
        now.mono_ms as i64 - self.at_ms
    }

    pub(crate) const fn is_expired(&self, now: Now) -> bool {
        self.age_ms(now) >= TTL_MS
    }

    /// Where it stands in the line: answers first, latency last, then in order of happening.
    const fn place(&self) -> (u8, u64) {
        (self.kind as u8, self.seq)
    }
}

/// The waiting line: items that no envelope has held yet.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// In the order of their places.
    pub(crate) items: Vec<Pending>,
    /// What was given up and not yet reported.
    pub(crate) drops: Drops,
    /// Only answers may go: the others wait for consent.
    pub(crate) only_answers: bool,
}

impl Queue {
    /// The most important item that may go.
    pub(crate) fn first(&self) -> Option<&Pending> {
        let first = self.items.first();
        first.filter(|item| item.is_response() || !self.only_answers)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    pub(crate) fn has_response(&self) -> bool {
        self.first().is_some_and(Pending::is_response)
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

    /// Removes what has to go while a lane is too full: the oldest of its least important items, because
    /// what is fresh says more. Of answers the newest: the older ones were promised to be kept.
    pub(crate) fn overflow(&mut self, lane: usize) -> Option<Pending> {
        let (n_items, n_bytes) = LANES[lane];
        let (mut n, mut bytes) = (0, 0);
        let mut victim = None;
        for (place, item) in self.items.iter().enumerate() {
            if item.kind.lane() == lane {
                n += 1;
                bytes += item.bytes();
                if lane == 0 || victim.is_none_or(|(_, kind)| kind != item.kind) {
                    victim = Some((place, item.kind));
                }
            }
        }
        let (victim, _) = victim.filter(|_| n > n_items || bytes > n_bytes)?;
        Some(self.items.remove(victim))
    }

    /// Removes what goes into one envelope: the most important items up to both limits, at least
    /// one if there is any.
    pub(crate) fn take(&mut self, n_items: usize, bytes: usize) -> Vec<Pending> {
        let mut n = 0;
        let mut total = 0;
        for item in &self.items {
            total += item.bytes();
            let stays = self.only_answers && !item.is_response();
            if stays || n == n_items || (n > 0 && total > bytes) {
                break;
            }
            n += 1;
        }
        let rest = self.items.split_off(n);
        core::mem::replace(&mut self.items, rest)
    }

    /// Removes one that `is_it`.
    pub(crate) fn remove(&mut self, is_it: impl Fn(&Pending) -> bool) -> Option<Pending> {
        let idx = self.items.iter().position(is_it)?;
        Some(self.items.remove(idx))
    }
}
