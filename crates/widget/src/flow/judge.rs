//! Turns what is entered into an answer, or into what is said about it.

use protocol::item::{AnswerValue, Chosen, ChosenOption};
use protocol::score::NpsScore;
use protocol::survey::{Choice, NONE, OTHER, Question, QuestionKind, Reaction};
use protocol::text::Phrase;
use survey::answer::Mismatch;

use super::Draft;
use crate::words::Word;

/// Why a question cannot be left yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The position of the question.
    pub question: usize,
    /// What is said.
    pub word: Word,
    /// The number in it.
    pub n: usize,
}

/// The answer that `draft` is to `question`; nothing entered is skipped.
pub fn read(question: &Question<Phrase>, draft: &Draft) -> AnswerValue {
    let text = draft.text.trim();
    if let QuestionKind::Text { .. } = question.kind {
        return if text.is_empty() {
            AnswerValue::Skipped
        } else {
            AnswerValue::Text(text.to_owned())
        };
    }
    if draft.picked == 0 {
        return AnswerValue::Skipped;
    }
    // Less than 64.
    let first = draft.picked.trailing_zeros() as u8;
    match &question.kind {
        QuestionKind::Nps { .. } => {
            NpsScore::try_from(first).map_or(AnswerValue::Skipped, AnswerValue::Nps)
        }
        QuestionKind::Csat { .. } => AnswerValue::Csat(first),
        QuestionKind::Ces { .. } => AnswerValue::Ces(first),
        QuestionKind::Rating { .. } => AnswerValue::Rating(first),
        QuestionKind::SingleChoice(choice) | QuestionKind::MultipleChoice(choice) => {
            AnswerValue::Choice(chosen(choice, draft.picked, text))
        }
        QuestionKind::Consent { .. } => AnswerValue::Consent(true),
        QuestionKind::Text { .. } => AnswerValue::Skipped,
        QuestionKind::Statement { .. } => AnswerValue::Reaction(match first {
            0 => Reaction::Up,
            1 => Reaction::Down,
            _ => Reaction::Heart,
        }),
    }
}

fn chosen(choice: &Choice<Phrase>, picked: u64, text: &str) -> Chosen {
    let own = choice
        .options
        .iter()
        .map(|option| (option.id.as_str(), Some(&option.label)));
    let all = own.chain([(OTHER, choice.other.as_ref()), (NONE, choice.none.as_ref())]);
    let mut options = Vec::new();
    let mut other = None;
    for (bit, (id, label)) in all.enumerate() {
        let Some(label) = label.filter(|_| picked >> bit & 1 == 1) else {
            continue;
        };
        if id == OTHER && !text.is_empty() {
            other = Some(text.to_owned());
        }
        options.push(ChosenOption {
            id: id.to_owned(),
            label: label.text.clone(),
        });
    }
    Chosen { options, other }
}

/// What is said about a mismatch.
pub(super) fn problem(index: usize, question: &Question<Phrase>, mismatch: Mismatch) -> Problem {
    let (min_chars, max_chars) = match &question.kind {
        QuestionKind::Text {
            min_chars,
            max_chars,
            ..
        } => (*min_chars, *max_chars),
        _ => (0, protocol::limits::MAX_OTHER_CHARS as u32),
    };
    let (min, max) = match &question.kind {
        QuestionKind::MultipleChoice(choice) => (choice.min.max(1), choice.max),
        _ => (1, 1),
    };
    let (word, n) = match mismatch {
        Mismatch::OtherText => (Word::NeedOther, 0),
        Mismatch::TooShort => (Word::TooShort, min_chars),
        Mismatch::TooLong => (Word::TooLong, max_chars),
        Mismatch::Email => (Word::Email, 0),
        Mismatch::Url => (Word::Url, 0),
        Mismatch::Number => (Word::Number, 0),
        Mismatch::TooFew => (Word::Few, min.into()),
        Mismatch::TooMany => (Word::Many, max.into()),
        _ => (missing(&question.kind), 0),
    };
    Problem {
        question: index,
        word,
        n: n as usize,
    }
}

const fn missing(kind: &QuestionKind<Phrase>) -> Word {
    match kind {
        QuestionKind::Text { .. } => Word::NeedText,
        QuestionKind::SingleChoice(_) | QuestionKind::MultipleChoice(_) => Word::NeedOption,
        QuestionKind::Consent { .. } => Word::NeedConsent,
        _ => Word::NeedScore,
    }
}
