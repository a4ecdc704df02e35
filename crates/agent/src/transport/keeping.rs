//! Turns items that must not go with the page into rows for it to keep, and rows back into items.

use protocol::id::{BootId, InstallId, ItemId, SessionId};
use survey::bytes::Reader;

use super::Transport;
use super::batch::{Sender, write_envelope};
use crate::asking::NO_REVISION;
use crate::kind::KINDS;
use crate::memory::id;
use crate::queue::{DropReason, Drops, Pending};
use crate::time::Entropy;
use crate::turn::Turn;

/// Why a page does not go on keeping what earlier ones left, in the order in which the facade counts.
const LOST: [DropReason; 6] = [
    DropReason::Expired,
    DropReason::OutboxFull,
    DropReason::NoConsent,
    DropReason::Unreadable,
    DropReason::KeptInStorage,
    DropReason::KeptInMemory,
];

impl Transport {
    /// Has the page keep what it does not keep yet: answers, and everything else once something went
    /// wrong, or when the page goes and keeps something anyhow. Lets go of what has an end.
    pub(crate) fn keep<E: Entropy>(&mut self, may_keep: bool, hidden: bool, turn: &mut Turn<E>) {
        if may_keep {
            let all = !self.gate.is_open() || (hidden && self.keeps);
            self.keeps |= keep(self.sender, &mut self.queue.items, all, turn);
            for batch in &mut self.batches {
                self.keeps |= keep(batch.sender, &mut batch.items, all, turn);
            }
        }
        if !self.unkept.is_empty() {
            let out = &mut turn.out;
            out.command("unkeep");
            out.key("ids");
            out.raw(b"[");
            for it in self.unkept.drain(..) {
                out.id(it.0);
            }
            out.ends(b"]}");
        }
    }

    /// Nothing is kept any more.
    pub(crate) fn wiped(&mut self) {
        self.unkept.clear();
        let batches = self.batches.iter_mut().flat_map(|it| &mut it.items);
        for item in batches.chain(&mut self.queue.items) {
            item.kept = false;
        }
    }

    /// Takes over what an earlier page has left: ids of install, session and boot, then of each item
    /// id, position, age in milliseconds, kind and body. One envelope at a time.
    pub(crate) fn adopt<E: Entropy>(&mut self, rows: &[u8], turn: &mut Turn<E>) {
        let mut from = Reader::new(rows);
        let sender = Sender {
            install: InstallId(id(&mut from)),
            session: SessionId(id(&mut from)),
            boot: BootId(id(&mut from)),
        };
        let mut items = Vec::new();
        while from.is_ok() && !from.is_at_end() {
            items.push(Pending {
                id: ItemId(id(&mut from)),
                seq: from.number(),
                at_ms: turn.now.mono_ms as i64 - from.number() as i64,
                kind: from.one_of(&KINDS),
                revision: NO_REVISION,
                kept: true,
                body: from.bytes().to_vec(),
            });
        }
        if from.is_ok() && !items.is_empty() {
            self.keeps = true;
            self.ledger.adopted += items.len() as u32;
            self.envelope(items, sender, turn);
        }
    }

    /// The page could not go on keeping `n` items that earlier ones had left, or keeps its own in a lesser
    /// place; `why` is one of [`LOST`].
    pub(crate) fn lost(&mut self, why: usize, n: u32) {
        if let Some(reason) = LOST.get(why) {
            if (*reason as u8) < DropReason::KeptInStorage as u8 {
                self.ledger.adopted += n;
                self.ledger.dropped.count_all(*reason, n);
            }
            self.queue.drops.count_all(*reason, n);
        }
    }
}

/// Says the command `keep` for items that are not kept yet, and belong there; tells whether it did.
fn keep<E: Entropy>(sender: Sender, items: &mut [Pending], all: bool, turn: &mut Turn<E>) -> bool {
    let mut rows = Vec::new();
    for item in items {
        if !item.kept && (all || item.is_response()) {
            item.kept = true;
            rows.push(item.clone());
        }
    }
    if rows.is_empty() {
        return false;
    }
    turn.out.command("keep");
    write_envelope(sender, Drops::default(), &rows, turn.now, &mut turn.out);
    turn.out.end(b'}');
    true
}
