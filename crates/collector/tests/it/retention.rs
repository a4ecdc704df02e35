//! Turns what admins choose about how long things are kept into tests of what is told, and of what is gone.

use std::collections::BTreeSet;

use collector::settings::Keep as Configured;
use protocol::query::access::{Credential, Role};
use protocol::query::setup::{Keep, LEAST_KEEP_MS, MOST_KEEP_MS, Older, Retention};
use serde_json::{Value, json};
use store::{AuditEntry, KeepFor, KeepKind, Retention as Sums};

use crate::world::{Answer, World, header_line, impression, response, score};

const DAY: u64 = 86_400_000;

async fn told(world: &World, key: &str) -> Keep {
    let told: Retention = world.ask("/api/v1/retention").await;
    let mut items = told.items.into_iter();
    items.find(|one| one.key == key).unwrap()
}

async fn choose(world: &World, key: &str, body: &Value) -> Answer {
    let admin = world.sign_in_as(Role::Admin).await;
    let path = format!("/retention/{key}");
    world.ask_as(&admin, "PUT", &path, body).await
}

async fn older(world: &World, key: &str, keep_ms: u64) -> u64 {
    let path = format!("/api/v1/retention/{key}/older?keep_ms={keep_ms}");
    world.ask::<Older>(&path).await.n
}

fn entry(world: &World) -> AuditEntry {
    AuditEntry {
        project: world.project,
        at_ms: world.now(),
        credential: Credential::Session,
        actor: String::from("ada@example.com"),
        action: String::from("retention.change"),
        target: String::from("keep_vitals"),
        detail: String::new(),
    }
}

async fn answered() -> World {
    let world = World::new().await;
    let lines = [
        header_line(1),
        impression(1),
        response(2, 2, 1, &json!([score(9)])),
    ];
    assert_eq!(world.post(&lines).await.outcomes().0, "aa");
    world
}

#[tokio::test]
async fn what_an_admin_chose_is_what_is_kept() {
    let world = answered().await;
    let before = told(&world, "keep_responses").await;
    assert_eq!((before.keep_ms, before.fixed, before.rev), (None, false, 0));
    world.pass(30 * DAY);
    assert_eq!(older(&world, "keep_responses", 30 * DAY).await, 0);
    world.pass(1);
    assert_eq!(older(&world, "keep_responses", 30 * DAY).await, 1);
    world.collector.let_go(world.now()).await.unwrap();
    assert_eq!(
        older(&world, "keep_responses", 30 * DAY).await,
        1,
        "for good"
    );
    let answer = choose(
        &world,
        "keep_responses",
        &json!({ "rev": 0, "keep_ms": 30 * DAY }),
    )
    .await;
    let now: Retention = answer.json();
    assert_eq!(now, world.ask("/api/v1/retention").await);
    let chosen = told(&world, "keep_responses").await;
    assert_eq!((chosen.keep_ms, chosen.rev), (Some(30 * DAY), 1));
    world.collector.let_go(world.now()).await.unwrap();
    assert_eq!(older(&world, "keep_responses", DAY).await, 0);
    assert_eq!(
        older(&world, "keep_impressions", DAY).await,
        1,
        "another kind"
    );
    let deeds = world.deeds().await.join("\n");
    assert!(deeds.contains("retention.change keep_responses"), "{deeds}");
}

#[tokio::test]
async fn of_two_who_choose_one_is_told() {
    let world = World::new().await;
    let body = |days: u64| json!({ "rev": 0, "keep_ms": days * DAY });
    assert_eq!(choose(&world, "keep_losses", &body(7)).await.status, 200);
    let second = choose(&world, "keep_losses", &body(9)).await;
    assert_eq!(second.refusal(), (409, "conflict"));
    let stands = told(&world, "keep_losses").await;
    assert_eq!((stands.keep_ms, stands.rev), (Some(7 * DAY), 1));
    let never = json!({ "rev": 3, "keep_ms": null });
    let never = choose(&world, "keep_vitals", &never).await;
    assert_eq!(never.refusal(), (409, "conflict"));
}

#[tokio::test]
async fn what_the_configuration_says_is_chosen_nowhere_else() {
    let mut lengths = KeepFor::default();
    lengths.set(KeepKind::Vitals, Some(90 * DAY));
    let keep = Configured {
        lengths,
        fixed: BTreeSet::from([KeepKind::Vitals]),
    };
    let world = World::with(|it| it.with_kept(Sums::default(), keep)).await;
    // Chosen before the configuration said anything.
    let line = entry(&world);
    let chosen = world
        .store
        .choose_keep(KeepKind::Vitals, 0, Some(DAY), line);
    chosen.await.unwrap();
    let stands = told(&world, "keep_vitals").await;
    assert_eq!((stands.keep_ms, stands.fixed), (Some(90 * DAY), true));
    let body = json!({ "rev": 1, "keep_ms": null });
    let refused = choose(&world, "keep_vitals", &body).await;
    assert_eq!(refused.refusal(), (400, "invalid_parameter"));
    assert_eq!(told(&world, "keep_vitals").await, stands);
    assert!(told(&world, "keep_ids").await.fixed);
}

// Why: a default may be shorter than what an admin chose, and what is gone is gone.
#[tokio::test]
async fn nothing_goes_while_nobody_can_tell_what_was_chosen() {
    let world = answered().await;
    let db = world.db();
    db.execute_batch(
        "PRAGMA ignore_check_constraints = 1;
         INSERT INTO keep (kind, keep_ms, rev) VALUES ('keep_losses', -1, 1);",
    )
    .unwrap();
    world.pass(401 * DAY);
    assert_eq!(older(&world, "keep_impressions", 400 * DAY).await, 1);
    assert!(world.collector.let_go(world.now()).await.is_err());
    assert_eq!(older(&world, "keep_impressions", 400 * DAY).await, 1);
    db.execute("DELETE FROM keep", ()).unwrap();
    world.collector.let_go(world.now()).await.unwrap();
    assert_eq!(older(&world, "keep_impressions", 400 * DAY).await, 0);
}

#[track_caller]
fn check(answer: &Answer, expect: (u16, &str)) {
    assert_eq!(answer.refusal(), expect, "{answer:?}");
}

#[tokio::test]
async fn what_makes_no_sense_is_named() {
    let world = World::new().await;
    let body = |keep_ms: u64| json!({ "rev": 0, "keep_ms": keep_ms });
    for ms in [0, LEAST_KEEP_MS - 1, MOST_KEEP_MS + 1] {
        let answer = choose(&world, "keep_responses", &body(ms)).await;
        check(&answer, (400, "invalid_parameter"));
    }
    for ms in [LEAST_KEEP_MS, MOST_KEEP_MS] {
        let rev = told(&world, "keep_responses").await.rev;
        let body = json!({ "rev": rev, "keep_ms": ms });
        let answer = choose(&world, "keep_responses", &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    for key in ["keep_ids", "keep_slices", "nothing"] {
        let answer = choose(&world, key, &body(DAY)).await;
        check(&answer, (404, "not_found"));
    }
    // Silence is not "for good".
    let answer = choose(&world, "keep_responses", &json!({ "rev": 2 })).await;
    check(&answer, (400, "unreadable_body"));
    let admin = world.sign_in_as(Role::Admin).await;
    let path = "/retention/keep_responses/older";
    let answer = world.ask_as(&admin, "GET", path, &Value::Null).await;
    check(&answer, (400, "invalid_parameter"));
}
