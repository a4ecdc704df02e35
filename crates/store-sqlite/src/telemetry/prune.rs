//! Turns an age into rows that are gone.

use rusqlite::{Connection, params};
use store::{Pruned, Retention, Step};
use uuid::Builder;

use super::floors;
use super::place::{feature_key, slices_of, template_key};
use crate::convert::{DAY_MS, int_from_u64};

/// Minutes of an hour.
const MINUTES: u64 = Step::Hour.ms() / Step::Minute.ms();

pub(super) fn prune(
    db: &Connection,
    now_ms: u64,
    retention: Retention,
) -> rusqlite::Result<Pruned> {
    let known = floors(db)?;
    let hour = |keep_ms: u64| now_ms.saturating_sub(keep_ms) / Step::Hour.ms();
    // Never back: what was added to the longer steps alone would be missed. And slices never outlive
    // minutes: what has no minute has no slice.
    let minute = hour(retention.minutes_ms).max(known.minute);
    let slice = hour(retention.slices_ms).max(known.slice).max(minute);
    db.prepare_cached("UPDATE latency_floor SET slice = ?1, minute = ?2")?
        .execute([int_from_u64(slice), int_from_u64(minute)])?;
    let delete = |table: &str, before: i64| {
        db.prepare_cached(&format!("DELETE FROM {table} WHERE at < ?1"))?
            .execute([before])
    };
    let slices = delete(
        "latency_slice",
        feature_key(slice * slices_of(Step::Hour), 0),
    )?;
    let of_features = delete("latency_minute", feature_key(minute * MINUTES, 0))?;
    let of_templates = delete("latency_template_minute", template_key(minute * MINUTES, 0))?;
    fold_overflow(db, minute * MINUTES)?;
    Ok(Pruned {
        slices: slices as u64,
        minutes: (of_features + of_templates) as u64,
        ids: prune_ids(db, now_ms, retention.ids_ms)?,
    })
}

/// Moves what is counted by the minute to the first one of its hour.
fn fold_overflow(db: &Connection, before: u64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO latency_overflow (project, minute, requests)
         SELECT project, minute - minute % ?2, sum(requests) FROM latency_overflow
         WHERE minute < ?1 AND minute % ?2 > 0
         GROUP BY 1, 2
         ON CONFLICT (project, minute) DO UPDATE SET requests = requests + excluded.requests",
    )?
    .execute([int_from_u64(before), int_from_u64(MINUTES)])?;
    db.prepare_cached("DELETE FROM latency_overflow WHERE minute < ?1 AND minute % ?2 > 0")?
        .execute([int_from_u64(before), int_from_u64(MINUTES)])?;
    Ok(())
}

/// Forgets ids that came long enough ago. They begin with the time at which they were made, so that
/// only the ends have to be looked through; one from a clock that was ahead waits until its time.
fn prune_ids(db: &Connection, now_ms: u64, keep_ms: u64) -> rusqlite::Result<u64> {
    let before_ms = now_ms.saturating_sub(keep_ms);
    let from = Builder::from_unix_timestamp_millis(before_ms, &[0; 10]).into_uuid();
    let ahead = Builder::from_unix_timestamp_millis(now_ms + DAY_MS, &[0; 10]).into_uuid();
    let projects = db
        .prepare_cached("SELECT id FROM project")?
        .query_map([], |row| row.get::<_, i64>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let mut n = 0;
    for project in projects {
        for (range, border) in [("id < ?2", from), ("id > ?2", ahead)] {
            n += db
                .prepare_cached(&format!(
                    "DELETE FROM latency_seen WHERE project = ?1 AND {range} AND day < ?3"
                ))?
                .execute(params![
                    project,
                    border.as_bytes(),
                    int_from_u64(before_ms / DAY_MS)
                ])?;
        }
    }
    Ok(n as u64)
}
