//! Turns saved views and links to views into what their owner, the team and strangers see of them.

use axum::body::Body;
use axum::http::Request;
use protocol::query::access::Role;
use protocol::query::delivery::Browser;
use protocol::query::inbox::{Counts, Detail, Inbox};
use protocol::query::scores::Releases;
use protocol::query::views::{MadeShare, SHARE_HEADER, SavedView, SavedViews, Shared, Shares};
use protocol::query::{Comments, NpsReport};
use serde_json::{Value, json};

use crate::scores::{Somebody, says};
use crate::world::{Answer, World, header_line, reason, response, score};

const DAY: u64 = 86_400_000;
const SCORES: &str = "/api/v1/scores/nps?survey=nps&days=28";

impl World {
    pub(crate) async fn share(&self, cookie: &str, body: &Value) -> MadeShare {
        let answer = self.ask_as(cookie, "POST", "/shares", body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// Opens a link as somebody whom nobody knows.
    pub(crate) async fn open(&self, token: &str, password: Option<&str>) -> Answer {
        let body = json!({ "token": token, "password": password });
        let request = Request::post("/api/v1/shared")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.to_string()));
        self.send(request.unwrap()).await
    }

    pub(crate) async fn visit(&self, key: &str, method: &str, path: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(SHARE_HEADER, key)
            .header("sec-fetch-site", "same-origin")
            .body(Body::empty());
        self.send(request.unwrap()).await
    }
}

/// A detractor and a promoter who wrote something with a computer, and forty days before them a promoter
/// who did so with a phone; the survey of all.
async fn world() -> World {
    let world = World::new().await;
    let before = Somebody {
        n: 9,
        points: 10,
        day: 0,
        browser: Browser::SafariMobile,
        change: |_| {},
    };
    says(&world, before).await;
    world.pass(40 * DAY);
    for (n, points, text) in [(1, 3, "Slow checkout"), (2, 9, "Lovely")] {
        let lines = [
            header_line(n),
            response(n, n, 1, &json!([score(points), reason(text)])),
        ];
        assert_eq!(world.post(&lines).await.status, 200);
    }
    world
}

#[tokio::test]
async fn a_view_is_saved_for_oneself_or_for_everybody() {
    let world = World::new().await;
    let viewer = world.sign_in_as(Role::Viewer).await;
    let responder = world.sign_in_as(Role::Responder).await;
    let body = |name: &str, team: bool| json!({ "name": name, "page": "scores", "query": "survey=nps&days=7", "team": team });
    let own = world
        .ask_as(&viewer, "POST", "/views", &body(" Mine ", false))
        .await;
    let own: SavedView = own.json();
    assert_eq!((own.name.as_str(), own.team), ("Mine", false));
    let refused = world
        .ask_as(&viewer, "POST", "/views", &body("Ours", true))
        .await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    let ours = world
        .ask_as(&responder, "POST", "/views", &body("Ours", true))
        .await;
    let ours: SavedView = ours.json();
    let names = |answer: Answer| {
        let views: SavedViews = answer.json();
        views
            .items
            .into_iter()
            .map(|one| one.name)
            .collect::<Vec<_>>()
    };
    let seen = world.ask_as(&viewer, "GET", "/views", &Value::Null).await;
    assert_eq!(names(seen), ["Mine", "Ours"]);
    let seen = world
        .ask_as(&responder, "GET", "/views", &Value::Null)
        .await;
    assert_eq!(names(seen), ["Ours"]);
    let path = format!("/views/{}", ours.id);
    let refused = world.ask_as(&viewer, "DELETE", &path, &Value::Null).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    let path = format!("/views/{}", own.id);
    let unseen = world
        .ask_as(&responder, "DELETE", &path, &Value::Null)
        .await;
    assert_eq!(unseen.refusal(), (404, "not_found"));
    let gone = world.ask_as(&viewer, "DELETE", &path, &Value::Null).await;
    assert_eq!(gone.status, 204);
    for (name, page, query) in [
        ("", "scores", ""),
        ("a", "https://elsewhere.example", ""),
        ("a", "scores/../settings", ""),
        ("a", "scores", &*"q".repeat(2_001)),
    ] {
        let body = json!({ "name": name, "page": page, "query": query });
        let refused = world.ask_as(&viewer, "POST", "/views", &body).await;
        assert_eq!(refused.refusal(), (400, "invalid_parameter"), "{body}");
    }
}

#[tokio::test]
async fn a_view_of_the_team_is_replaced_by_its_author_or_a_manager() {
    let world = World::new().await;
    let responder = world.sign_in_as(Role::Responder).await;
    let manager = world.sign_in_as(Role::Manager).await;
    let body = |days: u32, team: bool| {
        let query = format!("days={days}");
        json!({ "name": "Ours", "page": "scores", "query": query, "team": team })
    };
    let save = async |cookie: &str, days, team| {
        let answer = world
            .ask_as(cookie, "POST", "/views", &body(days, team))
            .await;
        answer.status.as_u16()
    };
    assert_eq!(save(&manager, 7, true).await, 200);
    assert_eq!(save(&responder, 28, true).await, 403);
    // One's own may have the same name.
    assert_eq!(save(&responder, 28, false).await, 200);
    let days = async || {
        let views = world.ask_as(&manager, "GET", "/views", &Value::Null).await;
        let views: SavedViews = views.json();
        let items = views.items.into_iter();
        items.map(|view| view.query).collect::<Vec<_>>()
    };
    assert_eq!(days().await, ["days=7"]);
    assert_eq!(save(&manager, 90, true).await, 200);
    assert_eq!(days().await, ["days=90"]);
}

#[tokio::test]
async fn views_links_and_releases_are_so_many_and_no_more() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    let many = |n: u32, into: &str, values: &str| {
        let each = format!(
            "WITH RECURSIVE each (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM each WHERE n < {n})"
        );
        let select = values.replace("PROJECT", &world.project.0.to_string());
        world.tamper(&format!(
            "{each} INSERT INTO {into} SELECT {select} FROM each"
        ));
    };
    many(
        199,
        "saved_view (project, name, page, query, by_email, created_ms)",
        "PROJECT, 'view ' || n, 'scores', '', 'demo@firsthand.example', 1",
    );
    many(
        500,
        "share (project, token_hash, name, page, query, verbatims, by_email, created_ms, expires_ms)",
        "PROJECT, randomblob(32), 'link', 'scores', '', 0, 'ada', 1, iif(n = 1, 5, NULL)",
    );
    many(
        1_001,
        "release (project, at_ms, name, note, said_by)",
        "PROJECT, n, 'release ' || n, '', 'ada'",
    );
    let save = async |name: &str| {
        let body = json!({ "name": name, "page": "scores" });
        world.ask_as(&cookie, "POST", "/views", &body).await
    };
    assert_eq!(save("one more").await.status, 200);
    let refused = save("and one").await;
    assert_eq!(refused.refusal(), (422, "too_many_at_once"));
    assert_eq!(save("one more").await.status, 200);
    // The first has ended.
    let link = json!({ "name": "Board", "page": "scores" });
    world.share(&cookie, &link).await;
    let refused = world.ask_as(&cookie, "POST", "/shares", &link).await;
    assert_eq!(refused.refusal(), (422, "too_many_at_once"));
    let releases: Releases = world.ask("/api/v1/releases").await;
    assert_eq!((releases.items.len(), releases.items[0].at_ms), (1_000, 2));
}

#[tokio::test]
async fn a_link_shows_the_same_number_and_no_words() {
    let world = world().await;
    let cookie = world.sign_in().await;
    let known: NpsReport = world.ask(SCORES).await;
    let body =
        json!({ "name": "Board", "page": "scores", "query": "survey=nps&days=28", "days": 7 });
    let made = world.share(&cookie, &body).await;
    assert_eq!(made.token.len(), 64);
    let opened: Shared = world.open(&made.token, None).await.json();
    assert_eq!((opened.page.as_str(), opened.verbatims), ("scores", false));
    assert_eq!(
        (opened.session.email.as_str(), opened.session.role),
        ("", Role::Viewer)
    );
    assert!(opened.session.sites.is_empty());
    let shown: NpsReport = world.visit(&opened.key, "GET", SCORES).await.json();
    assert_eq!(shown, known);
    // Wider than what was shared is what was shared, though there is more.
    let all: NpsReport = world.ask("/api/v1/scores/nps?survey=nps&days=3000").await;
    assert_eq!((all.n, known.n), (3, 2));
    let wider = "/api/v1/scores/nps?survey=other&days=3000";
    let shown: NpsReport = world.visit(&opened.key, "GET", wider).await.json();
    assert_eq!(shown, known);
    let comments = world.visit(&opened.key, "GET", "/api/v1/comments").await;
    assert_eq!(comments.json::<Comments>().items, []);
    for (method, path) in [
        ("GET", "/api/v1/inbox"),
        ("GET", "/api/v1/performance"),
        ("GET", "/api/v1/inbox/export?format=csv"),
        ("POST", "/api/v1/inbox/change"),
        ("GET", "/api/v1/people/export?person=7"),
    ] {
        let refused = world.visit(&opened.key, method, path).await;
        assert_eq!(refused.refusal(), (403, "forbidden"), "{path}");
    }
    let nobody = world.visit(&opened.key, "GET", "/api/v1/team").await;
    assert_eq!(nobody.refusal(), (401, "not_signed_in"));
    let shares: Shares = world.ask("/api/v1/shares").await;
    assert_eq!(shares.items[0].opened, 1);
}

#[tokio::test]
async fn a_link_with_words_shows_those_of_its_view() {
    let world = world().await;
    let cookie = world.sign_in().await;
    let without = json!({ "name": "Inbox", "page": "inbox", "query": "score=0-6" });
    let refused = world.ask_as(&cookie, "POST", "/shares", &without).await;
    assert_eq!(refused.refusal(), (400, "invalid_parameter"));
    let mut with = without;
    with["verbatims"] = Value::from(true);
    let made = world.share(&cookie, &with).await;
    let opened: Shared = world.open(&made.token, None).await.json();
    let shown = world
        .visit(&opened.key, "GET", "/api/v1/inbox?score=9-10")
        .await;
    let text = String::from_utf8(shown.body).unwrap();
    assert!(
        text.contains("Slow checkout") && !text.contains("Lovely"),
        "{text}"
    );
    let counts = world
        .visit(&opened.key, "GET", "/api/v1/inbox/counts")
        .await;
    let counts: Counts = counts.json();
    assert_eq!((counts.total, counts.assignee.len()), (1, 0));
    // What is in the view is shown whole, without whoever wrote it and without what the team says.
    let all: Inbox = world.ask("/api/v1/inbox").await;
    let of = |text: &str| {
        let mut items = all.items.iter();
        let found = items.find(|item| item.excerpt.iter().any(|piece| piece.text == text));
        format!("/inbox/items/{}", found.unwrap().response)
    };
    let (slow, lovely) = (of("Slow checkout"), of("Lovely"));
    let note = json!({ "text": "Call them" });
    let path = format!("{slow}/notes");
    let noted = world.ask_as(&cookie, "POST", &path, &note).await;
    assert_eq!(noted.status, 200);
    let path = format!("/api/v1{slow}");
    let whole = world.visit(&opened.key, "GET", &path).await;
    let whole: Detail = whole.json();
    assert_eq!(
        (whole.notes.len(), whole.item.notes, whole.traits.len()),
        (0, 0, 0)
    );
    assert!(whole.install.0.is_nil() && whole.answers.len() == 2);
    let path = format!("/api/v1{lovely}");
    let refused = world.visit(&opened.key, "GET", &path).await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
}

#[tokio::test]
async fn a_link_leads_nowhere_once_it_has_ended_or_was_taken_back() {
    let world = world().await;
    let cookie = world.sign_in().await;
    let body = json!({ "name": "Board", "page": "scores", "query": "survey=nps", "days": 2 });
    let ending = world.share(&cookie, &body).await;
    let taken_back = world.share(&cookie, &body).await;
    for made in [&ending, &taken_back] {
        assert_eq!(world.open(&made.token, None).await.status, 200);
    }
    let path = format!("/shares/{}", taken_back.share.id);
    let responder = world.sign_in_as(Role::Responder).await;
    let refused = world
        .ask_as(&responder, "DELETE", &path, &Value::Null)
        .await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    let done = world.ask_as(&cookie, "DELETE", &path, &Value::Null).await;
    assert_eq!(done.status, 204);
    let gone = |answer: Answer| assert_eq!(answer.refusal(), (404, "not_found"));
    gone(world.open(&taken_back.token, None).await);
    gone(world.visit(&taken_back.token, "GET", SCORES).await);
    assert_eq!(world.visit(&ending.token, "GET", SCORES).await.status, 200);
    world.pass(2 * DAY);
    gone(world.open(&ending.token, None).await);
    gone(world.visit(&ending.token, "GET", SCORES).await);
    gone(world.open("7", None).await);
    let deeds = world.deeds().await.join("\n");
    assert!(
        deeds.contains("share.make Board") && deeds.contains("share.revoke Board"),
        "{deeds}"
    );
    assert!(!deeds.contains(&ending.token));
}

#[tokio::test]
async fn a_password_stands_before_a_link_and_guesses_are_slowed() {
    let world = world().await;
    let cookie = world.sign_in().await;
    let body = json!({
        "name": "Board", "page": "scores", "query": "survey=nps", "password": "correct horse",
    });
    let made = world.share(&cookie, &body).await;
    assert!(made.share.has_password);
    let wrong = (401, "wrong_credentials");
    assert_eq!(world.open(&made.token, None).await.refusal(), wrong);
    // The token alone is not what was told to whoever knew the password.
    let refused = world.visit(&made.token, "GET", SCORES).await;
    assert_eq!(refused.refusal(), (404, "not_found"));
    let opened: Shared = world.open(&made.token, Some("correct horse")).await.json();
    assert_eq!(world.visit(&opened.key, "GET", SCORES).await.status, 200);
    let forged = format!("{}0", &opened.key[..opened.key.len() - 1]);
    let forged = if forged == opened.key {
        forged.replace('0', "1")
    } else {
        forged
    };
    assert_eq!(world.visit(&forged, "GET", SCORES).await.status, 404);
    let mut last = (0, "");
    for _ in 0..8 {
        last = world.open(&made.token, Some("guess")).await.refusal();
    }
    assert_eq!(last, (429, "too_many_attempts"));
}
