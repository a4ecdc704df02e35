//! Turns a survey as written into what is wrong with it, before anyone sees it.

use protocol::limits::{MAX_TEXT_CHARS, is_slug};
use protocol::survey::{Question, QuestionKind, Survey};

/// One thing that must be put right before a survey may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the question it is about, as written; absent when it is about the whole survey.
    pub question: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The survey's id is not a slug.
    SurveyId,
    /// The survey has no name.
    Name,
    /// The language is empty or has characters that no language tag has.
    Language,
    /// There is no question.
    NoQuestions,
    /// A question's id is not a slug.
    QuestionId,
    /// Two questions have the same id.
    DuplicateQuestion,
    /// A question asks nothing.
    Title,
    /// An end of the scale has no label.
    ScaleLabel,
    /// A text answer could not have a single character, or more than the wire takes.
    TextLimit,
    /// The ending says nothing.
    Thanks,
    /// The sample is larger than all.
    Sample,
    /// No impression is allowed, so that it would never be shown.
    NeverShown,
}

impl Problem {
    /// What is wrong and what would be right, as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SurveyId => "The survey's id must be 1 to 64 of a-z, 0-9, hyphen and underscore.",
            Self::Name => "The survey needs a name.",
            Self::Language => "The language must be a tag such as \"en\" or \"pt-BR\".",
            Self::NoQuestions => "The survey needs at least one question.",
            Self::QuestionId => {
                "The question's id must be 1 to 64 of a-z, 0-9, hyphen and underscore."
            }
            Self::DuplicateQuestion => "Another question has the same id.",
            Self::Title => "The question's title is empty.",
            Self::ScaleLabel => "Both ends of the scale need a label.",
            Self::TextLimit => "A text answer may have 1 to 10,000 characters.",
            Self::Thanks => "The ending needs a title.",
            Self::Sample => "The sample is given in thousandths, from 0 to 1000.",
            Self::NeverShown => "With no impression allowed the survey would never be shown.",
        }
    }
}

/// Everything that is wrong with `survey`, in reading order; empty when it may run.
pub fn check(survey: &Survey) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut whole = |wrong: bool, problem| {
        if wrong {
            found.push(Finding {
                question: None,
                problem,
            });
        }
    };
    whole(!is_slug(&survey.id), Problem::SurveyId);
    whole(is_blank(&survey.name), Problem::Name);
    whole(!is_language_tag(&survey.language), Problem::Language);
    whole(survey.questions.is_empty(), Problem::NoQuestions);
    whole(is_blank(&survey.thanks.title), Problem::Thanks);
    whole(survey.show.sample_permille > 1000, Problem::Sample);
    whole(survey.show.max_impressions == 0, Problem::NeverShown);
    for (index, question) in survey.questions.iter().enumerate() {
        let before = &survey.questions[..index];
        found.extend(problems_of(question, before).map(|problem| Finding {
            question: Some(question.id.clone()),
            problem,
        }));
    }
    found
}

fn problems_of(question: &Question, before: &[Question]) -> impl Iterator<Item = Problem> {
    let kind = match &question.kind {
        QuestionKind::Nps { low, high } => (is_blank(low) || is_blank(high), Problem::ScaleLabel),
        QuestionKind::Text { max_chars } => (
            !(1..=MAX_TEXT_CHARS).contains(&(*max_chars as usize)),
            Problem::TextLimit,
        ),
    };
    [
        (!is_slug(&question.id), Problem::QuestionId),
        (
            before.iter().any(|other| other.id == question.id),
            Problem::DuplicateQuestion,
        ),
        (is_blank(&question.title), Problem::Title),
        kind,
    ]
    .into_iter()
    .filter_map(|(wrong, problem)| wrong.then_some(problem))
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether `tag` has the outer shape of a BCP 47 tag: parts of 1 to 8 letters or digits.
fn is_language_tag(tag: &str) -> bool {
    tag.split('-').all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}
