//! Turns waiting items into envelopes, one under way at a time, and every answer into their fate.

mod batch;
mod gate;
mod ledger;

use protocol::id::ItemId;
use protocol::limits::MAX_ITEM_BYTES;
use protocol::outcome::Outcome;

use crate::asking::{Kind, Revision, Watch};
use crate::command::WarnCode;
use crate::json::Json;
use crate::queue::{DropReason, Pending, Queue};
use crate::reply::{Reply, Verdict, verdict};
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

/// Everything between an item and its outcome.
#[derive(Debug)]
pub(crate) struct Transport {
    /// Who sends what is put into an envelope now.
    pub(crate) sender: Sender,
    queue: Queue,
    /// In the order of sending; more than one only after a halving or an exit.
    batches: Vec<Batch>,
    gate: Gate,
    /// When waiting items are to be sent, on the monotonic clock.
    flush_at: u64,
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
        let id = ItemId::new(turn.now.wall_ms, &turn.entropy.ten());
        let mut item = Pending::new(id, self.next_seq, turn.now, kind, revision, body);
        if item.bytes() > MAX_ITEM_BYTES {
            self.ledger.made += 1;
            self.drop(&item, DropReason::TooLarge, turn);
            return;
        }
        match self.queue.remove_revision(revision) {
            // Its place in the count stays taken: a gap would read as a loss.
            Some(older) => (item.id, item.seq) = (older.id, older.seq),
            None => {
                self.next_seq += 1;
                self.ledger.made += 1;
            }
        }
        self.flush_at = self.flush_at.min(turn.after(wait));
        self.queue.push(item);
        while let Some(item) = self.queue.overflow() {
            self.drop(&item, DropReason::QueueFull, turn);
        }
    }

    /// Sends what is due, if nothing is under way and the collector may be asked.
    pub(crate) fn pump<E: Entropy>(&mut self, turn: &mut Turn<E>) {
        if self.due() > turn.now.mono_ms {
            return;
        }
        if !self.batches.is_empty() || self.cut(BATCH_BYTES, turn) {
            self.post(0, false, turn);
        }
    }

    /// Sends what would be lost if the page went now: what is under way once more, by a request
    /// that outlives the page, and what waits.
    pub(crate) fn leave<E: Entropy>(&mut self, turn: &mut Turn<E>) {
        if !self.gate.may_hurry(turn.now) {
            return;
        }
        if self.batches.first().is_some_and(Batch::may_be_lost) {
            self.post(0, true, turn);
        }
        if !self.queue.is_empty() && self.cut(EXIT_BYTES, turn) {
            self.post(self.batches.len() - 1, true, turn);
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

    /// When [`Self::pump`] has something to do, on the monotonic clock; `u64::MAX` when an answer
    /// is awaited or nothing waits.
    pub(crate) fn due(&self) -> u64 {
        let ready = if self.batches.iter().any(Batch::is_under_way) {
            u64::MAX
        } else if !self.batches.is_empty() {
            0
        } else {
            self.flush_at
        };
        ready.max(self.gate.opens_at())
    }

    /// Tells what became of every item so far.
    pub(crate) fn tell_ledger(&self, out: &mut Json) {
        let under_way: usize = self.batches.iter().map(|it| it.items.len()).sum();
        self.ledger.write(self.queue.len() + under_way, out);
    }

    /// Whether nothing has gone wrong since the last success.
    pub(crate) const fn works(&self) -> bool {
        self.gate.is_open()
    }

    /// Takes in the answer to an envelope. Returns whether the collector refuses this page.
    pub(crate) fn delivered<E: Entropy>(&mut self, reply: &Reply<'_>, turn: &mut Turn<E>) -> bool {
        let is_it = |batch: &Batch| batch.slot == reply.slot;
        let Some(idx) = self.batches.iter().position(is_it) else {
            // Its twin was answered before.
            return false;
        };
        let batch = &mut self.batches[idx];
        batch.landed();
        let verdict = match verdict(reply.status) {
            // 200 without a letter for each item was not the collector's answer.
            Verdict::Decided if reply.letters.len() != batch.items.len() => Verdict::Again,
            other => other,
        };
        if verdict != Verdict::Decided && batch.is_under_way() {
            return false;
        }
        let eager = self.has_response();
        match verdict {
            Verdict::Decided => self.settle(idx, reply, turn),
            Verdict::Halve(reason) => self.halve(idx, reason, turn),
            Verdict::Wait => self.gate.told(reply.retry_after_ms, eager, turn),
            Verdict::Again => self.gate.failed(eager, turn),
            Verdict::Stop => self.gate.refused(turn),
        }
        verdict == Verdict::Stop
    }

    /// Deletes what has an outcome, keeps what the collector wants again.
    fn settle<E: Entropy>(&mut self, idx: usize, reply: &Reply<'_>, turn: &mut Turn<E>) {
        let batch = self.batches.remove(idx);
        turn.out.say_number("forget", "slot", batch.slot);
        let mut undecided = Vec::new();
        for (item, letter) in batch.items.into_iter().zip(reply.letters) {
            self.ledger.decided(*letter);
            match *letter {
                ACCEPTED | DUPLICATE => self.observe(&item, true),
                CONFLICT | REJECTED => {
                    self.observe(&item, false);
                    turn.out.say_warn(WarnCode::ItemRejected, reply.code);
                }
                _ => undecided.push(item),
            }
        }
        if undecided.is_empty() {
            self.gate.worked();
        } else {
            self.envelope(idx, undecided, batch.sender, turn);
            let eager = self.has_response();
            self.gate.told(reply.retry_after_ms, eager, turn);
        }
    }

    /// Replaces an envelope by its halves, or gives up on its only item.
    fn halve<E: Entropy>(&mut self, idx: usize, reason: DropReason, turn: &mut Turn<E>) {
        let mut batch = self.batches.remove(idx);
        turn.out.say_number("forget", "slot", batch.slot);
        self.queue.drops.add(batch.drops);
        // Paced like any failure: one bad item among fifty must not cause a burst of requests.
        let eager = batch.has_response() || self.has_response();
        self.gate.failed(eager, turn);
        if let [item] = &batch.items[..] {
            self.drop(item, reason, turn);
            return;
        }
        let rest = batch.items.split_off(batch.items.len().div_ceil(2));
        for half in [rest, batch.items] {
            self.envelope(idx, half, batch.sender, turn);
        }
    }

    /// Makes an envelope of what waits. Tells whether there was anything.
    fn cut<E: Entropy>(&mut self, bytes: usize, turn: &mut Turn<E>) -> bool {
        while let Some(item) = self.queue.expired(turn.now) {
            self.drop(&item, DropReason::Expired, turn);
        }
        let items = self.queue.take(BATCH_ITEMS, bytes);
        self.flush_at = if self.queue.is_empty() {
            u64::MAX
        } else {
            turn.now.mono_ms
        };
        if items.is_empty() {
            return false;
        }
        self.envelope(self.batches.len(), items, self.sender, turn);
        true
    }

    /// Adds an envelope at a place in the order of sending.
    fn envelope<E: Entropy>(
        &mut self,
        at: usize,
        items: Vec<Pending>,
        sender: Sender,
        turn: &mut Turn<E>,
    ) {
        self.next_slot += 1;
        let batch = Batch::new(self.next_slot, sender, items, turn);
        self.batches.insert(at, batch);
    }

    fn post<E: Entropy>(&mut self, idx: usize, exit: bool, turn: &mut Turn<E>) {
        if let Some(batch) = self.batches.get_mut(idx) {
            self.gate.asked(turn.now);
            batch.attempt(exit, &mut self.queue.drops, turn.now, &mut turn.out);
        }
    }

    fn has_response(&self) -> bool {
        self.queue.has_response() || self.batches.iter().any(Batch::has_response)
    }

    /// Gives up on an item that is in no envelope any more.
    fn drop<E: Entropy>(&mut self, item: &Pending, reason: DropReason, turn: &mut Turn<E>) {
        self.queue.drops.count(reason);
        self.ledger.dropped.count(reason);
        self.observe(item, false);
        turn.out.say_warn(WarnCode::ItemDropped, reason.as_bytes());
    }

    fn observe(&mut self, item: &Pending, stored: bool) {
        self.watch.observe(item.revision, stored);
    }
}
