//! Turns texts with places for answers into texts with answers.

use protocol::item::{Answer, AnswerValue, Chosen, ChosenOption};
use survey::pipe;

fn answers() -> Vec<Answer> {
    let answer = |question: &str, value| Answer {
        question: question.to_owned(),
        prompt: String::new(),
        value,
        off_path: false,
    };
    let option = |id: &str, label: &str| ChosenOption {
        id: id.to_owned(),
        label: label.to_owned(),
    };
    vec![
        answer("score", AnswerValue::Nps(10.try_into().unwrap())),
        answer("name", AnswerValue::Text("{{score}} <b>".to_owned())),
        answer(
            "uses",
            AnswerValue::Choice(Chosen {
                options: vec![option("a", "Email"), option("other", "Other")],
                other: Some("Fax".to_owned()),
            }),
        ),
        answer("left", AnswerValue::Skipped),
        Answer {
            off_path: true,
            ..answer("gone", AnswerValue::Rating(4))
        },
    ]
}

fn check(text: &str, expected: &str) {
    assert_eq!(pipe::fill(text, &answers()), expected, "{text}");
}

#[test]
fn answers_become_text() {
    check("You said {{score}}.", "You said 10.");
    check("{{ score | x}}{{score}}", "1010");
    check("Why {{uses|that}}?", "Why Email, Fax?");
    check("Grüße, {{name|you}}!", "Grüße, {{score}} <b>!");
}

#[test]
fn what_is_not_answered_becomes_the_other_text() {
    check("Hi {{unknown|there}}", "Hi there");
    check("Hi {{left|there}}", "Hi there");
    check("Hi {{gone|there}}", "Hi there");
    check("Hi{{left}}.", "Hi.");
}

#[test]
fn braces_that_are_not_closed_stay() {
    check("a {{score", "a {{score");
    check("a }} b { c", "a }} b { c");
    check("", "");
}

#[test]
fn the_questions_in_a_text_are_listed() {
    assert_eq!(pipe::questions("{{a|x}} and {{ b }} {{"), ["a", "b"]);
}
