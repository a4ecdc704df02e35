//! Turns an age into how much of a kind is older than it, before any of it goes.

use rusqlite::{Connection, OptionalExtension};
use store::{KeepKind, Step};

use crate::convert::int_from_u64;
use crate::fault::Fault;

/// CROSS JOIN keeps the order: from an item no index leads to its response, and to look through all of them for each
/// of millions of items takes hours.
const RESPONSES: &str = "
    SELECT count(*) FROM response AS r
    CROSS JOIN item AS i ON i.project = r.project AND i.id = r.item
    WHERE i.row < ?1";

pub(super) fn count(db: &Connection, kind: KeepKind, before_ms: u64) -> Result<u64, Fault> {
    let (sql, before) = match kind {
        KeepKind::Responses => (RESPONSES, first_since(db, before_ms)?),
        KeepKind::Impressions => (
            "SELECT count(*) FROM impression WHERE item < ?1",
            first_since(db, before_ms)?,
        ),
        KeepKind::Dismissals => (
            "SELECT count(*) FROM dismissal WHERE item < ?1",
            first_since(db, before_ms)?,
        ),
        KeepKind::Attachments => (
            "SELECT count(*) FROM attachment WHERE created_ms < ?1",
            int_from_u64(before_ms),
        ),
        KeepKind::Vitals => (
            "SELECT count(*) FROM latency_vital WHERE hour < ?1",
            int_from_u64(before_ms / Step::Hour.ms()),
        ),
        KeepKind::DeadLetters => (
            "SELECT (SELECT count(*) FROM conflict WHERE received_ms < ?1)
                  + (SELECT count(*) FROM letter WHERE received_ms < ?1)",
            int_from_u64(before_ms),
        ),
        KeepKind::Losses => (
            "SELECT count(*) FROM loss WHERE received_ms < ?1",
            int_from_u64(before_ms),
        ),
    };
    let n: i64 = db
        .prepare_cached(sql)?
        .query_row([before], |row| row.get(0))?;
    Ok(n.max(0) as u64)
}

/// The first row of `item` that arrived then or later. Items lie in order of arrival, so that a few rows tell
/// where: reading all of them takes seconds where there are millions.
fn first_since(db: &Connection, before_ms: u64) -> Result<i64, Fault> {
    let last: i64 = db
        .prepare_cached("SELECT coalesce(max(row), 0) FROM item")?
        .query_row([], |row| row.get(0))?;
    let mut next = db.prepare_cached(
        "SELECT row, received_ms < ?2 FROM item WHERE row >= ?1 ORDER BY row LIMIT 1",
    )?;
    let (mut low, mut high) = (0, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let found: Option<(i64, bool)> = next
            .query_row((middle, int_from_u64(before_ms)), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        match found {
            Some((row, true)) => low = row + 1,
            _ => high = middle,
        }
    }
    Ok(low)
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
            .query_map([0], |row| row.get("detail"))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(steps.len(), 2, "{steps:#?}");
        assert!(steps[0].contains("SCAN r"), "{steps:#?}");
        assert!(
            steps[1].contains("SEARCH i USING COVERING INDEX item_by_id"),
            "{steps:#?}"
        );
    }
}
