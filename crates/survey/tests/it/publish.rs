//! Turns broken surveys into what is said of them.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use survey::publish::{Code, Finding, check as findings, parse};

mod cases;

/// Where and by which name.
fn said(found: &[Finding]) -> Vec<(&str, &str)> {
    let said = |finding: &'_ Finding| finding.problem.code.as_str();
    found
        .iter()
        .map(|finding| (finding.pointer.as_str(), said(finding)))
        .collect()
}

/// A survey that is right, with these parts at these pointers.
fn survey(parts: &[(&str, Value)]) -> Value {
    let mut survey = json!({
        "id": "s", "name": "S", "language": "en",
        "questions": [
            {"id": "score", "title": "How likely are you to recommend us?", "required": true,
             "kind": {"nps": {"low": "Not at all", "high": "Extremely"}}},
            {"id": "parts", "title": "What do you use?",
             "kind": {"multiple_choice": {"options": [{"id": "a", "label": "A"},
                 {"id": "b", "label": "B"}, {"id": "c", "label": "C"}]}}},
            {"id": "reason", "title": "Why?", "kind": {"text": {"max_chars": 1000}}}
        ],
        "endings": [{"id": "thanks", "title": "Thank you"}],
        "look": {}, "show": {}
    });
    for (pointer, part) in parts {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = survey.pointer_mut(parent).expect(pointer);
        match parent {
            Value::Array(list) => {
                let n: usize = key.parse().unwrap();
                list.truncate(list.len().max(n));
                if n < list.len() {
                    list[n] = part.clone();
                } else {
                    list.push(part.clone());
                }
            }
            _ => parent[key] = part.clone(),
        }
    }
    survey
}

/// A survey with these parts is said to have exactly these problems.
#[track_caller]
fn check(parts: &[(&str, Value)], expected: &[(&str, &str)]) {
    let json = survey(parts).to_string();
    let survey = parse(&json).unwrap_or_else(|found| panic!("{found:?}"));
    let found = findings(&survey);
    assert_eq!(said(&found), expected, "{found:#?}");
    for finding in &found {
        assert!(finding.problem.sentence.ends_with('.'), "{finding}");
    }
}

#[test]
fn what_is_right_is_silent() {
    check(&[], &[]);
}

#[test]
fn what_is_no_survey_is_told_where() {
    for (json, pointer, code) in [
        ("", "", "syntax"),
        ("{\"id\": }", "/id", "syntax"),
        ("[]", "", "shape"),
        ("{\"id\": 7}", "/id", "shape"),
        ("{\"id\": \"s\"}", "", "shape"),
        ("{\"id\": \"s\", \"colour\": 1}", "/colour", "shape"),
    ] {
        let found = parse(json).unwrap_err();
        assert_eq!(said(&found), [(pointer, code)], "{json}: {found:?}");
    }
    let right = survey(&[]).to_string();
    assert_eq!(
        said(&parse(&format!("{right} x")).unwrap_err()),
        [("", "trailing")]
    );
    assert!(parse(&format!("\n{right}\n")).is_ok());
}

#[test]
fn what_does_not_decode_is_told_where() {
    for (pointer, part, at) in [
        (
            "/questions/1/kind",
            json!({"slider": {}}),
            "/questions/1/kind",
        ),
        (
            "/questions/0/kind/nps/low",
            json!(3),
            "/questions/0/kind/nps/low",
        ),
        (
            "/questions/2/kind/text/max_chars",
            json!(-1),
            "/questions/2/kind/text/max_chars",
        ),
        (
            "/show/again",
            json!({"any": {"seen": {"days": 70_000}}}),
            "/show/again/any/seen/days",
        ),
        (
            "/questions/0/otherwise",
            json!("nowhere"),
            "/questions/0/otherwise",
        ),
    ] {
        let found = parse(&survey(&[(pointer, part)]).to_string()).unwrap_err();
        assert_eq!(said(&found), [(at, "shape")], "{found:?}");
    }
}

#[test]
fn findings_name_their_question_and_are_data() {
    let survey = parse(&survey(&[("/questions/1/title", json!(" "))]).to_string()).unwrap();
    let found = findings(&survey);
    assert_eq!(found[0].question.as_deref(), Some("parts"));
    let json = json!(found[0]);
    assert_eq!(json["problem"]["code"], "empty_text");
    assert_eq!(json["severity"], "error");
}

#[test]
fn codes_are_named_once() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}

/// Every definition that is shown to authors may run, and teaches no bad habits.
#[test]
fn the_examples_are_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/surveys");
    let mut ids = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the folder of examples") {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let json = std::fs::read_to_string(&path).unwrap();
        let survey = parse(&json).unwrap_or_else(|found| panic!("{}: {found:?}", path.display()));
        assert_eq!(said(&findings(&survey)), [], "{}", path.display());
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert_eq!(name, survey.id, "files are named by the survey in them");
        ids.insert(survey.id);
    }
    assert!(ids.len() >= 8, "{ids:?}");
}
