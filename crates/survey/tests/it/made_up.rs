//! Turns definitions with a few bytes changed into findings or into what agent and widget are given, never into a panic.

use proptest::prelude::*;
use survey::compile;
use survey::publish::{Severity, check, parse};

const EXAMPLES: [&str; 4] = [
    include_str!("../../../../examples/surveys/nps.json"),
    include_str!("../../../../examples/surveys/checkout.json"),
    include_str!("../../../../examples/surveys/feedback.json"),
    include_str!("../../../../examples/surveys/whats-new.json"),
];

/// An example with some of its parts replaced by others.
fn nearly() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "0",
        "-1",
        "1e99",
        "\"\"",
        "\"thanks\"",
        "\"(a+)+$\"",
        "\"{{score|x}}\"",
        "\"{{\"",
        "[]",
        "{}",
        "null",
        "\u{0}",
        "true",
        "\"zz-ZZ\"",
        "\"#fff\"",
        "\\ud800",
        ",",
        "}",
    ]);
    let change = (any::<prop::sample::Index>(), 0..40_usize, parts);
    let changes = prop::collection::vec(change, 1..4);
    (prop::sample::select(EXAMPLES.to_vec()), changes).prop_map(|(example, changes)| {
        let mut text = example.to_owned();
        for (at, length, part) in changes {
            let from = text.floor_char_boundary(at.index(text.len() + 1));
            let to = text.ceil_char_boundary((from + length).min(text.len()));
            text.replace_range(from..to, part);
        }
        text
    })
}

fn check_sane(text: &str) {
    let survey = match parse(text) {
        Ok(survey) => survey,
        Err(findings) => {
            assert!(findings.iter().any(|one| one.severity == Severity::Error));
            return;
        }
    };
    if check(&survey)
        .iter()
        .any(|one| one.severity == Severity::Error)
    {
        return;
    }
    let again = serde_json::to_string(&survey).unwrap();
    assert_eq!(parse(&again).as_ref(), Ok(&survey));
    assert_eq!(compile::rules(&[(&survey, 1)]).0.len(), 1);
    for language in survey.languages.iter().chain([&survey.language]) {
        let content = compile::content(&survey, 1, language);
        assert_eq!(content.questions.len(), survey.questions.len());
    }
}

#[test]
fn the_examples_themselves_are_sane() {
    for example in EXAMPLES {
        assert!(parse(example).is_ok());
        check_sane(example);
    }
}

proptest! {
    #[test]
    fn any_text_is_refused_or_sane(text in ".{0,200}") {
        check_sane(&text);
    }

    #[test]
    fn nearly_right_definitions_are_refused_or_sane(text in nearly()) {
        check_sane(&text);
    }
}
