//! Turns an erasure into files that hold nothing of whom it was about, and everything of the others.

use std::path::Path;

use proptest::prelude::*;
use protocol::id::{InstallId, ItemId, ResponseId};
use store::conformance::{append, batch, closed, nth, ok, project, revised, said, shown, told};
use store::{Custody, HeldRow, NewItem, Store, Subject};
use store_sqlite::SqliteStore;
use tempfile::TempDir;

/// Long after everything else.
const LATER: u64 = store::conformance::T0 + 1_000_000;

/// What nothing but the erased person's rows hold.
const MARK: &str = "XyzzyMarker";

/// Numbers that no item has: ids of different kinds with one number are the same bytes.
const INSTALLS: u32 = 50_000;
const RESPONSES: u32 = 60_000;

/// How often bytes are found in the files of a folder.
fn found(folder: &Path, sought: &[u8]) -> usize {
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files
        .map(|bytes| {
            bytes
                .windows(sought.len())
                .filter(|part| *part == sought)
                .count()
        })
        .sum()
}

/// A store in which pages were split and rows were moved: people with ids in no order, several
/// revisions each, and one of them with a mark in everything that a person can write.
async fn crowd(dir: &TempDir) -> (SqliteStore, store::ProjectId) {
    let store = SqliteStore::open(&dir.path().join("firsthand.db")).unwrap();
    let project = project(&store).await;
    for round in 0..3_u32 {
        for n in 0..300_u32 {
            let spread = n.wrapping_mul(2_654_435_761) % 997;
            let (person, text) = if n == 150 {
                (
                    format!("{MARK}-{spread}"),
                    format!("{MARK} {}", "x".repeat(40 + 300 * round as usize)),
                )
            } else {
                (
                    format!("{spread:03}-somebody-{n}-{}", "p".repeat(150)),
                    "y".repeat(30 + (97 * round + n) as usize % 900),
                )
            };
            let first = n * 10 + round * 3;
            let all = vec![
                shown(first),
                revised(
                    first + 1,
                    RESPONSES + n,
                    round + 1,
                    Some(&person),
                    &text,
                    &[],
                ),
                closed(first + 2, Some(RESPONSES + n)),
            ];
            append(&store, batch(project, INSTALLS + n, all)).await;
        }
    }
    (store, project)
}

#[tokio::test]
async fn nothing_of_whom_was_erased_is_left_in_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let (store, project) = crowd(&dir).await;
    let person = format!("{MARK}-{}", 150_u32.wrapping_mul(2_654_435_761) % 997);
    assert_eq!(told_of(&store, project, &person).await.len(), 9 + 1);
    assert!(found(dir.path(), MARK.as_bytes()) > 0);
    let erased = ok(store
        .erase(project, Subject::Person(person.clone()), LATER)
        .await);
    assert_eq!(erased.counts.values().sum::<u64>(), 10);
    let wal = dir.path().join("firsthand.db-wal");
    assert_eq!(std::fs::metadata(wal).unwrap().len(), 0);
    ok(store.rewrite().await);
    let install = nth(InstallId::new, INSTALLS + 150);
    let response = nth(ResponseId::new, RESPONSES + 150);
    for (what, bytes) in [
        ("text", MARK.as_bytes()),
        ("word", MARK.to_lowercase().as_bytes()),
        ("install", install.0.as_bytes()),
        ("install as text", install.to_string().as_bytes()),
        ("response", response.0.as_bytes()),
        ("response as text", response.to_string().as_bytes()),
        ("item", nth(ItemId::new, 1_501).0.as_bytes()),
    ] {
        assert_eq!(found(dir.path(), bytes), 0, "{what}");
    }
    // The others are there, and what was erased does not come back.
    assert!(found(dir.path(), b"somebody-151") > 0);
    let again = batch(
        project,
        150,
        vec![revised(1_501, 150, 1, Some(&person), MARK, &[])],
    );
    let outcomes = append(&store, again).await;
    assert_eq!(outcomes, [protocol::outcome::Outcome::Rejected]);
    assert_eq!(found(dir.path(), MARK.as_bytes()), 0);
    drop(store);
    assert_eq!(found(dir.path(), MARK.as_bytes()), 0);
}

async fn told_of(store: &dyn Store, project: store::ProjectId, person: &str) -> Vec<HeldRow> {
    told(store, project, Subject::Person(person.into())).await
}

/// What one of three people, or nobody, does on one of three installs.
#[derive(Clone, Copy, Debug)]
struct Act {
    install: u32,
    person: usize,
    response: u32,
    what: u8,
}

const PEOPLE: [Option<&str>; 4] = [None, Some("ada"), Some("bo"), Some("cy")];

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = (1..4_u32, 0..4_usize, 0..3_u32, 0..3_u8);
    let act = act.prop_map(|(install, person, response, what)| Act {
        install,
        person,
        response,
        what,
    });
    proptest::collection::vec(act, 1..30)
}

/// Responses are one person's: their number says whose, and on which install.
fn item_of(n: u32, act: Act) -> NewItem {
    let response = act.install * 100 + act.person as u32 * 10 + act.response;
    match act.what {
        0 => shown(n),
        1 => revised(
            n,
            response,
            n + 1,
            PEOPLE[act.person],
            &format!("text {n}"),
            &[],
        ),
        _ => closed(n, Some(response)),
    }
}

/// Everything that is told of each.
async fn told_of_all(
    store: &dyn Store,
    project: store::ProjectId,
    all: &[Subject],
) -> Vec<Vec<HeldRow>> {
    let mut rows = Vec::new();
    for subject in all {
        rows.push(told(store, project, subject.clone()).await);
    }
    rows
}

/// Erases one, and holds what is told of the others against what was told before.
async fn erasing_one_leaves_the_others(acts: &[Act], erased: &Subject, others: &[Subject]) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("firsthand.db")).unwrap();
    let project = project(&store).await;
    for (n, act) in (0..).zip(acts) {
        append(&store, batch(project, act.install, vec![item_of(n, *act)])).await;
    }
    let before = told_of_all(&store, project, others).await;
    ok(store.erase(project, erased.clone(), LATER).await);
    assert_eq!(told(&store, project, erased.clone()).await, []);
    assert_eq!(told_of_all(&store, project, others).await, before);
    // Everything once more, as senders do that have heard nothing: what is gone stays away.
    for (n, act) in (0..).zip(acts) {
        append(&store, batch(project, act.install, vec![item_of(n, *act)])).await;
    }
    assert_eq!(told(&store, project, erased.clone()).await, []);
    assert_eq!(told_of_all(&store, project, others).await, before);
    // Whoever is erased may answer again.
    let mut new = said(9_000, Some("ada"), "new", &[]);
    new.at_ms = LATER + 60_001;
    let new = append(&store, batch(project, 9, vec![new])).await;
    assert_eq!(new, [protocol::outcome::Outcome::Accepted]);
}

fn named(person: usize) -> Subject {
    Subject::Person(PEOPLE[person].unwrap().into())
}

fn install(n: u32) -> Subject {
    Subject::Install(nth(InstallId::new, n))
}

fn check(acts: &[Act], all: &[Subject; 3], one: usize) {
    let mut others = all.to_vec();
    let erased = others.remove(one);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(erasing_one_leaves_the_others(acts, &erased, &others));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn everything_of_the_other_people_stays_the_same(acts in acts(), who in 0..3_usize) {
        check(&acts, &[named(1), named(2), named(3)], who);
    }

    #[test]
    fn everything_of_the_other_installs_stays_the_same(acts in acts(), which in 0..3_usize) {
        check(&acts, &[install(1), install(2), install(3)], which);
    }
}
