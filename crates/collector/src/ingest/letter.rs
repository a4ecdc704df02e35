//! Turns a line that was refused into what is kept of it.

use protocol::id::ItemId;
use protocol::limits::MAX_ITEM_BYTES;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::Refused;

use super::decode::{Decoded, MAX_SAFE_INTEGER};
use super::{Refusal, scrub};

/// Bytes that are kept of a line that is too long to be one: enough to see what it is.
const MAX_CUT_BYTES: usize = 1 << 10;

/// What can be read of a line whatever else is wrong with it.
#[derive(Default, Deserialize)]
struct Frame {
    id: Option<ItemId>,
    seq: Option<u64>,
}

/// The line, scrubbed, and what can be read of it.
pub(super) fn letter(envelope: &Decoded<'_>, line: &str, refusal: &Refusal) -> Refused {
    let frame: Frame = serde_json::from_str(line).unwrap_or_default();
    let is_cut = line.len() > MAX_ITEM_BYTES;
    let kept = if is_cut {
        // A text that was cut is none of its own any more, but text.
        scrub::text(&line[..line.floor_char_boundary(MAX_CUT_BYTES)])
    } else {
        scrub::line(line)
    };
    Refused {
        id: frame.id,
        seq: frame.seq.filter(|seq| *seq <= MAX_SAFE_INTEGER),
        reason: refusal.reason,
        message: scrub::text(&refusal.message).into_owned(),
        line: kept.into_owned(),
        hash: hash(envelope, line),
        is_cut,
    }
}

/// Tells one line of a page load from another.
fn hash(envelope: &Decoded<'_>, line: &str) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(envelope.header.boot.0);
    hash.update(line);
    let whole = hash.finalize();
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}
