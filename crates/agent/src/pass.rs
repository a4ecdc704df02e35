//! Turns what a person does with one open survey into revisions of one response.

use protocol::id::ResponseId;
use protocol::item::{Answer, AnswerValue, PageContext, Response, SurveyRef};

use crate::command::DeliveryState;
use crate::time::Entropy;
use crate::turn::Turn;

/// One person's pass through one survey, from the decision to show it until it is closed.
#[derive(Debug)]
pub(crate) struct Pass {
    pub(crate) survey: SurveyRef,
    /// The page asked for it, so the page's URL does not close it.
    pub(crate) explicit: bool,
    /// Whether the widget said that it can be seen.
    pub(crate) visible: bool,
    pub(crate) response: Option<ResponseId>,
    pub(crate) complete: bool,
    /// What the widget was last told.
    pub(crate) told: Option<DeliveryState>,
    revision: u32,
    answers: Vec<Answer>,
}

impl Pass {
    pub(crate) const fn new(survey: SurveyRef, explicit: bool) -> Self {
        Self {
            survey,
            explicit,
            visible: false,
            response: None,
            complete: false,
            told: None,
            revision: 0,
            answers: Vec::new(),
        }
    }

    /// Takes in an answer; a second one to the same question replaces the first.
    pub(crate) fn answer(&mut self, answer: Answer) {
        // With each answer the widget itself goes back to "sending": whatever holds is said anew.
        self.told = None;
        let same = |it: &&mut Answer| it.question == answer.question;
        match self.answers.iter_mut().find(same) {
            Some(earlier) => *earlier = answer,
            None => self.answers.push(answer),
        }
    }

    /// Whether any question was answered rather than skipped.
    pub(crate) fn has_answer(&self) -> bool {
        let given = |answer: &Answer| answer.value != AnswerValue::Skipped;
        self.answers.iter().any(given)
    }

    /// The next revision: everything answered so far.
    pub(crate) fn revise(&mut self, page: &PageContext, turn: &mut Turn<impl Entropy>) -> Response {
        let new = || ResponseId::new(turn.now.wall_ms, &turn.entropy.ten());
        self.revision += 1;
        Response {
            survey: self.survey.clone(),
            response: *self.response.get_or_insert_with(new),
            revision: self.revision,
            complete: self.complete,
            answers: self.answers.clone(),
            page: page.clone(),
        }
    }
}
