//! Turns burn into pages, and the end of it into their end.

use collector::Evaluator;
use protocol::query::performance::{AlertRow, AlertState, Alerts, Performance};
use serde_json::{Value, json};
use store::Retention;

use crate::budgets::search;
use crate::reports::answered;
use crate::world::World;

const MINUTE_MS: u64 = 60_000;

/// Budgets with one alert: 14.4 times the pace, over an hour and over five minutes.
fn paging() -> Value {
    let mut budgets = search();
    budgets["features"][0]["latency"][0]["target"] = json!(0.99);
    budgets["alerts"] = json!([
        { "severity": "page", "long": "1h", "short": "5m", "factor": 14.4 },
    ]);
    budgets
}

async fn world() -> (World, Evaluator) {
    let world = World::new().await;
    world.promise(&paging()).await;
    let evaluator = world.collector.evaluator(Retention::default());
    (world, evaluator)
}

/// Has clients report so many answers each, so many of them slow. Numbers items from `n` on.
async fn traffic(world: &World, n: u32, clients: u32, all: usize, slow: usize) {
    let times = [vec![100; all - slow], vec![1_000; slow]].concat();
    for client in 0..clients {
        let report = answered("search", world.slice(), &times);
        let answer = world.report(100 + client, n + client, &report).await;
        assert_eq!(answer.outcomes().0, "a");
    }
}

async fn changes(world: &World) -> Vec<AlertRow> {
    world.ask::<Alerts>("/api/v1/alerts").await.items
}

async fn states(world: &World) -> Vec<AlertState> {
    let changes = changes(world).await.into_iter();
    changes.map(|change| change.state).collect()
}

#[tokio::test]
async fn a_page_is_raised_once_and_resolved() {
    use AlertState::{Page, Resolved};
    let (world, evaluator) = world().await;
    traffic(&world, 1, 4, 100, 20).await;
    evaluator.pass(world.now()).await;
    let raised = changes(&world).await;
    assert_eq!(raised.len(), 1);
    assert_eq!((raised[0].state, raised[0].at_ms), (Page, world.now()));
    assert_eq!(raised[0].feature, "search");
    // A fifth is slow, where a hundredth may be.
    assert!((raised[0].burn.unwrap() - 20.0).abs() < 1e-9, "{raised:?}");
    assert_eq!(
        (raised[0].long_ms, raised[0].short_ms),
        (60 * MINUTE_MS, 5 * MINUTE_MS)
    );
    let told: Performance = world.ask("/api/v1/performance").await;
    assert_eq!(told.features[0].alerts, raised);
    // The next pass has nothing new to tell.
    evaluator.pass(world.now()).await;
    assert_eq!(states(&world).await, [Page]);
    // It goes on, and then the short window is fine again.
    world.pass(6 * MINUTE_MS);
    traffic(&world, 11, 4, 100, 0).await;
    evaluator.pass(world.now()).await;
    assert_eq!(states(&world).await, [Resolved, Page]);
    let told: Performance = world.ask("/api/v1/performance").await;
    assert!(told.features[0].alerts.is_empty());
}

#[tokio::test]
async fn silence_after_a_page_is_unknown_and_not_fine() {
    use AlertState::{Page, Resolved, Unknown};
    let (world, evaluator) = world().await;
    traffic(&world, 1, 4, 100, 20).await;
    evaluator.pass(world.now()).await;
    world.pass(10 * MINUTE_MS);
    evaluator.pass(world.now()).await;
    evaluator.pass(world.now()).await;
    assert_eq!(states(&world).await, [Unknown, Page]);
    traffic(&world, 11, 4, 100, 0).await;
    evaluator.pass(world.now()).await;
    assert_eq!(states(&world).await, [Resolved, Unknown, Page]);
}

#[tokio::test]
async fn one_client_or_one_failure_at_night_pages_nobody() {
    let (world, evaluator) = world().await;
    // Twenty slow ones, all of one client.
    traffic(&world, 1, 1, 100, 20).await;
    evaluator.pass(world.now()).await;
    assert!(states(&world).await.is_empty());
    // Four clients, and one slow answer each of a few.
    let (world, evaluator) = self::world().await;
    traffic(&world, 1, 4, 5, 1).await;
    evaluator.pass(world.now()).await;
    assert!(states(&world).await.is_empty());
}

#[tokio::test]
async fn an_outage_pages_by_its_share_of_time() {
    let (world, evaluator) = world().await;
    // 90 of 210 known seconds.
    world.tell("search", 1, "GGGGGGBBBBBBBBBGGGGGG").await;
    evaluator.pass(world.now()).await;
    let raised = changes(&world).await;
    assert_eq!(raised.len(), 1);
    assert_eq!(raised[0].state, AlertState::Page);
    let expected = 90.0 / 210.0 / 0.001;
    assert!(
        (raised[0].burn.unwrap() / expected - 1.0).abs() < 1e-6,
        "{raised:?}"
    );
}

#[tokio::test]
async fn what_budgets_do_not_ask_for_any_more_is_over() {
    use AlertState::{Page, Resolved};
    let (world, evaluator) = world().await;
    traffic(&world, 1, 4, 100, 20).await;
    evaluator.pass(world.now()).await;
    let mut budgets = paging();
    budgets["features"][0]["latency"][0]["within"] = json!("2s");
    world.promise(&budgets).await;
    evaluator.pass(world.now()).await;
    assert_eq!(states(&world).await, [Resolved, Page]);
    evaluator.pass(world.now()).await;
    assert_eq!(states(&world).await.len(), 2);
}
