//! Turns answers into what follows them, and impossible answers into reasons.

use protocol::item::AnswerValue;
use protocol::score::NpsScore;
use protocol::survey::QuestionKind;
use survey::flow::{Mismatch, Step, after, check_answer};

use crate::{nps, question};

#[test]
fn questions_come_in_order_and_then_the_ending() {
    let text = QuestionKind::Text { max_chars: 5 };
    let questions = [question("a", true, nps()), question("b", false, text)];
    assert_eq!(after(&questions, 0), Step::Question(1));
    assert_eq!(after(&questions, 1), Step::End);
    assert_eq!(after(&[], 0), Step::End);
}

#[track_caller]
fn check(required: bool, kind: QuestionKind, value: &AnswerValue, expected: Result<(), Mismatch>) {
    assert_eq!(
        check_answer(&question("q", required, kind), value),
        expected
    );
}

#[test]
fn answers_fit_their_questions() {
    let nine = || AnswerValue::Nps(NpsScore::try_from(9).unwrap());
    let text = |s: &str| AnswerValue::Text(s.to_owned());
    let five = || QuestionKind::Text { max_chars: 5 };
    check(true, nps(), &nine(), Ok(()));
    check(false, nps(), &AnswerValue::Skipped, Ok(()));
    check(true, nps(), &AnswerValue::Skipped, Err(Mismatch::Required));
    check(true, nps(), &text("9"), Err(Mismatch::WrongKind));
    check(false, five(), &nine(), Err(Mismatch::WrongKind));
    check(false, five(), &text("ångst"), Ok(()));
    check(false, five(), &text("angstr"), Err(Mismatch::TextTooLong));
    check(false, five(), &text("  "), Err(Mismatch::EmptyText));
}
