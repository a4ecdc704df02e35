//! Turns "why is this survey not showing?" into every gate, with what it needed and what it found.

use protocol::config::{Condition, Fact, Op, Outcome, Scope};
use survey::eligibility::{Check, Gate, Needed, visit_gates};
use survey::matching::Found;

use super::Agent;
use crate::json::Json;
use crate::time::Entropy;

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
            ("config", self.configured),
            ("running", candidate.is_some()),
        ] {
            begin(&mut list, gate, "", "");
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

fn begin(list: &mut Json, gate: &str, scope: &str, outcome: &str) {
    list.raw(b"{");
    list.text_at("gate", gate);
    // Names of gates that are made of parts grow at their end.
    list.0.pop();
    list.more(scope.as_bytes());
    list.more(outcome.as_bytes());
    list.end(b'"');
}

fn end(list: &mut Json, passes: bool, eligible: &mut bool) {
    list.flag_at("passes", passes);
    list.end(b'}');
    *eligible &= passes;
}

fn write(check: &Check<'_>, list: &mut Json) {
    let (name, scope, outcome) = name(check.gate);
    begin(list, name, scope, outcome);
    list.key("needed");
    match check.needed {
        Needed::Number(number) => list.number(number),
        Needed::Forever => list.raw(b"null"),
        Needed::Condition(condition) => list.text(&wish(condition)),
    }
    list.key("actual");
    match check.actual {
        Found::Nothing => list.raw(b"null"),
        Found::Number(number) => list.number(number),
        Found::Text(text) => list.text(text),
    }
}

/// The name of a gate, in up to three parts.
const fn name(gate: Gate) -> (&'static str, &'static str, &'static str) {
    let name = match gate {
        Gate::Automatic => "automatic",
        Gate::Consent => "consent",
        Gate::From => "from",
        Gate::Until => "until",
        Gate::Sample => "sample",
        Gate::Condition(fact) => match fact {
            Fact::Url => "url",
            Fact::Device => "device",
            Fact::Language => "language",
            Fact::Trait => "trait",
            Fact::Property => "property",
            Fact::Pages => "pages",
            Fact::Dwell => "dwell",
            Fact::Element => "element",
        },
        Gate::Wait(scope, outcome) => {
            let scope = match scope {
                Scope::Survey => "survey",
                Scope::Class => "class",
                Scope::Any => "any",
            };
            let outcome = match outcome {
                Outcome::Seen => "_seen",
                Outcome::Snoozed => "_snoozed",
                Outcome::Dismissed => "_dismissed",
                Outcome::Partial => "_partial",
                Outcome::Completed => "_completed",
            };
            return ("wait_", scope, outcome);
        }
        Gate::Impressions => "impressions",
        Gate::Session => "session",
        Gate::Trigger => "trigger",
        Gate::Cancel => "cancel",
        Gate::Delay => "delay",
        Gate::Guard => "guard",
    };
    (name, "", "")
}

/// A condition in words: `plan is pro or is team`.
fn wish(condition: &Condition) -> Vec<u8> {
    let mut words: Vec<&str> = Vec::new();
    if condition.negated {
        words.push("not");
    }
    if !condition.key.is_empty() {
        words.push(&condition.key);
    }
    for (i, test) in condition.any.iter().enumerate() {
        if i > 0 {
            words.push("or");
        }
        words.push(match test.op {
            Op::Is => "is",
            Op::Contains => "contains",
            Op::Glob => "like",
            Op::Within => "within",
            Op::AtLeast => "at least",
            Op::Below => "below",
            Op::Present => "present",
            Op::Probe => "probe",
        });
        if test.op != Op::Present {
            words.push(&test.value);
        }
    }
    words.join(" ").into_bytes()
}
