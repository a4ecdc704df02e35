//! Turns the answer to an envelope into the fate of its items.

use super::batch::Batch;
use super::{ACCEPTED, CONFLICT, DUPLICATE, HELD_BACK, REJECTED, Transport};
use crate::command::WarnCode;
use crate::queue::{DropReason, Pending};
use crate::reply::{Reply, Verdict, verdict};
use crate::time::Entropy;
use crate::turn::Turn;

/// The letter, never on the wire, of an item that the person does not allow.
const REFUSED: u8 = b'n';
/// The slot of no envelope: nobody has answered.
const NO_SLOT: u32 = 0;

impl Transport {
    /// Takes in the answer to an envelope. Returns whether the collector refuses this page.
    pub(crate) fn delivered<E: Entropy>(&mut self, reply: &Reply<'_>, turn: &mut Turn<E>) -> bool {
        self.gate.heard(reply.status);
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
                HELD_BACK => self.drop(&item, DropReason::BeforeSend, turn),
                REFUSED => self.drop(&item, DropReason::NoConsent, turn),
                _ => undecided.push(item),
            }
        }
        let is_decided = undecided.is_empty();
        self.envelope(undecided, batch.sender, turn);
        if reply.slot == NO_SLOT {
            return;
        }
        if is_decided {
            self.gate.worked();
        } else {
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
        let rest = batch.items.split_off(batch.items.len().div_ceil(2));
        if rest.is_empty() {
            for item in &batch.items {
                self.drop(item, reason, turn);
            }
            return;
        }
        for half in [batch.items, rest] {
            self.envelope(half, batch.sender, turn);
        }
    }

    fn has_response(&self) -> bool {
        self.queue.has_response() || self.batches.iter().any(Batch::has_response)
    }

    /// The person allows telemetry, has not said yet, or does not. What waits goes on its way, goes on
    /// waiting with its own time, or is given up; what they send on purpose is not concerned.
    pub(crate) fn allow<E: Entropy>(&mut self, waits: bool, refuses: bool, turn: &mut Turn<E>) {
        self.queue.only_answers = waits;
        self.refuses = refuses;
        if refuses {
            self.give_up(DropReason::NoConsent, |item| !item.is_response(), turn);
            for idx in (0..self.batches.len()).rev() {
                let batch = &self.batches[idx];
                if !batch.is_under_way() {
                    let letter = |it: &Pending| if it.is_response() { b'r' } else { REFUSED };
                    let letters: Vec<_> = batch.items.iter().map(letter).collect();
                    let reply = Reply {
                        slot: NO_SLOT,
                        status: 200,
                        letters: &letters,
                        retry_after_ms: 0,
                        code: b"",
                    };
                    self.settle(idx, &reply, turn);
                }
            }
        }
        if !waits && !self.queue.is_empty() {
            self.flush_at = turn.now.mono_ms;
        }
    }
}
