//! Turns small surveys and answers into the ways that people take through them.

use proptest::prelude::*;
use protocol::item::{AnswerValue, Chosen, ChosenOption, SurveyRef};
use protocol::survey::{
    Bucket, CONTENT_FORMAT, Choice, ChoiceOption, Ending, Intro, Look, Question, QuestionKind,
    Rule, ScaleLook, SurveyContent, Target, Test,
};
use protocol::text::Phrase;
use survey::answer::Mismatch;
use survey::walk::{Place, Progress, Walk, holds, is_last};

fn question(id: &str, kind: QuestionKind<Phrase>) -> Question<Phrase> {
    Question {
        id: id.to_owned(),
        title: Phrase::from(id),
        kind,
        ..Question::default()
    }
}

fn rating(max: u8) -> QuestionKind<Phrase> {
    QuestionKind::Rating {
        max,
        low: Phrase::default(),
        high: Phrase::default(),
        look: ScaleLook::Numbers,
    }
}

fn options(n: usize) -> Choice<Phrase> {
    let option = |i| ChoiceOption {
        id: format!("o{i}"),
        label: Phrase::from("Same label"),
    };
    Choice {
        options: (0..n).map(option).collect(),
        ..Choice::default()
    }
}

fn content(questions: Vec<Question<Phrase>>) -> SurveyContent {
    let ending = |id: &str| Ending {
        id: id.to_owned(),
        ..Ending::default()
    };
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
        endings: vec![ending("thanks"), ending("sorry")],
        look: Look::default(),
    }
}

fn ratings(n: usize) -> SurveyContent {
    content(
        (0..n)
            .map(|i| question(&format!("q{i}"), rating(5)))
            .collect(),
    )
}

fn rule(when: Test, go: Target) -> Rule {
    Rule { of: None, when, go }
}

fn to(id: &str) -> Target {
    Target::Question(id.to_owned())
}

fn end(id: &str) -> Target {
    Target::End(id.to_owned())
}

fn pick(id: &str) -> AnswerValue {
    AnswerValue::Choice(Chosen {
        options: vec![ChosenOption {
            id: id.to_owned(),
            label: "Same label".to_owned(),
        }],
        other: None,
    })
}

fn step(walk: &mut Walk, content: &SurveyContent, score: u8) -> Place {
    walk.answer(content, "?", AnswerValue::Rating(score))
        .unwrap();
    walk.at
}

#[test]
fn without_rules_one_follows_the_other() {
    let mut all = ratings(2);
    all.intro = Some(Intro::default());
    let mut walk = Walk::start(&all, 0);
    assert_eq!((walk.at, walk.progress(&all)), (Place::Intro, None));
    walk.begin(&all);
    assert_eq!(walk.progress(&all), Some(Progress::Step(1, 2)));
    assert_eq!(step(&mut walk, &all, 4), Place::Question(1));
    assert!(is_last(&all, 1) && !is_last(&all, 0));
    assert_eq!(step(&mut walk, &all, 4), Place::Ending(0));
    assert!(walk.complete() && walk.answered());
    assert_eq!(walk.progress(&all), None);
}

#[test]
fn the_first_rule_that_holds_wins() {
    let mut all = ratings(4);
    all.questions[0].rules = vec![
        rule(Test::Between(1, 2), to("q3")),
        rule(Test::Bucket(Bucket::Low), to("q2")),
        rule(Test::Between(4, 5), end("sorry")),
        rule(Test::Skipped, end("thanks")),
    ];
    let first = |value| {
        let mut walk = Walk::start(&all, 0);
        walk.answer(&all, "?", value).unwrap();
        walk.at
    };
    assert_eq!(first(AnswerValue::Rating(2)), Place::Question(3));
    assert_eq!(first(AnswerValue::Rating(3)), Place::Question(1));
    assert_eq!(first(AnswerValue::Rating(5)), Place::Ending(1));
    assert_eq!(first(AnswerValue::Skipped), Place::Ending(0));
    let share = Walk::start(&all, 0).progress(&all);
    assert_eq!(share, Some(Progress::Share(0)));
}

#[test]
fn options_are_told_apart_by_id_and_other_questions_can_be_asked() {
    let mut all = ratings(3);
    all.questions[0].kind = QuestionKind::SingleChoice(options(3));
    all.questions[1].rules = vec![Rule {
        of: Some("q0".to_owned()),
        when: Test::AnyOf(vec!["o1".to_owned()]),
        go: end("sorry"),
    }];
    for (id, expected) in [("o0", Place::Question(2)), ("o1", Place::Ending(1))] {
        let mut walk = Walk::start(&all, 0);
        walk.answer(&all, "?", pick(id)).unwrap();
        assert_eq!(step(&mut walk, &all, 1), expected, "{id}");
    }
}

#[test]
fn targets_that_do_not_exist_are_the_next_question() {
    let mut all = ratings(2);
    all.questions[0].otherwise = to("gone");
    all.questions[1].otherwise = end("gone");
    let mut walk = Walk::start(&all, 0);
    assert_eq!(step(&mut walk, &all, 1), Place::Question(1));
    assert_eq!(step(&mut walk, &all, 1), Place::Ending(0));
}

#[test]
fn what_is_required_is_neither_skipped_nor_left_wrong() {
    let mut all = ratings(1);
    all.questions[0].required = true;
    let mut walk = Walk::start(&all, 0);
    assert_eq!(walk.skip(&all, "?"), Err(Mismatch::Required));
    let six = walk.answer(&all, "?", AnswerValue::Rating(6));
    assert_eq!(six, Err(Mismatch::Range));
    assert_eq!(walk.at, Place::Question(0));
    assert!(walk.answers(&all).is_empty());
}

#[test]
fn another_way_leaves_answers_off_the_path_and_going_back_does_not() {
    let mut all = ratings(3);
    all.questions[0].rules = vec![rule(Test::Between(5, 5), to("q2"))];
    let mut walk = Walk::start(&all, 0);
    step(&mut walk, &all, 1);
    step(&mut walk, &all, 2);
    let off = |walk: &Walk| -> Vec<bool> {
        walk.answers(&all)
            .iter()
            .map(|answer| answer.off_path)
            .collect()
    };
    assert!(walk.back() && walk.back() && !walk.can_go_back());
    assert_eq!(off(&walk), [false, false]);
    assert!(!walk.back());
    assert_eq!(step(&mut walk, &all, 5), Place::Question(2));
    assert_eq!(off(&walk), [false, true]);
    walk.back();
    step(&mut walk, &all, 3);
    assert_eq!(off(&walk), [false, false]);
}

#[test]
fn all_at_once_goes_to_an_ending() {
    let mut all = ratings(2);
    all.questions[0].rules = vec![rule(Test::Answered, to("q0"))];
    all.questions[1].required = true;
    all.questions[1].rules = vec![rule(Test::Between(1, 2), end("sorry"))];
    let mut walk = Walk::start(&all, 0);
    let values = |second| {
        let said = |value| (String::new(), value);
        vec![said(AnswerValue::Rating(1)), said(second)]
    };
    let refused = walk.answer_all(&all, values(AnswerValue::Skipped));
    assert_eq!(refused, Err((1, Mismatch::Required)));
    walk.answer_all(&all, values(AnswerValue::Rating(2)))
        .unwrap();
    assert_eq!(walk.at, Place::Ending(1));
    assert!(walk.answers(&all).iter().all(|answer| !answer.off_path));
    walk.reopen();
    assert_eq!(walk.at, Place::Question(0));
    assert_eq!(walk.given(1), Some(&AnswerValue::Rating(2)));
}

#[test]
fn another_page_goes_on_where_this_one_was() {
    let all = ratings(3);
    let mut walk = Walk::start(&all, 7);
    step(&mut walk, &all, 1);
    let bytes = postcard::to_allocvec(&walk).unwrap();
    let again: Walk = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(again, walk);
    assert!(again.fits(&all));
    assert!(!again.fits(&ratings(1)));
    assert!(!again.fits(&content(vec![])));
}

#[test]
fn tests_that_do_not_fit_never_hold() {
    let asked = question("q", QuestionKind::SingleChoice(options(2)));
    let scored = question("q", rating(4));
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let four = AnswerValue::Rating(3);
    assert!(!holds(&Test::NoneOf(ids(&["o0"])), &four, &scored));
    assert!(!holds(&Test::AllOf(vec![]), &four, &scored));
    assert!(!holds(&Test::Between(0, 10), &pick("o0"), &asked));
    assert!(!holds(
        &Test::NoneOf(ids(&["o0"])),
        &AnswerValue::Skipped,
        &asked
    ));
    assert!(holds(&Test::NoneOf(ids(&["o0"])), &pick("o1"), &asked));
    assert!(!holds(
        &Test::AllOf(ids(&["o0", "o1"])),
        &pick("o1"),
        &asked
    ));
    assert!(!holds(&Test::Bucket(Bucket::Middle), &four, &scored));
    assert!(holds(&Test::Bucket(Bucket::High), &four, &scored));
}

#[test]
fn orders_are_kept_and_every_one_occurs() {
    let shuffled = Choice {
        shuffle: true,
        ..options(3)
    };
    let mut seen = std::collections::BTreeMap::new();
    for seed in 0..6000_u32 {
        let walk = Walk::start(&ratings(1), seed);
        let order = walk.order(2, &shuffled);
        assert_eq!(order, walk.order(2, &shuffled));
        *seen.entry(order).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 6);
    assert!(seen.values().all(|n| (850..1150).contains(n)), "{seen:?}");
    assert_eq!(Walk::start(&ratings(1), 1).order(0, &options(3)), [0, 1, 2]);
}

fn any_target() -> impl Strategy<Value = Target> {
    prop_oneof![
        Just(Target::Next),
        (0..8_usize).prop_map(|i| to(&format!("q{i}"))),
        prop_oneof![Just("thanks"), Just("sorry"), Just("gone")].prop_map(end),
    ]
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let when = prop_oneof![
        (0..6_u8, 0..6_u8).prop_map(|(a, b)| Test::Between(a, b)),
        Just(Test::Answered),
        Just(Test::Skipped),
        Just(Test::Bucket(Bucket::High)),
    ];
    let of = proptest::option::of((0..8_usize).prop_map(|i| format!("q{i}")));
    (of, when, any_target()).prop_map(|(of, when, go)| Rule { of, when, go })
}

fn any_content() -> impl Strategy<Value = SurveyContent> {
    let asked = (proptest::collection::vec(any_rule(), 0..4), any_target());
    proptest::collection::vec(asked, 0..6).prop_map(|all| {
        let mut content = ratings(all.len());
        for (question, (rules, otherwise)) in content.questions.iter_mut().zip(all) {
            question.rules = rules;
            question.otherwise = otherwise;
        }
        content
    })
}

proptest! {
    #[test]
    fn every_way_ends(content in any_content(), said in proptest::collection::vec(0..6_u8, 16)) {
        let mut walk = Walk::start(&content, 0);
        let mut steps = 0;
        while !walk.complete() {
            let value = match said[steps % said.len()] {
                0 => AnswerValue::Skipped,
                score => AnswerValue::Rating(score),
            };
            walk.answer(&content, "?", value).unwrap();
            prop_assert!(walk.fits(&content));
            prop_assert!(walk.answers(&content).len() <= content.questions.len());
            steps += 1;
            prop_assert!(steps <= 2 * content.questions.len());
        }
        while walk.back() {
            prop_assert!(walk.fits(&content));
        }
    }
}
