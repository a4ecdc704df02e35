//! Turns decisions into commands as JSON text: see [`crate::Command`] for what each of them asks.

use protocol::id::ResponseId;
use survey::rule::Survey;

use crate::command::{DeliveryState, Event, WarnCode};
use crate::json::Json;
use crate::pass::NO_RESPONSE;

impl Json {
    /// The beginning of a command.
    pub(crate) fn command(&mut self, name: &str) {
        self.raw(b"{");
        self.text_at("do", name);
    }

    pub(crate) fn text_at(&mut self, key: &str, text: &str) {
        self.word_at(key, text.as_bytes());
    }

    pub(crate) fn word_at(&mut self, key: &str, text: &[u8]) {
        self.key(key);
        self.text(text);
    }

    pub(crate) fn number_at(&mut self, key: &str, number: u64) {
        self.key(key);
        self.number(number);
    }

    pub(crate) fn flag_at(&mut self, key: &str, flag: bool) {
        self.key(key);
        self.flag(flag);
    }

    /// What is JSON already.
    pub(crate) fn raw_at(&mut self, key: &str, json: &[u8]) {
        self.key(key);
        self.raw(json);
    }

    /// What is between the braces of an object that is JSON already.
    pub(crate) fn inner(&mut self, object: &[u8]) {
        if let [b'{', inner @ .., b'}'] = object
            && !inner.is_empty()
        {
            self.raw(inner);
        }
    }

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

    /// A command without content.
    pub(crate) fn say(&mut self, name: &str) {
        self.command(name);
        self.end(b'}');
    }

    /// A command with one number.
    pub(crate) fn say_number(&mut self, name: &str, key: &str, number: u32) {
        self.command(name);
        self.number_at(key, number.into());
        self.end(b'}');
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

    pub(crate) fn say_save(&mut self, state: &[u8]) {
        self.command("save");
        self.key("state");
        self.base64(state);
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

    pub(crate) fn say_warn(&mut self, code: WarnCode, about: &[u8]) {
        self.command("warn");
        self.word_at("code", code.as_bytes());
        self.word_at("about", about);
        self.end(b'}');
    }
}
