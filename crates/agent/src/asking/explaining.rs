//! Turns "why is this survey not showing?" into every gate, with what it needed and what it found.
//!
//! In numbers where there are any: names and words are the facade's, see `Explained` in `command.rs`.

use survey::eligibility::{Check, Gate, Needed, visit_gates};
use survey::matching::Found;
use survey::rule::{Condition, test};

use crate::agent::Agent;
use crate::json::Json;
use crate::time::Entropy;

/// The guard's reason while another survey is on the page.
const OCCUPIED: u32 = 9;

impl<E: Entropy> Agent<E> {
    /// The page wants to know what stands between the person and a survey.
    pub(super) fn explain(&mut self, survey: &[u8]) {
        let mut out = core::mem::take(&mut self.turn.out);
        out.command("explained");
        out.word_at("survey", survey);
        out.key("gates");
        out.raw(b"[");
        let candidate = self.candidate(survey);
        // Not in the config, or nobody knows yet.
        for (gate, is_open) in [
            (Gate::Config, self.configured),
            (Gate::Running, candidate.is_some()),
        ] {
            write(&mut out, &Check::flag(gate, is_open));
        }
        if let Some(candidate) = candidate {
            let other = self
                .asking
                .pass
                .as_ref()
                .is_some_and(|it| it.survey.id != survey);
            let guard = if other { OCCUPIED } else { self.guard_now() };
            let arming = candidate.arming(self.turn.now.mono_ms);
            visit_gates(&candidate.rule, &self.visit(guard), arming, &mut |check| {
                write(&mut out, &check);
            });
        }
        out.end(b']');
        out.end(b'}');
        self.turn.out = out;
    }
}

fn write(to: &mut Json, check: &Check<'_>) {
    to.raw(b"[");
    to.number(check.gate as u64);
    to.number(check.passes.into());
    match check.actual {
        Found::Nothing => to.raw(b"null"),
        Found::Number(number) => to.number(number),
        Found::Text(text) => to.text(text),
    }
    match check.needed {
        Needed::Number(number) => to.number(number),
        Needed::Wait(quiet) => {
            to.number(quiet.scope as u64);
            to.number(quiet.outcome as u64);
            if let Some(days) = quiet.days {
                to.number(days.into());
            }
        }
        Needed::Condition(condition) => write_condition(to, &condition),
    }
    to.end(b']');
}

fn write_condition(to: &mut Json, condition: &Condition<'_>) {
    to.number(condition.fact as u64);
    to.text(condition.key);
    to.number(condition.negated.into());
    let mut any = condition.any;
    for _ in 0..any.count() {
        let (op, value) = test(&mut any);
        to.number(op as u64);
        to.text(value);
    }
}
