//! Turns the config, or its absence, into rules and the time of the next attempt.

use protocol::config::{
    CONFIG_FORMAT, Condition, Fact, Match, Op, Outcome, Quiet, Scope, SurveyRule, Trigger,
};
use protocol::item::SurveyRef;

use super::Agent;
use crate::backoff::{TOLD_MAX_MS, probe_ms, wait_ms};
use crate::bytes::Reader;
use crate::candidate::Candidate;
use crate::command::{Event, WarnCode};
use crate::memory::CLASSES;
use crate::reply::{Verdict, verdict};
use crate::time::Entropy;

impl<E: Entropy> Agent<E> {
    /// The config arrived: the bytes of `GET /v1/config`.
    pub(super) fn configure(&mut self, config: &[u8]) {
        self.fetch_at = u64::MAX;
        self.fetch_failures = 0;
        let (candidates, furniture) = decode(config).unwrap_or_else(|| {
            self.turn.out.say_warn(WarnCode::ConfigUnreadable, b"");
            (Vec::new(), "")
        });
        self.candidates = candidates;
        for (event, properties, at_ms) in core::mem::take(&mut self.early) {
            self.count(&event, &properties, at_ms);
        }
        if !furniture.is_empty() {
            self.turn.out.say_furnish(furniture);
        }
        if !core::mem::replace(&mut self.configured, true) {
            self.turn.out.say_emit(Event::Ready, None, None);
        }
    }

    /// The config did not arrive. `status` is 0 without an answer, `retry_after_ms` 0 without the
    /// header, `code` empty without a stable code.
    pub(super) fn config_failed(&mut self, status: u16, retry_after_ms: u32, code: &str) {
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
    }
}

/// The rules in a config and its furniture, if it is of the layout that this version knows.
fn decode(config: &[u8]) -> Option<(Vec<Candidate>, &str)> {
    let mut from = Reader::new(config);
    if from.byte() != CONFIG_FORMAT {
        return None;
    }
    let candidates = from.list(|from| Candidate::new(rule(from)));
    let furniture = from.text();
    from.is_ok().then_some((candidates, furniture))
}

/// One rule: its fields in the order of their declaration. The collector writes them from the same
/// types, so every number fits.
fn rule(from: &mut Reader<'_>) -> SurveyRule {
    SurveyRule {
        survey: SurveyRef {
            id: from.owned(),
            version: from.number() as u32,
        },
        class: from.one_of(&CLASSES),
        priority: {
            // Signed numbers alternate: 0, -1, 1, -2, …
            let priority = from.number();
            (priority >> 1) as i32 ^ -((priority & 1) as i32)
        },
        sample_permille: from.number() as u16,
        from_ms: from.number(),
        until_ms: from.number(),
        conditions: from.list(condition),
        triggers: from.list(trigger),
        cancels: from.list(trigger),
        delay_ms: from.number() as u32,
        max_impressions: from.number() as u16,
        waits: from.list(quiet),
        inline: from.flag(),
    }
}

fn condition(from: &mut Reader<'_>) -> Condition {
    Condition {
        fact: from.one_of(&[
            Fact::Url,
            Fact::Device,
            Fact::Language,
            Fact::Trait,
            Fact::Property,
            Fact::Pages,
            Fact::Dwell,
            Fact::Element,
        ]),
        key: from.owned(),
        any: from.list(|from| Match {
            op: from.one_of(&[
                Op::Is,
                Op::Contains,
                Op::Glob,
                Op::Within,
                Op::AtLeast,
                Op::Below,
                Op::Present,
                Op::Probe,
            ]),
            value: from.owned(),
        }),
        negated: from.flag(),
    }
}

fn trigger(from: &mut Reader<'_>) -> Trigger {
    Trigger {
        event: from.owned(),
        filters: from.list(condition),
        times: from.number() as u16,
        within_ms: from.number() as u32,
    }
}

fn quiet(from: &mut Reader<'_>) -> Quiet {
    Quiet {
        scope: from.one_of(&[Scope::Survey, Scope::Class, Scope::Any]),
        outcome: from.one_of(&[
            Outcome::Seen,
            Outcome::Snoozed,
            Outcome::Dismissed,
            Outcome::Partial,
            Outcome::Completed,
        ]),
        days: from.maybe().map(|days| days as u16),
    }
}
