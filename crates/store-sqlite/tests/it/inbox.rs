//! Turns any text that somebody may search for into an answer, and what was erased into nothing.

use proptest::prelude::*;
use protocol::id::{InstallId, ResponseId};
use protocol::query::inbox::Change;
use protocol::query::view::View;
use rusqlite::Connection;
use store::conformance::{append, batch, deed, nth, ok, project, put, said};
use store::{Custody, Inbox, InboxFilter, Store, Subject};
use store_sqlite::SqliteStore;

/// Long after everything else.
const LATER: u64 = store::conformance::T0 + 1_000_000;

fn open() -> (tempfile::TempDir, SqliteStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("firsthand.db")).unwrap();
    (dir, store)
}

/// A query string with this text as the value of `name`.
fn query_of(name: &str, text: &str) -> String {
    let coded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("{name}={coded}")
}

/// Asks for everything that a view is asked for.
async fn answers(store: &dyn Store, project: store::ProjectId, query: &str) {
    let view = View::parse(query, &[], |_| None).view;
    let printed = view.to_string();
    let again = View::parse(&printed, &[], |_| None);
    assert_eq!(
        (again.view, again.dropped),
        (view.clone(), vec![]),
        "{query} {printed}"
    );
    let filter = InboxFilter {
        project,
        view,
        now_ms: LATER,
    };
    let page = ok(store.inbox(filter.clone(), None, 200).await);
    let counts = ok(store.inbox_counts(filter).await);
    assert_eq!(counts.total, page.items.len() as u64, "{query}");
}

fn check(store: &SqliteStore, project: store::ProjectId, name: &str, text: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(answers(store, project, &query_of(name, text)));
}

fn filled() -> (tempfile::TempDir, SqliteStore, store::ProjectId) {
    let (dir, store) = open();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let project = runtime.block_on(async {
        let project = project(&store).await;
        let texts = ["slow", "AND or NOT near", "\"a\" * ^ : {said}"];
        let all = (1..)
            .zip(texts)
            .map(|(n, text)| said(n, Some("ada"), text, &[]));
        append(&store, batch(project, 1, all.collect())).await;
        project
    });
    (dir, store, project)
}

#[test]
fn any_text_can_be_searched_for() {
    let (_dir, store, project) = filled();
    proptest!(ProptestConfig::with_cases(400), |(text in any::<String>())| {
        check(&store, project, "q", &text);
    });
    // Of what the languages of searches and of the engine are made.
    let parts = "(-|\"|\\*|\\^|:|\\(|\\)|\\{|\\}|AND|OR|NOT|NEAR|said|asked:|status:|is:|a|\\+|,| |\u{0}|'|é){0,12}";
    proptest!(ProptestConfig::with_cases(400), |(text in parts)| {
        check(&store, project, "q", &text);
    });
}

#[test]
fn any_parameter_can_be_asked_for() {
    let (_dir, store, project) = filled();
    let names = "(survey|question|days|from|to|status|tag|assignee|score|page|device|browser|language|country|version|trait\\.x|has|is)";
    proptest!(ProptestConfig::with_cases(300), |(name in names, text in any::<String>())| {
        check(&store, project, &name, &text);
    });
}

/// Every cell of every table, those of the index of words among them, as text.
fn cells(file: &std::path::Path) -> String {
    let db = Connection::open(file).unwrap();
    let sql =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'";
    let mut names = db.prepare(sql).unwrap();
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut all = String::new();
    for name in names {
        let mut select = db.prepare(&format!("SELECT * FROM \"{name}\"")).unwrap();
        let n = select.column_count();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..n {
                let bytes = match row.get_ref(column).unwrap() {
                    rusqlite::types::ValueRef::Text(bytes) => bytes,
                    rusqlite::types::ValueRef::Blob(bytes) => bytes,
                    _ => continue,
                };
                all.extend(bytes.iter().map(|byte| char::from(*byte)));
                all.push('\n');
            }
        }
    }
    all
}

#[tokio::test]
async fn whoever_is_erased_is_in_no_table_and_no_index() {
    let (dir, store) = open();
    let project = project(&store).await;
    let file = dir.path().join("firsthand.db");
    for n in 1..=40 {
        let text = if n == 7 {
            "xyzzymarker plughmarker"
        } else {
            "plain words of others"
        };
        let one = said(n, None, text, &[]);
        append(&store, batch(project, n, vec![one])).await;
    }
    let seven = nth(ResponseId::new, 7);
    put(&store, project, &[8], Change::DuplicateOf(seven)).await;
    put(&store, project, &[7], Change::AddTag("slow".into())).await;
    let note = store.add_note(seven, "notemarker".into(), deed(project));
    ok(note.await);
    let id: String = seven
        .0
        .as_bytes()
        .iter()
        .map(|byte| char::from(*byte))
        .collect();
    for mark in ["xyzzymarker", "notemarker", &id] {
        assert!(cells(&file).contains(mark), "{mark}");
    }
    let whose = Subject::Install(nth(InstallId::new, 7));
    ok(store.erase(project, whose, LATER).await);
    for mark in ["xyzzy", "plugh", "notemarker", &id, &seven.to_string()] {
        assert!(!cells(&file).contains(mark), "{mark}");
    }
    let db = Connection::open(&file).unwrap();
    let n: i64 = db
        .query_row(
            "SELECT COUNT(*) FROM triage_change WHERE response = 7",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(n, 0);
    let check = "INSERT INTO written (written, rank) VALUES ('integrity-check', 1)";
    db.execute_batch(check).unwrap();
}
