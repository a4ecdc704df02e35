//! Turns what a person does in the open survey into items, memory and events.

use protocol::item::{Answer, AnswerValue, DismissReason, Dismissal};
use protocol::score::NpsScore;

use super::Agent;
use crate::command::{Body, Command, Event};
use crate::time::{Entropy, Now};

impl<E: Entropy> Agent<E> {
    /// A question was answered with a score; one that is not from 0 to 10 is no answer.
    pub fn answered_nps(
        &mut self,
        question: &str,
        prompt: &str,
        score: u8,
        now: Now,
    ) -> Vec<Command> {
        self.begin(now);
        if let Ok(score) = NpsScore::try_from(score) {
            self.answer(question, prompt, AnswerValue::Nps(score));
        }
        self.finish()
    }

    /// A question was answered with text; nothing but white space passes over it on purpose.
    pub fn answered_text(
        &mut self,
        question: &str,
        prompt: &str,
        text: &str,
        now: Now,
    ) -> Vec<Command> {
        self.begin(now);
        // The facade has removed white space beyond ASCII: the tables for it are not small.
        let value = match text.trim_ascii() {
            "" => AnswerValue::Skipped,
            text => AnswerValue::Text(text.to_owned()),
        };
        self.answer(question, prompt, value);
        self.finish()
    }

    /// The ending was reached.
    pub fn completed(&mut self, now: Now) -> Vec<Command> {
        self.begin(now);
        if let Some(pass) = self.pass.as_mut().filter(|pass| !pass.complete) {
            pass.complete = true;
            self.revise(Event::Completed, None);
        }
        self.finish()
    }

    /// The open survey was closed. Before its ending that is a dismissal.
    pub fn closed(&mut self, by: DismissReason, now: Now) -> Vec<Command> {
        self.begin(now);
        // Also what was asked for before there was a config to open it by.
        self.wanted = None;
        self.dismiss(by);
        if self.pass.take().is_some() {
            self.rests = true;
            self.turn.say(Command::Hide);
        }
        self.finish()
    }

    fn dismiss(&mut self, reason: DismissReason) {
        let unfinished = self.pass.as_ref();
        let Some(pass) = unfinished.filter(|pass| pass.visible && !pass.complete) else {
            return;
        };
        let dismissal = Dismissal {
            survey: pass.survey.clone(),
            response: pass.response,
            reason,
            page: self.page.clone(),
        };
        // What the page closes is not held against the person's next chance.
        if reason == DismissReason::Person {
            self.memory.dismissed(&dismissal.survey.id, self.turn.now);
        }
        self.emit(Event::Dismissed, None);
        let body = Body::Dismissal(dismissal);
        self.transport.push(body, &mut self.turn);
    }

    fn answer(&mut self, question: &str, prompt: &str, value: AnswerValue) {
        if let Some(pass) = &mut self.pass {
            let answer = Answer {
                question: question.to_owned(),
                prompt: prompt.to_owned(),
                value,
            };
            pass.answer(answer.clone());
            self.revise(Event::Answered, Some(answer));
        }
    }

    /// Hands the next revision of the open response to the transport.
    fn revise(&mut self, event: Event, answer: Option<Answer>) {
        let Some(pass) = &mut self.pass else { return };
        let response = pass.revise(&self.page, &mut self.turn);
        if pass.has_answer() || pass.complete {
            self.memory.answered(&response.survey.id, self.turn.now);
        }
        self.emit(event, answer);
        let body = Body::Response(response);
        self.transport.push(body, &mut self.turn);
    }
}
