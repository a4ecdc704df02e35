//! Turns reports of latency into rows that are kept, and those that cannot be into refusals.

use protocol::latency::SLICE_MS;
use protocol::query::performance::{FeatureDetail, Performance, Rating};
use serde_json::{Value, json};
use store::{SlicesFilter, Span, Step};

use crate::reports::{answered, histogram};
use crate::world::{T0, World};

const DAY_MS: u64 = 86_400_000;

#[tokio::test]
async fn a_report_is_kept_and_told() {
    let world = World::new().await;
    let times = [100, 200, 300, 400];
    let report = answered("search", world.slice(), &times);
    let sent = world.report(1, 1, &report).await;
    assert_eq!(sent.outcomes(), ("a".into(), vec![]));
    let again = world.report(1, 1, &report).await;
    assert_eq!(again.outcomes(), ("d".into(), vec![]));
    let other = answered("search", world.slice(), &[100]);
    let (letters, errors) = world.report(1, 1, &other).await.outcomes();
    assert_eq!((letters.as_str(), errors[0].1), ("c", "conflict"));
    let told: Performance = world.ask("/api/v1/performance?window=1h").await;
    assert_eq!(told.features.len(), 1);
    assert_eq!((told.features[0].requests, told.features[0].n), (4, 4));
    assert_eq!(told.newest_ms, Some(T0));
    let detail: FeatureDetail = world.ask("/api/v1/performance/features/search").await;
    assert_eq!(detail.classes, [4, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(detail.templates[0].template, "/api/search");
}

/// Has a report changed, and expects the code that the change is refused with.
async fn check(change: impl FnOnce(&mut Value), expected: &str) {
    let world = World::new().await;
    let mut report = answered("search", world.slice(), &[100, 400]);
    change(&mut report);
    let answer = world.report(1, 1, &report).await;
    let (letters, errors) = answer.outcomes();
    assert_eq!(letters, "x", "{report}");
    assert_eq!(errors, [(0, expected)], "{report} {answer:?}");
}

/// Sets what a JSON pointer names.
fn set(pointer: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |report| *report.pointer_mut(pointer).unwrap() = value
}

fn feature_with(field: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |report| report["features"][0][field] = value
}

fn key_with(field: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |report| report["features"][0]["keys"][0][field] = value
}

#[tokio::test]
async fn numbers_that_contradict_each_other_are_refused() {
    let slice = |counts: Value| feature_with("slices", json!([counts]));
    // One slow number for one threshold, no more failures than attempts, a vote that is one.
    check(slice(json!([0, 1, 2, 0, 0, 2])), "invalid_latency").await;
    check(slice(json!([0, 1, 2, 0, 0, 2, 1, 1])), "invalid_latency").await;
    check(slice(json!([0, 1, 2, 3, 0, 2, 1])), "invalid_latency").await;
    check(slice(json!([0, 1, 2, 0, 0, 2, 3])), "invalid_latency").await;
    check(slice(json!([0, 5, 2, 0, 0, 2, 1])), "invalid_latency").await;
    check(slice(json!([361, 1, 2, 0, 0, 2, 1])), "invalid_latency").await;
    check(
        slice(json!([0, 1, 2_000_000, 0, 0, 2, 1])),
        "invalid_latency",
    )
    .await;
    check(slice(json!([])), "invalid_latency").await;
    let twice = json!([[3, 1, 1, 0, 0, 1, 0], [3, 1, 1, 0, 0, 1, 0]]);
    check(feature_with("slices", twice), "invalid_latency").await;
    check(
        key_with("c", json!([2, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
        "invalid_latency",
    )
    .await;
    check(key_with("p", json!([1, 2, 3])), "invalid_latency").await;
    check(key_with("p", json!([1, 2, 3, 4, 5, 3])), "invalid_latency").await;
    check(key_with("p", json!([1, 2, 3, 4, 5, 0])), "invalid_latency").await;
    check(
        key_with("x", json!([[400, 0, 9, 200, ""]])),
        "invalid_latency",
    )
    .await;
    check(
        key_with("x", json!([[400, 0, 0, 200, "xyz"]])),
        "invalid_latency",
    )
    .await;
    let three = json!([[4, 0, 0, 200, ""], [3, 0, 0, 200, ""], [2, 0, 0, 200, ""]]);
    check(key_with("x", three), "invalid_latency").await;
}

#[tokio::test]
async fn names_that_are_none_are_refused() {
    check(feature_with("id", json!("No Slug")), "invalid_latency").await;
    check(key_with("m", json!("GE T")), "invalid_latency").await;
    check(key_with("m", json!("")), "invalid_latency").await;
    check(
        feature_with("within", json!([["headers", 0]])),
        "invalid_latency",
    )
    .await;
    let five = json!([
        ["headers", 1],
        ["headers", 2],
        ["headers", 3],
        ["headers", 4],
        ["body", 5]
    ]);
    check(feature_with("within", five), "invalid_latency").await;
    check(
        |report| report["vitals"] = json!([["FID", 1]]),
        "invalid_latency",
    )
    .await;
    check(
        |report| report["vitals"] = json!([["LCP", 1], ["LCP", 2]]),
        "invalid_latency",
    )
    .await;
    check(set("/slice", json!("now")), "invalid_item").await;
    check(set("/slice", json!(u64::MAX)), "invalid_latency").await;
}

#[tokio::test]
async fn a_template_that_is_none_is_part_of_the_rest() {
    let world = World::new().await;
    let mut report = answered("search", world.slice(), &[100]);
    let keys = ["", "/a?token=1", "/b#c", "/\u{7}", &"/d".repeat(300)];
    let keys = keys.map(|t| json!({ "m": "GET", "t": t, "c": [2] }));
    report["features"][0]["keys"] = keys.into();
    assert_eq!(world.report(1, 1, &report).await.outcomes().0, "a");
    let detail: FeatureDetail = world.ask("/api/v1/performance/features/search").await;
    let templates = detail.templates.iter();
    let templates: Vec<_> = templates
        .map(|row| (row.template.as_str(), row.requests))
        .collect();
    assert_eq!(templates, [("__other__", 10)]);
    assert_eq!(detail.other_share, Some(1.0));
}

#[tokio::test]
async fn more_than_a_report_can_hold_is_refused() {
    let twice = |report: &mut Value| {
        let one = report["features"][0].clone();
        report["features"].as_array_mut().unwrap().push(one);
    };
    check(twice, "invalid_latency").await;
    let features = (0..65).map(|n| json!({ "id": format!("f{n}"), "slices": [], "keys": [] }));
    let features: Vec<Value> = features.collect();
    check(set("/features", json!(features)), "invalid_latency").await;
    let keys = (0..501).map(|n| json!({ "m": "GET", "t": format!("/{n}"), "c": [] }));
    let keys: Vec<Value> = keys.collect();
    check(feature_with("keys", json!(keys)), "invalid_latency").await;
}

#[tokio::test]
async fn a_histogram_of_an_impossible_shape_is_refused() {
    let h = |text: &str| key_with("h", json!(text));
    check(h("!"), "invalid_histogram").await;
    check(h("AAAA"), "invalid_histogram").await;
    // More attempts than its classes have.
    check(h(&histogram(&[100, 200, 300])), "invalid_histogram").await;
    check(key_with("e", json!(histogram(&[100]))), "invalid_histogram").await;
    let whole = histogram(&[100, 400]);
    check(h(&whole[..whole.len() - 3]), "invalid_histogram").await;
}

#[tokio::test]
async fn what_budgets_do_not_name_is_taken() {
    let world = World::new().await;
    let report = answered("", world.slice(), &[100]);
    assert_eq!(world.report(1, 1, &report).await.outcomes().0, "a");
    let report = answered("gone_since", world.slice(), &[100]);
    assert_eq!(world.report(1, 2, &report).await.outcomes().0, "a");
    let told: Performance = world.ask("/api/v1/performance").await;
    let ids: Vec<_> = told
        .features
        .iter()
        .map(|feature| feature.id.as_str())
        .collect();
    assert_eq!(ids, ["", "gone_since"]);
    let unmatched: FeatureDetail = world.ask("/api/v1/performance/features/-").await;
    assert_eq!(unmatched.summary.requests, 1);
    let nothing = world.fetch("/api/v1/performance/features/never").await;
    assert_eq!(nothing.refusal(), (404, "not_found"));
}

/// Starts of all slices that anything is kept of, and whether they are marked.
async fn kept(world: &World) -> Vec<(u64, bool)> {
    let filter = SlicesFilter {
        project: world.project,
        feature: None,
        span: Span {
            from_ms: 0,
            to_ms: u64::MAX,
        },
        step: Step::Slice,
    };
    let slices = world.store.slices(filter).await.unwrap().into_iter();
    slices
        .map(|one| (one.start_ms, one.totals.skewed > 0))
        .collect()
}

#[tokio::test]
async fn a_clock_that_is_off_by_a_day_is_corrected() {
    for (nth, off_ms) in [(1, DAY_MS as i64), (2, -(DAY_MS as i64))] {
        let world = World::new().await;
        let theirs = T0.checked_add_signed(off_ms).unwrap();
        let report = answered("search", theirs / SLICE_MS - 1, &[100]);
        let answer = world.report_at(theirs, nth, nth, &report).await;
        assert_eq!(answer.outcomes().0, "a");
        assert_eq!(kept(&world).await, [(T0 - SLICE_MS, false)], "{off_ms}");
    }
}

#[tokio::test]
async fn nothing_is_kept_in_the_future() {
    let world = World::new().await;
    // The clock is right, and the slices are not.
    let report = answered("search", world.slice() + 30, &[100]);
    assert_eq!(world.report(1, 1, &report).await.outcomes().0, "a");
    assert_eq!(kept(&world).await, [(T0, true)]);
    let told: Performance = world.ask("/api/v1/performance?window=1h").await;
    assert_eq!((told.features[0].n, told.newest_ms), (1, Some(T0)));
}

#[tokio::test]
async fn late_slices_are_counted_where_they_belong() {
    let world = World::new().await;
    let hours = |n: u64| n * 360;
    let late = answered("search", world.slice() - hours(47), &[100]);
    assert_eq!(world.report(1, 1, &late).await.outcomes().0, "a");
    let old = answered("search", world.slice() - hours(7 * 24), &[100]);
    assert_eq!(world.report(1, 2, &old).await.outcomes().0, "a");
    let too_old = answered("search", world.slice() - hours(8 * 24) - 1, &[100]);
    let (letters, errors) = world.report(1, 3, &too_old).await.outcomes();
    assert_eq!((letters.as_str(), errors[0].1), ("x", "invalid_latency"));
    let told = |window: &str| {
        let path = format!("/api/v1/performance?window={window}");
        let world = &world;
        async move {
            let told: Performance = world.ask(&path).await;
            told.features.first().map_or(0, |feature| feature.n)
        }
    };
    assert_eq!(told("46h").await, 0);
    assert_eq!(told("48h").await, 1);
    assert_eq!(told("8d").await, 2);
}

#[tokio::test]
async fn everything_that_a_report_can_say_is_taken() {
    let world = World::new().await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let mut report = answered("search", world.slice() - 5, &[100, 400]);
    report["overflow"] = json!(7);
    report["vitals"] = json!([["LCP", 2_500_000], ["CLS", 100]]);
    report["features"][0]["keys"][0]["p"] = json!([10, 20, 300, 40, 50, 2]);
    report["features"][0]["keys"][0]["x"] = json!([[400, 5, 0, 200, trace]]);
    report["of_a_later_version"] = json!(true);
    assert_eq!(world.report(1, 1, &report).await.outcomes().0, "a");
    let told: Performance = world.ask("/api/v1/performance?window=1h").await;
    assert_eq!(told.overflow, 7);
    let vitals: Vec<_> = told
        .vitals
        .iter()
        .map(|v| (&*v.name, v.n, v.rating))
        .collect();
    assert_eq!(vitals, [("LCP", 1, Rating::Good), ("CLS", 1, Rating::Good)]);
    assert!(
        (told.vitals[0].p75 - 2_500.0).abs() < 28.0,
        "{:?}",
        told.vitals
    );
    assert!(
        (told.vitals[1].p75 - 0.1).abs() < 0.0011,
        "{:?}",
        told.vitals
    );
    let detail: FeatureDetail = world.ask("/api/v1/performance/features/search").await;
    let blame = detail.blame;
    assert_eq!(
        (blame.n, blame.queue_ms, blame.main_thread_ms),
        (2, 5.0, 25.0)
    );
    let slowest = &detail.exemplars[0];
    assert_eq!(
        (slowest.ms, slowest.at_ms, slowest.trace.as_str()),
        (400, T0, trace)
    );
    assert_eq!(slowest.class, "ok");
}
