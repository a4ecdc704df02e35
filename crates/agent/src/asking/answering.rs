//! Turns what a person does in the open survey into items, memory and events.

use protocol::config::Outcome;
use protocol::id::ResponseId;

use super::begun::Begun;
use super::items::{NO_REVISION, Revision};
use super::pass::{NO_RESPONSE, Pass, Stage};
use crate::agent::Agent;
use crate::command::{DeliveryState, Event, word};
use crate::json::Json;
use crate::kind::Kind;
use crate::time::Entropy;
use crate::turn::keep;

/// Flags of `answered`.
const ANSWERED: u32 = 1;
const COMPLETE: u32 = 2;

/// Who closed it: names on the wire, in the order in which the facade counts them.
const REASONS: &str = "person page snoozed ";
const BY_PAGE: u32 = 1;
const SNOOZED: u32 = 2;

impl<E: Entropy> Agent<E> {
    /// The person took a step. `answers` are all so far, as JSON; `resume` is what another page
    /// needs to go on; `extras` goes along, as a JSON object or empty.
    pub(super) fn answered(&mut self, flags: u32, answers: &[u8], resume: &[u8], extras: &[u8]) {
        self.touch();
        let now = self.turn.now;
        let Some(pass) = &mut self.asking.pass else {
            return;
        };
        keep(&mut pass.resume, resume);
        pass.answered |= flags & ANSWERED != 0;
        let submits = flags & COMPLETE != 0 && !pass.complete;
        pass.complete |= submits;
        let answers_more = answers != pass.answers;
        // What was refused may be sent once more as it is.
        let insists = flags & COMPLETE != 0 && pass.told == Some(DeliveryState::Refused);
        let is_news = submits || insists || answers_more || extras != pass.extras;
        if is_news {
            keep(&mut pass.answers, answers);
            keep(&mut pass.extras, extras);
            pass.revision += 1;
            // With each answer the widget itself goes back to "sending": what else holds is said anew.
            pass.told = pass.told.filter(|told| *told == DeliveryState::Sending);
            if pass.response == NO_RESPONSE {
                pass.response = ResponseId::new(now.wall_ms, &self.turn.entropy.ten());
            }
        }
        let outcome = match (pass.complete, pass.answered) {
            (true, _) => Some(Outcome::Completed),
            (false, true) => Some(Outcome::Partial),
            (false, false) => None,
        };
        if let Some(outcome) = outcome.filter(|_| is_news) {
            let ledger = &mut self.memory.ledger;
            ledger.note(pass.survey.id, pass.class, outcome, now.wall_ms);
        }
        self.keep_begun();
        if answers_more {
            self.emit(Event::Answered);
        }
        if submits {
            self.emit(Event::Submitted);
        }
        if is_news {
            self.send_response();
        }
    }

    /// Notes whether the open survey can go on after another page load.
    fn keep_begun(&mut self) {
        let Some(pass) = &self.asking.pass else {
            return;
        };
        let may_go_on = pass.answered && !pass.complete;
        let begun = may_go_on.then(|| Begun {
            survey: pass.survey,
            session: self.memory.session,
            response: pass.response,
            revision: pass.revision,
            explicit: pass.explicit,
            resume: &pass.resume,
        });
        if begun.is_some() || pass.complete {
            self.memory.begin(begun, self.turn.now);
        }
    }

    /// Hands the next revision of the open response to the transport.
    fn send_response(&mut self) {
        let Some(pass) = &self.asking.pass else {
            return;
        };
        let mut body = self.body(pass);
        body.response(&pass.response);
        body.number_at("revision", pass.revision.into());
        body.flag_at("complete", pass.complete);
        body.raw_at("answers", &pass.answers);
        self.asking.place.write_person(&mut body);
        body.inner(&pass.extras);
        self.meter.waited.write(self.turn.now, &mut body);
        let revision = Revision(pass.response, pass.revision);
        self.send(Kind::Response, revision, body);
    }

    /// The widget can be seen.
    pub(super) fn painted(&mut self) {
        self.touch();
        let Some(pass) = &mut self.asking.pass else {
            return;
        };
        if pass.stage != Stage::Open || core::mem::replace(&mut pass.visible, true) {
            return;
        }
        let is_first = !core::mem::replace(&mut pass.impressed, true);
        self.emit(Event::Shown);
        if let Some(pass) = self.asking.pass.as_ref().filter(|_| is_first) {
            let body = self.body(pass);
            self.send(Kind::Impression, NO_REVISION, body);
        }
    }

    /// The open survey was closed. Before its ending that is a dismissal, or a wish for later.
    pub(super) fn closed(&mut self, reason: u32) {
        self.touch();
        // Also what was asked for before there was a config to open it by.
        self.asking.wanted = None;
        let Some(pass) = &self.asking.pass else {
            return;
        };
        if pass.stage == Stage::Open && pass.visible && !pass.complete {
            let mut body = self.body(pass);
            body.response(&pass.response);
            let reason = reason.min(SNOOZED);
            body.word_at("reason", word(REASONS, reason as usize));
            let (event, outcome) = if reason == SNOOZED {
                (Event::Snoozed, Outcome::Snoozed)
            } else {
                (Event::Dismissed, Outcome::Dismissed)
            };
            // What the page closes is not held against the person's next chance.
            if reason != BY_PAGE {
                let now = self.turn.now;
                // Closed after an answer it was answered in part, which is known already.
                if reason == SNOOZED || !pass.answered {
                    let ledger = &mut self.memory.ledger;
                    ledger.note(pass.survey.id, pass.class, outcome, now.wall_ms);
                }
                if pass.answered {
                    self.memory.begin(None, now);
                }
            }
            self.emit(event);
            self.send(Kind::Dismissal, NO_REVISION, body);
        }
        self.put_away();
    }

    /// The beginning of the body of an item about `pass`.
    fn body(&self, pass: &Pass) -> Json {
        let mut body = Json::default();
        body.raw(b"{");
        body.survey(&pass.survey);
        body.raw_at("page", &self.asking.place.context);
        body
    }

    fn send(&mut self, kind: Kind, revision: Revision, mut body: Json) {
        body.end(b'}');
        let turn = &mut self.turn;
        self.transport.push(kind, revision, body.0, turn);
    }
}
