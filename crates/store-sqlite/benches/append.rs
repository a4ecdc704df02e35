//! Turns one store and many senders into items a second and how long each waits, beside one bare commit per row.
//!
//! Prints a table. The ratios say more than the figures: they are of one machine, disk and run.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::id::ItemId;
use rusqlite::{Connection, params};
use store::conformance::{batch, impression, item, ok, project, response, score};
use store::{Batch, Body, ProjectId, Store};
use store_sqlite::SqliteStore;
use tokio::task::JoinSet;

/// How long each row of the table is measured.
const LENGTH: Duration = Duration::from_secs(6);

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let dir = tempfile::tempdir()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut out = std::io::stdout().lock();
    let bare = bare_rows_per_second(&dir.path().join("bare.db"))?;
    writeln!(
        out,
        "{:>8} {:>6} {:>12} {:>8} {:>8} {:>8} {:>8} {:>9}",
        "senders", "items", "items/s", "ratio", "p50 ms", "p99 ms", "max ms", "log MiB"
    )?;
    writeln!(out, "{:>8} {:>6} {bare:>12.0} {:>8.1}", "bare", 1, 1.0)?;
    for (senders, items) in [(64, 1), (64, 20), (128, 50)] {
        let file = dir.path().join(format!("{senders}x{items}.db"));
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&file)?);
        let (rate, mut waits) = runtime.block_on(acked_per_second(&store, senders, items))?;
        let ratio = rate / bare;
        waits.sort_unstable();
        let at = |permille: usize| waits[(waits.len() - 1) * permille / 1000].as_secs_f64() * 1e3;
        let log = std::fs::metadata(file.with_extension("db-wal"))?.len() as f64 / 1048576.0;
        writeln!(
            out,
            "{senders:>8} {items:>6} {rate:>12.0} {ratio:>8.1} {:>8.1} {:>8.1} {:>8.1} {log:>9.1}",
            at(500),
            at(990),
            at(1000)
        )?;
    }
    Ok(())
}

/// One row, one commit, one fsync, one after the other.
fn bare_rows_per_second(file: &Path) -> Result<f64, Failure> {
    let db = Connection::open(file)?;
    db.pragma_update(None, "page_size", 8192)?;
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch("CREATE TABLE item (id BLOB PRIMARY KEY, line TEXT NOT NULL)")?;
    let mut insert = db.prepare("INSERT INTO item (id, line) VALUES (?1, ?2)")?;
    let (start, mut rows) = (Instant::now(), 0_u32);
    while start.elapsed() < LENGTH {
        rows += 1;
        let line = &long_item(rows, 0).line;
        insert.execute(params![id(rows, 0).0.as_bytes(), line])?;
    }
    Ok(f64::from(rows) / start.elapsed().as_secs_f64())
}

/// Many senders, each with one batch under way at a time; counts what was answered, and how long it took.
async fn acked_per_second(
    store: &Arc<dyn Store>,
    senders: u32,
    items: u32,
) -> Result<(f64, Vec<Duration>), Failure> {
    let project = project(&**store).await;
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    for sender in 0..senders {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            let (mut acked, mut n, mut waits) = (0_usize, 0, Vec::new());
            while start.elapsed() < LENGTH {
                let batch = full_batch(project, sender, n, items);
                let sent = Instant::now();
                acked += ok(store.append(batch).await).len();
                waits.push(sent.elapsed());
                n += items;
            }
            (acked, waits)
        });
    }
    let all = tasks.join_all().await;
    let rate =
        all.iter().map(|(acked, _)| *acked as f64).sum::<f64>() / start.elapsed().as_secs_f64();
    Ok((rate, all.into_iter().flat_map(|(_, waits)| waits).collect()))
}

/// Every tenth item is an answer, the others impressions.
fn full_batch(project: ProjectId, sender: u32, first: u32, items: u32) -> Batch {
    let all = (first..first + items).map(|n| long_item(n, sender));
    batch(project, sender, all.collect())
}

/// An item of some 350 bytes.
fn long_item(n: u32, sender: u32) -> store::NewItem {
    let body = if n.is_multiple_of(10) {
        let mut row = response(0, 1, vec![score(9)]);
        row.response = protocol::id::ResponseId(id(n, sender).0);
        Body::Response(Box::new(row))
    } else {
        impression()
    };
    let mut one = item(n, u64::from(n), body);
    one.id = id(n, sender);
    one.line = format!(r#"{{"n":{n},"kept":"{}"}}"#, "x".repeat(330));
    one
}

/// Time-ordered as the SDK's are, and different for every sender.
fn id(n: u32, sender: u32) -> ItemId {
    let mut random = [0; 10];
    random[..4].copy_from_slice(&sender.to_be_bytes());
    random[6..].copy_from_slice(&n.to_be_bytes());
    ItemId::new(store::conformance::T0 + u64::from(n), &random)
}
