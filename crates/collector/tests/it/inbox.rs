//! Turns what people wrote into requests of the team, each with one right answer.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use protocol::query::Comments;
use protocol::query::access::Role;
use protocol::query::inbox::{
    Assignees, Changed, Counts, Detail, Disagreed, Inbox, Item, Note, Tag, Tags, Timeline,
};
use protocol::query::view::Status;
use serde_json::{Value, json};

use crate::world::{Answer, World, header_line, id, reason, response, score};

/// A project in which responses number 1 to 3 were given, one a second.
async fn world() -> World {
    let world = World::new().await;
    for (n, text) in [(1, "Slow checkout"), (2, "Fine"), (3, "Slow search")] {
        let line = response(n, n, 1, &json!([score(4), reason(text)]));
        let answer = world.post(&[header_line(n), line]).await;
        assert_eq!(answer.outcomes(), ("a".into(), vec![]));
        world.pass(1_000);
    }
    world
}

async fn post_as(world: &World, role: Role, path: &str, body: &Value) -> Answer {
    let cookie = world.sign_in_as(role).await;
    let request = Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie)
        .body(Body::from(body.to_string()));
    world.send(request.unwrap()).await
}

async fn change(world: &World, body: &Value) -> Answer {
    post_as(world, Role::Responder, "/api/v1/inbox/change", body).await
}

async fn seen(world: &World, query: &str) -> Vec<String> {
    let page: Inbox = world.ask(&format!("/api/v1/inbox?{query}")).await;
    assert_eq!(page.dropped, [], "{query}");
    let all = page.items.into_iter();
    all.map(|item| item.response.to_string()).collect()
}

#[tokio::test]
async fn a_responder_works_through_the_inbox() {
    let world = world().await;
    assert_eq!(seen(&world, "").await, [id(3), id(2), id(1)]);
    assert_eq!(seen(&world, "q=slow+-search").await, [id(1)]);
    let body = json!({ "which": { "ids": [id(1)] }, "change": { "status": "planned" }, "rev": 0 });
    let changed: Changed = change(&world, &body).await.json();
    assert_eq!((changed.matched, changed.changed), (1, 1));
    let detail: Detail = world.ask(&format!("/api/v1/inbox/items/{}", id(1))).await;
    assert_eq!(detail.item.status, Status::Planned);
    assert_eq!(detail.answers[1].text.as_deref(), Some("Slow checkout"));
    assert_eq!(detail.changes[0].actor, "responder@firsthand.example");
    // Somebody else had looked at it before that.
    let late = json!({ "which": { "ids": [id(1)] }, "change": { "status": "declined" }, "rev": 0 });
    let answer = change(&world, &late).await;
    assert_eq!(answer.refusal(), (409, "conflict"));
    let how: Disagreed = answer.json();
    assert_eq!(how.item.unwrap().status, Status::Planned);
    let undo = format!("/api/v1/inbox/undo/{}", changed.step.unwrap());
    let undone: Changed = post_as(&world, Role::Responder, &undo, &json!({}))
        .await
        .json();
    assert_eq!(undone.changed, 1);
    assert_eq!(seen(&world, "status=new").await.len(), 3);
}

#[tokio::test]
async fn all_that_match_are_changed_at_once() {
    let world = world().await;
    let spam = |expect: u64| {
        json!({ "which": { "view": "q=slow" }, "change": { "status": "spam" },
        "expect": expect })
    };
    let answer = change(&world, &spam(3)).await;
    assert_eq!(answer.refusal(), (409, "conflict"));
    assert_eq!(answer.json::<Disagreed>().matched, Some(2));
    let changed: Changed = change(&world, &spam(2)).await.json();
    assert_eq!(changed.changed, 2);
    assert_eq!(seen(&world, "").await, [id(2)]);
    assert_eq!(seen(&world, "is=spam").await, [id(3), id(1)]);
    let comments: Comments = world.ask("/api/v1/comments").await;
    assert_eq!(comments.items.len(), 1, "one predicate");
    // With a view that is not understood, more would be meant than was said.
    let unclear = json!({ "which": { "view": "statsu=new" }, "change": { "archived": true } });
    let answer = change(&world, &unclear).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json::<Changed>().dropped[0].param, "statsu");
    assert_eq!(seen(&world, "").await, [id(2)]);
}

#[tokio::test]
async fn pages_follow_each_other() {
    let world = world().await;
    let first: Inbox = world.ask("/api/v1/inbox?limit=2").await;
    assert_eq!(first.items.len(), 2);
    let after = first.next.unwrap();
    let second: Inbox = world
        .ask(&format!("/api/v1/inbox?limit=2&after={after}"))
        .await;
    assert_eq!((second.items.len(), second.next), (1, None));
    for query in ["limit=0", "limit=201", "limit=x", "after=x", "after=1.2"] {
        let answer = world.fetch(&format!("/api/v1/inbox?{query}")).await;
        assert_eq!(answer.refusal(), (400, "invalid_parameter"), "{query}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_left_out_and_named() {
    let world = world().await;
    let page: Inbox = world.ask("/api/v1/inbox?score=99&q=slow+colour:red").await;
    assert_eq!(page.items.len(), 2);
    let dropped: Vec<_> = page.dropped.iter().map(|it| &*it.param).collect();
    assert_eq!(dropped, ["score", "colour"]);
    // The answers are a tenth of a second older than their envelopes, which were sent at midnight.
    for (query, n) in [
        ("q=after:2026-10-31", 3),
        ("q=after:2026-11-01", 0),
        ("q=before:2026-11-01", 3),
        ("q=before:2026-10-31", 0),
        ("days=1", 3),
        ("assignee=me", 0),
    ] {
        assert_eq!(seen(&world, query).await.len(), n, "{query}");
    }
}

#[tokio::test]
async fn a_change_that_cannot_be_is_refused() {
    let world = world().await;
    let to = |change: Value| json!({ "which": { "ids": [id(1)] }, "change": change });
    let now = world.now();
    for (body, refusal) in [
        (to(json!({ "snooze": now })), (400, "invalid_parameter")),
        (
            to(json!({ "snooze": now + 400 * 86_400_000 })),
            (400, "invalid_parameter"),
        ),
        (to(json!({ "add_tag": " " })), (400, "invalid_parameter")),
        (
            to(json!({ "add_tag": "x".repeat(61) })),
            (400, "invalid_parameter"),
        ),
        (to(json!({ "status": "done" })), (400, "unreadable_body")),
        (
            to(json!({ "assignee": "who@example.com" })),
            (404, "not_found"),
        ),
        (to(json!({ "duplicate_of": id(9) })), (404, "not_found")),
        (
            json!({ "which": { "ids": [] }, "change": { "archived": true } }),
            (400, "invalid_parameter"),
        ),
        (
            json!({ "which": { "view": "" }, "change": { "archived": true }, "rev": 1 }),
            (400, "invalid_parameter"),
        ),
    ] {
        assert_eq!(change(&world, &body).await.refusal(), refusal, "{body}");
    }
    assert_eq!(seen(&world, "status=new").await.len(), 3);
}

#[tokio::test]
async fn every_change_is_in_the_audit_log_and_names_no_response() {
    let world = world().await;
    let body = json!({ "which": { "view": "" }, "change": { "add_tag": "slow" } });
    change(&world, &body).await;
    let audit = world.fetch("/api/v1/audit").await;
    let text = String::from_utf8(audit.body).unwrap();
    assert!(
        text.contains("inbox.change") && text.contains("with slow, 3 changed"),
        "{text}"
    );
    assert!(!text.contains(&id(1)), "{text}");
    assert_eq!(seen(&world, "tag=slow").await.len(), 3);
}

#[tokio::test]
async fn a_team_tags_notes_and_counts() {
    let world = world().await;
    let items = "/api/v1/inbox/items";
    let note = json!({ "text": " Call them " });
    let path = format!("{items}/{}/notes", id(1));
    let note: Note = post_as(&world, Role::Responder, &path, &note).await.json();
    assert_eq!(note.text, "Call them");
    let detail: Detail = world.ask(&format!("{items}/{}", id(1))).await;
    assert_eq!(detail.notes, std::slice::from_ref(&note));
    assert_eq!(detail.similar[0].response.to_string(), id(3));
    let empty = post_as(&world, Role::Responder, &path, &json!({ "text": " " })).await;
    assert_eq!(empty.refusal(), (400, "invalid_parameter"));
    let tag = |name: &str| json!({ "name": name });
    let tags = "/api/v1/inbox/tags";
    let slow: Tag = post_as(&world, Role::Responder, tags, &tag("slow"))
        .await
        .json();
    let again: Tag = post_as(&world, Role::Responder, tags, &tag("SLOW"))
        .await
        .json();
    assert_eq!(again, slow);
    let body = json!({ "which": { "view": "q=slow" }, "change": { "add_tag": "slow" } });
    change(&world, &body).await;
    let counts: Counts = world.ask("/api/v1/inbox/counts?tag=slow&x=y").await;
    assert_eq!(
        (counts.total, counts.tag["slow"], counts.dropped.len()),
        (2, 2, 1)
    );
    let list: Tags = world.ask(tags).await;
    assert_eq!(list.items[0].responses, 2);
    let merge = json!({ "from": slow.id, "into": slow.id });
    let merged = post_as(&world, Role::Responder, "/api/v1/inbox/tags/merge", &merge).await;
    assert_eq!(merged.refusal(), (404, "not_found"));
    let who: Assignees = world.ask("/api/v1/inbox/assignees").await;
    assert_eq!(who.items.len(), 2);
    let whose: Timeline = world
        .ask(&format!("/api/v1/people/timeline?install={}", id(1)))
        .await;
    assert_eq!(whose.items.len(), 1);
}

#[tokio::test]
async fn an_export_has_what_the_view_shows_and_no_formulas() {
    let world = world().await;
    let line = response(
        4,
        4,
        1,
        &json!([score(1), reason("=HYPERLINK(\"x\"), slow")]),
    );
    world.post(&[header_line(4), line]).await;
    let csv = world.fetch("/api/v1/inbox/export?q=slow").await;
    let text = String::from_utf8(csv.body).unwrap();
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 1 + 3, "{text}");
    assert!(lines[0].starts_with("at_ms,response,survey"), "{text}");
    assert!(text.contains("\"'=HYPERLINK(\"\"x\"\"), slow\""), "{text}");
    let lines = world
        .fetch("/api/v1/inbox/export?q=slow&format=ndjson")
        .await;
    let text = String::from_utf8(lines.body).unwrap();
    let all: Vec<Item> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(all.len(), 3);
    for query in ["format=xml", "statsu=new"] {
        let answer = world.fetch(&format!("/api/v1/inbox/export?{query}")).await;
        assert_eq!(answer.refusal(), (400, "invalid_parameter"), "{query}");
    }
    let audit = world.fetch("/api/v1/audit").await;
    let audit = String::from_utf8(audit.body).unwrap();
    assert!(
        audit.contains("inbox.export") && !audit.contains("q=slow"),
        "{audit}"
    );
}
