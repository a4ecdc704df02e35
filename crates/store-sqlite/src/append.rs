//! Turns one batch into rows, inside the transaction of its group.

mod report;
mod response;

use protocol::item::DismissReason;
use protocol::outcome::Outcome;
use rusqlite::{Connection, OptionalExtension, params};
use store::{Batch, Body, DismissalRow, ImpressionRow, NewItem};

use self::report::{append_report, is_known_report};
use self::response::append_response;
use crate::convert::int_from_u64;
use crate::custody::{Gone, Stones};
use crate::fault::Fault;
use crate::ledger::{Accounts, append_refused};
use crate::shown;
use crate::telemetry::{self, Rollup};

const APPEND_ITEM: &str = include_str!("sql/append_item.sql");
const APPEND_CONFLICT: &str = include_str!("sql/append_conflict.sql");

/// What the batches of one commit add up to, written once at its end.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// What page loads measured.
    rollup: Rollup,
    /// What became of what they sent.
    accounts: Accounts,
    /// Days on which surveys were shown.
    shown: shown::Changed,
}

impl Sums {
    pub(crate) fn write(&self, db: &Connection) -> Result<(), Fault> {
        telemetry::write(db, &self.rollup)?;
        self.accounts.write(db)?;
        self.shown.write(db)?;
        Ok(())
    }
}

/// Writes what is new of a batch, and tells what became of each item. What else it adds to is only added to `sums`.
pub(crate) fn append_batch(
    db: &Connection,
    batch: &Batch,
    stones: &Stones,
    sums: &mut Sums,
) -> rusqlite::Result<Vec<Outcome>> {
    append_losses(db, batch, &mut sums.accounts)?;
    let erased_until = stones.erased_until(db, batch)?;
    let mut outcomes = Vec::with_capacity(batch.items.len());
    for item in &batch.items {
        let is_erased = erased_until.is_some_and(|until| item.at_ms <= until);
        outcomes.push(match &item.body {
            _ if is_erased => Outcome::Rejected,
            Body::Latency(report) => append_report(db, batch, item, report, &mut sums.rollup)?,
            _ => match stones.find(db, batch, item)? {
                Some(Gone::Reused) => append_conflict(db, batch, item)?,
                Some(gone) => gone.outcome(),
                None => append_item(db, batch, item, &mut sums.shown)?,
            },
        });
    }
    let accounts = &mut sums.accounts;
    append_refused(db, batch, stones, erased_until, accounts)?;
    accounts.decided(batch, &outcomes);
    accounts.came(batch);
    Ok(outcomes)
}

/// Keeps the loss report of an envelope unless an earlier attempt brought it.
fn append_losses(db: &Connection, batch: &Batch, accounts: &mut Accounts) -> rusqlite::Result<()> {
    if batch.losses.is_empty() {
        return Ok(());
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO loss (project, envelope, reason, count, install, received_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (project, envelope, reason) DO NOTHING",
    )?;
    for loss in &batch.losses {
        let inserted = insert.execute(params![
            batch.project.0,
            batch.id.0.as_bytes(),
            loss.reason,
            loss.count,
            batch.sender.install.0.as_bytes(),
            int_from_u64(batch.received_ms),
        ])?;
        if inserted > 0 {
            accounts.dropped(batch, &loss.reason, loss.count);
        }
    }
    Ok(())
}

fn append_item(
    db: &Connection,
    batch: &Batch,
    item: &NewItem,
    changed: &mut shown::Changed,
) -> rusqlite::Result<Outcome> {
    if is_known_report(db, batch, item)? {
        return append_conflict(db, batch, item);
    }
    let sender = &batch.sender;
    let inserted = db.prepare_cached(APPEND_ITEM)?.execute(params![
        batch.project.0,
        item.id.0.as_bytes(),
        item.body.kind().as_str(),
        int_from_u64(item.seq),
        item.body_hash,
        int_from_u64(item.at_ms),
        int_from_u64(sender.sent_wall_ms),
        int_from_u64(item.age_ms),
        sender.clock_offset_ms,
        int_from_u64(batch.received_ms),
        sender.install.0.as_bytes(),
        sender.session.0.as_bytes(),
        sender.boot.0.as_bytes(),
        sender.sdk,
        item.line,
    ])?;
    if inserted == 0 {
        return outcome_of_known_id(db, batch, item);
    }
    let row = db.last_insert_rowid();
    match &item.body {
        Body::Response(response) => append_response(db, batch, item, response)?,
        // Response rates are made of the rows that follow: what was only tried is in none of them.
        _ if batch.signs.test => {}
        Body::Impression(shown) => {
            append_impression(db, batch, item, row, shown)?;
            changed.add(batch, item, shown);
        }
        Body::Dismissal(closed) => append_dismissal(db, batch, item, row, closed)?,
        // Not a row of this table.
        Body::Latency(_) => {}
    }
    Ok(Outcome::Accepted)
}

/// Tells a repetition from another item under the same id.
fn outcome_of_known_id(
    db: &Connection,
    batch: &Batch,
    item: &NewItem,
) -> rusqlite::Result<Outcome> {
    let known: Option<[u8; 32]> = db
        .prepare_cached("SELECT body_hash FROM item WHERE project = ?1 AND id = ?2")?
        .query_row(params![batch.project.0, item.id.0.as_bytes()], |row| {
            row.get(0)
        })
        .optional()?;
    if known == Some(item.body_hash) {
        return Ok(Outcome::Duplicate);
    }
    append_conflict(db, batch, item)
}

/// Keeps aside what came under an id that belongs to something else.
fn append_conflict(db: &Connection, batch: &Batch, item: &NewItem) -> rusqlite::Result<Outcome> {
    db.prepare_cached(APPEND_CONFLICT)?.execute(params![
        batch.project.0,
        item.id.0.as_bytes(),
        item.body_hash,
        int_from_u64(batch.received_ms),
        batch.sender.install.0.as_bytes(),
        item.line,
    ])?;
    Ok(Outcome::Conflict)
}

fn append_impression(
    db: &Connection,
    batch: &Batch,
    item: &NewItem,
    row: i64,
    shown: &ImpressionRow,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO impression (item, project, survey, version, install, at_ms, feedback)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        row,
        batch.project.0,
        shown.survey.id,
        shown.survey.version,
        batch.sender.install.0.as_bytes(),
        int_from_u64(item.at_ms),
        shown.feedback,
    ])?;
    Ok(())
}

fn append_dismissal(
    db: &Connection,
    batch: &Batch,
    item: &NewItem,
    row: i64,
    closed: &DismissalRow,
) -> rusqlite::Result<()> {
    let reason = match closed.reason {
        DismissReason::Person => "person",
        DismissReason::Page => "page",
        DismissReason::Snoozed => "snoozed",
    };
    db.prepare_cached(
        "INSERT INTO dismissal (item, project, survey, version, install, at_ms, response, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        row,
        batch.project.0,
        closed.survey.id,
        closed.survey.version,
        batch.sender.install.0.as_bytes(),
        int_from_u64(item.at_ms),
        closed.response.map(|id| id.0.into_bytes()),
        reason,
    ])?;
    Ok(())
}
