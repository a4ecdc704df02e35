//! Turns a sound survey into broken ones, one break at a time.

use protocol::config::DisplayRule;
use protocol::survey::{QuestionKind, Survey, Thanks};
use survey::publish::{Problem, check as findings};

use crate::{nps, question};

fn sound() -> Survey {
    Survey {
        id: "nps".to_owned(),
        name: "Product NPS".to_owned(),
        language: "en".to_owned(),
        questions: vec![
            question("score", true, nps()),
            question("reason", false, QuestionKind::Text { max_chars: 2000 }),
        ],
        thanks: Thanks {
            title: "Thank you".to_owned(),
            text: None,
        },
        mark: true,
        show: DisplayRule::default(),
    }
}

/// Breaking a sound survey with `breaking` gives exactly this one finding.
#[track_caller]
fn check(breaking: impl FnOnce(&mut Survey), question: Option<&str>, problem: Problem) {
    let mut survey = sound();
    breaking(&mut survey);
    let found: Vec<_> = findings(&survey)
        .into_iter()
        .map(|finding| (finding.question, finding.problem))
        .collect();
    assert_eq!(found, [(question.map(str::to_owned), problem)]);
    assert!(problem.sentence().ends_with('.'));
}

#[test]
fn a_sound_survey_may_run() {
    assert_eq!(findings(&sound()), []);
}

#[test]
fn each_break_is_found_where_it_is() {
    check(|s| s.id = "Product NPS".to_owned(), None, Problem::SurveyId);
    check(|s| s.name = " ".to_owned(), None, Problem::Name);
    check(|s| s.language = String::new(), None, Problem::Language);
    check(|s| s.language = "en_US".to_owned(), None, Problem::Language);
    check(|s| s.questions.clear(), None, Problem::NoQuestions);
    check(|s| s.thanks.title.clear(), None, Problem::Thanks);
    check(|s| s.show.sample_permille = 1001, None, Problem::Sample);
    check(|s| s.show.max_impressions = 0, None, Problem::NeverShown);
    check(
        |s| s.questions[1].id = "score".to_owned(),
        Some("score"),
        Problem::DuplicateQuestion,
    );
    check(
        |s| s.questions[1].id = "a b".to_owned(),
        Some("a b"),
        Problem::QuestionId,
    );
    check(
        |s| s.questions[1].title.clear(),
        Some("reason"),
        Problem::Title,
    );
    check(
        |s| s.questions[1].kind = QuestionKind::Text { max_chars: 10_001 },
        Some("reason"),
        Problem::TextLimit,
    );
    check(
        |s| {
            s.questions[0].kind = QuestionKind::Nps {
                low: String::new(),
                high: "Very".to_owned(),
            };
        },
        Some("score"),
        Problem::ScaleLabel,
    );
}
