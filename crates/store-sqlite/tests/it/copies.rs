//! Turns a database in use into copies, and damage into findings.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use protocol::outcome::DiscardReason;
use rusqlite::Connection;
use store::conformance::{answered, batch, impression, item, ok, project, response, score};
use store::{Refused, Store, StoreError};
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
    assert_eq!(found_after(damage), expected);
}

/// What is found in a sound file after it was damaged.
fn found_after(damage: impl FnOnce(&Path)) -> Vec<&'static str> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async {
        let store: &dyn Store = &SqliteStore::open(&file).unwrap();
        let project = project(store).await;
        let one = answered(1, 0, response(1, 1, vec![score(9)]));
        ok(store.append(batch(project, 1, vec![one])).await);
        // Two hours later, with a line that was refused.
        let mut later = batch(project, 2, vec![item(2, 0, impression())]);
        later.received_ms += 2 * 3_600_000;
        later.refused = vec![refused()];
        ok(store.append(later).await);
        ok(store.close().await);
    });
    damage(&file);
    let found = ok(inspect(&file));
    eprintln!("{found:?}");
    codes(&found)
}

fn refused() -> Refused {
    Refused {
        id: None,
        seq: Some(3),
        reason: DiscardReason::InvalidItem,
        message: String::from("p: is wrong"),
        line: String::from("{}"),
        hash: [7; 16],
        is_cut: false,
    }
}

fn sql(text: &str) -> impl FnOnce(&Path) {
    let text = text.to_owned();
    move |file| {
        let db = Connection::open(file).unwrap();
        db.pragma_update(None, "foreign_keys", false).unwrap();
        db.execute_batch(&text).unwrap();
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
    check(
        sql("UPDATE item SET project = 9 WHERE received_ms = (SELECT MIN(received_ms) FROM item)"),
        &["row_without_project"],
    );
    // An index that lacks a row: what it was to keep once could come twice.
    check(
        sql("PRAGMA writable_schema = 1;
             UPDATE sqlite_schema SET sql = 'CREATE UNIQUE INDEX item_by_id ON item (project, seq)'
             WHERE name = 'item_by_id'"),
        &["damaged", "damaged"],
    );
    check(
        |file| std::fs::write(file, "certainly no database, and long enough to tell").unwrap(),
        &["damaged"],
    );
    check(|file| std::fs::write(file, "").unwrap(), &["empty"]);
}

#[test]
fn accounts_that_contradict_what_is_there_are_named() {
    let letters = ["letters_not_counted"];
    check(sql("UPDATE letter_sum SET letters = letters + 1"), &letters);
    check(sql("UPDATE letter_sum SET bytes = 0"), &letters);
    check(sql("DELETE FROM letter_sum"), &letters);
    check(
        sql("DROP TRIGGER letter_goes; DELETE FROM letter"),
        &letters,
    );
    let items = ["items_not_accounted_for"];
    // The first hour may be one in which an older build wrote as well.
    let later = "hour = (SELECT MAX(hour) FROM delivery_hour) AND fate = 'accepted'";
    for damage in [
        format!("DELETE FROM delivery_hour WHERE {later}"),
        format!("UPDATE delivery_hour SET bot = 'agent', fate = 'duplicate' WHERE {later}"),
    ] {
        check(sql(&damage), &items);
    }
    let fates = ["fate_without_sense"];
    for damage in [
        "UPDATE delivery_hour SET items = 0 WHERE fate = 'rejected'",
        "UPDATE delivery_hour SET reason = '' WHERE fate = 'rejected'",
        "UPDATE delivery_hour SET reason = 'because' WHERE fate = 'accepted'",
    ] {
        check(sql(damage), &fates);
    }
    let loads = ["page_load_without_sense"];
    let sums = ["page_loads_not_added_up"];
    check(
        sql("UPDATE delivery_boot SET came = next + 1"),
        &[loads[0], sums[0]],
    );
    for damage in [
        "DELETE FROM delivery_boot_hour",
        "UPDATE delivery_boot_hour SET missing = missing + 1",
        "UPDATE delivery_boot_hour SET page = '/elsewhere'",
    ] {
        check(sql(damage), &sums);
    }
    let days = ["days_not_gathered"];
    for damage in [
        "DELETE FROM shown_day",
        "UPDATE shown_day SET times = 2, people = zeroblob(16)",
        "UPDATE shown_day SET times = 1, people = zeroblob(32)",
        "UPDATE impression SET at_ms = at_ms - 86400000",
    ] {
        check(sql(damage), &days);
    }
    for damage in [
        "UPDATE delivery_boot SET seqs = x''",
        "UPDATE delivery_boot SET last_ms = first_ms - 1",
        "INSERT INTO delivery_lost SELECT project, 1, browser, 1, 1, -1, 0 FROM delivery_boot LIMIT 1",
    ] {
        check(sql(damage), &loads);
    }
    for table in ["delivery_hour", "delivery_boot", "letter"] {
        let damage = format!(
            "INSERT INTO project (id, name, created_ms) SELECT 77, name, created_ms FROM project LIMIT 1;
             UPDATE {table} SET project = 77; DELETE FROM project WHERE id = 77"
        );
        let is_found = |found: &[&str]| found.contains(&"account_without_project");
        assert!(is_found(&found_after(sql(&damage))), "{table}");
    }
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
