//! Turns decisions into commands as JSON text: see [`crate::Command`] for what each of them asks.

use crate::command::WarnCode;
use crate::json::Json;

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

    pub(crate) fn say_save(&mut self, state: &[u8]) {
        self.command("save");
        self.key("state");
        self.base64(state);
        self.end(b'}');
    }

    pub(crate) fn say_warn(&mut self, code: WarnCode, about: &[u8]) {
        self.command("warn");
        self.word_at("code", code.as_bytes());
        self.word_at("about", about);
        self.end(b'}');
    }
}
