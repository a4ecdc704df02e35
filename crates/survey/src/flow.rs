//! Turns an answer into what follows it.

use protocol::item::AnswerValue;
use protocol::survey::{Question, QuestionKind};

/// What comes after a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The question at this index.
    Question(usize),
    /// The ending.
    End,
}

/// What follows the question at `index`: the next one in order, or the ending.
pub fn after(questions: &[Question], index: usize) -> Step {
    if index + 1 < questions.len() {
        Step::Question(index + 1)
    } else {
        Step::End
    }
}

/// Why an answer is not a possible answer to its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// The question asks for something else.
    WrongKind,
    /// A required question was skipped.
    Required,
    /// The text is empty, or only white space: that is a skip, not an answer.
    EmptyText,
    /// The text is longer than the question allows.
    TextTooLong,
}

impl Mismatch {
    /// What is wrong, for a developer.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongKind => "the question asks for another kind of answer",
            Self::Required => "the question is required and cannot be skipped",
            Self::EmptyText => "a text answer must not be empty",
            Self::TextTooLong => "the text is longer than the question allows",
        }
    }
}

/// Checks that `value` can answer `question`.
///
/// # Errors
/// [`Mismatch`] says why it cannot.
pub fn check_answer(question: &Question, value: &AnswerValue) -> Result<(), Mismatch> {
    match (&question.kind, value) {
        (_, AnswerValue::Skipped) if question.required => Err(Mismatch::Required),
        (_, AnswerValue::Skipped) | (QuestionKind::Nps { .. }, AnswerValue::Nps(_)) => Ok(()),
        (QuestionKind::Text { max_chars }, AnswerValue::Text(text)) => {
            if text.trim().is_empty() {
                Err(Mismatch::EmptyText)
            } else if text.chars().count() > *max_chars as usize {
                Err(Mismatch::TextTooLong)
            } else {
                Ok(())
            }
        }
        _ => Err(Mismatch::WrongKind),
    }
}
