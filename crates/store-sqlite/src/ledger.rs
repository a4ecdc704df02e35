//! Turns the fate of batches into sums that are written once a commit, and reads them.

mod account;
mod boots;
mod letters;
mod read;
mod seqs;
mod sources;

use protocol::id::BootId;
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};
use store::{
    Aside, DeliverySums, Ledger, LedgerRetention, Letter, LetterSum, LettersFilter, ProjectId,
    Reply, Span,
};

pub(crate) use self::account::Accounts;
pub(crate) use self::boots::page_loads;
pub(crate) use self::letters::append_refused;
use crate::SqliteStore;
use crate::convert::DAY_MS;

const HOUR_MS: u64 = 3_600_000;

impl Ledger for SqliteStore {
    fn delivery(&self, project: ProjectId, span: Span, settled_ms: u64) -> Reply<'_, DeliverySums> {
        self.read("count what became of items", move |db| {
            Ok(DeliverySums {
                fates: read::fates(db, project, span)?,
                losses: boots::losses(db, project, span, settled_ms)?,
                sdks: sources::sdks(db, project, span)?,
            })
        })
    }

    fn clock_offset(&self, project: ProjectId, boot: BootId) -> Reply<'_, Option<i64>> {
        self.read("read a clock's offset", move |db| {
            let sql = "SELECT offset_ms FROM delivery_boot WHERE project = ?1 AND boot = ?2";
            let mut select = db.prepare_cached(sql)?;
            let which = params![project.0, key_of(boot)];
            Ok(select.query_row(which, |row| row.get(0)).optional()?)
        })
    }

    fn letters(&self, filter: LettersFilter) -> Reply<'_, Vec<Letter>> {
        self.read("read letters", move |db| Ok(letters::list(db, &filter)?))
    }

    fn letter_sums(&self, project: ProjectId) -> Reply<'_, Vec<LetterSum>> {
        self.read("count letters", move |db| Ok(letters::sums(db, project)?))
    }

    fn discard_letters(&self, project: ProjectId, numbers: Vec<u64>) -> Reply<'_, u64> {
        self.change("discard letters", move |db| {
            Ok(letters::discard(db, project, &numbers)?)
        })
    }

    fn asides(&self, project: ProjectId, limit: u32) -> Reply<'_, Vec<Aside>> {
        self.read("read what was kept aside", move |db| {
            Ok(letters::asides(db, project, limit)?)
        })
    }

    fn prune_ledger(&self, now_ms: u64, keep: LedgerRetention) -> Reply<'_, u64> {
        self.change("forget what was accounted for", move |db| {
            let before = |keep_ms: u64| now_ms.saturating_sub(keep_ms);
            let letters = letters::expire(db, before(keep.letters_ms))?;
            let boots = boots::forget(db, before(keep.boots_ms))?;
            Ok(letters + boots)
        })
    }
}

/// What stands for a page load: nobody finds from it what a page load sent, or whose it was. It begins
/// with the time at which the id was made, so that rows are written at the end of their index.
fn key_of(boot: BootId) -> [u8; 16] {
    let hash = Sha256::digest(boot.0);
    let mut key = *boot.0.as_bytes();
    key[6..].copy_from_slice(&hash[..10]);
    key
}
