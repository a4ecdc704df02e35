//! Turns what one fake page has kept into what the next one is told was left.

use protocol::id::ItemId;
use protocol::item::ItemType;

use super::{Input, Page};

/// One kept item.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// Install, session, boot.
    pub(super) sender: [uuid::Uuid; 3],
    pub(crate) seq: u64,
    /// When it happened, on the wall clock.
    pub(super) at: u64,
    pub(super) kind: u8,
    pub(super) body: Vec<u8>,
}

/// How important an item is, as the input `left` takes it.
pub(super) const fn kind(of: ItemType) -> u8 {
    match of {
        ItemType::Response => 0,
        ItemType::Dismissal => 2,
        ItemType::Impression => 3,
        ItemType::Latency => 4,
    }
}

impl Kept {
    /// Makes it one of a kind that nobody knows.
    pub(crate) fn confuse(&mut self) {
        self.kind = 200;
    }
}

impl Page {
    /// Hands over what an earlier page of this browser has left, as one envelope.
    pub(crate) fn adopt(&mut self, left: &[(ItemId, Kept)]) -> String {
        let mut bytes = Vec::new();
        for id in &left[0].1.sender {
            bytes.extend(id.as_bytes());
        }
        for (id, row) in left {
            bytes.extend(id.0.as_bytes());
            let age = self.now.wall_ms - row.at;
            for number in [row.seq, age] {
                bytes.extend(postcard::to_allocvec(&number).unwrap());
            }
            bytes.push(row.kind);
            bytes.extend(postcard::to_allocvec(&row.body).unwrap());
        }
        let bytes = &bytes;
        self.kept.extend(left.iter().cloned());
        self.give(
            "left",
            Input {
                bytes,
                ..Input::default()
            },
        )
    }

    /// The next page load of the same browser, `ms` later; and what this one left, in the order of
    /// importance.
    pub(crate) fn leave_behind(&mut self, ms: u64) -> Vec<(ItemId, Kept)> {
        let mut left: Vec<_> = core::mem::take(&mut self.kept).into_iter().collect();
        left.sort_by_key(|(_, row)| (row.kind, row.seq));
        self.reload(ms, &[]);
        left
    }
}
