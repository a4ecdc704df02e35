//! Turns the config, or its absence, into rules and the time of the next attempt.

use protocol::config::{CONFIG_FORMAT, DisplayRule, SurveyRule};
use protocol::item::SurveyRef;

use super::Agent;
use crate::backoff::{TOLD_MAX_MS, probe_ms, wait_ms};
use crate::bytes::Reader;
use crate::command::{Command, WarnCode};
use crate::reply::{Verdict, verdict};
use crate::time::{Entropy, Now};

impl<E: Entropy> Agent<E> {
    /// The config arrived: the bytes of `GET /v1/config`.
    pub fn configure(&mut self, config: &[u8], now: Now) -> Vec<Command> {
        self.turn.now = now;
        let rules = decode(config);
        if rules.is_none() {
            self.turn.warn(WarnCode::ConfigUnreadable, "");
        }
        self.rules = rules.unwrap_or_default();
        self.configured = true;
        self.fetch_at = u64::MAX;
        self.fetch_failures = 0;
        self.finish()
    }

    /// The config did not arrive. `status` is 0 without an answer, `retry_after_ms` 0 without the
    /// header, `code` empty without a stable code.
    pub fn config_failed(
        &mut self,
        status: u16,
        retry_after_ms: u32,
        code: &str,
        now: Now,
    ) -> Vec<Command> {
        self.turn.now = now;
        self.fetch_failures = self.fetch_failures.saturating_add(1);
        let jitter = wait_ms(self.fetch_failures, false, &mut self.turn.entropy);
        let wait = match verdict(status) {
            Verdict::Stop | Verdict::Halve(_) => {
                self.refused(code);
                probe_ms(&mut self.turn.entropy)
            }
            Verdict::Wait => jitter.max(retry_after_ms.min(TOLD_MAX_MS)),
            Verdict::Decided | Verdict::Again => jitter,
        };
        self.fetch_at = self.turn.after(wait);
        self.finish()
    }
}

/// The rules in a config, if it is of the layout that this version knows.
fn decode(config: &[u8]) -> Option<Vec<SurveyRule>> {
    let mut from = Reader::new(config);
    if from.byte() != CONFIG_FORMAT {
        return None;
    }
    let mut rules = Vec::new();
    let mut left = from.number();
    while left > 0 && from.is_ok() {
        rules.push(decode_rule(&mut from));
        left -= 1;
    }
    from.is_ok().then_some(rules)
}

/// One rule: the fields of [`SurveyRule`] and [`DisplayRule`] in the order of their declaration. The
/// collector writes them from these types, so every number fits.
fn decode_rule(from: &mut Reader<'_>) -> SurveyRule {
    let survey = SurveyRef {
        id: from.text().to_owned(),
        version: from.number() as u32,
    };
    let priority = from.number();
    let mut show = DisplayRule {
        // Signed numbers alternate: 0, -1, 1, -2, …
        priority: (priority >> 1) as i32 ^ -((priority & 1) as i32),
        sample_permille: from.number() as u16,
        ..DisplayRule::default()
    };
    let mut left = from.number();
    while left > 0 && from.is_ok() {
        show.url_contains.push(from.text().to_owned());
        left -= 1;
    }
    show.delay_ms = from.number() as u32;
    show.max_impressions = from.number() as u16;
    show.again_after_answer_days = from.maybe().map(|days| days as u16);
    show.again_after_dismissal_days = from.maybe().map(|days| days as u16);
    SurveyRule { survey, show }
}
