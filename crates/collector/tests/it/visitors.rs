//! Turns what strangers with a link might try into the same as was shared, and into nothing beside it.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use collector::Limits;
use protocol::query::access::Role;
use protocol::query::delivery::Browser;
use protocol::query::inbox::{Counts, Inbox};
use protocol::query::scores::Scores;
use protocol::query::views::{SHARE_HEADER, Shared};
use serde_json::{Value, json};
use store::ResponseRow;

use crate::budgets::search;
use crate::reports::answered;
use crate::scores::{Somebody, on_plan, says};
use crate::world::{Answer, EMAIL, T0, World, everything};

const DAY: u64 = 86_400_000;

fn pays(row: &mut ResponseRow) {
    on_plan(row, "pro");
}

/// Of three people the first has a phone, ten days apart from each other; who pays is known of the second.
async fn world() -> World {
    let world = World::new().await;
    for (n, points, browser) in [
        (1, 9, Browser::SafariMobile),
        (2, 3, Browser::Firefox),
        (3, 10, Browser::Firefox),
    ] {
        let change: fn(&mut ResponseRow) = if n == 2 { pays } else { |_| {} };
        let somebody = Somebody {
            n,
            points,
            day: 10 * n,
            browser,
            change,
        };
        says(&world, somebody).await;
    }
    world.pass(41 * DAY);
    world
}

/// Opens a link to a page with this query.
async fn opened(world: &World, page: &str, query: &str, verbatims: bool) -> Shared {
    let cookie = world.sign_in().await;
    let body = json!({ "name": "Board", "page": page, "query": query, "verbatims": verbatims });
    let made = world.share(&cookie, &body).await;
    world.open(&made.token, None).await.json()
}

async fn visit(world: &World, shared: &Shared, path: &str) -> Answer {
    let path = format!("/api/v1/{path}");
    world.visit(&shared.key, "GET", &path).await
}

async fn check_refused(world: &World, shared: &Shared, path: &str) {
    let refused = visit(world, shared, path).await;
    assert_eq!(refused.refusal(), (403, "forbidden"), "{path}");
}

#[tokio::test]
async fn whatever_is_asked_shows_what_the_link_holds() {
    let world = world().await;
    let (from, to) = (T0 + 15 * DAY, T0 + 25 * DAY);
    let held = format!("survey=nps&from={from}&to={to}&device=desktop");
    let all: Scores = world.ask("/api/v1/scores?survey=nps&compare=none").await;
    let known: Scores = world
        .ask(&format!("/api/v1/scores?{held}&compare=none"))
        .await;
    assert_eq!((all.total.n, known.total.n), (3, 1));
    let shared = opened(&world, "scores", &held, false).await;
    for asked in [
        String::new(),
        String::from("survey=other&days=3000&device=mobile"),
        format!("from={to}"),
        format!("from={}", to + DAY),
        format!("to={from}"),
        format!("to={}", from - DAY),
        // Who it was cannot be found out by what is left.
        String::from("trait.plan=free"),
        String::from("q=trait.plan:free"),
        String::from("assignee=ada@firsthand.example"),
        String::from("has=note"),
        String::from("q=-number"),
    ] {
        let path = format!("scores?{asked}");
        let shown: Scores = visit(&world, &shared, &path).await.json();
        assert_eq!(shown.total, known.total, "{asked}");
        assert_eq!(shown.histogram, known.histogram, "{asked}");
    }
    // It knows survey and days alone.
    check_refused(&world, &shared, "scores/nps?survey=nps").await;
}

#[tokio::test]
async fn all_surveys_together_are_shown_as_they_are() {
    let world = world().await;
    let shared = opened(&world, "scores", "survey=*&days=28", false).await;
    assert_eq!(shared.session.surveys.len(), 1);
    let shown: Scores = visit(&world, &shared, "scores?days=90").await.json();
    assert_eq!(shown.total.n, 2);
}

#[tokio::test]
async fn words_are_looked_for_where_they_are_shown() {
    let world = world().await;
    let shared = opened(&world, "scores", "survey=nps", true).await;
    let shown: Scores = visit(&world, &shared, "scores?q=%22number+2%22")
        .await
        .json();
    assert_eq!(shown.total.n, 1);
}

#[tokio::test]
async fn what_the_page_says_of_people_is_told_to_nobody() {
    let world = world().await;
    let all: Scores = world.ask("/api/v1/scores?survey=nps").await;
    assert_eq!(all.traits, ["plan"]);
    let shared = opened(&world, "scores", "survey=nps", false).await;
    let shown: Scores = visit(&world, &shared, "scores").await.json();
    assert_eq!((shown.total.n, shown.traits.len()), (3, 0));
    for path in [
        "scores/breakdown?by=trait.plan",
        "scores/breakdown?by=page&by=trait%2Eplan",
        "scores/slow?segment=trait.plan",
    ] {
        check_refused(&world, &shared, path).await;
    }
    for path in ["scores/breakdown?by=device", "scores/slow?segment=language"] {
        let shown = visit(&world, &shared, path).await;
        assert_eq!(shown.status, StatusCode::OK, "{shown:?}");
    }
    // Whoever shares it apart by one has chosen to.
    let shared = opened(&world, "scores", "survey=nps&by=trait.plan", false).await;
    let shown = visit(&world, &shared, "scores/breakdown?by=trait.plan").await;
    assert_eq!(shown.status, StatusCode::OK, "{shown:?}");
    check_refused(&world, &shared, "scores/breakdown?by=trait.size").await;
}

#[tokio::test]
async fn a_question_that_is_held_is_no_other() {
    let world = World::new().await;
    world.publish(everything()).await;
    for (held, asked) in [
        ("survey=everything&kind=csat", "kind=nps"),
        ("survey=everything&kind=csat", ""),
        (
            "survey=everything&kind=ces&question=nps",
            "kind=nps&question=csat",
        ),
        ("survey=everything&question=nps", "kind=csat"),
    ] {
        let known: Scores = world.ask(&format!("/api/v1/scores?{held}")).await;
        let shared = opened(&world, "scores", held, false).await;
        let shown: Scores = visit(&world, &shared, &format!("scores?{asked}"))
            .await
            .json();
        let of = |scores: &Scores| (scores.kind.clone(), scores.question.clone());
        assert_eq!(of(&shown), of(&known), "{held} / {asked}");
    }
    // Nor where a survey is chosen that asks for another alone.
    let csat = opened(&world, "scores", "survey=*&kind=csat", false).await;
    assert_eq!(visit(&world, &csat, "scores").await.status, 200);
    let refused = visit(&world, &csat, "scores?survey=nps").await;
    assert_eq!(refused.refusal(), (404, "not_found"));
    let free = opened(&world, "scores", "survey=everything", false).await;
    let shown: Scores = visit(&world, &free, "scores?kind=csat").await.json();
    assert_eq!(shown.kind, "csat");
}

#[tokio::test]
async fn nobody_of_the_team_is_named_beside_what_was_released() {
    let world = world().await;
    let cookie = world.sign_in().await;
    let release = json!({ "name": "2.4.0" });
    let added = world.ask_as(&cookie, "POST", "/releases", &release).await;
    assert_eq!(added.status, 200, "{added:?}");
    world.promise(&search()).await;
    let scores = opened(&world, "scores", "survey=nps", false).await;
    let feature = opened(&world, "performance/features/search", "", false).await;
    for (shared, path) in [
        (&scores, "scores"),
        (&scores, "releases"),
        (&feature, "performance/features/search"),
    ] {
        let shown = visit(&world, shared, path).await;
        let text = String::from_utf8(shown.body).unwrap();
        assert!(text.contains("2.4.0") && !text.contains(EMAIL), "{text}");
    }
}

#[tokio::test]
async fn a_link_is_asked_so_often_and_no_more() {
    let world = World::new().await;
    let shared = opened(&world, "scores", "survey=nps", false).await;
    // Opening it was one.
    for n in 1..120 {
        let shown = visit(&world, &shared, "releases").await;
        assert_eq!(shown.status, 200, "{n}");
    }
    let refused = visit(&world, &shared, "releases").await;
    assert_eq!(refused.refusal(), (429, "rate_limited"));
    // Another link, and this one a second later.
    let other = opened(&world, "scores", "survey=nps", false).await;
    assert_eq!(visit(&world, &other, "releases").await.status, 200);
    world.pass(1_000);
    assert_eq!(visit(&world, &shared, "releases").await.status, 200);
}

#[tokio::test]
async fn whoever_guesses_links_is_a_network_too() {
    let limits = Limits {
        address_header: Some(header::HeaderName::from_static("x-forwarded-for")),
        ..Limits::default()
    };
    let world = World::with(|c| c.with_limits(limits)).await;
    let guess = async |client: &str| {
        let mut request = Request::get("/api/v1/releases")
            .header(SHARE_HEADER, "7")
            .header("x-forwarded-for", client)
            .body(Body::empty())
            .unwrap();
        let proxy: SocketAddr = "10.0.0.1:4000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(proxy));
        world.send(request).await.status.as_u16()
    };
    for n in 0..200 {
        assert_eq!(guess("203.0.113.5").await, 404, "{n}");
    }
    assert_eq!(guess("203.0.113.5").await, 429);
    assert_eq!(guess("198.51.100.7").await, 404);
}

#[tokio::test]
async fn counts_and_surveys_of_a_link_are_those_of_its_view() {
    let world = world().await;
    world.publish(everything()).await;
    let cookie = world.sign_in_as(Role::Responder).await;
    let listed: Inbox = world.ask("/api/v1/inbox").await;
    let changes = [json!({ "status": "planned" }), json!({ "archived": true })];
    for (item, change) in listed.items.iter().zip(changes) {
        let body = json!({ "which": { "ids": [item.response] }, "change": change, "rev": 0 });
        let done = world.ask_as(&cookie, "POST", "/inbox/change", &body).await;
        assert_eq!(done.status, 200, "{done:?}");
    }
    let all: Counts = world.ask("/api/v1/inbox/counts").await;
    assert_eq!((all.status.len(), all.aside.len()), (2, 1));
    let shared = opened(&world, "inbox", "survey=everything&status=new", true).await;
    let ids = |shared: &Shared| -> Vec<String> {
        let surveys = shared.session.surveys.iter();
        surveys.map(|survey| survey.id.clone()).collect()
    };
    assert_eq!(ids(&shared), ["everything"]);
    let counts: Counts = visit(&world, &shared, "inbox/counts").await.json();
    assert_eq!(
        (counts.survey.len(), counts.status.len(), counts.aside.len()),
        (0, 0, 0)
    );
    check_refused(&world, &shared, "inbox/tags").await;
    let wide = opened(&world, "inbox", "", true).await;
    assert_eq!(ids(&wide).len(), 2);
    let counts: Counts = visit(&world, &wide, "inbox/counts").await.json();
    assert_eq!(
        (counts.survey.len(), counts.status.len(), counts.aside.len()),
        (1, 2, 0)
    );
    let times = opened(&world, "performance", "", false).await;
    assert_eq!(ids(&times), Vec::<String>::new());
}

#[tokio::test]
async fn a_link_to_one_feature_shows_no_other() {
    let world = World::new().await;
    world.promise(&search()).await;
    let report = answered("search", world.slice(), &[100; 10]);
    assert_eq!(world.report(1, 1, &report).await.outcomes().0, "a");
    let shared = opened(&world, "performance/features/search", "window=7d", false).await;
    let path = "performance/features/search?window=90d";
    let shown: Value = visit(&world, &shared, path).await.json();
    let at = |name: &str| shown["window"][name].as_u64().unwrap();
    assert_eq!(at("to_ms") - at("from_ms"), 7 * DAY);
    for path in [
        "performance",
        "performance/features/-",
        "performance/availability",
        "alerts",
        "budgets",
        "maintenance",
        "releases",
    ] {
        check_refused(&world, &shared, path).await;
    }
    let all = opened(&world, "performance", "", false).await;
    for path in [
        "performance",
        "performance/features/search?window=90d",
        "performance/availability",
    ] {
        assert_eq!(visit(&world, &all, path).await.status, 200, "{path}");
    }
    check_refused(&world, &all, "budgets").await;
}
