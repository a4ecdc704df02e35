//! Turns questions and answers into verdicts, kind by kind.

use protocol::item::{AnswerValue, Chosen, ChosenOption};
use protocol::survey::{Choice, ChoiceOption, Question, QuestionKind, Reaction, TextFormat};
use survey::answer::{Mismatch, check_answer};

type Kind = QuestionKind<&'static str>;

fn check(kind: Kind, required: bool, value: &AnswerValue, expected: Result<(), Mismatch>) {
    let question = Question {
        kind,
        required,
        ..Question::default()
    };
    assert_eq!(
        check_answer(&question, value),
        expected,
        "{value:?} to {:?}",
        question.kind
    );
}

fn nps() -> Kind {
    Kind::Nps { low: "", high: "" }
}

fn rating(max: u8) -> Kind {
    Kind::Rating {
        max,
        low: "",
        high: "",
        look: protocol::survey::ScaleLook::Stars,
    }
}

fn text(format: TextFormat, min_chars: u32, max_chars: u32) -> Kind {
    Kind::Text {
        max_chars,
        min_chars,
        format,
        short: true,
    }
}

fn choice(min: u8, max: u8) -> Choice<&'static str> {
    let option = |id: &str| ChoiceOption {
        id: id.to_owned(),
        label: "",
    };
    Choice {
        options: vec![option("a"), option("b"), option("c")],
        other: Some("Other"),
        none: Some("None"),
        shuffle: false,
        min,
        max,
    }
}

fn chosen(ids: &[&str], other: Option<&str>) -> AnswerValue {
    let option = |id: &&str| ChosenOption {
        id: (*id).to_owned(),
        label: String::new(),
    };
    AnswerValue::Choice(Chosen {
        options: ids.iter().map(option).collect(),
        other: other.map(str::to_owned),
    })
}

#[test]
fn scores_are_on_their_scale() {
    use AnswerValue::{Ces, Csat, Nps, Rating};
    let csat = || Kind::Csat {
        low: "",
        high: "",
        look: protocol::survey::ScaleLook::Emoji,
    };
    let ces = || Kind::Ces { low: "", high: "" };
    check(nps(), true, &Nps(10.try_into().unwrap()), Ok(()));
    check(nps(), true, &Csat(3), Err(Mismatch::Kind));
    check(csat(), true, &Csat(5), Ok(()));
    check(csat(), true, &Csat(6), Err(Mismatch::Range));
    check(csat(), true, &Csat(0), Err(Mismatch::Range));
    check(ces(), true, &Ces(7), Ok(()));
    check(ces(), true, &Ces(8), Err(Mismatch::Range));
    check(rating(10), true, &Rating(10), Ok(()));
    check(rating(3), true, &Rating(4), Err(Mismatch::Range));
}

#[test]
fn only_what_is_optional_is_skipped() {
    let skipped = &AnswerValue::Skipped;
    check(nps(), true, skipped, Err(Mismatch::Required));
    check(nps(), false, skipped, Ok(()));
    let consent = || Kind::Consent { label: "" };
    check(consent(), true, skipped, Err(Mismatch::Required));
    check(consent(), true, &AnswerValue::Consent(true), Ok(()));
    let not_agreed = Err(Mismatch::NotAgreed);
    check(consent(), false, &AnswerValue::Consent(false), not_agreed);
}

#[test]
fn announcements_take_reactions_where_they_are_asked_for() {
    let statement = |reactions| Kind::Statement {
        image: None,
        link: None,
        reactions,
    };
    let heart = &AnswerValue::Reaction(Reaction::Heart);
    check(statement(true), false, heart, Ok(()));
    check(statement(false), false, heart, Err(Mismatch::Kind));
    check(statement(false), true, &AnswerValue::Skipped, Ok(()));
    let text = AnswerValue::Text("Nice".to_owned());
    check(statement(true), false, &text, Err(Mismatch::Kind));
}

#[test]
fn options_are_known_and_distinct() {
    let single = || Kind::SingleChoice(choice(0, 0));
    check(single(), true, &chosen(&["a"], None), Ok(()));
    check(single(), true, &chosen(&["none"], None), Ok(()));
    check(single(), true, &chosen(&["x"], None), Err(Mismatch::Option));
    check(single(), true, &chosen(&[], None), Err(Mismatch::Single));
    let two = chosen(&["a", "b"], None);
    check(single(), true, &two, Err(Mismatch::Single));
    let twice = chosen(&["a", "a"], None);
    check(single(), true, &twice, Err(Mismatch::Twice));
    let bare = Kind::SingleChoice(Choice {
        other: None,
        ..choice(0, 0)
    });
    check(
        bare,
        true,
        &chosen(&["other"], Some("x")),
        Err(Mismatch::Option),
    );
}

#[test]
fn other_and_its_text_go_together() {
    let single = || Kind::SingleChoice(choice(0, 0));
    let wrong = Err(Mismatch::OtherText);
    check(single(), true, &chosen(&["other"], Some("Mine")), Ok(()));
    check(single(), true, &chosen(&["other"], None), wrong);
    check(single(), true, &chosen(&["other"], Some("")), wrong);
    check(single(), true, &chosen(&["other"], Some(" x")), wrong);
    check(single(), true, &chosen(&["a"], Some("Mine")), wrong);
    let (most, more) = ("é".repeat(500), "é".repeat(501));
    let long = Err(Mismatch::TooLong);
    check(single(), true, &chosen(&["other"], Some(&most)), Ok(()));
    check(single(), true, &chosen(&["other"], Some(&more)), long);
}

#[test]
fn several_options_are_counted_unless_it_is_none() {
    let multiple = |min, max| Kind::MultipleChoice(choice(min, max));
    check(
        multiple(0, 0),
        true,
        &chosen(&["a", "b", "c"], None),
        Ok(()),
    );
    check(
        multiple(0, 0),
        true,
        &chosen(&[], None),
        Err(Mismatch::TooFew),
    );
    check(
        multiple(2, 0),
        true,
        &chosen(&["b"], None),
        Err(Mismatch::TooFew),
    );
    check(multiple(2, 0), true, &chosen(&["none"], None), Ok(()));
    let mixed = chosen(&["a", "none"], None);
    check(multiple(0, 0), true, &mixed, Err(Mismatch::NoneExclusive));
    let three = chosen(&["a", "b", "other"], Some("c"));
    check(multiple(0, 2), true, &three, Err(Mismatch::TooMany));
    check(multiple(0, 3), true, &three, Ok(()));
}

#[test]
fn texts_have_their_length() {
    let say = |text: &str| AnswerValue::Text(text.to_owned());
    let any = |min, max| text(TextFormat::Any, min, max);
    check(any(0, 5), true, &say("äöüß€"), Ok(()));
    check(any(0, 5), true, &say("äöüß€!"), Err(Mismatch::TooLong));
    check(any(3, 5), true, &say("ab"), Err(Mismatch::TooShort));
    check(any(0, 5), true, &say(""), Err(Mismatch::Blank));
    check(any(0, 5), true, &say("ab "), Err(Mismatch::Blank));
    let long = say(&"x".repeat(10_001));
    check(any(0, 99_999), true, &long, Err(Mismatch::TooLong));
}

#[test]
fn texts_have_their_format() {
    let all = |format, good: &[&str], bad: &[&str], wrong| {
        for (texts, expected) in [(good, Ok(())), (bad, Err(wrong))] {
            for one in texts {
                let value = AnswerValue::Text((*one).to_owned());
                check(text(format, 0, 500), true, &value, expected);
            }
        }
    };
    all(
        TextFormat::Email,
        &[
            "a@b.example",
            "ada.l+news@mail.example.org",
            "ü@müller.example",
        ],
        &[
            "a",
            "a@b",
            "@b.example",
            "a@b@c.example",
            "a b@c.example",
            "a@.example",
            "a@b..c",
            "a@-b.c",
        ],
        Mismatch::Email,
    );
    all(
        TextFormat::Url,
        &[
            "https://a.example",
            "HTTP://localhost:8080/x?y#z",
            "https://a.example?x=1",
        ],
        &[
            "a.example",
            "ftp://a.example",
            "https://",
            "https:///x",
            "https://a b",
            "https://a/b c",
            "javascript:alert(1)",
            "https://a:b",
        ],
        Mismatch::Url,
    );
    all(
        TextFormat::Number,
        &["0", "-12", "+3.5", "1,25"],
        &["-", "1.", ".5", "1.2.3", "1e3", "twelve", "--1", "1 000"],
        Mismatch::Number,
    );
}
