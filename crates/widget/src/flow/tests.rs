//! Walks surveys from first question to ending, as text in and text out.

use protocol::item::SurveyRef;
use protocol::survey::{CONTENT_FORMAT, Question, QuestionKind, SurveyContent, Thanks};

use super::*;

fn content(required_reason: bool) -> SurveyContent {
    let question = |id: &str, required, kind| Question {
        id: id.to_owned(),
        title: id.to_uppercase(),
        description: None,
        required,
        kind,
    };
    SurveyContent {
        format: CONTENT_FORMAT,
        survey: SurveyRef {
            id: "nps".to_owned(),
            version: 1,
        },
        language: "en".to_owned(),
        questions: vec![
            question(
                "score",
                true,
                QuestionKind::Nps {
                    low: "Never".to_owned(),
                    high: "Always".to_owned(),
                },
            ),
            question(
                "reason",
                required_reason,
                QuestionKind::Text { max_chars: 5 },
            ),
        ],
        thanks: Thanks {
            title: "Thank you".to_owned(),
            text: None,
        },
        mark: true,
    }
}

fn bytes(content: &SurveyContent) -> Vec<u8> {
    postcard::to_allocvec(content).expect("content encodes")
}

/// Enters each draft in turn ("skip", "score:7", "text:abc", "") and compares what came of it.
fn check(required_reason: bool, drafts: &[&str], expected: &[&str]) {
    let mut flow = Flow::start(&bytes(&content(required_reason))).expect("content starts");
    let came: Vec<String> = drafts.iter().map(|draft| enter(&mut flow, draft)).collect();
    assert_eq!(came, expected, "drafts {drafts:?}");
}

fn enter(flow: &mut Flow, draft: &str) -> String {
    let result = if draft == "skip" {
        Ok(flow.skip())
    } else {
        flow.confirm(&Draft {
            score: draft
                .strip_prefix("score:")
                .map(|n| n.parse().expect("a score")),
            text: draft.strip_prefix("text:").unwrap_or_default().to_owned(),
        })
    };
    let at = flow
        .question()
        .map_or("end", |question| question.id.as_str());
    match result {
        Ok(Some(answer)) => format!("{answer:?} -> {at}"),
        Ok(None) => format!("nothing -> {at}"),
        Err(problem) => format!("{problem:?} -> {at}"),
    }
}

#[test]
fn both_questions_answered() {
    check(
        false,
        &["score:9", "text: it is \n"],
        &["Nps(9) -> reason", "Text(\"it is\") -> end"],
    );
}

#[test]
fn zero_is_a_score() {
    check(false, &["score:0"], &["Nps(0) -> reason"]);
}

#[test]
fn optional_text_is_skipped_or_left_empty() {
    check(
        false,
        &["score:3", "skip"],
        &["Nps(3) -> reason", "Skipped -> end"],
    );
    check(
        false,
        &["score:3", "text: \n "],
        &["Nps(3) -> reason", "Skipped -> end"],
    );
}

#[test]
fn required_questions_hold_the_flow() {
    check(
        true,
        &["", "skip", "score:3", "text: ", "skip", "text:ok"],
        &[
            "ScoreMissing -> score",
            "nothing -> score",
            "Nps(3) -> reason",
            "TextMissing -> reason",
            "nothing -> reason",
            "Text(\"ok\") -> end",
        ],
    );
}

#[test]
fn long_text_is_kept_for_shortening() {
    check(
        false,
        &["score:3", "text:größer", "text:große"],
        &[
            "Nps(3) -> reason",
            "TextTooLong(1) -> reason",
            "Text(\"große\") -> end",
        ],
    );
}

#[test]
fn nothing_follows_the_ending() {
    check(
        false,
        &["score:3", "skip", "skip", "text:ok"],
        &[
            "Nps(3) -> reason",
            "Skipped -> end",
            "nothing -> end",
            "nothing -> end",
        ],
    );
}

#[test]
fn content_that_cannot_be_shown_is_refused() {
    let refusal = |bytes: &[u8]| Flow::start(bytes).err();
    let good = bytes(&content(false));
    assert_eq!(refusal(&[]), Some(ContentError::Format));
    assert_eq!(refusal(b"<!doctype html>"), Some(ContentError::Format));
    for cut in 1..good.len() {
        assert_eq!(
            refusal(&good[..cut]),
            Some(ContentError::Damaged),
            "cut at {cut}"
        );
    }
    let mut empty = content(false);
    empty.questions.clear();
    assert_eq!(refusal(&bytes(&empty)), Some(ContentError::Empty));
    let mut newer = good;
    newer[0] = CONTENT_FORMAT + 1;
    assert_eq!(refusal(&newer), Some(ContentError::Format));
}

#[test]
fn room_comes_up_with_the_last_tenth() {
    let check = |n: usize, max, expected: Room, announced: Room| {
        let room = room(&"x".repeat(n), max);
        assert_eq!(room, expected, "{n} of {max}");
        assert_eq!(room.announced(max), announced, "{n} of {max}");
    };
    check(0, 2000, Room::Plenty, Room::Plenty);
    check(1799, 2000, Room::Plenty, Room::Plenty);
    check(1800, 2000, Room::Left(200), Room::Left(200));
    check(1979, 2000, Room::Left(21), Room::Left(200));
    check(1990, 2000, Room::Left(10), Room::Left(20));
    check(2000, 2000, Room::Left(0), Room::Left(20));
    check(2042, 2000, Room::Over(42), Room::Over(1));
    check(95, 100, Room::Left(5), Room::Left(10));
}
