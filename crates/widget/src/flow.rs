//! Turns a survey's content and what a person entered into the next step: no DOM, no clock.

use protocol::survey::{CONTENT_FORMAT, Question, QuestionKind, SurveyContent};
use survey::flow::{Step, after};

/// Why some bytes cannot be shown as a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// Written for a newer or older widget.
    #[error("{}", self.as_str())]
    Format,
    /// Cut off or damaged.
    #[error("{}", self.as_str())]
    Damaged,
    /// Nothing to ask.
    #[error("{}", self.as_str())]
    Empty,
}

impl ContentError {
    /// What is wrong, for a developer; without the formatting machinery, which costs bytes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Format => "survey content has another format than this widget reads",
            Self::Damaged => "survey content cannot be decoded",
            Self::Empty => "survey content has no question",
        }
    }
}

/// What is entered for the current question and not yet confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The chosen score, 0 to 10.
    pub score: Option<u8>,
    /// The text as typed.
    pub text: String,
}

/// What a confirmed question has for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A score from 0 to 10.
    Nps(u8),
    /// Trimmed text, never empty.
    Text(String),
    /// Passed over by the person.
    Skipped,
}

/// Why a question cannot be left yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A required score is not chosen.
    ScoreMissing,
    /// A required text is empty.
    TextMissing,
    /// The text has this many characters too many.
    TextTooLong(usize),
}

/// Where a person is in a survey.
#[derive(Clone, Debug)]
pub struct Flow {
    content: SurveyContent,
    at: usize,
}

impl Flow {
    /// Starts the survey that `bytes` (`postcard`) hold at its first question.
    ///
    /// # Errors
    /// [`ContentError::Format`] when the first byte names another layout, [`ContentError::Damaged`]
    /// when the rest is not that layout, [`ContentError::Empty`] when no question is in it.
    pub fn start(bytes: &[u8]) -> Result<Self, ContentError> {
        // The format is one plain byte in front, so that it can be read before anything else is.
        if bytes.first() != Some(&CONTENT_FORMAT) {
            return Err(ContentError::Format);
        }
        let content: SurveyContent =
            postcard::from_bytes(bytes).map_err(|_| ContentError::Damaged)?;
        if content.questions.is_empty() {
            return Err(ContentError::Empty);
        }
        Ok(Self { content, at: 0 })
    }

    /// The survey that is shown.
    pub fn content(&self) -> &SurveyContent {
        &self.content
    }

    /// The question to answer now; `None` at the ending.
    pub fn question(&self) -> Option<&Question> {
        self.content.questions.get(self.at)
    }

    /// The number of the current question, from 1, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        (self.at + 1, self.content.questions.len())
    }

    /// Whether the current question is the last one.
    pub fn is_last(&self) -> bool {
        after(&self.content.questions, self.at) == Step::End
    }

    fn go_on(&mut self) {
        self.at = match after(&self.content.questions, self.at) {
            Step::Question(index) => index,
            Step::End => self.content.questions.len(),
        };
    }

    /// Answers the current question with `draft` and goes on; an optional question left empty
    /// counts as skipped. At the ending nothing happens.
    ///
    /// # Errors
    /// A [`Problem`] when the question needs more, or less, than `draft` has; the flow stays.
    pub fn confirm(&mut self, draft: &Draft) -> Result<Option<Answer>, Problem> {
        let Some(question) = self.question() else {
            return Ok(None);
        };
        let answer = judge(question, draft)?;
        self.go_on();
        Ok(Some(answer))
    }

    /// Passes over the current question and goes on; `None`, and stays, when it is required.
    pub fn skip(&mut self) -> Option<Answer> {
        if self.question()?.required {
            return None;
        }
        self.go_on();
        Some(Answer::Skipped)
    }
}

fn judge(question: &Question, draft: &Draft) -> Result<Answer, Problem> {
    let (answer, missing) = match &question.kind {
        QuestionKind::Nps { .. } => (draft.score.map(Answer::Nps), Problem::ScoreMissing),
        QuestionKind::Text { max_chars } => {
            let text = draft.text.trim();
            let over = n_chars(text).saturating_sub(*max_chars as usize);
            if over > 0 {
                return Err(Problem::TextTooLong(over));
            }
            let filled = (!text.is_empty()).then(|| Answer::Text(text.to_owned()));
            (filled, Problem::TextMissing)
        }
    };
    match answer {
        None if question.required => Err(missing),
        None => Ok(Answer::Skipped),
        Some(answer) => Ok(answer),
    }
}

/// How many characters a text still has room for, once that is worth saying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Plenty.
    Plenty,
    /// This many characters are left.
    Left(usize),
    /// This many characters are too many.
    Over(usize),
}

/// Tells what to show beside a text of at most `max_chars`: the room comes up with the last tenth.
pub fn room(text: &str, max_chars: u32) -> Room {
    let max = max_chars as usize;
    let n = n_chars(text.trim());
    if n > max {
        Room::Over(n - max)
    } else if max - n <= max / 10 {
        Room::Left(max - n)
    } else {
        Room::Plenty
    }
}

impl Room {
    /// The step of it that is read out: one sentence on arrival in the last tenth, one at twenty
    /// characters, one past the limit, and silence for each character between them.
    pub fn announced(self, max_chars: u32) -> Self {
        let tenth = max_chars as usize / 10;
        match self {
            Self::Left(n) if n <= 20 => Self::Left(tenth.min(20)),
            Self::Left(_) => Self::Left(tenth),
            Self::Over(_) => Self::Over(1),
            Self::Plenty => Self::Plenty,
        }
    }
}

fn n_chars(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests;
