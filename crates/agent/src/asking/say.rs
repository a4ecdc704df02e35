//! Turns decisions about surveys into commands, and parts of items, as JSON text.

use protocol::id::ResponseId;
use survey::rule::Survey;

use super::pass::NO_RESPONSE;
use crate::command::{DeliveryState, Event, word};
use crate::json::Json;

impl Json {
    pub(crate) fn survey(&mut self, survey: &Survey<'_>) {
        self.key("survey");
        self.raw(b"{");
        self.word_at("id", survey.id);
        self.number_at("version", survey.version.into());
        self.end(b'}');
    }

    pub(crate) fn response(&mut self, response: &ResponseId) {
        self.key("response");
        if *response == NO_RESPONSE {
            self.raw(b"null");
        } else {
            self.id(response.0);
        }
    }

    /// What is between the braces of an object that is JSON already.
    pub(crate) fn inner(&mut self, object: &[u8]) {
        if let [b'{', inner @ .., b'}'] = object
            && !inner.is_empty()
        {
            self.raw(inner);
        }
    }

    pub(crate) fn say_show(&mut self, survey: &Survey<'_>, resume: &[u8], by_person: bool) {
        self.command("show");
        self.survey(survey);
        if resume.is_empty() {
            self.raw_at("resume", b"null");
        } else {
            self.word_at("resume", resume);
        }
        self.flag_at("by_person", by_person);
        self.end(b'}');
    }

    pub(crate) fn say_furnish(&mut self, furniture: &[u8]) {
        self.command("furnish");
        self.raw_at("furniture", furniture);
        self.end(b'}');
    }

    pub(crate) fn say_delivery(&mut self, state: DeliveryState) {
        self.command("delivery");
        self.word_at("state", state.as_bytes());
        self.end(b'}');
    }

    pub(crate) fn say_emit(
        &mut self,
        event: Event,
        survey: Option<&Survey<'_>>,
        response: &ResponseId,
    ) {
        self.command("emit");
        self.word_at("event", event.as_bytes());
        match survey {
            Some(survey) => self.survey(survey),
            None => self.raw_at("survey", b"null"),
        }
        self.response(response);
        self.end(b'}');
    }
}

impl DeliveryState {
    fn as_bytes(self) -> &'static [u8] {
        word("sending waiting stored refused ", self as usize)
    }
}

impl Event {
    fn as_bytes(self) -> &'static [u8] {
        word(
            "ready eligible shown answered submitted dismissed snoozed ",
            self as usize,
        )
    }
}
