//! Turns everything that can become of an item into the counts that the console is told.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use collector::{Clock, Replayed, replay};
use protocol::query::delivery::{Delivery, Letters, Reason};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::process::firsthand;
use crate::world::{
    Answer, SHOP, T0, World, batch_path, header_line, id, impression, item, page, response, score,
};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0";

async fn send(world: &World, agent: &str, batch: u32, lines: &[String]) -> Answer {
    let request = Request::post(batch_path(batch))
        .header(header::ORIGIN, SHOP)
        .header(header::USER_AGENT, agent)
        .body(Body::from(lines.join("\n")));
    world.send(request.unwrap()).await
}

/// An impression of a survey that is not there.
fn of_unknown_survey(n: u32) -> String {
    let p = json!({ "survey": { "id": "later", "version": 1 }, "page": page() });
    item(n, "impression", &p)
}

fn reason(reason: &str, items: u64) -> Reason {
    Reason {
        reason: reason.into(),
        items,
    }
}

fn with_report(report: &Value) -> String {
    let mut header: Value = serde_json::from_str(&header_line(1)).unwrap();
    header["report"] = report.clone();
    header.to_string()
}

#[tokio::test]
async fn what_became_of_everything_is_told() {
    let world = World::new().await;
    // Number 0 never comes; 3 is refused, 4 is no JSON.
    let lines = [
        with_report(&json!({ "queue_full": 1 })),
        impression(1),
        response(2, 2, 1, &json!([score(9)])),
        of_unknown_survey(3),
        String::from("{ broken"),
    ];
    for expected in ["aaxx", "ddxx"] {
        let answer = send(&world, FIREFOX, 1, &lines).await;
        assert_eq!(answer.outcomes().0, expected);
    }
    let told: Delivery = world.ask("/api/v1/delivery").await;
    assert_eq!((told.n, told.accepted, told.duplicate), (6, 2, 2));
    let rejected = [reason("malformed_item", 1), reason("unknown_survey", 1)];
    assert_eq!(told.rejected, rejected);
    assert_eq!(told.dropped, [reason("queue_full", 1)]);
    let loss = &told.loss;
    assert_eq!((loss.boots, loss.came, loss.open, loss.lost), (1, 3, 1, 0));
    assert_eq!((loss.explained, loss.share), (1, Some(0.0)));
    assert_eq!(told.by_browser[0].name, "firefox");
    assert_eq!(told.by_page[0].name, "/cart");
    let letters = |reason: &str| Letters {
        reason: reason.into(),
        letters: 1,
        dropped: 0,
    };
    assert_eq!(
        told.letters,
        [letters("malformed_item"), letters("unknown_survey")]
    );
    // A page load that was silent for longer than an SDK keeps anything.
    world.pass(9 * 86_400_000);
    let told: Delivery = world.ask("/api/v1/delivery?days=30").await;
    assert_eq!((told.loss.open, told.loss.lost), (0, 1));
    let told: Delivery = world.ask("/api/v1/delivery?days=1").await;
    assert_eq!((told.n, told.loss.boots, told.loss.share), (0, 0, None));
}

#[tokio::test]
async fn what_is_no_person_is_kept_and_counted_apart() {
    let world = World::new().await;
    let bot = "Mozilla/5.0 (compatible; Examplebot/1.0)";
    let answer = send(&world, bot, 1, &[header_line(1), impression(1)]).await;
    assert_eq!(answer.outcomes().0, "a");
    let mut driven: Value = serde_json::from_str(&header_line(2)).unwrap();
    driven["webdriver"] = true.into();
    driven["boot"] = id(77).into();
    let answer = send(&world, FIREFOX, 2, &[driven.to_string(), impression(2)]).await;
    assert_eq!(answer.outcomes().0, "a");
    let told: Delivery = world.ask("/api/v1/delivery").await;
    assert_eq!((told.n, told.loss.boots), (0, 0));
    assert_eq!(told.bots, [reason("driven", 1), reason("name", 1)]);
    let told: Delivery = world.ask("/api/v1/delivery?bots=true").await;
    assert_eq!((told.n, told.accepted, told.loss.boots), (2, 2, 2));
}

#[tokio::test]
async fn a_letter_becomes_an_item_once_its_survey_is_there() {
    let world = World::new().await;
    let lines = [header_line(1), of_unknown_survey(1), String::from("junk")];
    assert_eq!(world.post(&lines).await.outcomes().0, "xx");
    let again = async || {
        let clock = Clock::from_fn(|| T0 + 60_000);
        replay(Arc::clone(&world.store), &clock, world.project, None)
            .await
            .unwrap()
    };
    let still = |reasons: &[(&str, u64)]| {
        let reasons = reasons.iter().map(|(code, n)| (String::from(*code), *n));
        reasons.collect()
    };
    let replayed = again().await;
    let refused = still(&[("malformed_item", 1), ("unknown_survey", 1)]);
    assert_eq!((replayed.accepted, replayed.refused), (0, refused));
    let definition = json!({
        "id": "later", "name": "Later", "language": "en",
        "questions": [{ "id": "score", "title": "?", "kind": { "nps": { "low": "a", "high": "b" } } }],
        "endings": [{ "id": "thanks", "title": "Thank you" }],
    });
    world.publish(definition).await;
    let expected = Replayed {
        accepted: 1,
        refused: still(&[("malformed_item", 1)]),
        ..Replayed::default()
    };
    assert_eq!(again().await, expected);
    // At the time at which it came, and once.
    let at: i64 = world
        .db()
        .query_row("SELECT at_ms FROM item", [], |row| row.get(0))
        .unwrap();
    assert_eq!(at, T0 as i64 - 100);
    let expected = Replayed {
        refused: still(&[("malformed_item", 1)]),
        ..Replayed::default()
    };
    assert_eq!(again().await, expected);
    // The page sends it again: it is there.
    let answer = world.post(&[header_line(1), of_unknown_survey(1)]).await;
    assert_eq!(answer.outcomes().0, "d");
}

#[tokio::test]
async fn letters_are_read_replayed_and_discarded_on_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    assert!(crate::process::init(dir.path()).status.success());
    let running = crate::process::Running::start(dir.path());
    let body = [header_line(1), of_unknown_survey(1), String::from("junk")].join("\n");
    let path = batch_path(1);
    let sent = crate::socket::send(&running.address, "POST", &path, &[], body.as_bytes());
    assert_eq!(sent.unwrap().status, 200);
    let letters = |args: &[&str]| {
        let mut command = firsthand();
        let output = command
            .arg("letters")
            .args(args)
            .arg("--data")
            .arg(dir.path());
        let output = output.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let counted = "malformed_item\t1\t0 dropped\nunknown_survey\t1\t0 dropped\n";
    assert_eq!(letters(&["count"]), counted);
    let listed = letters(&["list", "--reason", "unknown_survey", "--lines"]);
    assert!(
        listed.contains("\tunknown_survey\tp.survey: there is no version 1"),
        "{listed}"
    );
    assert!(listed.contains(&of_unknown_survey(1)), "{listed}");
    // Beside a collector that runs.
    let replayed = letters(&["replay"]);
    let expected =
        "0 accepted, 0 were there, 0 in conflict, 1 still malformed_item, 1 still unknown_survey\n";
    assert_eq!(replayed, expected);
    assert_eq!(
        letters(&["discard", "--reason", "malformed_item"]),
        "1 discarded\n"
    );
    assert_eq!(letters(&["count"]), "unknown_survey\t1\t0 dropped\n");
    // Two lines under one id: both can be read.
    assert_eq!(letters(&["conflicts"]), "");
    let other = impression(7).replacen("\"p\":{", "\"p\":{\"later\":1,", 1);
    for line in [impression(7), other.clone()] {
        let body = [header_line(1), line].join("\n");
        let sent = crate::socket::send(&running.address, "POST", &path, &[], body.as_bytes());
        assert_eq!(sent.unwrap().status, 200);
    }
    let told = letters(&["conflicts"]);
    let expected = format!("came: {other}\nkept: {}\n", impression(7));
    assert!(
        told.starts_with(&id(7)) && told.ends_with(&expected),
        "{told}"
    );
    assert_eq!(running.stop("-TERM").0, Some(0));
}

/// Numbers of a clock that is two days behind, and of an envelope that took two days.
#[tokio::test]
async fn an_envelope_that_took_days_is_no_clock_that_is_wrong() {
    const DAY_MS: u64 = 86_400_000;
    let world = World::new().await;
    let at = |n: u32| -> u64 {
        let sql = "SELECT at_ms FROM item WHERE seq = ?1";
        let at: i64 = world.db().query_row(sql, [n], |row| row.get(0)).unwrap();
        at as u64 - T0
    };
    let header = |boot: u32, sent_wall: u64| {
        let mut header: Value = serde_json::from_str(&header_line(1)).unwrap();
        header["boot"] = id(boot).into();
        header["sent_wall"] = sent_wall.into();
        header.to_string()
    };
    world.pass(2 * DAY_MS);
    // Heard of for the first time: nobody can tell.
    world.post(&[header(10, T0), impression(1)]).await;
    assert_eq!(at(1), 2 * DAY_MS - 100);
    // Its clock is right, as an envelope of today shows; what is two days old is two days old.
    world
        .post(&[header(10, T0 + 2 * DAY_MS), impression(2)])
        .await;
    world.post(&[header(10, T0 + 5_000), impression(3)]).await;
    assert_eq!((at(2), at(3)), (2 * DAY_MS - 100, 5_000 - 100));
    // A process that was started since has heard nothing, and asks the store.
    let now = world.now();
    let store = Arc::clone(&world.store);
    let fresh = collector::Collector::new(store, Clock::from_fn(move || now)).unwrap();
    let body = [header(10, T0 + 7_000), impression(4)].join("\n");
    let request = Request::post(batch_path(9)).body(Body::from(body)).unwrap();
    let answer = collector::app(Arc::new(fresh)).oneshot(request).await;
    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(at(4), 7_000 - 100);
}
