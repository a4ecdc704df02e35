//! Turns a store of many people into figures: what letting go of some of it costs those who write.
//!
//! `cargo bench -p store-sqlite --bench custody [-- ITEMS]`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on says so by stopping, and prints what it found"
)]

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use store::conformance::{T0, append, batch, ok, project, revised, shown, told};
use store::{KeepFor, ProjectId, Store, Subject};
use store_sqlite::SqliteStore;

/// Items that are written at a time, in an envelope for each install.
const BATCH: u32 = 2_000;
/// Items of one install: every tenth is an answer, of somebody who is named.
const PER_INSTALL: u32 = 20;
const DAY: u64 = 86_400_000;

fn main() {
    let items = std::env::args().find_map(|arg| arg.parse().ok());
    let items: u32 = items.unwrap_or(500_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    runtime.block_on(run(items));
}

async fn run(items: u32) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("firsthand.db");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&file).unwrap());
    let project = project(&*store).await;
    let started = Instant::now();
    for first in (0..items).step_by(BATCH as usize) {
        fill(&store, project, first).await;
    }
    let rate = f64::from(items) / started.elapsed().as_secs_f64();
    println!(
        "{items} items, {:.0} MB, written {rate:.0}/s",
        megabytes(&file)
    );
    let whom = |n: u32| Subject::Person(person(n));
    for (what, subject) in [("held", whom(7)), ("export", whom(8))] {
        let started = Instant::now();
        let rows = told(&*store, project, subject).await.len();
        println!("{what}: {rows} rows in {:?}", started.elapsed());
    }
    let erasing = async {
        let erased = ok(store.erase(project, whom(9), T0 + DAY).await);
        format!("{:?}", erased.counts)
    };
    beside(&store, project, "erase", erasing).await;
    let rewriting = async {
        ok(store.rewrite().await);
        format!("{:.0} MB", megabytes(&file))
    };
    beside(&store, project, "rewrite", rewriting).await;
    let keep = KeepFor {
        impressions_ms: Some(DAY),
        ..KeepFor::default()
    };
    let expiring = async {
        let mut gone = 0;
        loop {
            let step = ok(store.expire(T0 + 3 * DAY, keep).await);
            gone += step.counts.values().sum::<u64>();
            if !step.more {
                return format!("{gone} rows");
            }
        }
    };
    beside(&store, project, "expire", expiring).await;
}

/// Does something while one sender after the other writes a single item, and prints how long both
/// took.
async fn beside(
    store: &Arc<dyn Store>,
    project: ProjectId,
    what: &str,
    work: impl Future<Output = String>,
) {
    let writer = Arc::clone(store);
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let writing = tokio::spawn(async move {
        let mut waits = Vec::new();
        let mut n = 3_000_000_000;
        while stopped.try_recv() == Err(tokio::sync::oneshot::error::TryRecvError::Empty) {
            n += 1;
            let started = Instant::now();
            let mut one = batch(project, 1, Vec::new());
            one.items.push(shown(n));
            one.id = protocol::id::BatchId::new(T0, &[0; 10]);
            one.received_ms = T0 + 4 * DAY;
            append(&*writer, one).await;
            waits.push(started.elapsed());
        }
        waits
    });
    let started = Instant::now();
    let done = work.await;
    let took = started.elapsed();
    let _ = stop.send(());
    let mut waits = writing.await.unwrap();
    waits.sort_unstable();
    let at = |share: f64| {
        let nth = (waits.len() as f64 * share) as usize;
        waits
            .get(nth.min(waits.len() - 1))
            .copied()
            .unwrap_or(Duration::ZERO)
    };
    println!(
        "{what}: {done} in {took:?}; single writes meanwhile: {}, p50 {:?}, p99 {:?}, longest {:?}",
        waits.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

async fn fill(store: &Arc<dyn Store>, project: ProjectId, first: u32) {
    let installs = (first..first + BATCH).step_by(PER_INSTALL as usize);
    let all = installs.map(|from| {
        let items = (from..from + PER_INSTALL).map(|n| match n % 10 {
            0 => revised(
                n,
                n,
                1,
                Some(&person(n / PER_INSTALL)),
                &"t".repeat(150),
                &[],
            ),
            _ => shown(n),
        });
        let mut one = batch(project, 0, items.collect());
        one.sender.install = protocol::id::InstallId(uuid::Uuid::from_u128(u128::from(from) + 1));
        one.id = protocol::id::BatchId(uuid::Uuid::from_u128(u128::from(from) + 1));
        one
    });
    let mut under_way = tokio::task::JoinSet::new();
    for batch in all {
        let store = Arc::clone(store);
        under_way.spawn(async move { append(&*store, batch).await });
    }
    under_way.join_all().await;
}

/// In no order, as ids of people are.
fn person(n: u32) -> String {
    format!("{:08x}@example.org", n.wrapping_mul(2_654_435_761))
}

fn megabytes(file: &Path) -> f64 {
    std::fs::metadata(file).unwrap().len() as f64 / 1e6
}
