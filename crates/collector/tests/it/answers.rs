//! Turns answers of every kind into rows, and answers that cannot be into refusals.

use collector::setup::first_feedback;
use protocol::id::ResponseId;
use protocol::query::{Comments, NpsReport, Session};
use serde_json::{Value, json};
use store::{IdentitySecret, KeptResponse, NewOption, NewValue, Scale};

use crate::world::{
    KEY, World, everything, header_line, id, impression, item, page, response, score,
};

/// The HMAC-SHA-256 of `u-4711` with the secret `k`, made by `openssl dgst -hmac`.
const SIGNATURE: &str = "64c363c84a91331637ed701e48caf8f30649eaad46b15e45166f6dd3c93a20aa";

async fn world() -> World {
    let world = World::new().await;
    world.publish(everything()).await;
    let feedback = world.store.publish(world.project, first_feedback(), 1);
    feedback.await.unwrap();
    world
}

fn to(question: &str, value: &Value) -> Value {
    json!({ "question": question, "prompt": "?", "value": value })
}

fn chosen(ids: &[&str], other: Option<&str>) -> Value {
    let options: Vec<_> = ids
        .iter()
        .map(|id| json!({ "id": id, "label": format!("The {id}") }))
        .collect();
    match other {
        Some(other) => json!({ "choice": { "options": options, "other": other } }),
        None => json!({ "choice": { "options": options } }),
    }
}

/// Item and response number `n` to a survey, with more fields.
fn to_survey(n: u32, survey: &str, answers: &[Value], more: &Value) -> String {
    let mut p = json!({
        "survey": { "id": survey, "version": 1 }, "response": id(n), "revision": 1,
        "complete": true, "answers": answers, "page": page(),
    });
    for (field, value) in more.as_object().unwrap() {
        p[field] = value.clone();
    }
    item(n, "response", &p)
}

async fn kept(world: &World, n: u32) -> KeptResponse {
    let response: ResponseId = id(n).parse().unwrap();
    let found = world.store.response(world.project, response).await;
    found.unwrap().unwrap()
}

/// Sends one response and expects its refusal.
async fn check(answers: &[Value], more: &Value, code: &str) {
    let world = world().await;
    let line = to_survey(1, "everything", answers, more);
    let answer = world
        .post(&[header_line(1), line.clone(), impression(99)])
        .await;
    let (letters, errors) = answer.outcomes();
    assert_eq!(letters, "xa", "{line}");
    assert_eq!(errors, [(0, code)], "{line}");
}

#[tokio::test]
async fn every_kind_of_answer_is_kept() {
    let world = world().await;
    let answers = [
        to("nps", &json!({ "nps": 8 })),
        to("csat", &json!({ "csat": 5 })),
        to("ces", &json!({ "ces": 7 })),
        to("rating", &json!({ "rating": 4 })),
        to("topic", &chosen(&["billing"], None)),
        to(
            "features",
            &chosen(&["search", "other"], Some(" A calendar ")),
        ),
        to("why", &json!({ "text": "Because" })),
        to("terms", &json!({ "consent": true })),
        to("news", &json!({ "reaction": "heart" })),
        to("more", &json!("skipped")),
    ];
    let line = to_survey(1, "everything", &answers, &json!({}));
    let answer = world.post(&[header_line(1), line]).await;
    assert_eq!(answer.outcomes(), ("a".into(), vec![]));
    let kept = kept(&world, 1).await.row;
    assert!(!kept.feedback);
    let values: Vec<_> = kept
        .answers
        .into_iter()
        .map(|answer| answer.value)
        .collect();
    let on = |scale, points| NewValue::Score { scale, points };
    let option = |id: &str| NewOption {
        id: id.into(),
        label: format!("The {id}"),
    };
    let expected = [
        on(Scale::Nps, 8),
        on(Scale::Csat, 5),
        on(Scale::Ces, 7),
        // With the question's own scale.
        on(Scale::Rating(5), 4),
        NewValue::Choice {
            options: vec![option("billing")],
            other: None,
        },
        NewValue::Choice {
            options: vec![option("search"), option("other")],
            other: Some("A calendar".into()),
        },
        NewValue::Text("Because".into()),
        NewValue::Consent,
        NewValue::Reaction(protocol::survey::Reaction::Heart),
        NewValue::Skipped,
    ];
    assert_eq!(values, expected);
    let comments: Comments = world.ask("/api/v1/comments?survey=everything").await;
    let texts: Vec<_> = comments.items.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(texts, ["Because", "A calendar"]);
    // 8 of 10, and 5 of 5: beside a score stand those who gave it on its own scale.
    for (query, n) in [
        ("kind=csat&score=5", 2),
        ("kind=nps&score=5", 0),
        ("kind=nps&score=8", 2),
        ("score=8", 2),
    ] {
        let beside: Comments = world.ask(&format!("/api/v1/comments?{query}")).await;
        assert_eq!(beside.items.len(), n, "{query}");
        assert!(beside.dropped.is_empty(), "{query}");
    }
    let unknown: Comments = world.ask("/api/v1/comments?kind=stars").await;
    assert_eq!(unknown.dropped[0].param, "kind");
}

#[tokio::test]
async fn long_copies_of_what_was_shown_are_cut() {
    let world = world().await;
    let label = json!({ "id": "billing", "label": "x".repeat(1_001) });
    let mut answer = to("topic", &json!({ "choice": { "options": [label] } }));
    answer["prompt"] = "?".repeat(10_001).into();
    let line = to_survey(1, "everything", &[answer], &json!({}));
    let answer = world.post(&[header_line(1), line]).await;
    assert_eq!(answer.outcomes(), ("a".into(), vec![]));
    let kept = kept(&world, 1).await.row.answers.remove(0);
    assert_eq!(kept.prompt, "?".repeat(10_000));
    let NewValue::Choice { options, .. } = kept.value else {
        panic!("{kept:?}");
    };
    assert_eq!(options[0].label, "x".repeat(1_000));
}

#[tokio::test]
async fn an_answer_has_to_fit_its_question() {
    for (question, value) in [
        ("csat", json!({ "csat": 6 })),
        ("csat", json!({ "csat": 0 })),
        ("csat", json!({ "ces": 5 })),
        ("ces", json!({ "ces": 8 })),
        ("rating", json!({ "rating": 6 })),
        ("topic", chosen(&["billing", "search"], None)),
        ("topic", chosen(&["unheard_of"], None)),
        ("topic", chosen(&["other"], Some("Not offered"))),
        ("topic", chosen(&[], None)),
        ("features", chosen(&["other"], None)),
        ("features", chosen(&["other"], Some(" "))),
        ("features", chosen(&["search"], Some("Beside nothing"))),
        ("features", chosen(&["none", "search"], None)),
        ("features", chosen(&["search", "search"], None)),
        (
            "features",
            chosen(&["billing", "search", "export", "other"], Some("Too many")),
        ),
        ("terms", json!({ "consent": false })),
        ("why", json!({ "reaction": "up" })),
    ] {
        check(&[to(question, &value)], &json!({}), "invalid_answer").await;
    }
}

#[tokio::test]
async fn what_a_page_says_beside_the_answers_never_costs_them() {
    let world = world().await;
    let many = |n: usize| -> Value {
        let pairs = (0..n).map(|n| (n.to_string(), Value::from("y")));
        pairs.collect::<serde_json::Map<_, _>>().into()
    };
    let images: Vec<_> = (1..=5).map(id).collect();
    let much = json!({
        "person": { "id": "x".repeat(257), "traits": many(100) }, "context": many(100),
        "attachments": images,
    });
    let answers = [to("nps", &json!({ "nps": 8 }))];
    let line = to_survey(1, "everything", &answers, &much);
    let answer = world.post(&[header_line(1), line]).await;
    assert_eq!(answer.outcomes(), ("a".into(), vec![]));
    let kept = kept(&world, 1).await;
    assert_eq!(kept.row.answers.len(), 1);
    let respondent = kept.row.respondent.unwrap();
    assert_eq!((respondent.id.as_str(), respondent.traits.len()), ("", 64));
    assert_eq!(kept.row.context.len(), 64);
    // Images that never came are told.
    assert_eq!((kept.row.attachments.len(), kept.missing.len()), (4, 4));
}

#[tokio::test]
async fn a_person_is_believed_only_with_the_right_signature() {
    let world = world().await;
    let secret = IdentitySecret("k".into());
    world
        .store
        .put_site_secret(KEY.into(), secret)
        .await
        .unwrap();
    let other = SIGNATURE.replace('1', "2");
    for (n, signature, verified) in [(1, SIGNATURE, true), (2, &other, false), (3, "", false)] {
        let person = json!({ "id": "u-4711", "signature": signature, "traits": { "plan": "pro" } });
        let line = to_survey(n, "everything", &[], &json!({ "person": person }));
        let answer = world.post(&[header_line(1), line]).await;
        assert_eq!(answer.outcomes(), ("a".into(), vec![]));
        let respondent = kept(&world, n).await.row.respondent.unwrap();
        assert_eq!(respondent.verified, verified, "{signature}");
        assert_eq!(respondent.id, "u-4711");
        assert_eq!(respondent.traits["plan"], "pro");
    }
}

#[tokio::test]
async fn scores_are_of_surveys_and_on_the_path() {
    let world = world().await;
    let mut aside = score(0);
    aside["off_path"] = true.into();
    let lines = [
        header_line(1),
        impression(1),
        response(2, 2, 1, &json!([aside])),
        to_survey(
            3,
            "everything",
            &[to("csat", &json!({ "csat": 5 }))],
            &json!({}),
        ),
    ];
    assert_eq!(world.post(&lines).await.outcomes().0, "aaa");
    let report: NpsReport = world.ask("/api/v1/scores/nps?survey=nps").await;
    assert_eq!(
        (report.n, report.shown, report.shown_and_answered),
        (0, 1, 0)
    );
    let form = world.fetch("/api/v1/scores/nps?survey=feedback").await;
    assert_eq!(form.refusal(), (404, "not_found"));
}

#[tokio::test]
async fn feedback_is_read_where_everything_is() {
    let world = world().await;
    let told = [
        to("category", &chosen(&["problem"], None)),
        to("message", &json!({ "text": "The button does nothing" })),
        to("email", &json!({ "text": "ada@shop.example" })),
    ];
    let context = json!({ "context": { "browser": "Firefox 141" } });
    let lines = [
        header_line(1),
        to_survey(1, "feedback", &told, &context),
        to_survey(
            2,
            "everything",
            &[to("why", &json!({ "text": "Elsewhere" }))],
            &json!({}),
        ),
    ];
    assert_eq!(world.post(&lines).await.outcomes().0, "aa");
    let all: Comments = world.ask("/api/v1/comments").await;
    let mut all: Vec<_> = all.items.iter().map(|c| (&*c.survey, &*c.text)).collect();
    all.sort_unstable();
    let expected = [
        ("everything", "Elsewhere"),
        ("feedback", "The button does nothing"),
        ("feedback", "ada@shop.example"),
    ];
    assert_eq!(all, expected);
    let one: Comments = world.ask("/api/v1/comments?survey=feedback").await;
    assert_eq!(one.items.len(), 2);
    assert_eq!(one.items[0].page_url, "https://shop.example/cart");
    let row = kept(&world, 1).await.row;
    assert!(row.feedback);
    assert_eq!(row.context["browser"], "Firefox 141");
    let session: Session = world.ask("/api/v1/session").await;
    let forms: Vec<_> = session.surveys.iter().filter(|s| s.is_feedback).collect();
    assert_eq!(forms.len(), 1);
    assert_eq!(forms[0].nps_question, None);
    // A required question cannot be left out on purpose.
    let skipped = [to("message", &json!("skipped"))];
    let line = to_survey(3, "feedback", &skipped, &json!({}));
    let (letters, errors) = world.post(&[header_line(1), line]).await.outcomes();
    assert_eq!((letters.as_str(), errors[0].1), ("x", "invalid_answer"));
}

#[tokio::test]
async fn asking_for_later_is_kept() {
    let world = world().await;
    let p = json!({ "survey": { "id": "nps", "version": 1 }, "response": null, "reason": "snoozed",
        "page": page() });
    let answer = world
        .post(&[header_line(1), item(1, "dismissal", &p)])
        .await;
    assert_eq!(answer.outcomes(), ("a".into(), vec![]));
}

#[tokio::test]
async fn what_a_person_had_waited_for_is_kept_with_the_answer() {
    let waited = json!({
        "requests": 40, "p75_ms": 310, "budgeted": 30, "over_budget": 9, "worst": "search",
        "recent_failures": 2,
    });
    let check = async |latency: &Value, expected: &Value| {
        let world = world().await;
        let said = [to("nps", &json!({ "nps": 3 }))];
        let sent = to_survey(1, "everything", &said, &json!({ "latency": latency }));
        let answer = world.post(&[header_line(1), sent]).await;
        assert_eq!(answer.outcomes().0, "a", "{latency} costs nobody an answer");
        let waited = kept(&world, 1).await.row.latency;
        assert_eq!(json!(waited), *expected);
    };
    check(&waited, &waited).await;
    check(&Value::Null, &Value::Null).await;
    // What cannot be is forgotten.
    for (field, wrong) in [
        ("over_budget", json!(31)),
        ("budgeted", json!(41)),
        ("worst", json!("No Slug")),
        ("p75_ms", json!(u32::MAX)),
    ] {
        let mut impossible = waited.clone();
        impossible[field] = wrong;
        check(&impossible, &Value::Null).await;
    }
}
