//! Turns what surveys have seen into bytes at the end of the memory, and back.

use survey::bytes::Reader;
use survey::ledger::{Entry, Ledger};
use survey::rule::CLASSES;

use crate::writer::Writer;

/// What surveys have seen in this browser.
pub(crate) type History = Ledger;

/// Reads all that is left. An agent without surveys puts two histories behind each other rather than
/// to understand them: a survey may be there twice.
pub(crate) fn read_history(from: &mut Reader<'_>) -> History {
    let mut history = History::default();
    while !from.is_at_end() {
        let mut entry = Entry {
            survey: from.bytes().to_vec(),
            class: from.one_of(&CLASSES),
            impressions: from.number(),
            ..Entry::default()
        };
        for clock in &mut entry.clocks {
            *clock = from.number();
        }
        history.merge(&Ledger {
            entries: vec![entry],
        });
    }
    history
}

pub(crate) fn write_history(history: &History, to: &mut Writer) {
    for it in &history.entries {
        to.bytes(&it.survey);
        to.number(it.class as u64);
        to.number(it.impressions);
        for clock in &it.clocks {
            to.number(*clock);
        }
    }
}

pub(crate) fn merge_history(mine: &mut History, theirs: &History) {
    mine.merge(theirs);
}
