//! Turns the fate of every item into counts that add up: nothing leaves without having been counted.

use crate::command::word;
use crate::json::Json;
use crate::queue::Drops;

use super::{ACCEPTED, CONFLICT, DUPLICATE, REJECTED};

/// The letters that end an item, in the order in which they are told.
const FATES: [u8; 4] = [ACCEPTED, DUPLICATE, CONFLICT, REJECTED];
/// What is counted beside what was given up.
const NAMES: &str = "made adopted accepted duplicate conflict rejected pending ";

/// What became of the items that this page load made or took over.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Items that came to be, those that were given up at once among them.
    pub(super) made: u32,
    /// Items that an earlier page had left.
    pub(super) adopted: u32,
    /// How many ended by each of [`FATES`].
    fates: [u32; 4],
    /// How many were given up, reported or not.
    pub(super) dropped: Drops,
}

impl Ledger {
    /// Notes the letter of one item.
    pub(super) fn decided(&mut self, letter: u8) {
        for (fate, n) in FATES.iter().zip(&mut self.fates) {
            *n += u32::from(*fate == letter);
        }
    }

    /// Says the command `counted`; `pending` items are neither decided nor given up.
    pub(super) fn write(&self, pending: usize, out: &mut Json) {
        let [a, d, c, x] = self.fates;
        let counts = [self.made, self.adopted, a, d, c, x, pending as u32];
        out.command("counted");
        for (place, n) in counts.iter().enumerate() {
            out.text(word(NAMES, place));
            out.end(b':');
            out.number((*n).into());
        }
        out.key("dropped");
        self.dropped.write(out);
        out.end(b'}');
    }
}
