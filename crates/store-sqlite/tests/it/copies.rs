//! Turns a database in use into copies, and damage into findings.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use store::conformance::{answered, batch, impression, item, ok, project, response, score};
use store::{Store, StoreError};
use store_sqlite::{Inspection, SqliteStore, copy, inspect};

use crate::open;

fn codes(found: &Inspection) -> Vec<&'static str> {
    found.flaws.iter().map(|flaw| flaw.code).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_holds_one_moment_while_others_write() {
    let (dir, store) = open();
    let project = project(&*store).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (store, is_over) = (Arc::clone(&store), Arc::clone(&is_over));
        async move {
            let mut n = 1;
            while !is_over.load(Ordering::Relaxed) {
                // An answer and an impression, together or not at all.
                let one = answered(n, 0, response(n, 1, vec![score(9)]));
                let other = item(n + 1, 0, impression());
                ok(store.append(batch(project, 1, vec![one, other])).await);
                n += 2;
            }
            n
        }
    });
    let mut sizes = Vec::new();
    for nth in 0..5 {
        let to = dir.path().join(format!("copy-{nth}.db"));
        let (from, place) = (dir.path().join("firsthand.db"), to.clone());
        let copied = tokio::task::spawn_blocking(move || copy(&from, &place)).await;
        ok(copied.unwrap());
        let found = ok(inspect(&to));
        assert_eq!(found.flaws, [], "{nth}");
        assert_eq!(found.items % 2, 0, "a batch is whole");
        sizes.push(found.items);
        // One file, and whoever opens it can go on.
        assert!(!dir.path().join(format!("copy-{nth}.db-wal")).exists());
        ok(ok(SqliteStore::open(&to)).probe(7).await);
    }
    is_over.store(true, Ordering::Relaxed);
    let written = u64::from(writing.await.unwrap() - 1);
    assert!(sizes.is_sorted() && sizes[4] <= written, "{sizes:?}");
    ok(store.close().await);
    assert_eq!(ok(inspect(&dir.path().join("firsthand.db"))).items, written);
}

#[test]
fn a_copy_overwrites_nothing_and_needs_something() {
    let (dir, _store) = open();
    let (from, to) = (dir.path().join("firsthand.db"), dir.path().join("to.db"));
    let missing = copy(&dir.path().join("missing.db"), &to);
    assert!(
        matches!(missing, Err(StoreError::Engine { .. })),
        "{missing:?}"
    );
    std::fs::write(&to, "mine").unwrap();
    let refused = copy(&from, &to);
    assert!(
        matches!(refused, Err(StoreError::Taken { .. })),
        "{refused:?}"
    );
    assert_eq!(std::fs::read(&to).unwrap(), b"mine");
}

#[tokio::test]
async fn what_a_sound_file_has_is_told() {
    let (dir, store) = open();
    let project = project(&*store).await;
    ok(store
        .append(batch(project, 1, vec![item(1, 0, impression())]))
        .await);
    // In use, and the log not yet moved into the file.
    let found = ok(inspect(&dir.path().join("firsthand.db")));
    assert_eq!((found.items, found.flaws.len()), (1, 0), "{found:?}");
    assert_eq!(found.layout, found.known_layout);
}

fn check(damage: impl FnOnce(&Path), expected: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async {
        let store: &dyn Store = &SqliteStore::open(&file).unwrap();
        let project = project(store).await;
        let one = answered(1, 0, response(1, 1, vec![score(9)]));
        ok(store.append(batch(project, 1, vec![one])).await);
        ok(store.close().await);
    });
    damage(&file);
    let found = ok(inspect(&file));
    assert_eq!(codes(&found), expected, "{found:?}");
}

fn sql(text: &'static str) -> impl FnOnce(&Path) {
    move |file| {
        let db = Connection::open(file).unwrap();
        db.pragma_update(None, "foreign_keys", false).unwrap();
        db.execute_batch(text).unwrap();
    }
}

#[test]
fn damage_is_named() {
    check(|_| {}, &[]);
    check(sql("DELETE FROM response"), &["answer_without_response"]);
    check(
        sql("INSERT INTO site (key, project, created_ms) VALUES ('fh_of_nobody', 77, 1)"),
        &["dangling_reference"],
    );
    check(
        sql("INSERT INTO latency_seen (project, id, body_hash, day)
             SELECT project, id, zeroblob(16), 1 FROM item"),
        &["id_used_twice"],
    );
    check(sql("UPDATE item SET project = 9"), &["row_without_project"]);
    // An index that lacks a row: what it was to keep once could come twice.
    check(
        sql("PRAGMA writable_schema = 1;
             UPDATE sqlite_schema SET sql = 'CREATE UNIQUE INDEX item_by_id ON item (project, seq)'
             WHERE name = 'item_by_id'"),
        &["damaged"],
    );
    check(
        |file| std::fs::write(file, "certainly no database, and long enough to tell").unwrap(),
        &["damaged"],
    );
    check(|file| std::fs::write(file, "").unwrap(), &["empty"]);
}

#[test]
fn a_page_of_noise_is_named() {
    check(
        |file| {
            let mut bytes = std::fs::read(file).unwrap();
            let page = 8192;
            bytes[page * 3..page * 4].fill(0xa5);
            std::fs::write(file, bytes).unwrap();
        },
        &["damaged"],
    );
}

#[test]
fn a_newer_layout_is_not_judged() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    drop(SqliteStore::open(&file).unwrap());
    sql("PRAGMA user_version = 99")(&file);
    let refused = inspect(&file);
    assert!(
        matches!(refused, Err(StoreError::NewerLayout { found: 99, .. })),
        "{refused:?}"
    );
}
