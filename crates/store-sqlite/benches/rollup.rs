//! Turns a day of 10 million requests into rows, and asks for them: how many, how large, how fast.
//!
//! Prints a page of Markdown, and writes it where `--write FILE` says. `--quick` simulates 1 % of the
//! day, which is otherwise the same in every run; the rates and times are of one machine and disk,
//! and the ratios say more than the figures.

#[path = "rollup/ask.rs"]
mod ask;
#[path = "rollup/day.rs"]
mod day;
#[path = "rollup/disk.rs"]
mod disk;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use store::conformance::{item, ok, project};
use store::{Batch, Body, ProjectId, Store};
use store_sqlite::SqliteStore;
use tokio::task::JoinSet;

use crate::day::Day;

/// How long bare commits are counted.
const LENGTH: Duration = Duration::from_secs(4);

/// Senders, each with one report under way at a time.
const SENDERS: usize = 128;

pub(crate) type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().collect();
    let is_quick = args.iter().any(|arg| arg == "--quick");
    let page = args.iter().skip_while(|arg| *arg != "--write").nth(1);
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("firsthand.db");
    let runtime = tokio::runtime::Runtime::new()?;
    let day = Arc::new(Day::new(if is_quick { 200 } else { 20_000 }));
    let bare = bare_rows_per_second(&dir.path().join("bare.db"))?;

    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&file)?);
    let project = runtime.block_on(project(&*store));
    let start = Instant::now();
    let requests = runtime.block_on(append_day(&store, &day, project));
    let seconds = start.elapsed().as_secs_f64();
    runtime.block_on(store.close())?;
    drop(store);

    let mut out = Vec::new();
    let reports = day.reports();
    writeln!(out, "# Rollup: a day of requests as rows\n")?;
    writeln!(
        out,
        "Written by `cargo xtask bench rollup`. Simulated: {requests} requests of {} clients in 24 \
         hours,\n50 templates in 10 features with two thresholds each, sent as {reports} reports.\n",
        day.clients,
    )?;
    disk::print(&mut out, &file, requests)?;
    print_rates(&mut out, bare, (reports, requests), seconds)?;
    ask::print(&mut out, &runtime, &file, project)?;
    std::io::stdout().lock().write_all(&out)?;
    if let Some(page) = page {
        std::fs::write(page, &out)?;
    }
    Ok(())
}

fn print_rates(
    out: &mut impl Write,
    bare: f64,
    (reports, requests): (usize, u64),
    seconds: f64,
) -> std::io::Result<()> {
    let reports = reports as f64 / seconds;
    let requests = requests as f64 / seconds;
    writeln!(out, "## Ingest\n")?;
    writeln!(
        out,
        "Acknowledged, that is synced to disk; {SENDERS} senders with one report each under way, \
         beside one row\nand one sync after the other in the same run.\n"
    )?;
    writeln!(out, "| | a second | to bare commits |")?;
    writeln!(out, "|---|---:|---:|")?;
    for (what, rate) in [
        ("bare commits of one row", bare),
        ("reports", reports),
        ("requests that they count", requests),
    ] {
        writeln!(out, "| {what} | {rate:.0} | {:.1} |", rate / bare)?;
    }
    writeln!(out)
}

/// One row, one commit, one sync, one after the other: the limit of a store without groups.
fn bare_rows_per_second(file: &Path) -> Result<f64, Failure> {
    let db = Connection::open(file)?;
    db.pragma_update(None, "page_size", 8192)?;
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch("CREATE TABLE item (id INTEGER PRIMARY KEY, line TEXT NOT NULL)")?;
    let mut insert = db.prepare("INSERT INTO item (id, line) VALUES (?1, ?2)")?;
    let line = "x".repeat(1_500);
    let (start, mut rows) = (Instant::now(), 0_u32);
    while start.elapsed() < LENGTH {
        rows += 1;
        insert.execute(params![rows, line])?;
    }
    Ok(f64::from(rows) / start.elapsed().as_secs_f64())
}

/// Has all reports kept, in the order of their arrival, and answers how many requests they count.
async fn append_day(store: &Arc<dyn Store>, day: &Arc<Day>, project: ProjectId) -> u64 {
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..SENDERS {
        let (store, day, next) = (Arc::clone(store), Arc::clone(day), Arc::clone(&next));
        tasks.spawn(async move {
            let mut requests = 0;
            loop {
                let nth = next.fetch_add(1, Ordering::Relaxed);
                let Some(report) = day.report(nth) else {
                    return requests;
                };
                requests += report.requests;
                let mut one = item(nth as u32, 0, Body::Latency(Box::new(report.row)));
                one.id = report.id;
                one.at_ms = report.at_ms;
                // As long as what came in.
                one.line = "x".repeat(1_500);
                let batch = Batch {
                    received_ms: report.received_ms,
                    ..store::conformance::batch(project, report.client, vec![one])
                };
                ok(store.append(batch).await);
            }
        });
    }
    tasks.join_all().await.into_iter().sum()
}
