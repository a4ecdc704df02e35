//! Turns the batches of one commit into additions to sums and to page loads, written at its end.

use std::collections::BTreeMap;

use protocol::id::BootId;
use protocol::outcome::{DiscardReason, Outcome};
use protocol::query::delivery::{Bot, Browser};
use rusqlite::{Connection, params};
use store::{Batch, Fate, ProjectId};

use super::HOUR_MS;
use super::boots;
use super::sources::Sources;
use crate::convert::int_from_u64;

/// Reasons for which pages say that they dropped something, that are told apart in an hour. An SDK
/// has ten; more are made up.
const MAX_REASONS: i64 = 64;

/// The reason for all others.
const OTHER: &str = "other";

/// What is to be added when a commit ends.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    sums: BTreeMap<Key, u64>,
    boots: BTreeMap<(i64, BootId), boots::Change>,
    sources: Sources,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    project: i64,
    hour: u64,
    browser: Browser,
    bot: Option<Bot>,
    fate: Fate,
}

impl Accounts {
    /// Adds items of a batch that ended in one way.
    pub(crate) fn count(&mut self, batch: &Batch, fate: Fate, items: u64) {
        let key = Key {
            project: batch.project.0,
            hour: batch.received_ms / HOUR_MS,
            browser: batch.signs.browser,
            bot: batch.signs.bot,
            fate,
        };
        *self.sums.entry(key).or_default() += items;
    }

    /// Adds what became of the items of a batch.
    pub(crate) fn decided(&mut self, batch: &Batch, outcomes: &[Outcome]) {
        for outcome in [Outcome::Accepted, Outcome::Duplicate, Outcome::Conflict] {
            let items = outcomes.iter().filter(|known| **known == outcome).count();
            if let (Some(fate), 1..) = (Fate::of(outcome), items) {
                self.count(batch, fate, items as u64);
            }
        }
        self.sources.kept(batch, outcomes);
        let is_erased = |outcome: &&Outcome| **outcome == Outcome::Rejected;
        let erased = outcomes.iter().filter(is_erased).count();
        if erased > 0 {
            // Only what was erased is refused by a store.
            let reason = DiscardReason::Erased.as_str().to_owned();
            self.count(batch, Fate::Rejected(reason), erased as u64);
        }
    }

    /// Adds what a page says it dropped.
    pub(crate) fn dropped(&mut self, batch: &Batch, reason: &str, items: u32) {
        let fate = Fate::Dropped(reason.to_owned());
        self.count(batch, fate, u64::from(items));
        self.boot(batch).dropped += u64::from(items);
    }

    /// Notes that a batch came, and the numbers that came with it.
    pub(crate) fn came(&mut self, batch: &Batch) {
        let boot = self.boot(batch);
        boot.last_ms = boot.last_ms.max(batch.received_ms);
        boot.offset_ms = boot.offset_ms.min(batch.sender.clock_offset_ms);
        if boot.signs.page.is_empty() {
            boot.signs.page.clone_from(&batch.signs.page);
        }
        boot.seqs.extend(batch.items.iter().map(|item| item.seq));
        let refused = batch.refused.iter().filter_map(|refused| refused.seq);
        boot.seqs.extend(refused);
    }

    fn boot(&mut self, batch: &Batch) -> &mut boots::Change {
        let key = (batch.project.0, batch.sender.boot);
        self.boots.entry(key).or_insert_with(|| boots::Change {
            signs: batch.signs.clone(),
            first_ms: batch.received_ms,
            last_ms: batch.received_ms,
            offset_ms: batch.sender.clock_offset_ms,
            seqs: Vec::new(),
            dropped: 0,
        })
    }

    /// Writes all of it.
    pub(crate) fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        for (key, items) in &self.sums {
            write_sum(db, key, *items)?;
        }
        let mut sums = boots::Sums::default();
        for ((project, boot), change) in &self.boots {
            sums.write_boot(db, ProjectId(*project), *boot, change)?;
        }
        sums.write(db)?;
        self.sources.write(db)?;
        Ok(())
    }
}

/// The stable name of a fate, and its reason.
fn named(fate: &Fate) -> (&'static str, &str) {
    match fate {
        Fate::Accepted => ("accepted", ""),
        Fate::Duplicate => ("duplicate", ""),
        Fate::Conflict => ("conflict", ""),
        Fate::Rejected(reason) => ("rejected", reason),
        Fate::Dropped(reason) => ("dropped", reason),
    }
}

/// Reads a fate back; one that a newer build wrote is none.
pub(super) fn fate_from(name: &str, reason: String) -> Option<Fate> {
    Some(match name {
        "accepted" => Fate::Accepted,
        "duplicate" => Fate::Duplicate,
        "conflict" => Fate::Conflict,
        "rejected" => Fate::Rejected(reason),
        "dropped" => Fate::Dropped(reason),
        _ => return None,
    })
}

/// The stable name of a sign, which may be absent.
pub(super) fn name_of_bot(bot: Option<Bot>) -> &'static str {
    bot.map_or("", Bot::as_str)
}

fn write_sum(db: &Connection, key: &Key, items: u64) -> rusqlite::Result<()> {
    let (fate, mut reason) = named(&key.fate);
    if matches!(key.fate, Fate::Dropped(_)) && !has_room(db, key, reason)? {
        reason = OTHER;
    }
    db.prepare_cached(
        "INSERT INTO delivery_hour (project, hour, browser, bot, fate, reason, items)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET items = items + excluded.items",
    )?
    .execute(params![
        key.project,
        int_from_u64(key.hour),
        key.browser.as_str(),
        name_of_bot(key.bot),
        fate,
        reason,
        int_from_u64(items),
    ])?;
    Ok(())
}

/// Whether a reason is known in its hour, or may become so.
fn has_room(db: &Connection, key: &Key, reason: &str) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT sum(reason = ?3) > 0 OR count(*) < ?4 FROM (
             SELECT DISTINCT reason FROM delivery_hour
             WHERE project = ?1 AND hour = ?2 AND fate = 'dropped'
         )",
    )?
    .query_row(
        params![key.project, int_from_u64(key.hour), reason, MAX_REASONS],
        |row| row.get::<_, Option<bool>>(0),
    )
    .map(|has| has.unwrap_or(true))
}
