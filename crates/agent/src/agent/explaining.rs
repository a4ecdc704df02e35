//! Turns "why is this survey not showing?" into every gate, with what it needed and what it found.

use protocol::config::Condition;
use survey::eligibility::{Check, Needed, visit_gates};
use survey::matching::Found;

use super::Agent;
use crate::command::word;
use crate::json::Json;
use crate::time::Entropy;

/// Names of gates, in the order of [`survey::eligibility::Gate`]; conditions are named by their fact.
const GATES: &str =
    "automatic consent from until sample - - wait_ impressions session trigger cancel delay guard";
/// Names of what conditions look at, in the order of [`protocol::config::Fact`].
const FACTS: &str = "url device language trait property pages dwell element";
/// In the order of [`protocol::config::Op`].
const OPS: &str = "is contains like within at_least below present probe";
/// In the order of [`protocol::config::Scope`], to be followed by an outcome.
const SCOPES: &str = "survey_ class_ any_";
/// In the order of [`protocol::config::Outcome`].
const OUTCOMES: &str = "seen snoozed dismissed partial completed";

/// The guard's reason while another survey is on the page.
const OCCUPIED: u32 = 9;

impl<E: Entropy> Agent<E> {
    /// The page wants to know what stands between the person and a survey.
    pub(super) fn explain(&mut self, survey: &str) {
        let mut list = Json::default();
        let mut eligible = true;
        list.raw(b"[");
        let candidate = self.candidate(survey);
        // Not in the config, or nobody knows yet.
        for (gate, is_open) in [
            (&b"config"[..], self.configured),
            (b"running", candidate.is_some()),
        ] {
            begin(&mut list, gate, b"", b"");
            list.number_at("needed", 1);
            list.number_at("actual", is_open.into());
            end(&mut list, is_open, &mut eligible);
        }
        if let Some(candidate) = candidate {
            let other = self.pass.as_ref().is_some_and(|it| it.survey.id != survey);
            let guard = if other { OCCUPIED } else { self.guard_now() };
            let arming = candidate.arming(self.turn.now.mono_ms);
            visit_gates(&candidate.rule, &self.visit(guard), arming, &mut |check| {
                write(&check, &mut list);
                end(&mut list, check.passes, &mut eligible);
            });
        }
        list.end(b']');
        let out = &mut self.turn.out;
        out.command("explained");
        out.text_at("survey", survey);
        out.flag_at("eligible", eligible);
        out.key("gates");
        out.raw(&list.0);
        out.end(b'}');
    }
}

fn begin(list: &mut Json, gate: &[u8], scope: &[u8], outcome: &[u8]) {
    list.raw(b"{");
    list.key("gate");
    list.raw(b"\"");
    for part in [gate, scope, outcome] {
        list.more(part);
    }
    list.end(b'"');
}

fn end(list: &mut Json, passes: bool, eligible: &mut bool) {
    list.flag_at("passes", passes);
    list.end(b'}');
    *eligible &= passes;
}

fn write(check: &Check<'_>, list: &mut Json) {
    let gate = word(GATES, check.gate as usize);
    match check.needed {
        Needed::Number(number) => {
            begin(list, gate, b"", b"");
            list.number_at("needed", number);
        }
        Needed::Wait(quiet, ms) => {
            let scope = word(SCOPES, quiet.scope as usize);
            begin(list, gate, scope, word(OUTCOMES, quiet.outcome as usize));
            if quiet.days.is_some() {
                list.number_at("needed", ms);
            } else {
                list.raw_at("needed", "null");
            }
        }
        Needed::Condition(condition) => {
            begin(list, word(FACTS, condition.fact as usize), b"", b"");
            list.key("needed");
            wish(list, condition);
        }
    }
    list.key("actual");
    match check.actual {
        Found::Nothing => list.raw(b"null"),
        Found::Number(number) => list.number(number),
        Found::Text(text) => list.text(text),
    }
}

/// A condition in words: `plan is pro or is team`.
fn wish(list: &mut Json, condition: &Condition) {
    list.raw(if condition.negated { b"\"not " } else { b"\"" });
    list.more(condition.key.as_bytes());
    let mut before: &[u8] = if condition.key.is_empty() { b"" } else { b" " };
    for test in &condition.any {
        for part in [
            before,
            word(OPS, test.op as usize),
            b" ",
            test.value.as_bytes(),
        ] {
            list.more(part);
        }
        before = b" or ";
    }
    list.end(b'"');
}
