//! Turns answers of people who differ into scores, each with one right value wherever it is asked for.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use protocol::latency::LatencyContext;
use protocol::query::access::Role;
use protocol::query::delivery::Browser;
use protocol::query::scores::{Breakdown, Release, Releases, Scores, Slow, Verdict};
use protocol::query::view::Aside;
use protocol::query::{Comments, NpsReport, Session};
use serde_json::{Value, json};
use store::conformance::{answered, batch, ok, reason, response, score};
use store::{NewItem, Respondent, ResponseRow};

use crate::world::{T0, World, everything, header_line, impression};

const DAY: u64 = 86_400_000;

/// Somebody: install, response and item of this number.
pub(crate) struct Somebody {
    pub(crate) n: u32,
    pub(crate) points: u8,
    /// Days after the beginning.
    pub(crate) day: u32,
    pub(crate) browser: Browser,
    pub(crate) change: fn(&mut ResponseRow),
}

pub(crate) async fn says(world: &World, who: Somebody) {
    let answers = vec![score(who.points), reason(&format!("number {}", who.n))];
    let mut row = response(who.n, 1, answers);
    (who.change)(&mut row);
    let at = u64::from(who.day) * DAY + u64::from(who.n);
    let item: NewItem = answered(who.n, at, row);
    let mut one = batch(world.project, who.n, vec![item]);
    one.signs.browser = who.browser;
    ok(world.store.append(one).await);
}

pub(crate) fn on_plan(row: &mut ResponseRow, plan: &str) {
    row.respondent = Some(Respondent {
        id: String::new(),
        verified: false,
        traits: [("plan".into(), plan.into())].into(),
    });
}

/// 60 people on four days of two weeks: of each ten, six give 9, two 7 and two 3. Odd ones have a phone
/// and pay.
async fn sixty() -> World {
    let world = World::new().await;
    for n in 1..=60 {
        let points = match n % 10 {
            0..=5 => 9,
            6..=7 => 7,
            _ => 3,
        };
        let is_odd = n % 2 == 1;
        let browser = match is_odd {
            true => Browser::SafariMobile,
            false => Browser::Firefox,
        };
        let change = match is_odd {
            true => |row: &mut ResponseRow| on_plan(row, "pro"),
            false => |row: &mut ResponseRow| on_plan(row, "free"),
        };
        let day = [0, 3, 7, 10][n as usize % 4];
        says(
            &world,
            Somebody {
                n,
                points,
                day,
                browser,
                change,
            },
        )
        .await;
    }
    world.pass(11 * DAY);
    world
}

async fn scores(world: &World, query: &str) -> Scores {
    let found: Scores = world.ask(&format!("/api/v1/scores?{query}")).await;
    assert_eq!(found.dropped, [], "{query}");
    found
}

#[track_caller]
fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
}

/// Rows of a CSV file of plain cells.
fn cells(text: &str) -> Vec<Vec<&str>> {
    let lines = text.split("\r\n").filter(|line| !line.is_empty());
    lines.map(|line| line.split(',').collect()).collect()
}

/// The files say the same, to the last digit.
async fn check_files(world: &World, query: &str, found: &Scores) {
    let n = found.total.n;
    let path = format!("/api/v1/scores/export?{query}&by=device");
    let file = world.fetch(&path).await;
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = String::from_utf8(file.body).unwrap();
    let rows = cells(&text);
    let total = &rows[1];
    assert_eq!(total[0], "total");
    assert_eq!(total[6], n.to_string());
    // By the reader that read the other: it may miss the last bit of a fraction, as it does of both.
    let read = |cell: &str| serde_json::from_str::<f64>(cell).unwrap();
    assert_eq!(read(total[7]), found.total.score.unwrap());
    assert_eq!(read(total[8]), found.total.interval.unwrap().low);
    let of = |part: &str| -> Vec<&Vec<&str>> { rows.iter().filter(|row| row[0] == part).collect() };
    let sum = |part: &str| {
        of(part)
            .iter()
            .map(|row| row[6].parse::<u64>().unwrap())
            .sum::<u64>()
    };
    assert_eq!((sum("trend"), sum("breakdown")), (n, n), "{query}");
    let lines = world.fetch(&format!("{path}&format=ndjson")).await;
    let lines = String::from_utf8(lines.body).unwrap();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), rows.len() - 1);
    assert_eq!(lines[0]["score"].as_f64(), found.total.score);
}

#[tokio::test]
async fn one_number_is_everywhere() {
    let world = sixty().await;
    for query in [
        "survey=nps&days=28",
        "days=28&device=mobile",
        "trait.plan=free",
    ] {
        let found = scores(&world, query).await;
        let n = if query.starts_with("survey") { 60 } else { 30 };
        assert_eq!(found.total.n, n, "{query}");
        check_files(&world, query, &found).await;
        // Buckets are disjoint, and everybody is in one.
        let people: u64 = found.trend.iter().map(|bucket| bucket.figure.n).sum();
        assert_eq!(people, n, "{query}");
        assert!(
            found
                .trend
                .windows(2)
                .all(|pair| pair[0].to_ms == pair[1].from_ms)
        );
        let by: Breakdown = world
            .ask(&format!("/api/v1/scores/breakdown?{query}&by=trait.plan"))
            .await;
        assert_eq!(by.total, found.total);
        for row in &by.rows {
            // A bar leads to what it says.
            let (name, value) = row.filter.clone().unwrap();
            let alone = scores(&world, &format!("{query}&{name}={value}")).await;
            assert_eq!(alone.total, row.figure, "{query} {value}");
        }
    }
    let found = scores(&world, "survey=nps&days=28").await;
    close(found.total.score, 40.0);
    assert_eq!(found.total.split, [36, 12, 12]);
    assert_eq!(found.histogram[&3], 12);
    let old: NpsReport = world.ask("/api/v1/scores/nps?survey=nps&days=28").await;
    assert_eq!((old.n, old.score), (60, found.total.score));
    let comments: Comments = world
        .ask("/api/v1/comments?device=mobile&score=0-6&limit=99")
        .await;
    assert_eq!(comments.items.len(), 6);
}

/// Whatever keeps an answer aside takes it out of every number by one predicate, and says so.
#[tokio::test]
async fn what_is_kept_aside_is_in_no_number() {
    let world = sixty().await;
    for (bits, reason) in [
        (1, Aside::Spam),
        (2, Aside::Archived),
        (4, Aside::Test),
        (8, Aside::Bot),
    ] {
        // Promoters number 1 to 5.
        let first = "SELECT id FROM response ORDER BY at_ms LIMIT 5";
        let hide = |bits: u8| format!("UPDATE response SET hidden = {bits} WHERE id IN ({first})");
        world.tamper(&hide(bits));
        let found = scores(&world, "survey=nps").await;
        assert_eq!(found.total.n, 55, "{reason}");
        assert_eq!(found.aside[&reason], 5);
        assert_eq!(found.aside.len(), 1);
        let histogram: u64 = found.histogram.values().sum();
        let trend: u64 = found.trend.iter().map(|bucket| bucket.figure.n).sum();
        assert_eq!((histogram, trend), (55, 55));
        let by: Breakdown = world.ask("/api/v1/scores/breakdown?by=device").await;
        let rows: u64 = by.rows.iter().map(|row| row.figure.n).sum();
        assert_eq!((by.total.n, rows), (55, 55));
        let old: NpsReport = world.ask("/api/v1/scores/nps?survey=nps").await;
        assert_eq!(old.n, 55);
        let slow: Slow = world.ask("/api/v1/scores/slow").await;
        assert_eq!(slow.unknown, 55);
        let file = world.fetch("/api/v1/scores/export").await;
        let text = String::from_utf8(file.body).unwrap();
        assert_eq!(cells(&text)[1][6], "55");
        let comments: Comments = world.ask("/api/v1/comments?limit=99").await;
        assert_eq!(comments.items.len(), 55);
        let only = scores(&world, &format!("is={reason}")).await;
        assert_eq!(only.total.n, 5);
        world.tamper(&hide(0));
        assert_eq!(scores(&world, "survey=nps").await.total.n, 60);
    }
}

#[tokio::test]
async fn time_is_set_apart_where_the_project_is() {
    let world = sixty().await;
    let days = scores(&world, "days=12&step=day").await;
    assert_eq!((&*days.step, &*days.timezone), ("day", "UTC"));
    let n: Vec<u64> = days.trend.iter().map(|bucket| bucket.figure.n).collect();
    assert_eq!(n, [0, 15, 0, 0, 15, 0, 0, 0, 15, 0, 0, 15, 0]);
    assert!(days.trend[..12].iter().all(|bucket| bucket.complete));
    assert!(!days.trend[12].complete, "today is not over");
    // Half of all days have nobody, and half of the weeks thirty.
    let found = scores(&world, "").await;
    assert_eq!(found.step, "day", "too short a time for weeks");
    let weeks = scores(&world, "step=week").await;
    // 2026-11-01 is a Sunday.
    let starts: Vec<u64> = weeks.trend.iter().map(|bucket| bucket.from_ms).collect();
    assert_eq!(starts, [T0, T0 + DAY, T0 + 8 * DAY]);
    let months = scores(&world, "step=month").await;
    assert_eq!((months.trend.len(), months.trend[0].figure.n), (1, 60));
    let budgets =
        json!({ "v": 1, "window": "30d", "timezone": "America/New_York", "features": [] });
    world.promise(&budgets).await;
    let there = scores(&world, "days=12&step=day").await;
    assert_eq!(
        there.trend[1].from_ms % DAY,
        4 * 3_600_000,
        "summer time until November 1st"
    );
    let people: u64 = there.trend.iter().map(|bucket| bucket.figure.n).sum();
    assert_eq!(people, 60);
}

#[tokio::test]
async fn two_groups_are_compared() {
    let world = sixty().await;
    // Number 61 to 100 give 0 in the days after.
    for n in 61..=100 {
        let somebody = Somebody {
            n,
            points: 0,
            day: 15,
            browser: Browser::Firefox,
            change: |_| {},
        };
        says(&world, somebody).await;
    }
    world.pass(5 * DAY);
    let found = scores(&world, "days=8").await;
    let before = found.compared.unwrap();
    assert!(before.is_previous);
    assert_eq!((found.total.n, before.figure.n), (55, 45));
    let difference = before.difference.unwrap();
    assert_eq!(difference.verdict, Verdict::Down);
    close(
        Some(difference.value),
        found.total.score.unwrap() - before.figure.score.unwrap(),
    );
    let found = scores(&world, "device=mobile&compare=device%3Ddesktop").await;
    let other = found.compared.unwrap();
    assert!(!other.is_previous);
    assert!(other.view.contains("device=desktop"), "{}", other.view);
    assert_eq!((found.total.n, other.figure.n), (30, 70));
    assert_eq!(other.difference.unwrap().verdict, Verdict::Up);
    let found = scores(&world, "trait.plan=pro&compare=trait.plan%3Dfree").await;
    let verdict = found.compared.unwrap().difference.unwrap().verdict;
    assert_eq!(verdict, Verdict::NoDetectableChange);
    assert_eq!(scores(&world, "days=8&compare=none").await.compared, None);
    assert_eq!(
        scores(&world, "").await.compared,
        None,
        "nothing is before all time"
    );
    let few = scores(&world, "compare=trait.plan%3Dnone").await;
    assert_eq!(few.compared.unwrap().difference, None, "nobody there");
}

#[tokio::test]
async fn what_stands_out_is_marked() {
    let world = sixty().await;
    for n in 61..=100 {
        let somebody = Somebody {
            n,
            points: 1,
            day: 5,
            browser: Browser::Firefox,
            change: |row| row.page_url = String::from("https://shop.example/pay"),
        };
        says(&world, somebody).await;
    }
    let by: Breakdown = world.ask("/api/v1/scores/breakdown?by=page").await;
    let rows: Vec<_> = by
        .rows
        .iter()
        .map(|row| (row.key.as_deref().unwrap(), row.figure.n))
        .collect();
    assert_eq!(rows, [("/cart", 60), ("/pay", 40)]);
    assert!(by.rows.iter().all(|row| row.stands_out));
    assert_eq!(by.rows[1].filter, Some(("page".into(), "=/pay".into())));
    let even: Breakdown = world
        .ask("/api/v1/scores/breakdown?by=trait.plan&page==/cart")
        .await;
    assert!(even.rows.iter().all(|row| !row.stands_out));
    for by in ["", "colour", "trait."] {
        let answer = world
            .fetch(&format!("/api/v1/scores/breakdown?by={by}"))
            .await;
        assert_eq!(answer.refusal(), (400, "invalid_parameter"), "{by}");
    }
}

/// People who had waited, and people who had not: more often happy on each device, unhappier together.
#[tokio::test]
async fn slow_is_told_within_each_device() {
    let world = World::new().await;
    let mut n = 0;
    let waited = |over_budget| {
        Some(LatencyContext {
            requests: 10,
            p75_ms: Some(300),
            budgeted: 10,
            over_budget,
            worst: None,
            recent_failures: 0,
        })
    };
    for (browser, over, counts) in [
        (Browser::Firefox, 0, [180, 60, 60]),
        (Browser::Firefox, 5, [28, 6, 6]),
        (Browser::SafariMobile, 1, [10, 10, 30]),
        (Browser::SafariMobile, 2, [75, 60, 165]),
    ] {
        for (points, people) in [10, 8, 2].into_iter().zip(counts) {
            // Writing one at a time would take a minute.
            for _ in 0..people {
                n += 1;
                let mut row = response(n, 1, vec![score(points)]);
                row.latency = waited(over);
                let mut one = batch(world.project, n, vec![answered(n, 1, row)]);
                one.signs.browser = browser;
                let append = world.store.append(one);
                ok(append.await);
            }
        }
    }
    world.pass(DAY);
    let found: Slow = world.ask("/api/v1/scores/slow?survey=nps").await;
    assert_eq!((found.within.n, found.over.n, found.unknown), (350, 340, 0));
    let told = found.found.unwrap();
    close(Some(told.difference.value), 12.463_768_115_942);
    close(Some(told.pooled), -20.0 - 100.0 * 100.0 / 350.0);
    assert!(told.misleads);
    let strata: Vec<_> = (found.strata.iter())
        .map(|one| {
            (
                one.device.as_deref().unwrap(),
                one.difference.unwrap().round(),
            )
        })
        .collect();
    assert_eq!(strata, [("mobile", 10.0), ("desktop", 15.0)]);
    // Where half may be over, nobody is.
    let lenient: Slow = world.ask("/api/v1/scores/slow?over=50").await;
    assert_eq!((lenient.over.n, lenient.found), (0, None));
    assert_eq!(lenient.left_out, 690);
    let odd: Slow = world
        .ask("/api/v1/scores/slow?over=200&segment=device")
        .await;
    let dropped: Vec<_> = odd.dropped.iter().map(|it| &*it.param).collect();
    assert_eq!(dropped, ["over", "segment"]);
}

#[tokio::test]
async fn few_are_not_judged() {
    let world = World::new().await;
    let path = "/api/v1/scores/slow?survey=nps";
    let none: Slow = world.ask(path).await;
    assert_eq!(
        (none.within.n, none.within.score, none.found),
        (0, None, None)
    );
    assert_eq!((none.needed, none.compared), (30, [0, 0]));
    let empty = scores(&world, "").await;
    assert_eq!((empty.total.n, empty.total.score), (0, None));
    assert!(empty.trend.is_empty() || empty.trend.iter().all(|it| it.figure.score.is_none()));
}

#[tokio::test]
async fn kinds_and_surveys_are_told_apart() {
    let world = sixty().await;
    world.publish(everything()).await;
    let session: Session = world.ask("/api/v1/session").await;
    let all = session
        .surveys
        .iter()
        .find(|it| it.id == "everything")
        .unwrap();
    let kinds: Vec<_> = all.scores.iter().map(|it| &*it.kind).collect();
    assert_eq!(kinds, ["nps", "csat", "ces"]);
    let found = scores(&world, "survey=everything").await;
    assert_eq!((&*found.kind, found.total.n), ("nps", 0));
    assert_eq!(found.question.unwrap().question, "nps");
    let found = scores(&world, "survey=everything&kind=ces").await;
    assert_eq!(found.question.unwrap().question, "ces");
    assert_eq!(found.histogram.len(), 7);
    assert_eq!(scores(&world, "").await.total.n, 60, "all surveys");
    let path = "/api/v1/scores?survey=nps&kind=csat&score=9&step=hour&colour=red";
    let odd: Scores = world.ask(path).await;
    let dropped: Vec<_> = odd
        .dropped
        .iter()
        .map(|it| (&*it.param, &*it.why))
        .collect();
    let expected = [
        ("colour", "unknown"),
        ("score", "of_itself"),
        ("kind", "no_such_value"),
        ("step", "no_such_value"),
    ];
    assert_eq!(dropped, expected);
    assert_eq!((&*odd.kind, odd.total.n), ("nps", 60));
    let refused = world.fetch("/api/v1/scores/export?colour=red").await;
    assert_eq!(refused.refusal(), (400, "invalid_parameter"));
    for path in [
        "/api/v1/scores?survey=none",
        "/api/v1/scores/slow?survey=none",
    ] {
        assert_eq!(world.fetch(path).await.refusal(), (404, "not_found"));
    }
}

#[tokio::test]
async fn who_was_asked_is_told_where_it_is_known() {
    let world = World::new().await;
    for n in 1..=4 {
        let answer = world.post(&[header_line(n), impression(n)]).await;
        assert_eq!(answer.outcomes().0, "a");
    }
    let somebody = Somebody {
        n: 9,
        points: 9,
        day: 0,
        browser: Browser::Firefox,
        change: |_| {},
    };
    says(&world, somebody).await;
    world.pass(DAY);
    let reach = scores(&world, "survey=nps").await.reach.unwrap();
    assert_eq!((reach.shown, reach.answered), (4, 0));
    assert_eq!(reach.days_to_firm, Some(30), "one in a day");
    // Which devices those had who did not answer is not known.
    assert_eq!(scores(&world, "device=desktop").await.reach, None);
}

#[tokio::test]
async fn releases_are_flags() {
    let world = sixty().await;
    let path = "/api/v1/releases";
    let new = json!({ "name": " 2.4.1 ", "at_ms": T0 + DAY, "note": "Faster checkout" });
    let added: Release = world.change("POST", path, &new).await.json();
    assert_eq!(
        (&*added.name, added.at_ms, &*added.by),
        ("2.4.1", T0 + DAY, "demo@firsthand.example")
    );
    let now: Release = world
        .change("POST", path, &json!({ "name": "2.5" }))
        .await
        .json();
    assert_eq!(now.at_ms, world.now());
    let list: Releases = world.ask(path).await;
    assert_eq!(list.items, [added.clone(), now.clone()]);
    let to = format!("{path}?to={}", T0 + 2 * DAY);
    assert_eq!(world.ask::<Releases>(&to).await.items[0], added);
    assert_eq!(
        scores(&world, "days=28").await.releases,
        [added.clone(), now]
    );
    let one = format!("{path}/{}", added.id);
    assert_eq!(world.change("DELETE", &one, &Value::Null).await.status, 204);
    assert_eq!(
        world.change("DELETE", &one, &Value::Null).await.refusal(),
        (404, "not_found")
    );
    for wrong in [
        json!({}),
        json!({ "name": " " }),
        json!({ "name": "x".repeat(101) }),
        json!({ "name": "x", "note": "x".repeat(1_001) }),
        json!({ "name": "x", "at_ms": T0 + 13 * DAY }),
        json!({ "name": "x", "colour": "red" }),
    ] {
        let refused = world.change("POST", path, &wrong).await;
        assert_eq!(
            refused.status,
            StatusCode::BAD_REQUEST,
            "{wrong} {refused:?}"
        );
    }
    let cookie = world.sign_in_as(Role::Responder).await;
    let request = Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie)
        .body(Body::from(r#"{"name":"3"}"#));
    let refused = world.send(request.unwrap()).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
}
