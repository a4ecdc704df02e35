//! Turns every kind of item, good and bad, into its outcome.

use protocol::outcome::{BatchReply, ErrorReply};
use protocol::query::{Comments, NpsReport};
use serde_json::{Value, json};

use crate::world::{
    T0, World, header_line, id, impression, item, page, reason, response, score, survey,
};

/// Sends one item and expects its refusal.
async fn check(line: String, code: &str) {
    let world = World::new().await;
    let answer = world
        .post(&[header_line(1), line.clone(), impression(99)])
        .await;
    let (letters, errors) = answer.outcomes();
    assert_eq!(letters, "xa", "{line}");
    assert_eq!(errors, [(0, code)], "{line}");
}

fn answering(answers: &Value) -> String {
    response(1, 1, 1, answers)
}

#[tokio::test]
async fn what_is_right_is_accepted_and_once() {
    let world = World::new().await;
    let dismissal = json!({
        "survey": survey(), "response": id(1), "reason": "person", "page": page(),
    });
    let lines = [
        header_line(1),
        impression(1),
        response(2, 1, 1, &json!([score(9)])),
        response(3, 1, 2, &json!([score(9), reason("Fast")])),
        item(4, "dismissal", &dismissal),
    ];
    assert_eq!(world.post(&lines).await.outcomes(), ("aaaa".into(), vec![]));
    assert_eq!(world.post(&lines).await.outcomes(), ("dddd".into(), vec![]));
}

#[tokio::test]
async fn age_is_no_part_of_an_item_and_everything_else_is() {
    let world = World::new().await;
    let first = impression(1);
    let older = first.replace("\"age_ms\":100", "\"age_ms\":99999");
    let other = first.replace("\"seq\":1", "\"seq\":2");
    for (line, letters) in [(&first, "a"), (&older, "d"), (&other, "c"), (&first, "d")] {
        let answer = world.post(&[header_line(1), line.clone()]).await;
        let (found, errors) = answer.outcomes();
        assert_eq!(found, letters, "{line}");
        if letters == "c" {
            assert_eq!(errors, [(0, "conflict")]);
        }
    }
}

#[tokio::test]
async fn a_score_off_the_scale_is_rejected_and_not_clamped() {
    for wrong in [
        json!(11),
        json!(7.5),
        json!("9"),
        json!(-1),
        json!(null),
        json!(1e300),
    ] {
        check(answering(&json!([score(wrong)])), "invalid_answer").await;
    }
    let world = World::new().await;
    let lines: Vec<_> = [json!(11), json!(7.5), json!("9")]
        .into_iter()
        .zip(1..)
        .map(|(wrong, n)| response(n, n, 1, &json!([score(wrong)])))
        .collect();
    world.post(&[vec![header_line(1)], lines].concat()).await;
    let report: NpsReport = world.ask("/api/v1/scores/nps?survey=nps").await;
    assert_eq!((report.n, report.score), (0, None));
}

#[tokio::test]
async fn an_answer_has_to_fit_its_question() {
    let to = |question: &str, value: Value| json!([{ "question": question, "prompt": "?", "value": value }]);
    let wrong = [
        to("score", json!({ "text": "nine" })),
        to("reason", json!({ "nps": 9 })),
        to("score", json!("skipped")),
        to("score", json!({ "stars": 5 })),
        to("score", json!(9)),
        to("reason", json!({ "text": "" })),
        to("reason", json!({ "text": " \n\t " })),
        to("reason", json!({ "text": "x".repeat(2_001) })),
        json!([score(9), score(8)]),
        json!([{ "question": "score", "value": { "nps": 9 } }]),
        json!([7]),
    ];
    for answers in wrong {
        check(answering(&answers), "invalid_answer").await;
    }
    let unknown = to("colour", json!({ "text": "red" }));
    check(answering(&unknown), "unknown_question").await;
}

#[tokio::test]
async fn answers_that_fit_are_kept() {
    let world = World::new().await;
    let long = "\u{1F600}".repeat(2_000);
    let skipped = json!({ "question": "reason", "prompt": "Why?", "value": "skipped" });
    let answers = [
        json!([]),
        json!([score(0)]),
        json!([score(10), reason(&long)]),
        json!([score(5), skipped]),
        json!([reason("  kept without its margins \n")]),
    ];
    let lines: Vec<_> = answers
        .iter()
        .zip(1..)
        .map(|(answers, n)| response(n, n, 1, answers))
        .collect();
    let answer = world.post(&[vec![header_line(1)], lines].concat()).await;
    assert_eq!(answer.outcomes(), ("aaaaa".into(), vec![]));
    let comments: Comments = world.ask("/api/v1/comments?survey=nps").await;
    let mut texts: Vec<_> = comments.items.into_iter().map(|c| c.text).collect();
    texts.sort();
    assert_eq!(texts, ["kept without its margins", &long]);
}

#[tokio::test]
async fn an_odd_page_does_not_cost_the_answer() {
    let start = "https://shop.example/";
    let long = "\u{E9}".repeat(5_000);
    let odd = [
        (
            format!("{start}a\u{0}b\n"),
            "d\u{7f}e\u{0}",
            format!("{start}ab"),
            "de",
        ),
        (
            format!("{start}{long}"),
            &*long,
            format!("{start}{}", &long[..2 * (2_048 - start.len())]),
            &long[..2 * 64],
        ),
        // What is not kept does not count.
        (format!("{start}?{long}\u{0}"), "", String::from(start), ""),
    ];
    for (url, language, kept_url, kept_language) in odd {
        let world = World::new().await;
        let page = json!({ "url": url, "language": language });
        let p = json!({
            "survey": survey(), "response": id(1), "revision": 1, "complete": false,
            "answers": [reason("Fast")], "page": page,
        });
        let lines = [
            header_line(1),
            item(1, "response", &p),
            item(
                2,
                "impression",
                &json!({ "survey": survey(), "page": page }),
            ),
        ];
        assert_eq!(world.post(&lines).await.outcomes(), ("aa".into(), vec![]));
        let comments: Comments = world.ask("/api/v1/comments?survey=nps").await;
        let kept = &comments.items[0];
        assert_eq!(kept.page_url, kept_url);
        assert_eq!(kept.language, kept_language);
    }
}

#[tokio::test]
async fn a_survey_has_to_exist_in_that_version() {
    for survey in [
        json!({ "id": "nps", "version": 2 }),
        json!({ "id": "nps", "version": 0 }),
        json!({ "id": "other", "version": 1 }),
    ] {
        let p = json!({ "survey": survey, "page": page() });
        check(item(1, "impression", &p), "unknown_survey").await;
    }
}

#[tokio::test]
async fn a_version_that_was_just_published_is_known() {
    let world = World::new().await;
    // Now the site is in memory, with version 1 alone.
    world.post(&[header_line(1), impression(1)]).await;
    let mut survey = collector::setup::first_survey();
    survey.name = "Second".into();
    world.store.publish(world.project, survey, 1).await.unwrap();
    let p = json!({ "survey": { "id": "nps", "version": 2 }, "page": page() });
    let answer = world
        .post(&[header_line(1), item(2, "impression", &p)])
        .await;
    assert_eq!(answer.outcomes().0, "a");
}

#[tokio::test]
async fn an_unknown_type_is_named() {
    let world = World::new().await;
    let line = item(1, "heartbeat", &json!({}));
    let answer = world.post(&[header_line(1), line]).await;
    assert_eq!(answer.outcomes().1, [(0, "unknown_type")]);
    let text = String::from_utf8(answer.body).unwrap();
    assert!(text.contains("heartbeat"), "{text}");
}

#[tokio::test]
async fn a_line_has_to_be_an_item() {
    let good = impression(1);
    let wrong = [
        String::from("not json"),
        String::from(""),
        String::from("[]"),
        String::from("{}"),
        String::from("null"),
        format!("{good}{good}"),
        good[..good.len() - 1].to_owned(),
        good.replace(&id(1), "not-a-uuid"),
        good.replace("\"seq\":1,", ""),
        good.replace("\"seq\":1", "\"seq\":-1"),
        good.replace("\"seq\":1", "\"seq\":1.5"),
        good.replace("\"age_ms\":100", "\"age_ms\":\"100\""),
        good.replace("\"p\":", "\"q\":"),
    ];
    for line in wrong {
        check(line, "malformed_item").await;
    }
}

#[tokio::test]
async fn a_body_has_to_have_the_shape_of_its_type() {
    let with = |page: Value| {
        item(
            1,
            "impression",
            &json!({ "survey": survey(), "page": page }),
        )
    };
    let many: Vec<Value> = (0..101).map(|_| score(9)).collect();
    let wrong = [
        item(1, "impression", &json!({})),
        item(1, "impression", &json!([])),
        item(1, "impression", &json!({ "survey": "nps", "page": page() })),
        item(
            1,
            "response",
            &json!({ "survey": survey(), "page": page() }),
        ),
        with(json!({ "url": "https://shop.example/" })),
        with(json!({ "url": "https://shop.example/", "language": 7 })),
        response(1, 1, 1, &json!("9")),
        response(1, 1, 1, &json!(many)),
        response(1, 1, 0, &json!([score(9)])),
        impression(1).replace("\"seq\":1", "\"seq\":9007199254740992"),
        impression(1).replace("\"age_ms\":100", "\"age_ms\":18446744073709551615"),
    ];
    for line in wrong {
        check(line, "invalid_item").await;
    }
}

#[tokio::test]
async fn fields_of_a_later_version_are_kept() {
    let world = World::new().await;
    let line = impression(1).replacen('{', r#"{"mood":"new","#, 1);
    let answer = world.post(&[header_line(1), line.clone()]).await;
    assert_eq!(answer.outcomes().0, "a");
    let kept: String = world
        .db()
        .query_row("SELECT line FROM item", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, line);
    assert!(kept.contains(r#""mood":"new""#), "{kept}");
}

#[tokio::test]
async fn one_bad_line_among_many_keeps_the_others() {
    let world = World::new().await;
    let lines = [
        header_line(1),
        impression(1),
        String::from("{"),
        response(2, 2, 1, &json!([score(11)])),
        response(3, 3, 1, &json!([score(8)])),
        item(4, "unheard_of", &json!({})),
        impression(1),
    ];
    let (letters, errors) = world.post(&lines).await.outcomes();
    assert_eq!(letters, "axxaxd");
    let expected = [
        (1, "malformed_item"),
        (2, "invalid_answer"),
        (4, "unknown_type"),
    ];
    assert_eq!(errors, expected);
    let report: NpsReport = world.ask("/api/v1/scores/nps?survey=nps").await;
    assert_eq!(report.n, 1);
}

#[tokio::test]
async fn a_refusal_says_where() {
    let world = World::new().await;
    let answers = json!([score(9), score(11)]);
    let answer = world
        .post(&[header_line(1), response(1, 1, 1, &answers)])
        .await;
    let text = String::from_utf8(answer.body).unwrap();
    assert!(text.contains("p.answers[1].value.nps"), "{text}");
}

#[tokio::test]
async fn a_refusal_repeats_no_long_text() {
    let world = World::new().await;
    let long = "\u{E9}".repeat(10_000);
    let elsewhere = json!({ "survey": { "id": long, "version": 1 }, "page": page() });
    let lines = [
        header_line(1),
        response(1, 1, 1, &json!([score(&*long)])),
        item(2, &long, &json!({})),
        item(3, "impression", &elsewhere),
        impression(4).replace("\"seq\":4", &format!("\"seq\":\"{long}\"")),
    ];
    let reply: BatchReply = world.post(&lines).await.json();
    assert_eq!(reply.err.len(), 4);
    for error in reply.err {
        assert_eq!(error.2.chars().count(), 200, "{error:?}");
    }
    let header = header_line(1).replace(&T0.to_string(), &format!("\"{long}\""));
    let refused: ErrorReply = world.post(&[header]).await.json();
    assert_eq!(refused.error.code.as_str(), "unreadable_body");
    assert_eq!(refused.error.message.chars().count(), 200);
}

#[tokio::test]
async fn a_header_alone_is_a_body_without_items() {
    let world = World::new().await;
    for text in [header_line(1), header_line(1) + "\n"] {
        let answer = world.post(&[text]).await;
        assert_eq!(answer.outcomes(), (String::new(), vec![]));
    }
}

#[tokio::test]
async fn lines_may_end_as_they_do_elsewhere() {
    let world = World::new().await;
    let text = [header_line(1), impression(1), impression(2), String::new()].join("\r\n");
    let answer = world.post(&[text]).await;
    assert_eq!(answer.outcomes(), ("aa".into(), vec![]));
}
