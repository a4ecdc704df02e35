//! Turns a survey's content and what a person entered into the next screen: no DOM, no clock.

mod bytes;
mod content;
mod judge;
mod kept;
mod room;

use std::rc::Rc;

use protocol::item::{Answer, AnswerValue};
use protocol::survey::{CONTENT_FORMAT, Question, SurveyContent};
use protocol::text::Phrase;
use survey::answer::check_answer;
use survey::pipe;
use survey::walk::{Place, Walk};

use kept::Kept;

pub use judge::{Problem, read};
pub use room::{Room, room};

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
    /// In another language has to be the same survey in the same version.
    #[error("{}", self.as_str())]
    Other,
}

impl ContentError {
    /// What is wrong, for a developer; without the formatting machinery, which costs bytes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Format => "survey content has another format than this widget reads",
            Self::Damaged => "survey content cannot be decoded",
            Self::Empty => "survey content has no question",
            Self::Other => "survey content is not the survey that is shown",
        }
    }
}

/// What is entered for a question, confirmed or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// A bit for each score, option (then "other", then "none"), ticked box or reaction.
    pub picked: u64,
    /// The text as typed: the answer, or what is written beside "other".
    pub text: String,
}

/// What is on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// What comes before the first question.
    Intro,
    /// The question with this position.
    Question(usize),
    /// All questions at once.
    Together,
    /// The ending with this position.
    Ending(usize),
}

/// Where a person is in a survey, and what they entered.
#[derive(Clone, Debug)]
pub struct Flow {
    content: Rc<SurveyContent>,
    kept: Kept,
}

/// Reads the `postcard` bytes of a survey's content.
///
/// # Errors
/// [`ContentError::Format`] when the first byte names another layout, [`ContentError::Damaged`]
/// when the rest is not that layout, [`ContentError::Empty`] when no question is in it.
pub fn decode(bytes: &[u8]) -> Result<SurveyContent, ContentError> {
    // The format is one plain byte in front, so that it can be read before anything else is.
    if bytes.first() != Some(&CONTENT_FORMAT) {
        return Err(ContentError::Format);
    }
    let content = content::content(bytes).ok_or(ContentError::Damaged)?;
    if content.questions.is_empty() {
        return Err(ContentError::Empty);
    }
    Ok(content)
}

impl Flow {
    /// Starts a survey, or goes on where `bytes` were kept; what does not fit is a fresh start.
    pub fn start(content: SurveyContent, bytes: &[u8], seed: u32) -> Self {
        let n = content.questions.len();
        let fits = |kept: &Kept| {
            kept.walk.fits(&content) && !kept.walk.complete() && kept.drafts.len() == n
        };
        let mut kept = kept::read(bytes).filter(fits).unwrap_or_else(|| Kept {
            walk: Walk::start(&content, seed),
            drafts: vec![Draft::default(); n],
            agreed: false,
        });
        if content.look.together {
            // The intro stands above the questions.
            kept.walk.begin(&content);
        }
        Self {
            content: Rc::new(content),
            kept,
        }
    }

    /// What another page needs to go on here.
    pub fn kept(&self) -> Vec<u8> {
        kept::write(&self.kept)
    }

    /// Whether the person agreed to attach what the browser knows.
    pub const fn agreed(&self) -> bool {
        self.kept.agreed
    }

    /// Notes whether the person agrees to attach what the browser knows.
    pub const fn agree(&mut self, agreed: bool) {
        self.kept.agreed = agreed;
    }

    /// Goes on in the words of `content`: the same survey in another language.
    ///
    /// # Errors
    /// [`ContentError::Other`] when it is another survey; the flow is as before.
    pub fn translate(&mut self, content: SurveyContent) -> Result<(), ContentError> {
        if content.survey != self.content.survey || !self.kept.walk.fits(&content) {
            return Err(ContentError::Other);
        }
        self.content = Rc::new(content);
        Ok(())
    }

    /// The survey that is shown.
    pub const fn content(&self) -> &Rc<SurveyContent> {
        &self.content
    }

    /// The way so far.
    pub const fn walk(&self) -> &Walk {
        &self.kept.walk
    }

    /// What is on the screen.
    pub fn screen(&self) -> Screen {
        match self.kept.walk.at {
            Place::Intro => Screen::Intro,
            Place::Question(_) if self.content.look.together => Screen::Together,
            Place::Question(question) => Screen::Question(question.into()),
            Place::Ending(ending) => Screen::Ending(ending.into()),
        }
    }

    /// The question with this position, if there is one.
    pub fn question(&self, question: usize) -> Option<&Question<Phrase>> {
        self.content.questions.get(question)
    }

    /// What is entered for the question with this position.
    pub fn draft(&self, question: usize) -> Option<&Draft> {
        self.kept.drafts.get(question)
    }

    /// Changes what is entered for the question with this position.
    pub fn enter(&mut self, question: usize, change: impl FnOnce(&mut Draft)) {
        if let Some(draft) = self.kept.drafts.get_mut(question) {
            change(draft);
        }
    }

    /// A text of the survey with earlier answers in it.
    pub fn piped(&self, text: &str) -> String {
        pipe::fill(text, &self.answers())
    }

    /// Every answer so far, in the order of the questions.
    pub fn answers(&self) -> Vec<Answer> {
        self.kept.walk.answers(&self.content)
    }

    /// Leaves the intro.
    pub fn begin(&mut self) {
        self.kept.walk.begin(&self.content);
    }

    /// Goes back to the question before.
    pub fn back(&mut self) -> bool {
        self.kept.walk.back()
    }

    /// Goes back from the ending to the form, for another try.
    pub fn reopen(&mut self) {
        if self.content.look.together {
            self.kept.walk.reopen();
        } else {
            self.kept.walk.back();
        }
    }

    /// Confirms what is on the screen with what is entered, and goes on; an optional question left
    /// empty counts as skipped. `Some` is the answer to the one question that was on the screen.
    ///
    /// # Errors
    /// What each question needs; the flow stays.
    pub fn confirm(&mut self) -> Result<Option<Answer>, Vec<Problem>> {
        match self.screen() {
            Screen::Question(here) => {
                let value = self.judge(here).map_err(|problem| vec![problem])?;
                self.put(here, value)
            }
            Screen::Together => self.confirm_all().map(|()| None),
            Screen::Intro | Screen::Ending(_) => Ok(None),
        }
    }

    /// Passes over the question on the screen and goes on; `None`, and stays, when it is required.
    pub fn skip(&mut self) -> Option<Answer> {
        let Screen::Question(here) = self.screen() else {
            return None;
        };
        // What was entered is taken back with it.
        let answer = self.put(here, AnswerValue::Skipped).ok().flatten();
        if answer.is_some() {
            self.enter(here, |draft| *draft = Draft::default());
        }
        answer
    }

    fn put(&mut self, here: usize, value: AnswerValue) -> Result<Option<Answer>, Vec<Problem>> {
        let Some(asked) = self.content.questions.get(here) else {
            return Ok(None);
        };
        let answer = Answer {
            question: asked.id.clone(),
            prompt: self.piped(&asked.title.text),
            value: value.clone(),
            off_path: false,
        };
        self.kept
            .walk
            .answer(&self.content, &answer.prompt, value)
            .map_err(|mismatch| vec![judge::problem(here, asked, mismatch)])?;
        Ok(Some(answer))
    }

    fn confirm_all(&mut self) -> Result<(), Vec<Problem>> {
        let mut values = Vec::new();
        let mut problems = Vec::new();
        for (here, asked) in self.content.questions.iter().enumerate() {
            match self.judge(here) {
                Ok(value) => values.push((self.piped(&asked.title.text), value)),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        // Each was checked just now.
        let _ = self.kept.walk.answer_all(&self.content, values);
        Ok(())
    }

    fn judge(&self, here: usize) -> Result<AnswerValue, Problem> {
        let (Some(asked), Some(draft)) = (self.question(here), self.draft(here)) else {
            return Ok(AnswerValue::Skipped);
        };
        let value = read(asked, draft);
        check_answer(asked, &value).map_err(|mismatch| judge::problem(here, asked, mismatch))?;
        Ok(value)
    }
}

#[cfg(test)]
mod tests;
