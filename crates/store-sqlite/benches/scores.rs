//! Turns a store of many answers into figures: how long scores, trends, breakdowns and reach take.
//!
//! `cargo bench -p store-sqlite --bench scores [-- ANSWERS]`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on says so by stopping, and prints what it found"
)]

use std::time::{Duration, Instant};

use protocol::latency::LatencyContext;
use protocol::query::delivery::Browser;
use scores::Kind;
use store::conformance::{
    T0, answered, batch, impression, item, ok, project, reason, response, score, scores_of,
};
use store::{Answers, By, Cut, ProjectId, Respondent, Scores};
use store_sqlite::SqliteStore;

/// How often each query is asked.
const N: usize = 20;
/// All answers are given in so many days.
const DAYS: u64 = 90;
const DAY_MS: u64 = 86_400_000;

fn main() {
    let answers = std::env::args().find_map(|arg| arg.parse().ok());
    let answers: u32 = answers.unwrap_or(100_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    runtime.block_on(run(answers));
}

async fn run(answers: u32) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("firsthand.db")).unwrap();
    let project = project(&store).await;
    let started = Instant::now();
    for n in 0..answers {
        fill(&store, project, n, answers).await;
    }
    println!(
        "{answers} answers in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    let month = format!("from={}", T0 + (DAYS - 28) * DAY_MS);
    let days: Vec<u64> = (0..DAYS).map(|day| T0 + day * DAY_MS).collect();
    let plan = || By::Trait(String::from("plan"));
    for (query, by) in [
        ("", vec![]),
        (&*month, vec![]),
        ("survey=nps", vec![]),
        ("device=mobile", vec![]),
        ("trait.plan=pro", vec![]),
        ("page==/cart/7", vec![]),
        ("q=checkout", vec![]),
        ("is=spam", vec![]),
        ("", vec![By::Device]),
        ("", vec![By::Page]),
        ("", vec![plan()]),
        (&month, vec![plan()]),
        ("", vec![By::Budget(10), By::Device, plan()]),
        (&month, vec![By::Budget(10), By::Device, plan()]),
    ] {
        let edges = if by.is_empty() { days.clone() } else { vec![] };
        let cut = Cut { edges, by };
        let mut times = Vec::new();
        for _ in 0..N {
            let filter = scores_of(project, Kind::Nps, query);
            let started = Instant::now();
            ok(store.scored(filter, cut.clone()).await);
            times.push(started.elapsed());
        }
        told(&format!("{query} by {:?}", cut.by), times);
    }
    let mut times = Vec::new();
    for _ in 0..N {
        let started = Instant::now();
        let surveys = vec![String::from("nps")];
        ok(store
            .reach(scores_of(project, Kind::Nps, ""), surveys)
            .await);
        times.push(started.elapsed());
    }
    told("reach", times);
}

/// One person: shown the survey, and answering it.
async fn fill(store: &SqliteStore, project: ProjectId, n: u32, of: u32) {
    let mut row = response(
        n,
        1,
        vec![score((n % 11) as u8), reason("checkout is slow")],
    );
    row.page_url = format!("https://shop.example/cart/{}", n % 300);
    row.language = String::from(["en", "de", "fr", "es"][n as usize % 4]);
    row.respondent = Some(Respondent {
        id: format!("u-{n}"),
        verified: false,
        traits: [
            ("plan", if n.is_multiple_of(7) { "pro" } else { "free" }),
            ("country", if n.is_multiple_of(90) { "CH" } else { "DE" }),
        ]
        .map(|(key, value)| (key.into(), value.into()))
        .into(),
    });
    row.latency = Some(LatencyContext {
        requests: 40,
        p75_ms: Some(210),
        budgeted: 40,
        over_budget: n % 9,
        worst: Some(String::from("search")),
        recent_failures: 0,
    });
    let at = u64::from(n) * (DAYS * DAY_MS / u64::from(of));
    let shown = item(n * 2, at, impression());
    let mut one = batch(
        project,
        n,
        vec![shown, answered(n * 2 + 1, at + 5_000, row)],
    );
    one.signs.browser = match n % 3 {
        0 => Browser::SafariMobile,
        1 => Browser::Chromium,
        _ => Browser::Firefox,
    };
    // Nobody waits for a disk here: many are kept at once.
    let append = store.append(one);
    if n % 256 == 255 || n + 1 == of {
        ok(append.await);
    }
}

fn told(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!("{what:64} median {:7.1} ms  p95 {:7.1} ms", at(50), at(95));
}
