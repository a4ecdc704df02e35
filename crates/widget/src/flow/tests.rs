//! Turns contents and drafts into steps, and checks each of them.

use protocol::item::SurveyRef;
use protocol::score::NpsScore;
use protocol::survey::{
    Choice, ChoiceOption, Ending, Intro, Look, OTHER, QuestionKind, Rule, Target, Test, TextFormat,
};

use super::*;
use crate::json;
use crate::words::Word;

fn question(id: &str, required: bool, kind: QuestionKind<Phrase>) -> Question<Phrase> {
    Question {
        id: id.to_owned(),
        title: Phrase::from(id),
        required,
        kind,
        ..Question::default()
    }
}

fn nps(required: bool) -> Question<Phrase> {
    let kind = QuestionKind::Nps {
        low: Phrase::default(),
        high: Phrase::default(),
    };
    question("score", required, kind)
}

fn text(required: bool, format: TextFormat) -> Question<Phrase> {
    let kind = QuestionKind::Text {
        max_chars: 20,
        min_chars: 3,
        format,
        short: true,
    };
    let mut asked = question("reason", required, kind);
    asked.title.text = "Why {{score|that}}?".to_owned();
    asked
}

fn uses() -> Question<Phrase> {
    let option = |id: &str| ChoiceOption {
        id: id.to_owned(),
        label: Phrase::from(id),
    };
    let choice = Choice {
        options: vec![option("a"), option("b")],
        other: Some(Phrase::from("Other")),
        none: Some(Phrase::from("None")),
        min: 2,
        max: 2,
        ..Choice::default()
    };
    question("uses", false, QuestionKind::MultipleChoice(choice))
}

fn content(questions: Vec<Question<Phrase>>) -> SurveyContent {
    SurveyContent {
        format: CONTENT_FORMAT,
        survey: SurveyRef {
            id: "s".to_owned(),
            version: 1,
        },
        language: "en".to_owned(),
        feedback: None,
        intro: None,
        questions,
        endings: vec![Ending::default()],
        look: Look::default(),
    }
}

fn start(questions: Vec<Question<Phrase>>) -> Flow {
    Flow::start(content(questions), &[], 1)
}

fn pick(flow: &mut Flow, question: usize, bits: &[u8]) {
    flow.enter(question, |draft| {
        draft.picked = bits.iter().fold(0, |all, bit| all | 1 << bit)
    });
}

fn write(flow: &mut Flow, question: usize, text: &str) {
    flow.enter(question, |draft| draft.text = text.to_owned());
}

fn problem(flow: &mut Flow) -> (Word, usize) {
    let problems = flow.confirm().unwrap_err();
    assert_eq!(problems.len(), 1);
    (problems[0].word, problems[0].n)
}

#[test]
fn bytes_that_are_no_content_are_told_apart() {
    let bytes = postcard::to_allocvec(&content(vec![nps(true)])).unwrap();
    assert!(decode(&bytes).is_ok());
    assert_eq!(decode(b"<!doctype html>"), Err(ContentError::Format));
    assert_eq!(decode(&[]), Err(ContentError::Format));
    assert_eq!(decode(&bytes[..9]), Err(ContentError::Damaged));
    let empty = postcard::to_allocvec(&content(vec![])).unwrap();
    assert_eq!(decode(&empty), Err(ContentError::Empty));
}

#[test]
fn every_shape_of_content_is_read() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/every-shape.json");
    let json = std::fs::read(file).unwrap();
    let all: SurveyContent = serde_json::from_slice(&json).unwrap();
    let bytes = postcard::to_allocvec(&all).unwrap();
    assert_eq!(decode(&bytes).unwrap(), all);
    for end in 1..bytes.len() {
        assert!(decode(&bytes[..end]).is_err(), "cut off at {end}");
    }
}

#[test]
fn every_kind_of_answer_is_kept() {
    let all = [
        AnswerValue::Skipped,
        AnswerValue::Nps(NpsScore::try_from(10).unwrap()),
        AnswerValue::Csat(1),
        AnswerValue::Ces(7),
        AnswerValue::Rating(9),
        AnswerValue::Consent(true),
        AnswerValue::Reaction(protocol::survey::Reaction::Down),
        AnswerValue::Text("a\u{1f600}".to_owned()),
        read(
            &uses(),
            &Draft {
                picked: 0b101,
                text: "Mine".to_owned(),
            },
        ),
        read(
            &uses(),
            &Draft {
                picked: 0b10,
                text: String::new(),
            },
        ),
    ];
    let mut kept = start(vec![nps(true)]).kept;
    for (question, value) in (0..).zip(all) {
        kept.walk.behind.push(question * 100);
        kept.walk.given.push(survey::walk::Given {
            question: question * 100,
            prompt: "P?".to_owned(),
            value,
        });
    }
    let bytes = super::kept::write(&kept);
    let again = super::kept::read(&bytes).unwrap();
    assert_eq!(again.walk, kept.walk);
    assert_eq!(again.drafts, kept.drafts);
    assert!((0..bytes.len()).all(|end| super::kept::read(&bytes[..end]).is_none()));
}

#[test]
fn a_score_and_its_reason() {
    let mut flow = start(vec![nps(true), text(false, TextFormat::Any)]);
    assert_eq!(problem(&mut flow), (Word::NeedScore, 0));
    pick(&mut flow, 0, &[9]);
    let answer = flow.confirm().unwrap().unwrap();
    assert_eq!(
        answer.value,
        AnswerValue::Nps(NpsScore::try_from(9).unwrap())
    );
    write(&mut flow, 1, " it is \"quick\"\n");
    let answer = flow.confirm().unwrap().unwrap();
    assert_eq!(answer.prompt, "Why 9?");
    assert_eq!(flow.screen(), Screen::Ending(0));
    assert_eq!(
        json::answers(&flow.answers()),
        r#"[{"question":"score","prompt":"score","value":{"nps":9}},{"question":"reason","prompt":"Why 9?","value":{"text":"it is \"quick\""}}]"#
    );
}

#[test]
fn what_is_wrong_with_a_text_is_said() {
    let check = |format, entered: &str, expected| {
        let mut flow = start(vec![text(true, format)]);
        write(&mut flow, 0, entered);
        assert_eq!(problem(&mut flow), expected, "{entered}");
    };
    check(TextFormat::Any, "  ", (Word::NeedText, 0));
    check(TextFormat::Any, "ab", (Word::TooShort, 3));
    check(
        TextFormat::Any,
        "a text that is too long",
        (Word::TooLong, 20),
    );
    check(TextFormat::Email, "name", (Word::Email, 0));
    check(TextFormat::Url, "name", (Word::Url, 0));
    check(TextFormat::Number, "name", (Word::Number, 0));
}

#[test]
fn options_are_answered_in_the_order_of_the_survey() {
    let mut flow = start(vec![uses()]);
    pick(&mut flow, 0, &[1]);
    assert_eq!(problem(&mut flow), (Word::Few, 2));
    pick(&mut flow, 0, &[0, 1, 2]);
    write(&mut flow, 0, "Mine");
    assert_eq!(problem(&mut flow), (Word::Many, 2));
    pick(&mut flow, 0, &[2, 1]);
    write(&mut flow, 0, " ");
    assert_eq!(problem(&mut flow), (Word::NeedOther, 0));
    write(&mut flow, 0, " Mine ");
    let AnswerValue::Choice(chosen) = flow.confirm().unwrap().unwrap().value else {
        panic!("not a choice");
    };
    let ids: Vec<&str> = chosen
        .options
        .iter()
        .map(|option| option.id.as_str())
        .collect();
    assert_eq!(ids, ["b", OTHER]);
    assert_eq!(chosen.other.as_deref(), Some("Mine"));
}

#[test]
fn optional_questions_are_skipped_and_forget_what_was_entered() {
    let mut flow = start(vec![uses(), nps(false)]);
    pick(&mut flow, 0, &[0]);
    assert_eq!(flow.skip().unwrap().value, AnswerValue::Skipped);
    assert!(flow.back());
    assert_eq!(flow.draft(0), Some(&Draft::default()));
    flow.confirm().unwrap();
    assert_eq!(flow.confirm().unwrap().unwrap().value, AnswerValue::Skipped);
    let mut required = start(vec![nps(true)]);
    assert_eq!(required.skip(), None);
    assert_eq!(required.screen(), Screen::Question(0));
}

#[test]
fn all_on_one_screen_tells_every_problem() {
    let mut all = content(vec![nps(true), uses(), text(true, TextFormat::Email)]);
    all.look.together = true;
    all.intro = Some(Intro::default());
    let mut flow = Flow::start(all, &[], 1);
    assert_eq!(flow.screen(), Screen::Together);
    let problems = flow.confirm().unwrap_err();
    let found: Vec<usize> = problems.iter().map(|problem| problem.question).collect();
    assert_eq!(found, [0, 2]);
    pick(&mut flow, 0, &[3]);
    write(&mut flow, 2, "ada@example.com");
    assert_eq!(flow.confirm(), Ok(None));
    assert_eq!(flow.screen(), Screen::Ending(0));
    assert_eq!(flow.answers().len(), 3);
    flow.reopen();
    assert_eq!(flow.screen(), Screen::Together);
    assert_eq!(flow.draft(2).unwrap().text, "ada@example.com");
}

#[test]
fn another_page_goes_on_with_what_was_entered() {
    let all = content(vec![nps(true), text(false, TextFormat::Any)]);
    let mut flow = Flow::start(all.clone(), &[], 1);
    pick(&mut flow, 0, &[9]);
    flow.confirm().unwrap();
    write(&mut flow, 1, "half a sen");
    flow.agree(true);
    let kept = flow.kept();
    let again = Flow::start(all.clone(), &kept, 2);
    assert_eq!(again.screen(), Screen::Question(1));
    assert_eq!(again.draft(1).unwrap().text, "half a sen");
    assert!(again.agreed());
    assert_eq!(again.kept(), kept);
    for bad in [&kept[..5], b"rubbish", &[]] {
        let fresh = Flow::start(all.clone(), bad, 2);
        assert_eq!(fresh.screen(), Screen::Question(0));
    }
    let shorter = Flow::start(content(vec![nps(true)]), &kept, 2);
    assert_eq!(shorter.screen(), Screen::Question(0));
}

#[test]
fn another_language_keeps_the_place() {
    let mut flow = start(vec![nps(true), text(false, TextFormat::Any)]);
    pick(&mut flow, 0, &[9]);
    flow.confirm().unwrap();
    let mut german = content(vec![nps(true), text(false, TextFormat::Any)]);
    german.language = "de".to_owned();
    german.questions[1].title.text = "Warum {{score}}?".to_owned();
    let mut other = german.clone();
    other.survey.version = 2;
    assert_eq!(flow.translate(other), Err(ContentError::Other));
    flow.translate(german).unwrap();
    assert_eq!(flow.screen(), Screen::Question(1));
    assert_eq!(
        flow.piped(&flow.question(1).unwrap().title.text),
        "Warum 9?"
    );
}

#[test]
fn rules_are_followed() {
    let mut first = nps(true);
    first.rules = vec![Rule {
        of: None,
        when: Test::Between(9, 10),
        go: Target::End(String::new()),
    }];
    let mut flow = start(vec![first, text(false, TextFormat::Any)]);
    pick(&mut flow, 0, &[10]);
    flow.confirm().unwrap();
    assert_eq!(flow.screen(), Screen::Ending(0));
}

#[test]
fn json_is_what_the_wire_reads() {
    let all = [
        AnswerValue::Csat(5),
        AnswerValue::Ces(7),
        AnswerValue::Rating(10),
        AnswerValue::Skipped,
        AnswerValue::Consent(true),
        AnswerValue::Reaction(protocol::survey::Reaction::Heart),
        AnswerValue::Text("tab\t \"quote\" \\ \u{1} \u{2028} ü".to_owned()),
        read(
            &uses(),
            &Draft {
                picked: 0b111,
                text: "Mine".to_owned(),
            },
        ),
        read(
            &uses(),
            &Draft {
                picked: 0b1000,
                text: "Mine".to_owned(),
            },
        ),
    ];
    for value in all {
        let answer = Answer {
            question: "q".to_owned(),
            prompt: "P?".to_owned(),
            off_path: value == AnswerValue::Skipped,
            value,
        };
        let text = json::answers(std::slice::from_ref(&answer));
        let expected = serde_json::to_value([&answer]).unwrap();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            expected
        );
    }
}

#[test]
fn room_is_seen_in_the_last_tenth_and_heard_in_steps() {
    let check = |n: usize, max: u32, seen, heard| {
        let now = room(&"x".repeat(n), max);
        assert_eq!(now, seen, "{n} of {max}");
        assert_eq!(now.announced(max), heard, "{n} of {max}");
    };
    check(1799, 2000, Room::Plenty, Room::Plenty);
    check(1800, 2000, Room::Left(200), Room::Left(200));
    check(1990, 2000, Room::Left(10), Room::Left(20));
    check(2000, 2000, Room::Left(0), Room::Left(20));
    check(2042, 2000, Room::Over(42), Room::Over(1));
    check(95, 100, Room::Left(5), Room::Left(10));
}
