//! Turns writing, publishing and stopping surveys by the console's API into what is kept, and what pages are told.

use axum::body::Body;
use axum::http::{Method, Request, header};
use protocol::config::Config;
use protocol::query::surveys::{Board, BoardEntry, Clash, Desk, Kept, Reach, State};
use protocol::query::{NpsReport, Published, Refused};
use protocol::survey::SurveyContent;
use serde_json::{Value, json};

use crate::world::{Answer, KEY, SHOP, T0, World, everything, get};

impl World {
    async fn send_json(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.send_text(method, path, body.to_string()).await
    }

    async fn send_text(&self, method: Method, path: &str, body: String) -> Answer {
        let cookie = self.sign_in().await;
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::COOKIE, cookie);
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn save(&self, id: &str, text: &str, rev: u64) -> Answer {
        let path = format!("/api/v1/surveys/{id}/draft");
        self.send_json(Method::PUT, &path, &json!({ "text": text, "rev": rev }))
            .await
    }

    async fn saved(&self, id: &str, text: &str, rev: u64) -> Kept {
        let answer = self.save(id, text, rev).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    async fn publish_draft(&self, id: &str, rev: u64, base: u32) -> Answer {
        let path = format!("/api/v1/surveys/{id}/publish");
        self.send_json(Method::POST, &path, &json!({ "rev": rev, "base": base }))
            .await
    }

    async fn entry(&self, id: &str) -> BoardEntry {
        let board: Board = self.ask("/api/v1/survey-board?days=28").await;
        let mut found = board.items.into_iter().filter(|one| one.id == id);
        found.next().unwrap()
    }

    async fn actions(&self) -> Vec<String> {
        let log = self.store.audit_log(self.project, None, 20).await.unwrap();
        let log = log.into_iter().map(|(_, one)| one);
        let told = log
            .filter(|one| one.action.starts_with("survey."))
            .map(|one| format!("{} {}", one.action, one.detail));
        told.map(|told| told.trim().to_owned()).collect()
    }

    /// Ids of the surveys that pages are told of.
    async fn running(&self, key: &str) -> Vec<String> {
        self.pass(2_000);
        let answer = self.send(get(&format!("/v1/config.json?k={key}"))).await;
        let config: Config = answer.json();
        config
            .surveys
            .into_iter()
            .map(|one| one.survey.id)
            .collect()
    }
}

fn named(id: &str, name: &str) -> String {
    let mut survey = everything();
    survey["id"] = id.into();
    survey["name"] = name.into();
    serde_json::to_string_pretty(&survey).unwrap()
}

/// What a page sends that shows a survey and has it answered.
fn answered(item: u32) -> Vec<String> {
    let id = |n: u32| format!("01a19467-e800-7000-8000-{n:012}");
    let page = json!({ "url": format!("{SHOP}/cart"), "language": "en" });
    let survey = json!({ "id": "nps", "version": 1 });
    let line = |n: u32, kind: &str, p: Value| {
        json!({ "id": id(n), "seq": n % 10, "age_ms": 5, "type": kind, "p": p }).to_string()
    };
    let shown = json!({ "survey": survey, "page": page });
    let said = json!({
        "survey": survey, "response": id(item + 5), "revision": 1, "complete": true, "page": page,
        "answers": [{ "question": "score", "prompt": "?", "value": { "nps": 9 } }],
    });
    vec![
        line(item, "impression", shown),
        line(item + 1, "response", said),
    ]
}

async fn post(world: &World, key: &str, origin: &str, item: u32) -> Answer {
    let id = |n: u32| format!("01a19467-e800-7000-8000-{n:012}");
    let header = json!({
        "sdk": "test/1", "install": id(item + 6), "session": id(item + 7), "boot": id(item + 8),
        "sent_wall": T0, "report": {},
    });
    let body = [vec![header.to_string()], answered(item)]
        .concat()
        .join("\n")
        + "\n";
    let query = format!("k={key}&v=1&z=-&b={}&n=1", id(item + 9));
    let request = Request::post(format!("/v1/batch?{query}"))
        .header(header::CONTENT_TYPE, "text/plain")
        .header(header::HOST, "console.example")
        .header(header::ORIGIN, origin);
    world.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_draft_that_fails_its_checks_is_kept_with_each_finding_at_its_place() {
    let world = World::new().await;
    let kept = world.saved("new-one", "{\"id\": \"new-one\",", 0).await;
    assert_eq!(kept.base, 0);
    assert!(kept.findings.iter().any(|one| one.is_error), "{kept:?}");
    let mut broken = everything();
    broken["id"] = "new-one".into();
    broken["questions"][0]["title"] = "".into();
    let kept = world.saved("new-one", &broken.to_string(), kept.rev).await;
    let pointers: Vec<_> = kept.findings.iter().filter(|one| one.is_error).collect();
    assert_eq!(pointers[0].pointer, "/questions/0/title");
    let entry = world.entry("new-one").await;
    assert_eq!((entry.state, entry.version), (State::Draft, None));
    assert_eq!(entry.draft.unwrap().errors as usize, pointers.len());
    let refused = world.publish_draft("new-one", kept.rev, 0).await;
    assert_eq!(refused.refusal(), (422, "invalid_survey"));
    assert!(!refused.json::<Refused>().findings.is_empty());
    // It stays what it was.
    let desk: Desk = world.ask("/api/v1/surveys/new-one").await;
    assert_eq!(desk.draft.unwrap().text, broken.to_string());
    assert_eq!(desk.versions, []);
    let elsewhere = world
        .saved("new-one", &named("other", "Other"), kept.rev)
        .await;
    assert_eq!(elsewhere.findings[0].code, "id_elsewhere");
    assert_eq!(
        world.save("No!", "{}", 0).await.refusal(),
        (400, "invalid_parameter")
    );
    assert_eq!(
        world.fetch("/api/v1/surveys/nobody").await.refusal(),
        (404, "not_found")
    );
}

#[tokio::test]
async fn a_draft_is_published_once_and_an_older_version_comes_back() {
    let world = World::new().await;
    let first = world.saved("news", &named("news", "First"), 0).await;
    let published: Published = world.publish_draft("news", first.rev, 0).await.json();
    assert_eq!((published.version, published.is_new), (1, true));
    assert_eq!(
        world.actions().await[..2],
        ["survey.publish version 1", "survey.draft"]
    );
    let desk: Desk = world.ask("/api/v1/surveys/news").await;
    assert_eq!((desk.draft, desk.entry.state), (None, State::Running));
    let second = world.saved("news", &named("news", "Second"), 0).await;
    assert_eq!(second.base, 1);
    let published: Published = world.publish_draft("news", second.rev, 1).await.json();
    assert_eq!(published.version, 2);
    let back = json!({ "version": 1, "base": 2 });
    let path = "/api/v1/surveys/news/rollback";
    let stale = world
        .send_json(Method::POST, path, &json!({ "version": 1, "base": 1 }))
        .await;
    assert_eq!(stale.refusal(), (409, "conflict"));
    let published: Published = world.send_json(Method::POST, path, &back).await.json();
    assert_eq!((published.version, published.is_new), (3, true));
    let desk: Desk = world.ask("/api/v1/surveys/news").await;
    let restored: Vec<_> = desk.versions.iter().map(|one| one.restored).collect();
    assert_eq!(restored, [Some(1), None, None]);
    assert_eq!(desk.entry.name, "First");
    let missing = world
        .send_json(Method::POST, path, &json!({ "version": 9, "base": 3 }))
        .await;
    assert_eq!(missing.refusal(), (404, "not_found"));
    // As it was typed, line breaks and all.
    let file = world.fetch("/api/v1/surveys/news/export?version=2").await;
    assert_eq!(
        String::from_utf8(file.body.clone()).unwrap(),
        named("news", "Second")
    );
    assert_eq!(
        file.header("content-disposition"),
        Some("attachment; filename=\"news.json\"")
    );
    let none = world
        .fetch("/api/v1/surveys/news/export?version=draft")
        .await;
    assert_eq!(none.refusal(), (404, "not_found"));
}

#[tokio::test]
async fn two_authors_get_both_sides_and_nothing_is_lost() {
    let world = World::new().await;
    let begun = world.saved("news", &named("news", "Begun"), 0).await;
    let mine = world.saved("news", &named("news", "Mine"), begun.rev).await;
    let theirs = world
        .save("news", &named("news", "Theirs"), begun.rev)
        .await;
    assert_eq!(theirs.refusal(), (409, "conflict"));
    let clash: Clash = theirs.json();
    assert_eq!(clash.draft.unwrap().text, named("news", "Mine"));
    assert_eq!(clash.yours.unwrap(), named("news", "Theirs"));
    assert_eq!(clash.newest, None);
    // Somebody publishes a file meanwhile: whoever publishes next is told, with both versions.
    world
        .publish(serde_json::from_str(&named("news", "File")).unwrap())
        .await;
    let late = world.publish_draft("news", mine.rev, 0).await;
    assert_eq!(late.refusal(), (409, "conflict"));
    let clash: Clash = late.json();
    let newest = clash.newest.unwrap();
    assert_eq!(newest.version, 1);
    assert!(newest.text.contains("\"File\""), "{}", newest.text);
    assert_eq!(clash.draft.unwrap().text, named("news", "Mine"));
    let path = format!("/api/v1/surveys/news/draft?rev={}", begun.rev);
    let stale = world.send_text(Method::DELETE, &path, String::new()).await;
    assert_eq!(stale.refusal(), (409, "conflict"));
    // Nor is it enough that they know which is the newest: the draft goes on from what was before.
    let late = world.publish_draft("news", mine.rev, 1).await;
    assert_eq!(late.refusal(), (409, "conflict"));
    assert_eq!(late.json::<Clash>().newest.unwrap().version, 1);
    let body = json!({ "text": named("news", "Mine"), "rev": mine.rev, "base": 1 });
    let path = "/api/v1/surveys/news/draft";
    let seen: Kept = world.send_json(Method::PUT, path, &body).await.json();
    assert_eq!((mine.base, seen.base), (0, 1));
    let published: Published = world.publish_draft("news", seen.rev, 1).await.json();
    assert_eq!(published.version, 2);
}

#[tokio::test]
async fn a_paused_survey_is_told_to_nobody_but_who_tries_it() {
    let world = World::new().await;
    assert_eq!(world.running(KEY).await, ["nps"]);
    let path = "/api/v1/surveys/nps/state";
    let stop = json!({ "paused": true, "was_paused": false });
    let stopped = world.send_json(Method::PUT, path, &stop).await;
    assert_eq!(stopped.status, 200, "{stopped:?}");
    assert_eq!(world.running(KEY).await, Vec::<String>::new());
    assert_eq!(world.running(&format!("{KEY}-test")).await, ["nps"]);
    assert_eq!(world.entry("nps").await.state, State::Paused);
    assert_eq!(world.actions().await[0], "survey.pause");
    let again = world.send_json(Method::PUT, path, &stop).await;
    assert_eq!(again.refusal(), (409, "conflict"));
    let on = json!({ "paused": false, "was_paused": true });
    world.send_json(Method::PUT, path, &on).await;
    assert_eq!(world.running(KEY).await, ["nps"]);
}

#[tokio::test]
async fn what_is_tried_never_mixes() {
    let world = World::new().await;
    let test = format!("{KEY}-test");
    assert_eq!(post(&world, KEY, SHOP, 100).await.outcomes().0, "aa");
    assert_eq!(post(&world, &test, SHOP, 200).await.outcomes().0, "aa");
    // From the console's own page as well, where a real key is refused.
    assert_eq!(
        post(&world, &test, "http://console.example", 300)
            .await
            .outcomes()
            .0,
        "aa"
    );
    let refused = post(&world, KEY, "http://console.example", 400).await;
    assert_eq!(refused.refusal(), (403, "origin_not_allowed"));
    let other = post(&world, &test, "https://elsewhere.example", 500).await;
    assert_eq!(other.refusal(), (403, "origin_not_allowed"));
    let counts = world.entry("nps").await.counts;
    assert_eq!(
        (counts.impressions, counts.responses, counts.tests),
        (1, 1, 2)
    );
    let report: NpsReport = world.ask("/api/v1/scores/nps?survey=nps&days=28").await;
    assert_eq!(
        (report.n, report.shown, report.shown_and_answered),
        (1, 1, 1)
    );
    let desk: Desk = world.ask("/api/v1/surveys/nps").await;
    assert_eq!(desk.test_key, Some(test));
    let unknown = world.send(get("/v1/config?k=fh_nobody_here-test")).await;
    assert_eq!(unknown.refusal(), (403, "unknown_site_key"));
}

#[tokio::test]
async fn a_definition_is_previewed_and_kept_nowhere() {
    let world = World::new().await;
    let mut survey = everything();
    survey["questions"][0]["title"] = "".into();
    let path = "/api/v1/survey-preview?language=de";
    let answer = world
        .send_text(Method::POST, path, survey.to_string())
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let content: SurveyContent = postcard::from_bytes(&answer.body).unwrap();
    assert_eq!(content.survey.version, 0);
    let broken = world.send_text(Method::POST, path, String::from("{")).await;
    assert_eq!(broken.refusal(), (422, "invalid_survey"));
    let board: Board = world.ask("/api/v1/survey-board").await;
    assert_eq!(board.items.len(), 1);
}

#[tokio::test]
async fn reach_tells_what_it_is_based_on() {
    let world = World::new().await;
    post(&world, KEY, SHOP, 100).await;
    let mut survey = everything();
    survey["show"] = json!({ "url": [{ "contains": "/cart" }] });
    let ask =
        |survey: Value| world.send_text(Method::POST, "/api/v1/survey-reach", survey.to_string());
    let reach: Reach = ask(survey.clone()).await.json();
    assert_eq!((reach.people.some, reach.people.all), (1, 1));
    assert_eq!(reach.pages[0].url, format!("{SHOP}/cart"));
    assert_eq!(
        (reach.views.some, reach.views.all, reach.unplaced),
        (1, 1, 0)
    );
    survey["show"] = json!({ "url": [{ "contains": "/nowhere" }] });
    let reach: Reach = ask(survey).await.json();
    assert_eq!((reach.people.some, reach.people.all), (0, 1));
}
