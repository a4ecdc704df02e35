//! Turns a response into "can be one to this survey", or into where it cannot.

use protocol::item::{Answer, AnswerValue, Response};
use protocol::limits::MAX_ANSWERS;
use protocol::outcome::DiscardReason;
use protocol::survey::Survey;

use super::Refusal;
use super::validate::invalid;

/// Takes the white space around texts away: no reason to lose what stands between.
pub(super) fn trim_texts(response: &mut Response) {
    for answer in &mut response.answers {
        match &mut answer.value {
            AnswerValue::Text(text) => trim(text),
            AnswerValue::Choice(chosen) => chosen.other.iter_mut().for_each(trim),
            _ => {}
        }
    }
}

fn trim(text: &mut String) {
    let trimmed = text.trim();
    if trimmed.len() < text.len() {
        *text = String::from(trimmed);
    }
}

/// Checks everything that is said in a response against the survey in the version that was shown.
pub(super) fn check_response(response: &Response, survey: &Survey) -> Result<(), Refusal> {
    if response.revision == 0 {
        return Err(invalid("p.revision: counts from 1"));
    }
    if response.answers.len() > MAX_ANSWERS {
        return Err(invalid(format!("p.answers: more than {MAX_ANSWERS}")));
    }
    for (index, answer) in response.answers.iter().enumerate() {
        let before = &response.answers[..index];
        if before.iter().any(|other| other.question == answer.question) {
            return Err(invalid_answer(index, "the question was answered before"));
        }
        check_answer(index, answer, survey)?;
    }
    Ok(())
}

fn check_answer(index: usize, answer: &Answer, survey: &Survey) -> Result<(), Refusal> {
    let mut questions = survey.questions.iter();
    let question = questions
        .find(|question| question.id == answer.question)
        .ok_or_else(|| {
            Refusal::new(
                DiscardReason::UnknownQuestion,
                format!("p.answers[{index}].question: the survey has no such question"),
            )
        })?;
    survey::answer::check_answer(question, &answer.value)
        .map_err(|mismatch| invalid_answer(index, mismatch.as_str()))
}

fn invalid_answer(index: usize, message: &str) -> Refusal {
    Refusal::new(
        DiscardReason::InvalidAnswer,
        format!("p.answers[{index}]: {message}"),
    )
}
