//! Turns stories that clients tell into outages, and outages into availability.
//!
//! In a story every character is a slice of 10 s: `G` all is well, `B` all fails, `H` offline as far as
//! the client knows, `-` silence. The usual rules: an outage opens after 20 s and closes after 30 s.

use collector::Evaluator;
use protocol::query::performance::{
    Availability, FeatureAvailability, Health, Performance, UpState,
};
use serde_json::json;
use store::Retention;

use crate::budgets::search;
use crate::reports::{CLIENTS, story};
use crate::world::World;

const SLICE_MS: u64 = 10_000;
const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;

/// A world that promises, and what evaluates it.
async fn world() -> (World, Evaluator) {
    let world = World::new().await;
    world.promise(&search()).await;
    let evaluator = world.collector.evaluator(Retention::default());
    (world, evaluator)
}

async fn availability(world: &World, window: &str) -> FeatureAvailability {
    let path = format!("/api/v1/performance/availability?window={window}");
    let told: Availability = world.ask(&path).await;
    let mut features = told.features.into_iter();
    features.find(|feature| feature.id == "search").unwrap()
}

fn states(told: &FeatureAvailability) -> Vec<UpState> {
    told.timeline.iter().map(|one| one.state).collect()
}

/// Tells a story, and expects outages from and to these slices of it.
async fn check(slices: &str, expected: &[(u64, Option<u64>)]) {
    let (world, evaluator) = world().await;
    let first_ms = world.tell("search", 1, slices).await;
    assert!(evaluator.pass(world.now()).await);
    let told = availability(&world, "1h").await;
    let outages = told.outages.iter().rev().filter(|outage| !outage.partial);
    let slice = |ms: u64| (ms - first_ms) / SLICE_MS;
    let found: Vec<_> = outages
        .map(|outage| (slice(outage.from_ms), outage.to_ms.map(slice)))
        .collect();
    assert_eq!(found, expected, "{slices}");
}

#[tokio::test]
async fn an_outage_begins_and_ends_with_its_slices() {
    check("GGBBBBBBGGGG", &[(2, Some(8))]).await;
    check("GGGGGG", &[]).await;
    // One slice is no outage, and one good slice is no end of one.
    check("GBGBGBGG", &[]).await;
    check("BBBGBGGG", &[(0, Some(5))]).await;
    // Silence neither begins nor ends one.
    check("BB--GGG", &[(0, Some(4))]).await;
    check("GG------", &[]).await;
    check("GGGBBB", &[(3, None)]).await;
    check("GBBGGGBBGGGG", &[(1, Some(3)), (6, Some(8))]).await;
}

#[tokio::test]
async fn a_minute_of_outage_is_a_minute_everywhere() {
    let (world, evaluator) = world().await;
    let first_ms = world.tell("search", 1, "GGGGGGBBBBBBGGGGGGGGGGGG").await;
    evaluator.pass(world.now()).await;
    let told = availability(&world, "1h").await;
    assert_eq!(told.down_ms, MINUTE_MS);
    // Four minutes are known, and one of them was down.
    assert_eq!(told.time, Some(0.75));
    assert_eq!(told.requests, Some(0.75));
    assert_eq!(told.ratio_down_ms, MINUTE_MS);
    assert!(
        (told.coverage - 4.0 / 60.0).abs() < 1e-6,
        "{}",
        told.coverage
    );
    assert_eq!(told.allowed_ms, Some(3_600));
    assert_eq!(
        (told.mttr_ms, told.mtbf_ms),
        (Some(MINUTE_MS), Some(3 * MINUTE_MS))
    );
    assert_eq!((told.start_to_start_ms, told.flapping), (None, false));
    assert_eq!((told.target, told.health), (Some(0.999), Health::Breached));
    let outage = &told.outages[0];
    assert_eq!(outage.from_ms, first_ms + MINUTE_MS);
    assert_eq!(
        (outage.peak_share, outage.failed),
        (1.0, 6 * 6 * u64::from(CLIENTS))
    );
    assert!(outage.provisional);

    // Of the slice that has just begun nothing is known yet.
    use UpState::{Down, Unknown, Up};
    assert_eq!(states(&told), [Unknown, Up, Down, Up, Unknown]);
    let window = told.timeline[0].from_ms..told.timeline[4].to_ms;
    assert_eq!(window, world.now() + 1 - HOUR_MS..world.now() + 1);

    // The same over a day, in which most of the time nobody said anything.
    let day = availability(&world, "24h").await;
    assert_eq!((day.down_ms, day.time), (MINUTE_MS, Some(0.75)));
    let performance: Performance = world.ask("/api/v1/performance?window=1h").await;
    let objective = &performance.features[0].objectives[1];
    assert_eq!((objective.n, objective.bad), (4 * MINUTE_MS, MINUTE_MS));
    assert!(!performance.features[0].down);
}

#[tokio::test]
async fn what_lasts_is_down_and_no_part_of_the_mean_time_to_repair() {
    let (world, evaluator) = world().await;
    world.tell("search", 1, "GGGGGGBBBBBB").await;
    evaluator.pass(world.now()).await;
    let performance: Performance = world.ask("/api/v1/performance?window=1h").await;
    assert!(performance.features[0].down);
    let told = availability(&world, "1h").await;
    assert_eq!((told.mttr_ms, told.outages[0].to_ms), (None, None));
    // Nobody comes any more: it is still down, and nobody knows better.
    world.pass(10 * MINUTE_MS);
    evaluator.pass(world.now()).await;
    let later = availability(&world, "1h").await;
    assert_eq!(later.down_ms, told.down_ms + 10 * MINUTE_MS);
    assert_eq!(later.outages[0].revision, told.outages[0].revision);
}

#[tokio::test]
async fn a_client_that_merely_went_offline_changes_nothing() {
    let (world, evaluator) = world().await;
    let first = world.slice();
    world.tell("search", 1, "GGGGGGGGGGGG").await;
    evaluator.pass(world.now()).await;
    let before = availability(&world, "1h").await;
    // One more comes back, and tells that nothing worked for a while.
    let report = story("search", first, "HHHHHHHH");
    assert_eq!(world.report(900, 900, &report).await.outcomes().0, "a");
    evaluator.pass(world.now()).await;
    assert_eq!(availability(&world, "1h").await, before);
    // Nor does one for whom alone everything fails.
    let report = story("search", first, "BBBBBBBB");
    assert_eq!(world.report(901, 901, &report).await.outcomes().0, "a");
    evaluator.pass(world.now()).await;
    let after = availability(&world, "1h").await;
    assert_eq!((after.down_ms, after.time), (0, before.time));
    assert!(after.outages.iter().all(|outage| outage.partial));
}

#[tokio::test]
async fn late_reports_revise_an_outage_and_old_ones_are_frozen() {
    let (world, evaluator) = world().await;
    let first = world.slice();
    let first_ms = world.tell("search", 1, "GGGBBBBBBGGGG").await;
    evaluator.pass(world.now()).await;
    let before = availability(&world, "1h").await.outages;
    assert_eq!(
        (before[0].revision, before[0].from_ms),
        (0, first_ms + 3 * SLICE_MS)
    );
    // Three days long nobody could say that it had begun earlier.
    world.pass(6 * HOUR_MS);
    for client in 0..12 {
        let report = story("search", first, "GBBBBBBBBGGGG");
        let answer = world.report(200 + client, 200 + client, &report).await;
        assert_eq!(answer.outcomes().0, "a");
    }
    evaluator.pass(world.now()).await;
    let after = availability(&world, "24h").await.outages;
    assert_eq!((after.len(), after[0].revision), (1, 1));
    assert_eq!(after[0].from_ms, first_ms + SLICE_MS);
    assert!(!after[0].provisional);
    // What is older than two days stays as it is.
    world.pass(3 * 24 * HOUR_MS);
    let report = story("search", first, "BBBBBBBBBGGGG");
    for client in 0..40 {
        world.report(300 + client, 300 + client, &report).await;
    }
    evaluator.pass(world.now()).await;
    assert_eq!(availability(&world, "7d").await.outages, after);
}

#[tokio::test]
async fn announced_time_does_not_count() {
    let (world, evaluator) = world().await;
    let first_ms = world.tell("search", 1, "GGGGGGBBBBBBGGGGGGGGGGGG").await;
    evaluator.pass(world.now()).await;
    let new = json!({
        "from_ms": first_ms + MINUTE_MS, "to_ms": first_ms + 2 * MINUTE_MS, "feature": "search",
    });
    world.change("POST", "/api/v1/maintenance", &new).await;
    let told = availability(&world, "1h").await;
    assert_eq!((told.down_ms, told.time), (0, Some(1.0)));
    use UpState::{Maintenance, Unknown, Up};
    assert_eq!(states(&told), [Unknown, Up, Maintenance, Up, Unknown]);
}

#[tokio::test]
async fn three_outages_within_an_hour_flap() {
    let (world, evaluator) = world().await;
    world.tell("search", 1, "BBBGGGBBBGGGBBBGGG").await;
    evaluator.pass(world.now()).await;
    let told = availability(&world, "1h").await;
    assert!(told.flapping);
    assert_eq!(told.start_to_start_ms, Some(MINUTE_MS));
    assert_eq!(
        (told.mttr_ms, told.down_ms),
        (Some(MINUTE_MS / 2), 3 * MINUTE_MS / 2)
    );
}

#[tokio::test]
async fn what_came_late_between_two_thorough_looks_is_not_forgotten() {
    let (world, evaluator) = world().await;
    let first = world.slice();
    world.pass(5 * HOUR_MS);
    world.tell("search", 1, "GGGG").await;
    evaluator.pass(world.now()).await;
    // An outage of five hours ago is told, and then nothing more comes.
    for client in 0..CLIENTS {
        let report = story("search", first, "GBBBBBGGGG");
        let answer = world.report(200 + client, 200 + client, &report).await;
        assert_eq!(answer.outcomes().0, "a");
    }
    world.pass(SLICE_MS);
    evaluator.pass(world.now()).await;
    assert_eq!(availability(&world, "24h").await.outages.len(), 0);
    world.pass(5 * MINUTE_MS);
    evaluator.pass(world.now()).await;
    assert_eq!(availability(&world, "24h").await.outages.len(), 1);
}

#[tokio::test]
async fn an_outage_that_lasts_for_days_is_one() {
    let (world, evaluator) = world().await;
    let first_ms = world.tell("search", 1, "GGGBBBBBB").await;
    evaluator.pass(world.now()).await;
    for day in 1..=4_u32 {
        world.pass(24 * HOUR_MS);
        world.tell("search", 100 * day, "BBBB").await;
        evaluator.pass(world.now()).await;
    }
    let told = availability(&world, "7d").await;
    assert_eq!(told.outages.len(), 1, "{:?}", told.outages);
    let outage = &told.outages[0];
    assert_eq!(
        (outage.from_ms, outage.to_ms),
        (first_ms + 3 * SLICE_MS, None)
    );
    assert_eq!(outage.peak_share, 1.0);
    let ended_ms = world.tell("search", 900, "GGGG").await;
    evaluator.pass(world.now()).await;
    let told = availability(&world, "7d").await;
    assert_eq!(told.outages.len(), 1);
    assert_eq!(told.outages[0].to_ms, Some(ended_ms));
    assert_eq!(told.mttr_ms, Some(ended_ms - first_ms - 3 * SLICE_MS));
}
