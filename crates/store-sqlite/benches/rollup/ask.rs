//! Turns the questions of the console and of the evaluation into how long they take.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use latency::outage::{self, Outage, Rules, Slice};
use protocol::latency::SLICE_MS;
use rusqlite::Connection;
use store::conformance::{T0, ok};
use store::{FeatureSlice, ProjectId, SlicesFilter, Span, Step, Store, SumsFilter, Telemetry};
use store_sqlite::SqliteStore;
use tokio::runtime::Runtime;

use crate::Failure;
use crate::day::DOWN;

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// How often each question is asked.
const TIMES: usize = 40;

/// When all of it is asked: in the middle of a slice, a minute and an hour.
const NOW: u64 = T0 + DAY_MS - 25 * MINUTE_MS - 13_000;

pub(crate) fn print(
    out: &mut impl Write,
    runtime: &Runtime,
    file: &Path,
    project: ProjectId,
) -> Result<(), Failure> {
    copy_days(file)?;
    let store = SqliteStore::open(file)?;
    writeln!(out, "## Queries\n")?;
    writeln!(
        out,
        "Milliseconds, {TIMES} times each, one after the other, in a store of 30 such days (the day \
         is copied: hours\nfor all of them, slices for two).\n"
    )?;
    writeln!(out, "| question | p50 | p95 |")?;
    writeln!(out, "|---|---:|---:|")?;
    let questions: [(&str, &dyn Fn() -> usize); 5] = [
        (
            "all features over 30 days, with burn rates over 8 windows",
            &|| overview(runtime, &store, project),
        ),
        (
            "one feature over 24 hours: 288 points and the whole",
            &|| series(runtime, &store, project),
        ),
        ("the 14 templates of one feature over 24 hours", &|| {
            templates(runtime, &store, project, 1)
        }),
        ("the 50 templates of all features over 24 hours", &|| {
            templates(runtime, &store, project, 10)
        }),
        ("outages of one feature in 48 hours of slices", &|| {
            outages(runtime, &store, project).0
        }),
    ];
    for (name, ask) in questions {
        let (p50, p95) = measure(ask);
        writeln!(out, "| {name} | {p50:.1} | {p95:.1} |")?;
    }
    print_outages(out, &outages(runtime, &store, project).1)
}

/// What was found of the one feature that was down, and was copied with its day.
fn print_outages(out: &mut impl Write, found: &[Outage]) -> Result<(), Failure> {
    let (_, from, to) = DOWN;
    writeln!(
        out,
        "\nOne feature fails for {} s at second {} of the day. Found in both days:\n",
        (to - from) / 1_000,
        from / 1_000
    )?;
    if found.is_empty() {
        writeln!(out, "- none: too few clients for a quorum")?;
    }
    for outage in found.iter().filter(|outage| !outage.partial) {
        let at = (outage.from * SLICE_MS + DAY_MS - T0) % DAY_MS / 1_000;
        let length = outage
            .to
            .map_or(0, |to| (to - outage.from) * SLICE_MS / 1_000);
        writeln!(
            out,
            "- at second {at}, for {length} s; {} attempts failed",
            outage.failed
        )?;
    }
    Ok(())
}

/// Median and 95th percentile by the nearest rank, in milliseconds.
fn measure(ask: &dyn Fn() -> usize) -> (f64, f64) {
    let mut all: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let start = Instant::now();
            assert!(ask() > 0);
            start.elapsed()
        })
        .collect();
    all.sort_unstable();
    let rank = |share: f64| all[(share * TIMES as f64).ceil() as usize - 1].as_secs_f64() * 1e3;
    (rank(0.5), rank(0.95))
}

/// Makes the file one of 30 days: every sum by the hour 29 times, and by the minute and slice as
/// often as is asked for.
fn copy_days(file: &Path) -> rusqlite::Result<()> {
    let db = Connection::open(file)?;
    let copy = |table: &str, columns: &str, bits: u32, steps: i64, days: std::ops::Range<i64>| {
        for day in days {
            let shift = (day * steps) << bits;
            db.execute(
                &format!(
                    "INSERT OR IGNORE INTO {table} (at, {columns})
                     SELECT at - {shift}, {columns} FROM {table} WHERE at >= ?1"
                ),
                [(T0 / (DAY_MS / steps as u64)) as i64 * (1 << bits)],
            )?;
        }
        rusqlite::Result::Ok(())
    };
    copy("latency_hour", "totals, distribution", 24, 24, 1..31)?;
    copy("latency_template_hour", "distribution", 35, 24, 1..31)?;
    // Where a span of 30 days begins, and one of 24 hours.
    copy("latency_minute", "totals, distribution", 24, 1_440, 29..31)?;
    copy("latency_minute", "totals, distribution", 24, 1_440, 1..2)?;
    copy("latency_template_minute", "distribution", 35, 1_440, 1..2)?;
    copy("latency_slice", "totals", 24, 8_640, 1..3)
}

fn before_now(ms: u64) -> Span {
    Span {
        from_ms: NOW - ms,
        to_ms: NOW,
    }
}

fn overview(runtime: &Runtime, store: &dyn Store, project: ProjectId) -> usize {
    let filter = |spans, with_distribution| SumsFilter {
        project,
        feature: None,
        spans,
        with_distribution,
    };
    let windows = [5, 30, 60, 120, 360, 1_440, 4_320, 60].map(|n| before_now(n * MINUTE_MS));
    let month = store.sums(filter(vec![before_now(30 * DAY_MS)], true));
    let month = ok(runtime.block_on(month));
    let burn = ok(runtime.block_on(store.sums(filter(windows.to_vec(), false))));
    month.iter().chain(&burn).map(Vec::len).sum()
}

fn series(runtime: &Runtime, store: &dyn Store, project: ProjectId) -> usize {
    let point = |nth: u64| Span {
        from_ms: NOW - DAY_MS + nth * 5 * MINUTE_MS,
        to_ms: NOW - DAY_MS + (nth + 1) * 5 * MINUTE_MS,
    };
    let filter = |spans| SumsFilter {
        project,
        feature: Some(String::from("feature-0")),
        spans,
        with_distribution: true,
    };
    let points = filter((0..288).map(point).collect());
    let points = ok(runtime.block_on(store.sums(points)));
    let whole = ok(runtime.block_on(store.sums(filter(vec![before_now(DAY_MS)]))));
    points.iter().chain(&whole).map(Vec::len).sum()
}

fn templates(runtime: &Runtime, store: &dyn Store, project: ProjectId, features: u32) -> usize {
    (0..features)
        .map(|n| {
            let found = store.templates(project, format!("feature-{n}"), before_now(DAY_MS));
            ok(runtime.block_on(found)).len()
        })
        .sum()
}

fn outages(runtime: &Runtime, store: &dyn Telemetry, project: ProjectId) -> (usize, Vec<Outage>) {
    let span = before_now(2 * DAY_MS);
    let found = store.slices(SlicesFilter {
        project,
        feature: Some(format!("feature-{}", DOWN.0)),
        span,
        step: Step::Slice,
    });
    let found = ok(runtime.block_on(found));
    let slices: Vec<Slice> = found.iter().map(slice_of).collect();
    let (first, end) = (span.from_ms / SLICE_MS, span.to_ms / SLICE_MS);
    (
        slices.len(),
        outage::outages(first, end, &slices, &Rules::default()),
    )
}

fn slice_of(feature: &FeatureSlice) -> Slice {
    let totals = &feature.totals;
    Slice {
        number: feature.start_ms / SLICE_MS,
        eligible: totals.eligible,
        bad: totals.bad,
        held: totals.held,
        voting: u32::try_from(totals.voting).unwrap_or(u32::MAX),
        failing: u32::try_from(totals.failing).unwrap_or(u32::MAX),
        held_clients: totals.held_clients,
        clients: totals.clients,
    }
}
