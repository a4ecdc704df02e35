//! Turns waiting items into envelopes, one under way at a time, and every answer into their fate.

mod batch;
mod gate;
mod keeping;
mod ledger;
mod settling;

use protocol::id::ItemId;
use protocol::limits::MAX_ITEM_BYTES;
use protocol::outcome::Outcome;

use crate::asking::{Revision, Watch};
use crate::command::WarnCode;
use crate::json::Json;
use crate::kind::Kind;
use crate::queue::{DropReason, Pending, Queue};
use crate::time::Entropy;
use crate::turn::Turn;
use batch::Batch;
use gate::Gate;
use ledger::Ledger;

pub(crate) use batch::Sender;

/// Wait after an answer: the last answer and the ending that follows it travel as one revision.
const ANSWER_DEBOUNCE_MS: u64 = 100;
/// Wait after anything else, so that what happens together travels together.
const FLUSH_MS: u64 = 3_000;
/// Items of one envelope.
const BATCH_ITEMS: usize = 50;
/// Bytes of one envelope while the page lives; a longer item travels alone.
const BATCH_BYTES: usize = 32 << 10;
/// Bytes of one envelope when the page may go: well within what browsers let outlive a page
/// (64 KiB for all requests together, <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch>).
const EXIT_BYTES: usize = 16 << 10;

const ACCEPTED: u8 = Outcome::Accepted.letter() as u8;
const DUPLICATE: u8 = Outcome::Duplicate.letter() as u8;
const CONFLICT: u8 = Outcome::Conflict.letter() as u8;
const REJECTED: u8 = Outcome::Rejected.letter() as u8;
/// The facade's own: the page's `beforeSend` kept the item back, it was never sent.
const HELD_BACK: u8 = b'b';

/// Everything between an item and its outcome.
#[derive(Debug)]
pub(crate) struct Transport {
    /// Who sends what is put into an envelope now.
    pub(crate) sender: Sender,
    queue: Queue,
    /// In the order of importance, then of making; more than one only after a halving, an exit, a change
    /// of sender, or when an earlier page has left something.
    batches: Vec<Batch>,
    gate: Gate,
    /// When waiting items are to be sent, on the monotonic clock.
    flush_at: u64,
    /// Whether only what a person sends on purpose is taken in.
    pub(crate) refuses: bool,
    /// Whether the page keeps items already, so that a few more cost nothing.
    keeps: bool,
    /// Kept items that need not be kept any longer.
    unkept: Vec<ItemId>,
    pub(crate) watch: Watch,
    ledger: Ledger,
    next_seq: u64,
    next_slot: u32,
}

impl Transport {
    pub(crate) fn new(sender: Sender) -> Self {
        Self {
            sender,
            queue: Queue::default(),
            batches: Vec::new(),
            gate: Gate::default(),
            flush_at: u64::MAX,
            refuses: false,
            keeps: false,
            unkept: Vec::new(),
            watch: Default::default(),
            ledger: Ledger::default(),
            next_seq: 0,
            next_slot: 0,
        }
    }

    /// Takes in what happened. A newer revision of a response replaces one that was never sent.
    pub(crate) fn push<E: Entropy>(
        &mut self,
        kind: Kind,
        revision: Revision,
        body: Vec<u8>,
        turn: &mut Turn<E>,
    ) {
        let mut wait = FLUSH_MS;
        if kind.is_response() {
            wait = ANSWER_DEBOUNCE_MS;
            self.watch.begin(revision);
        }
        let mut item = Pending {
            id: ItemId::new(turn.now.wall_ms, &turn.entropy.ten()),
            seq: self.next_seq,
            at_ms: turn.now.mono_ms as i64,
            kind,
            revision,
            kept: false,
            body,
        };
        self.ledger.made += 1;
        let refused = self.refuses && !kind.is_response();
        if refused || item.bytes() > MAX_ITEM_BYTES {
            let reason = if refused {
                DropReason::NoConsent
            } else {
                DropReason::TooLarge
            };
            self.drop(&item, reason, turn);
            return;
        }
        match self.queue.remove_revision(revision) {
            // Its place in the count stays taken: a gap would read as a loss. Not its id, once a row has
            // that: a page that dies before the row is gone leaves it, and one id may have one body only.
            Some(older) => {
                item.seq = older.seq;
                if older.kept {
                    self.unkept.push(older.id);
                }
                self.ledger.made -= 1;
            }
            None => self.next_seq += 1,
        }
        if self.queue.is_empty() {
            // What waits for consent has had its time.
            self.flush_at = u64::MAX;
        }
        self.flush_at = self.flush_at.min(turn.after(wait));
        self.queue.push(item);
        while let Some(item) = self.queue.overflow(kind.lane()) {
            self.drop(&item, DropReason::QueueFull, turn);
        }
    }

    /// Sends what is due, if nothing is under way and the collector may be asked: what is most
    /// important first.
    pub(crate) fn pump<E: Entropy>(&mut self, turn: &mut Turn<E>) {
        if self.due() > turn.now.mono_ms {
            return;
        }
        let next = self.batches.first().map(Batch::rank);
        let is_first = |item: &Pending| next.is_none_or(|rank| (item.kind as u8) < rank);
        if self.queue.first().is_some_and(is_first) && self.flush_at <= turn.now.mono_ms {
            self.cut(BATCH_BYTES, turn);
        }
        self.post(0, false, turn);
    }

    /// Sends what would be lost if the page went now: what is under way once more, by a request
    /// that outlives the page, and what waits.
    pub(crate) fn leave<E: Entropy>(&mut self, turn: &mut Turn<E>) {
        if !self.gate.may_hurry(turn.now) {
            return;
        }
        self.cut(EXIT_BYTES, turn);
        for idx in 0..self.batches.len() {
            if self.batches[idx].may_be_lost() {
                self.post(idx, true, turn);
            }
        }
    }

    /// Makes envelopes of all that waits: what happens from now on has another sender.
    pub(crate) fn seal<E: Entropy>(&mut self, turn: &mut Turn<E>) {
        while self.cut(BATCH_BYTES, turn) {}
    }

    /// The network is said to be back.
    pub(crate) fn online<E: Entropy>(&mut self, turn: &mut Turn<E>) {
        self.gate.online(turn);
    }

    /// The collector has told another page of this browser to wait for so long.
    pub(crate) fn held(&mut self, ms: u64, turn: &mut Turn<impl Entropy>) {
        self.gate.held(ms, turn);
    }

    /// When [`Self::pump`] has something to do, on the monotonic clock; `u64::MAX` when an answer
    /// is awaited or nothing waits.
    pub(crate) fn due(&self) -> u64 {
        let ready = if self.batches.iter().any(Batch::is_under_way) {
            u64::MAX
        } else if !self.batches.is_empty() {
            0
        } else if self.queue.is_empty() {
            u64::MAX
        } else {
            self.flush_at
        };
        ready.max(self.gate.opens_at())
    }

    /// Tells what became of every item so far.
    pub(crate) fn tell_ledger(&self, out: &mut Json) {
        let under_way: usize = self.batches.iter().map(|it| it.items.len()).sum();
        self.ledger.write(self.queue.items.len() + under_way, out);
    }

    /// Whether only answers may go.
    pub(crate) const fn waits(&self) -> bool {
        self.queue.only_answers
    }

    /// Whether nothing has gone wrong since the last success.
    pub(crate) const fn works(&self) -> bool {
        self.gate.is_open()
    }

    /// Makes an envelope of what waits. Tells whether there was anything.
    fn cut<E: Entropy>(&mut self, bytes: usize, turn: &mut Turn<E>) -> bool {
        let now = turn.now;
        self.give_up(DropReason::Expired, |item| item.is_expired(now), turn);
        let items = self.queue.take(BATCH_ITEMS, bytes);
        self.flush_at = if self.queue.is_empty() {
            u64::MAX
        } else {
            turn.now.mono_ms
        };
        let is_any = !items.is_empty();
        self.envelope(items, self.sender, turn);
        is_any
    }

    /// Puts items into an envelope, and that at its place in the order of sending.
    fn envelope<E: Entropy>(&mut self, items: Vec<Pending>, sender: Sender, turn: &mut Turn<E>) {
        if items.is_empty() {
            return;
        }
        self.next_slot += 1;
        let batch = Batch::new(self.next_slot, sender, items, turn);
        let is_behind = |other: &Batch| other.rank() > batch.rank();
        let at = self.batches.iter().position(is_behind);
        self.batches.insert(at.unwrap_or(self.batches.len()), batch);
    }

    fn post<E: Entropy>(&mut self, idx: usize, exit: bool, turn: &mut Turn<E>) {
        if let Some(batch) = self.batches.get_mut(idx) {
            self.gate.asked(turn.now);
            // What this page has given up is no news of another sender.
            let is_own = batch.sender.boot == self.sender.boot;
            let drops = is_own.then_some(&mut self.queue.drops);
            batch.attempt(exit, drops, turn.now, &mut turn.out);
        }
    }

    /// Gives up on the waiting items that are `which`.
    fn give_up<E: Entropy>(
        &mut self,
        reason: DropReason,
        which: impl Fn(&Pending) -> bool,
        turn: &mut Turn<E>,
    ) {
        while let Some(item) = self.queue.remove(&which) {
            self.drop(&item, reason, turn);
        }
    }

    /// Gives up on an item that is in no envelope any more.
    fn drop<E: Entropy>(&mut self, item: &Pending, reason: DropReason, turn: &mut Turn<E>) {
        self.queue.drops.count(reason);
        self.ledger.dropped.count(reason);
        self.observe(item, false);
        // What the person or the page wants is no news to its developer.
        if !matches!(reason, DropReason::NoConsent | DropReason::BeforeSend) {
            turn.out.say_warn(WarnCode::ItemDropped, reason.as_bytes());
        }
    }

    /// Notes the fate of an item.
    fn observe(&mut self, item: &Pending, stored: bool) {
        self.watch.observe(item.revision, stored);
        if item.kept {
            self.unkept.push(item.id);
        }
    }
}
