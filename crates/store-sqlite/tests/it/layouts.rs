//! Turns a file that an older build has written into one that says the same in today's layout.

use std::path::Path;

use protocol::id::ResponseId;
use protocol::survey::{UrlTest, Wait};
use rusqlite::{Connection, params};
use store::conformance::{comments_filter, nps_filter, nth, ok, people, reason, score};
use store::{Directory, NewValue, ProjectId, Span, Store, StoreError};
use store_sqlite::SqliteStore;

const LAYOUT_1: &str = include_str!("../../migrations/0001_start.sql");

/// A survey as layout 1 kept it.
const NPS: &str = r#"{"id":"nps","name":"NPS","language":"en","questions":[
    {"id":"score","title":"How likely?","description":null,"required":true,
     "kind":{"nps":{"low":"Not","high":"Very"}}},
    {"id":"reason","title":"Why?","description":null,"required":false,
     "kind":{"text":{"max_chars":2000}}}],
    "thanks":{"title":"Thank you","text":null},"mark":false,
    "show":{"priority":7,"sample_permille":250,"url_contains":["/cart","/pay"],"delay_ms":1500,
     "max_impressions":2,"again_after_answer_days":90,"again_after_dismissal_days":null}}"#;

/// A survey that says no more than it must.
const BARE: &str = r#"{"id":"bare","name":"Bare","language":"en","questions":[],
    "thanks":{"title":"Thanks"}}"#;

fn written_by_layout_1(file: &std::path::Path) {
    let db = Connection::open(file).unwrap();
    db.execute_batch(LAYOUT_1).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    db.execute_batch("INSERT INTO project VALUES (1, 'Shop', 5)")
        .unwrap();
    db.execute_batch("INSERT INTO site VALUES (1, 'fh_demo_shop', 1, 5)")
        .unwrap();
    for (id, definition) in [("nps", NPS), ("bare", BARE)] {
        db.execute(
            "INSERT INTO survey VALUES (1, ?1, 1, 5, ?2)",
            params![id, definition],
        )
        .unwrap();
    }
    let response = nth(ResponseId::new, 1).0.into_bytes();
    let install = [7_u8; 16];
    db.execute(
        "INSERT INTO response VALUES (1, ?1, ?2, 2, 1, 'nps', 1, ?2, 50, 'https://a.example/', 'en')",
        params![response, install],
    )
    .unwrap();
    db.execute(
        "INSERT INTO impression VALUES (1, 'nps', 40, ?1, 1, 1)",
        params![install],
    )
    .unwrap();
    for (position, question, points, text) in [
        (0, "score", Some(9), None),
        (1, "reason", None, Some("Fast")),
        (2, "more", None, None),
    ] {
        db.execute(
            "INSERT INTO answer VALUES (1, ?1, ?2, 'nps', ?3, 50, ?4, ?5, ?6, ?7)",
            params![
                response,
                position,
                install,
                question,
                format!("{question}?"),
                points,
                text
            ],
        )
        .unwrap();
    }
}

#[tokio::test]
async fn answers_of_layout_1_still_count() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    written_by_layout_1(&file);
    let store = SqliteStore::open(&file).unwrap();
    let store: &dyn Store = &store;
    let project = ProjectId(1);
    let span = Span {
        from_ms: 0,
        to_ms: 100,
    };
    let counts = ok(store.nps(nps_filter(project, span)).await);
    assert_eq!(counts.histogram, people(&[9]));
    assert_eq!((counts.shown, counts.shown_and_answered), (1, 1));
    let comments = ok(store.comments(comments_filter(project, 10)).await);
    assert_eq!(comments.items[0].text, "Fast");
    let kept = ok(store.response(project, nth(ResponseId::new, 1)).await).unwrap();
    let mut skipped = score(0);
    skipped.question = "more".into();
    skipped.prompt = "more?".into();
    skipped.value = NewValue::Skipped;
    assert_eq!(kept.row.answers, [score(9), reason("Fast"), skipped]);
    assert_eq!((kept.row.respondent, kept.missing), (None, vec![]));
}

#[test]
fn a_copy_is_kept_before_the_layout_is_updated() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    written_by_layout_1(&file);
    let kept = dir.path().join("firsthand.db-layout-1");
    // What a start left that ended in the middle.
    std::fs::write(&kept, "").unwrap();
    drop(SqliteStore::open(&file).unwrap());
    let db = Connection::open(&kept).unwrap();
    let layout: u32 = db
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let answers: i64 = db
        .query_row("SELECT COUNT(*) FROM answer", [], |row| row.get(0))
        .unwrap();
    assert_eq!((layout, answers), (1, 3));
    let known: String = Connection::open(&file)
        .unwrap()
        .query_row("SELECT path FROM backup", [], |row| row.get(0))
        .unwrap();
    assert_eq!(Path::new(&known), kept);
    // Only once: what is up to date is not copied again.
    let written = std::fs::metadata(&kept).unwrap().modified().unwrap();
    drop(SqliteStore::open(&file).unwrap());
    assert_eq!(
        std::fs::metadata(&kept).unwrap().modified().unwrap(),
        written
    );
}

#[test]
fn without_room_for_a_copy_nothing_is_updated() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    written_by_layout_1(&file);
    // Nothing can be written there.
    std::fs::create_dir(dir.path().join("firsthand.db-layout-1")).unwrap();
    let refused = SqliteStore::open(&file);
    assert!(
        matches!(refused, Err(StoreError::Engine { .. })),
        "{refused:?}"
    );
    let db = Connection::open(&file).unwrap();
    let layout: u32 = db
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(layout, 1);
}

#[tokio::test]
async fn surveys_of_layout_1_say_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    written_by_layout_1(&file);
    let store = SqliteStore::open(&file).unwrap();
    let surveys = ok(store.surveys(ProjectId(1)).await);
    let (bare, nps) = (&surveys[0].survey, &surveys[1].survey);
    assert_eq!(bare.endings[0].title, "Thanks".into());
    assert!(bare.look.mark);
    assert_eq!(bare.show.sample_permille, 1000);
    assert_eq!(bare.show.again.survey.dismissed, Some(Wait::Never));
    assert_eq!(nps.questions.len(), 2);
    assert_eq!(nps.endings[0].id, "thanks");
    assert!(!nps.look.mark);
    let show = &nps.show;
    assert_eq!((show.priority, show.sample_permille), (7, 250));
    assert_eq!((show.delay_ms, show.max_impressions), (1_500, 2));
    let url = ["/cart", "/pay"].map(|part| UrlTest::Contains(part.into()));
    assert_eq!(show.url, url);
    let again = &show.again.survey;
    assert_eq!(again.completed, Some(Wait::Days(90)));
    assert_eq!(again.partial, Some(Wait::Days(90)));
    assert_eq!(again.dismissed, Some(Wait::Never));
    assert_eq!(again.snoozed, Some(Wait::Days(7)));
}

#[tokio::test]
async fn whoever_could_sign_in_before_roles_is_an_admin() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    written_by_layout_1(&file);
    let db = Connection::open(&file).unwrap();
    let person = "INSERT INTO person VALUES (1, 1, 'ada@example.com', 'hash', 5)";
    db.execute_batch(person).unwrap();
    drop(db);
    let store = SqliteStore::open(&file).unwrap();
    let ada = ok(store.person("ada@example.com".into()).await).unwrap();
    assert_eq!(ada.role, protocol::query::access::Role::Admin);
}

#[tokio::test]
async fn not_even_sql_changes_the_audit_log() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    let store = SqliteStore::open(&file).unwrap();
    let project = ok(store.create_project("Shop".into(), 1).await);
    let entry = store::AuditEntry {
        project,
        at_ms: 5,
        credential: protocol::query::access::Credential::CommandLine,
        actor: "firsthand".into(),
        action: "site.secret".into(),
        target: "fh_demo_shop".into(),
        detail: String::new(),
    };
    ok(store::Guards::audit(&store, entry).await);
    let db = Connection::open(&file).unwrap();
    for sql in ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"] {
        let error = db.execute_batch(sql).unwrap_err().to_string();
        assert!(error.contains("only ever added to"), "{error}");
    }
}
