//! Turns `firsthand seed` into a folder that is looked at: the same each time, and like one of a real shop.

use std::path::Path;
use std::process::Output;

use rusqlite::{Connection, Row};

use crate::process::firsthand;

/// Seeds a folder, with an end that does not move.
fn seed(data: &Path, more: &[&str]) -> Output {
    firsthand()
        .args(["seed", "--until", "2026-11-20T18:00:00Z", "--data"])
        .arg(data)
        .args(more)
        .output()
        .unwrap()
}

fn open(data: &Path) -> Connection {
    Connection::open(data.join("firsthand.db")).unwrap()
}

fn all<T>(db: &Connection, sql: &str, read: impl Fn(&Row<'_>) -> T) -> Vec<T> {
    let mut statement = db.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok(read(row))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn number(db: &Connection, sql: &str) -> f64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn the_same_seed_makes_the_same_data() {
    let dirs = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let size = ["--answers", "40", "--days", "4", "--requests", "3000"];
    for (dir, seed_number) in dirs.iter().zip(["7", "7", "8"]) {
        let done = seed(dir.path(), &[&size[..], &["--seed", seed_number]].concat());
        assert!(done.status.success(), "{done:?}");
    }
    let dump = |data: &Path| {
        let db = open(data);
        let items = all(
            &db,
            "SELECT hex(id) || line FROM item ORDER BY row",
            |row| row.get::<_, String>(0).unwrap(),
        );
        let sums = all(
            &db,
            "SELECT (at >> 24) || name || hex(totals) || hex(distribution)
             FROM latency_hour JOIN latency_feature ON id = at & 16777215 ORDER BY at >> 24, name",
            |row| row.get::<_, String>(0).unwrap(),
        );
        let states = all(
            &db,
            "SELECT status || coalesce(assignee, '') || rev FROM response ORDER BY number",
            |row| row.get::<_, String>(0).unwrap(),
        );
        (items, sums, states)
    };
    let [one, same, other] = dirs.each_ref().map(|dir| dump(dir.path()));
    for (what, one, same) in [
        ("items", &one.0, &same.0),
        ("sums", &one.1, &same.1),
        ("states", &one.2, &same.2),
    ] {
        assert_eq!(one.len(), same.len(), "{what}");
        let differs = one.iter().zip(same).find(|(one, same)| one != same);
        assert_eq!(differs, None, "{what}");
    }
    assert!(one.0 != other.0 && one.1 != other.1);
}

#[test]
fn it_looks_like_weeks_of_a_shop() {
    let dir = tempfile::tempdir().unwrap();
    let done = seed(dir.path(), &["--answers", "900", "--requests", "120000"]);
    assert!(done.status.success(), "{done:?}");
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(
        said.starts_with("made up, of 45 days: 900 answers"),
        "{said}"
    );
    let db = open(dir.path());
    assert_eq!(number(&db, "SELECT count(*) FROM response"), 900.0);
    assert_eq!(number(&db, "SELECT count(*) FROM letter"), 0.0);
    // What the story says is found in the numbers.
    let nps = |which: &str| {
        let sql = "SELECT 100.0 * (avg(score >= 9) - avg(score <= 6)) FROM response
                   WHERE scale = 'nps' AND hidden = 0 AND ";
        number(&db, &format!("{sql} {which}"))
    };
    let whole = nps("1");
    assert!((5.0..60.0).contains(&whole), "{whole}");
    let is_slow = "respondent_traits ->> '$.version' = '5.2.0'";
    assert!(nps(is_slow) + 4.0 < nps(&format!("NOT {is_slow}")));
    let over = "(latency ->> '$.over_budget') * 10 > (latency ->> '$.budgeted')";
    assert!(nps(over) + 10.0 < nps(&format!("NOT {over}")));
    let outages = all(&db, "SELECT feature FROM outage WHERE failed > 50", |row| {
        row.get::<_, String>(0).unwrap()
    });
    for (feature, least) in [("checkout", 2), ("search", 1)] {
        let found = outages.iter().filter(|one| *one == feature).count();
        assert!(found >= least, "{outages:?}");
    }
    // The team has worked, and some of it counts nowhere.
    let statuses = number(&db, "SELECT count(DISTINCT status) FROM response");
    assert!(statuses >= 6.0, "{statuses}");
    for (what, least) in [
        ("response WHERE hidden & 1", 2.0),
        ("response WHERE hidden & 2", 1.0),
        ("response WHERE hidden & 8", 1.0),
        ("response WHERE status = 'new' AND listed = 1", 20.0),
        ("tag", 10.0),
        ("response_tag", 150.0),
        ("note", 3.0),
        ("alert", 1.0),
        ("dismissal", 500.0),
    ] {
        let found = number(&db, &format!("SELECT count(*) FROM {what}"));
        assert!(found >= least, "{what}: {found}");
    }
}

#[test]
fn data_that_is_there_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let size = ["--answers", "20", "--days", "2", "--requests", "500"];
    let done = seed(dir.path(), &size);
    assert!(done.status.success(), "{done:?}");
    let before = number(&open(dir.path()), "SELECT count(*) FROM item");
    let refused = seed(dir.path(), &[&size[..], &["--seed", "2"]].concat());
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    let why = String::from_utf8(refused.stderr).unwrap();
    assert!(why.contains("--beside-what-is-there"), "{why}");
    assert_eq!(
        number(&open(dir.path()), "SELECT count(*) FROM item"),
        before
    );
    let more = [&size[..], &["--seed", "2", "--beside-what-is-there"]].concat();
    assert!(seed(dir.path(), &more).status.success());
    assert!(number(&open(dir.path()), "SELECT count(*) FROM item") > before);
}

#[test]
fn numbers_that_make_no_sense_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let check = |args: &[&str], named: &str| {
        let mut command = firsthand();
        command.args(["seed", "--data"]).arg(dir.path()).args(args);
        let refused = command.output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{args:?}");
        let why = String::from_utf8(refused.stderr).unwrap();
        assert!(why.contains(named), "{why}");
    };
    check(&["--days", "0"], "--days");
    check(&["--until", "yesterday"], "--until");
    check(&["--site-key", "x"], "--site-key");
    assert!(!dir.path().join("firsthand.db").exists());
}
