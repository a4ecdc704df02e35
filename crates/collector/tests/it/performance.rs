//! Turns reports into numbers that are checked against numbers that were worked out by hand.

use protocol::query::performance::{FeatureDetail, Health, Performance};
use serde_json::{Value, json};

use crate::budgets::search;
use crate::reports::answered;
use crate::world::{T0, World};

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// So many answers after 100 ms, and so many after a second.
fn times(fast: usize, slow: usize) -> Vec<u32> {
    [vec![100; fast], vec![1_000; slow]].concat()
}

async fn performance(world: &World, window: &str) -> Performance {
    world
        .ask(&format!("/api/v1/performance?window={window}"))
        .await
}

#[tokio::test]
async fn compliance_budget_and_burn_are_exact() {
    let world = World::new().await;
    world.promise(&search()).await;
    world.pass(2 * HOUR_MS);
    // Two hours ago 900 of 900 were fast; in the last hour 70 of 100 were.
    let early = answered("search", world.slice() - 600, &times(900, 0));
    assert_eq!(world.report(1, 1, &early).await.outcomes().0, "a");
    let late = answered("search", world.slice() - 6, &times(70, 30));
    assert_eq!(world.report(1, 2, &late).await.outcomes().0, "a");

    let told = performance(&world, "24h").await;
    assert_eq!(
        (told.budgets_version, told.timezone.as_str()),
        (1, "Europe/Berlin")
    );
    assert_eq!(told.budget_window_ms, 30 * DAY_MS);
    let feature = &told.features[0];
    assert_eq!(
        (feature.name.as_str(), feature.owner.as_deref()),
        ("Search", Some("pm-a"))
    );
    assert_eq!((feature.requests, feature.n), (1_000, 1_000));
    let latency = &feature.objectives[0];
    assert_eq!((latency.n, latency.bad), (1_000, 30));
    assert_close(latency.actual, 0.97);
    // 50 may be slow, and 30 were.
    assert_close(latency.left, 0.4);
    // 30 % of the last hour's, where 5 % may be.
    assert_close(latency.burn, 6.0);
    // 40 % of a budget for 30 days at six times its pace.
    let exhausted = latency.exhausted_in_ms.unwrap();
    assert!(exhausted.abs_diff(2 * DAY_MS) < 10, "{exhausted}");
    assert_eq!(
        (latency.health, latency.estimated),
        (Health::Burning, false)
    );
    // Nobody voted often enough to say whether it was up.
    let availability = &feature.objectives[1];
    assert_eq!((availability.n, availability.actual), (0, None));
    assert_eq!(availability.health, Health::Unknown);
    assert_eq!(feature.health, Health::Burning);

    let hour = performance(&world, "1h").await;
    let hour = &hour.features[0];
    assert_eq!((hour.objectives[0].n, hour.objectives[0].bad), (100, 30));
    assert_eq!(hour.health, Health::Breached);
}

fn assert_close(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-9, "{found} {expected}");
}

#[tokio::test]
async fn what_nobody_measured_is_unknown_and_not_fine() {
    let world = World::new().await;
    world.promise(&search()).await;
    let told = performance(&world, "7d").await;
    let feature = &told.features[0];
    assert_eq!((feature.health, feature.n), (Health::Unknown, 0));
    assert!(feature.percentiles.is_none() && !feature.down && told.newest_ms.is_none());
    for objective in &feature.objectives {
        assert_eq!((objective.health, objective.n), (Health::Unknown, 0));
        assert_eq!(
            (objective.actual, objective.left, objective.burn),
            (None, None, None)
        );
    }
}

#[tokio::test]
async fn the_worst_comes_first() {
    let world = World::new().await;
    let mut budgets = search();
    let feature = |id: &str| {
        json!({ "id": id, "match": [{ "path": format!("/{id}") }],
            "latency": [{ "within": "300ms", "target": 0.5 }] })
    };
    budgets["features"] = ["fine", "unknown", "worse", "bad"].map(feature).into();
    world.promise(&budgets).await;
    for (n, (id, slow)) in (1_u32..).zip([("fine", 10), ("bad", 60), ("worse", 90), ("none", 0)]) {
        let report = answered(id, world.slice(), &times(100 - slow, slow));
        assert_eq!(world.report(n, n, &report).await.outcomes().0, "a");
    }
    let told = performance(&world, "1h").await;
    let order: Vec<_> = told
        .features
        .iter()
        .map(|f| (f.id.as_str(), f.health))
        .collect();
    let expected = [
        ("worse", Health::Breached),
        ("bad", Health::Breached),
        ("unknown", Health::Unknown),
        ("fine", Health::Within),
        ("none", Health::Unbudgeted),
    ];
    assert_eq!(order, expected);
}

#[tokio::test]
async fn a_threshold_that_was_changed_is_estimated_and_says_so() {
    let world = World::new().await;
    let report = answered("search", world.slice(), &times(60, 40));
    assert_eq!(world.report(1, 1, &report).await.outcomes().0, "a");
    let mut budgets = search();
    budgets["features"][0]["latency"][0]["within"] = json!("500ms");
    world.promise(&budgets).await;
    let told = performance(&world, "1h").await;
    let latency = &told.features[0].objectives[0];
    assert_eq!((latency.n, latency.bad, latency.estimated), (100, 40, true));
    budgets["features"][0]["latency"][0]["within"] = json!("300ms");
    world.promise(&budgets).await;
    let told = performance(&world, "1h").await;
    assert!(!told.features[0].objectives[0].estimated);
}

#[tokio::test]
async fn one_feature_is_told_in_full() {
    let world = World::new().await;
    world.promise(&search()).await;
    world.pass(HOUR_MS);
    let mut report = answered("search", world.slice() - 30, &times(95, 5));
    let keys = report["features"][0]["keys"].as_array_mut().unwrap();
    keys.push(json!({ "m": "POST", "t": "__other__", "c": [0, 0, 0, 25] }));
    assert_eq!(world.report(1, 1, &report).await.outcomes().0, "a");
    let path = "/api/v1/performance/features/search?window=1h";
    let told: FeatureDetail = world.ask(path).await;
    assert_eq!(told.classes, [100, 0, 0, 25, 0, 0, 0, 0, 0]);
    let counts = told.distribution.iter().map(|bucket| bucket.count);
    assert_eq!(counts.collect::<Vec<_>>(), [95, 5]);
    let bucket = told.distribution[0];
    assert!(
        bucket.from_ms < 100.0 && 100.0 <= bucket.to_ms,
        "{bucket:?}"
    );
    let percentiles = told.summary.percentiles.unwrap();
    assert!(
        (percentiles.p50 / 100.0 - 1.0).abs() < 0.011,
        "{percentiles:?}"
    );
    assert!(
        (percentiles.p99 / 1_000.0 - 1.0).abs() < 0.011,
        "{percentiles:?}"
    );
    assert_close(told.other_share, 0.2);
    assert_close(told.apdex, 0.975);
    let templates: Vec<_> = told
        .templates
        .iter()
        .map(|row| (row.template.as_str(), row.requests, row.failed))
        .collect();
    assert_eq!(templates, [("/api/search", 100, 0), ("__other__", 25, 25)]);
    assert_close(told.templates[0].within_share, 0.95);
    assert_eq!(told.templates[1].within_share, None);
    assert_eq!(told.blame.n, 0);

    assert_eq!(told.step_ms, 60_000);
    assert_eq!(told.series.len(), 61);
    assert!(
        told.series
            .windows(2)
            .all(|pair| pair[0].at_ms < pair[1].at_ms)
    );
    let full: Vec<_> = told.series.iter().filter(|point| point.n > 0).collect();
    assert_eq!(full.len(), 1);
    assert_eq!((full[0].at_ms, full[0].n), (world.now() - 300_000, 100));
    assert_eq!(full[0].slow, [5]);
    assert!(full[0].complete && !told.series[60].complete);
}

#[tokio::test]
async fn calendar_windows_follow_the_clocks_of_the_project() {
    let world = World::new().await;
    world.promise(&search()).await;
    // Berlin put its clocks back on 2026-10-25: that day began at 22:00 UTC and had 25 hours.
    let day = T0 - 7 * DAY_MS - 2 * HOUR_MS;
    let at = |ms: u64| ms / 10_000;
    let told: [(u64, usize); 4] = [
        (day - 10_000, 1),
        (day, 2),
        (day + 25 * HOUR_MS - 10_000, 4),
        (day + 25 * HOUR_MS, 8),
    ];
    for (n, (ms, count)) in (1_u32..).zip(told) {
        let report = answered("search", at(ms), &times(count, 0));
        assert_eq!(world.report(1, n, &report).await.outcomes().0, "a");
    }
    let count = |window: &'static str| {
        let world = &world;
        async move {
            let told = performance(world, window).await;
            let length_ms = told.window.to_ms - told.window.from_ms;
            (length_ms / HOUR_MS, told.features[0].n)
        }
    };
    assert_eq!(count("2026-10-24").await, (24, 1));
    assert_eq!(count("2026-10-25").await, (25, 6));
    assert_eq!(count("2026-10-26").await, (24, 8));
    assert_eq!(count("2026-10").await, (31 * 24 + 1, 15));
    // The month that began an hour ago in Berlin.
    assert_eq!(count("2026-11").await, (1, 0));
    for wrong in ["2026-12", "soon", "91d", "2026-02-30"] {
        let path = format!("/api/v1/performance?window={wrong}");
        assert_eq!(
            world.fetch(&path).await.refusal(),
            (400, "invalid_parameter"),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn traffic_that_vanished_is_dark() {
    let world = World::new().await;
    let hour = T0 + 12 * HOUR_MS;
    let n = 300;
    for day in 1..=7_u32 {
        let slice = (hour - u64::from(day) * DAY_MS + 60_000) / 10_000;
        let report: Value = answered("search", slice, &times(n, 0));
        assert_eq!(world.report(1, day, &report).await.outcomes().0, "a");
    }
    world.pass(12 * HOUR_MS + 30 * 60_000);
    assert!(performance(&world, "1h").await.dark);
    let report = answered("search", world.slice(), &times(n / 6, 0));
    assert_eq!(world.report(1, 9, &report).await.outcomes().0, "a");
    assert!(!performance(&world, "1h").await.dark);
    world.pass(10 * 60_000);
    assert!(performance(&world, "1h").await.dark);
}
