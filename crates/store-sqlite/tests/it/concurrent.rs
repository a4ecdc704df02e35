//! Turns "one row per id at any concurrency" into a race that many tasks run at once.

use std::sync::Arc;

use protocol::outcome::Outcome::{Accepted, Duplicate};
use store::StoreError;
use store::conformance::{
    answered, batch, counts, impression, item, ok, people, project, response, score,
};
use tokio::task::JoinSet;

use crate::open;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_id_from_many_tasks_is_stored_once() {
    let (_dir, store) = open();
    let project = project(&*store).await;
    let mut tasks = JoinSet::new();
    for _ in 0..16 {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let mut outcomes = Vec::new();
            for n in 1..=50 {
                let one = answered(n, 0, response(n, 1, vec![score(9)]));
                outcomes.extend(ok(store.append(batch(project, n, vec![one])).await));
            }
            outcomes
        });
    }
    let outcomes = tasks.join_all().await.concat();
    let accepted = outcomes.iter().filter(|&&o| o == Accepted).count();
    let duplicates = outcomes.iter().filter(|&&o| o == Duplicate).count();
    assert_eq!((accepted, duplicates), (50, 750));
    let histogram = counts(&*store, project).await.histogram;
    assert_eq!(histogram, people(&[9; 50]));
}

#[tokio::test]
async fn a_full_queue_is_told_at_once() {
    let (_dir, store) = open();
    let project = project(&*store).await;
    // Heavier than everything that may wait, together: no writer is fast enough for one call.
    let mut heavy = item(1, 0, impression());
    heavy.line = "x".repeat(65 << 20);
    let refused = store.append(batch(project, 1, vec![heavy])).await;
    assert!(
        matches!(refused, Err(StoreError::Overloaded)),
        "{refused:?}"
    );
    // And it leaves no weight behind.
    let light = batch(project, 1, vec![item(2, 0, impression())]);
    assert_eq!(ok(store.append(light).await), [Accepted]);
}

#[tokio::test]
async fn closing_writes_what_was_taken() {
    let (dir, store) = open();
    let project = project(&*store).await;
    let taken: Vec<_> = (1..=200)
        .map(|n| {
            let one = answered(n, 0, response(n, 1, vec![score(3)]));
            store.append(batch(project, n, vec![one]))
        })
        .collect();
    ok(store.close().await);
    for reply in taken {
        assert_eq!(ok(reply.await), [Accepted]);
    }
    let again = store_sqlite::SqliteStore::open(&dir.path().join("firsthand.db")).unwrap();
    let histogram = counts(&again, project).await.histogram;
    assert_eq!(histogram, people(&[3; 200]));
}
