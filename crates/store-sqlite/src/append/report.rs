//! Turns a report of a page load into its id, kept for a while, and an addition to sums.

use protocol::outcome::Outcome;
use rusqlite::{Connection, OptionalExtension, params};
use store::{Batch, LatencyRow, NewItem};

use super::append_conflict;
use crate::convert::{DAY_MS, int_from_u64};
use crate::telemetry::Rollup;

/// Adds a report to the sums unless it was counted before.
pub(super) fn append_report(
    db: &Connection,
    batch: &Batch,
    item: &NewItem,
    report: &LatencyRow,
    rollup: &mut Rollup,
) -> rusqlite::Result<Outcome> {
    // The type is part of the hash: an item of another type is never the same.
    if is_known_item(db, batch, item)? {
        return append_conflict(db, batch, item);
    }
    let hash = half_of(&item.body_hash);
    let inserted = db
        .prepare_cached(
            "INSERT INTO latency_seen (project, id, body_hash, day) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (project, id) DO NOTHING",
        )?
        .execute(params![
            batch.project.0,
            item.id.0.as_bytes(),
            hash,
            int_from_u64(batch.received_ms / DAY_MS),
        ])?;
    if inserted > 0 {
        // What somebody waited for while trying things out is in no sum.
        if !batch.signs.test {
            rollup.add(batch, item, report);
        }
        return Ok(Outcome::Accepted);
    }
    if known_hash(db, batch, item)? == Some(hash) {
        return Ok(Outcome::Duplicate);
    }
    append_conflict(db, batch, item)
}

/// Whether the id of an item is that of a report.
pub(super) fn is_known_report(
    db: &Connection,
    batch: &Batch,
    item: &NewItem,
) -> rusqlite::Result<bool> {
    Ok(known_hash(db, batch, item)?.is_some())
}

fn known_hash(
    db: &Connection,
    batch: &Batch,
    item: &NewItem,
) -> rusqlite::Result<Option<[u8; 16]>> {
    db.prepare_cached("SELECT body_hash FROM latency_seen WHERE project = ?1 AND id = ?2")?
        .query_row(params![batch.project.0, item.id.0.as_bytes()], |row| {
            row.get(0)
        })
        .optional()
}

/// Whether the id of a report is that of an item of another type.
fn is_known_item(db: &Connection, batch: &Batch, item: &NewItem) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM item WHERE project = ?1 AND id = ?2")?
        .exists(params![batch.project.0, item.id.0.as_bytes()])
}

/// Sixteen bytes of the hash: as many as make two bodies differ, in half the room.
fn half_of(hash: &[u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}
