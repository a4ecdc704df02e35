//! Turns an age into how much of a kind is older than it, before any of it goes.

use rusqlite::{Connection, OptionalExtension, params};
use store::{KeepKind, Step};

use super::expire::mark_of;
use crate::convert::int_from_u64;
use crate::fault::Fault;

/// CROSS JOIN keeps the order: from an item no index leads to its response, and to look through all of them for each
/// of millions of items takes hours.
const RESPONSES: &str = "
    SELECT count(*) FROM response AS r
    CROSS JOIN item AS i ON i.project = r.project AND i.id = r.item
    WHERE i.row > ?1 AND i.row < ?2 AND i.received_ms < ?3";
const IMPRESSIONS: &str = "
    SELECT count(*) FROM item
    WHERE row > ?1 AND row < ?2 AND received_ms < ?3 AND type = 'impression'";
const DISMISSALS: &str = "
    SELECT count(*) FROM item
    WHERE row > ?1 AND row < ?2 AND received_ms < ?3 AND type = 'dismissal'";

/// What `expire` and the ledger would take away at this time.
pub(super) fn count(
    db: &Connection,
    now_ms: u64,
    kind: KeepKind,
    keep_ms: u64,
) -> Result<u64, Fault> {
    let before_ms = now_ms.saturating_sub(keep_ms);
    let before = int_from_u64(before_ms);
    let in_items = |kind, sql| items(db, kind, sql, before_ms, now_ms);
    let n = match kind {
        KeepKind::Responses => in_items("response", RESPONSES)?,
        KeepKind::Impressions => in_items("impression", IMPRESSIONS)?,
        KeepKind::Dismissals => in_items("dismissal", DISMISSALS)?,
        KeepKind::Attachments => rows(db, "attachment", "created_ms", before)?,
        KeepKind::Vitals => {
            let hour = int_from_u64(before_ms / Step::Hour.ms());
            rows(db, "latency_vital", "hour", hour)?
        }
        KeepKind::DeadLetters => {
            rows(db, "conflict", "received_ms", before)?
                + rows(db, "letter", "received_ms", before)?
        }
        KeepKind::Losses => rows(db, "loss", "received_ms", before)?,
    };
    Ok(n.max(0) as u64)
}

fn rows(db: &Connection, table: &str, column: &str, before: i64) -> rusqlite::Result<i64> {
    db.prepare_cached(&format!("SELECT count(*) FROM {table} WHERE {column} < ?1"))?
        .query_row([before], |row| row.get(0))
}

/// Items are gone through as `expire` does: from its mark to the first that is young enough, past those from a
/// time when our clock was ahead.
fn items(
    db: &Connection,
    kind: &str,
    sql: &str,
    before_ms: u64,
    now_ms: u64,
) -> rusqlite::Result<i64> {
    let (mark, before) = (mark_of(db, kind)?, int_from_u64(before_ms));
    let young: Option<i64> = db
        .prepare_cached(
            "SELECT row FROM item WHERE row > ?1 AND received_ms BETWEEN ?2 AND ?3
             ORDER BY row LIMIT 1",
        )?
        .query_row(params![mark, before, int_from_u64(now_ms)], |row| {
            row.get(0)
        })
        .optional()?;
    db.prepare_cached(sql)?
        .query_row(params![mark, young.unwrap_or(i64::MAX), before], |row| {
            row.get(0)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::connect_writer;
    use crate::migrate::migrate;

    // Why: a question that looks through everything for each item keeps a core busy until the process ends.
    #[test]
    fn responses_are_looked_through_once() {
        let dir = tempfile::tempdir().unwrap();
        let ground = crate::Ground::of(dir.path().join("firsthand.db"));
        let mut db = connect_writer(&ground).unwrap();
        migrate(&mut db, &ground).unwrap();
        let mut explain = db
            .prepare(&format!("EXPLAIN QUERY PLAN {RESPONSES}"))
            .unwrap();
        let steps: Vec<String> = explain
            .query_map([0, 0, 0], |row| row.get("detail"))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(steps.len(), 2, "{steps:#?}");
        assert!(steps[0].contains("SCAN r"), "{steps:#?}");
        assert!(
            steps[1].contains("SEARCH i USING INDEX item_by_id"),
            "{steps:#?}"
        );
    }
}
