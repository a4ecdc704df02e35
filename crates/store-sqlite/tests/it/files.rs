//! Turns what can be wrong with a file into errors that say so.

use rusqlite::Connection;
use store::conformance::{batch, impression, item, ok, project};
use store::{Loss, StoreError};
use store_sqlite::SqliteStore;

use crate::open;

#[test]
fn a_newer_layout_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    drop(SqliteStore::open(&file).unwrap());
    let db = Connection::open(&file).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let refused = SqliteStore::open(&file);
    assert!(
        matches!(refused, Err(StoreError::NewerLayout { found: 99, .. })),
        "{refused:?}"
    );
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    std::fs::write(&file, "certainly no database, and long enough to tell").unwrap();
    let refused = SqliteStore::open(&file);
    assert!(
        matches!(refused, Err(StoreError::Engine { .. })),
        "{refused:?}"
    );
}

#[test]
fn two_processes_may_open_one_new_file_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    std::thread::scope(|scope| {
        let opening: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| SqliteStore::open(&file)))
            .collect();
        for opened in opening {
            opened.join().unwrap().unwrap();
        }
    });
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_a_file_that_was_made_here() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, store) = open();
    ok(store.probe(1).await);
    for name in ["firsthand.db", "firsthand.db-wal", "firsthand.db-shm"] {
        let file = std::fs::metadata(dir.path().join(name)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_file_has_a_log_and_large_pages() {
    let (dir, store) = open();
    ok(store.probe(1).await);
    let db = Connection::open(dir.path().join("firsthand.db")).unwrap();
    let mode: String = db
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    let size: u32 = db
        .pragma_query_value(None, "page_size", |row| row.get(0))
        .unwrap();
    assert_eq!((mode.as_str(), size), ("wal", 8192));
}

#[tokio::test]
async fn a_closed_store_is_one_file() {
    let (dir, store) = open();
    let project = project(&*store).await;
    ok(store
        .append(batch(project, 1, vec![item(1, 0, impression())]))
        .await);
    let log = dir.path().join("firsthand.db-wal");
    assert!(std::fs::metadata(&log).unwrap().len() > 0);
    ok(store.close().await);
    assert_eq!(std::fs::metadata(&log).map_or(0, |log| log.len()), 0);
}

#[tokio::test]
async fn lines_and_times_are_kept_raw_and_losses_once() {
    let (dir, store) = open();
    let project = project(&*store).await;
    let mut sent = batch(project, 1, vec![item(1, 0, impression())]);
    sent.losses.push(Loss {
        reason: String::from("queue_full"),
        count: 3,
    });
    for _ in 0..2 {
        ok(store.append(sent.clone()).await);
    }
    let db = Connection::open(dir.path().join("firsthand.db")).unwrap();
    let (line, times): (String, [i64; 4]) = db
        .query_row(
            "SELECT line, sent_wall_ms, age_ms, clock_offset_ms, received_ms FROM item",
            [],
            |row| {
                Ok((
                    row.get(0)?,
                    [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?],
                ))
            },
        )
        .unwrap();
    let (expected, sender) = (&sent.items[0], &sent.sender);
    assert_eq!(line, expected.line);
    let expected = [
        sender.sent_wall_ms as i64,
        expected.age_ms as i64,
        sender.clock_offset_ms,
        sent.received_ms as i64,
    ];
    assert_eq!(times, expected);
    let lost: (i64, i64) = db
        .query_row("SELECT COUNT(*), SUM(count) FROM loss", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(lost, (1, 3));
}

#[tokio::test]
async fn another_body_is_kept_aside_once() {
    let (dir, store) = open();
    let project = project(&*store).await;
    let first = item(1, 0, impression());
    let mut other = first.clone();
    other.body_hash = [9; 32];
    other.line = String::from("another line");
    for items in [vec![first], vec![other.clone()], vec![other]] {
        ok(store.append(batch(project, 1, items)).await);
    }
    let db = Connection::open(dir.path().join("firsthand.db")).unwrap();
    let aside: Vec<String> = db
        .prepare("SELECT line FROM conflict")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(aside, ["another line"]);
}
