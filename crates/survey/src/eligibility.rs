//! Turns a compiled rule, a visit and the ledger into gates that pass or do not.

use protocol::config::{Class, Condition, Fact, Outcome, Quiet, Scope, SurveyRule};
use protocol::id::InstallId;

use crate::ledger::Ledger;
use crate::matching::{Facts, Found, holds, whole};
use crate::sampling;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// What is known of the visit at the moment of the decision.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// Whose browser it is.
    pub install: InstallId,
    /// Whether the person lets this browser remember.
    pub consents: bool,
    /// What conditions look at.
    pub facts: Facts<'a>,
    /// Milliseconds since 1970 (UTC).
    pub wall_ms: u64,
    /// Surveys that asked by themselves in this session.
    pub asked: u64,
    /// Why nothing may be shown at this moment; 0 when it may.
    pub guard: u64,
    /// What happened to surveys before.
    pub ledger: &'a Ledger,
}

/// How far the events of this page load have brought a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arming {
    /// Whether one of its triggers was set off.
    pub armed: bool,
    /// Whether one of its cancels was set off.
    pub cancelled: bool,
    /// Milliseconds since everything but the delay holds; 0 when it does not.
    pub held_ms: u64,
}

/// What stands between a person and a survey, in the order in which it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It asks by itself, rather than waiting to be opened. `needed` is 1.
    Automatic,
    /// The browser may remember that it was shown. `needed` is 1.
    Consent,
    /// It has begun: milliseconds since 1970.
    From,
    /// It has not ended: milliseconds since 1970.
    Until,
    /// The install's place in the sample, 0 to 999, is below the sample's size.
    Sample,
    /// A condition on this fact.
    Condition(Fact),
    /// Milliseconds since this outcome in this scope reach the wait.
    Wait(Scope, Outcome),
    /// Impressions so far are below the maximum.
    Impressions,
    /// Surveys that asked by themselves in this session are below 1.
    Session,
    /// Something set it off. `needed` is 1.
    Trigger,
    /// Nothing called it off. `needed` is 0.
    Cancel,
    /// Milliseconds since everything above holds reach the delay.
    Delay,
    /// Nothing forbids it at this moment: `needed` is 0, `actual` the reason.
    Guard,
}

/// Which gates are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All of them: it wants to be shown by itself.
    All,
    /// Only those that hold while it is on the screen: its addresses.
    Address,
    /// Those of a survey that a page before this one began to show.
    Resumed,
    /// Those that the page cannot overrule: what protects the person from being asked again.
    Protection,
    /// Only whether it is running.
    Running,
}

impl Asked {
    const fn includes(self, gate: Gate) -> bool {
        let running = matches!(gate, Gate::From | Gate::Until | Gate::Guard);
        running
            || match self {
                Self::All => true,
                Self::Address => matches!(gate, Gate::Condition(Fact::Url)),
                Self::Resumed => {
                    matches!(gate, Gate::Consent | Gate::Sample | Gate::Condition(_))
                }
                Self::Protection => matches!(gate, Gate::Wait(..) | Gate::Impressions),
                Self::Running => false,
            }
    }
}

/// What a gate needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed<'a> {
    /// A limit, in the gate's unit.
    Number(u64),
    /// A wait that never ends.
    Forever,
    /// That this holds.
    Condition(&'a Condition),
}

/// What a gate needed, what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check<'a> {
    /// Which gate.
    pub gate: Gate,
    /// What it needed.
    pub needed: Needed<'a>,
    /// What it found.
    pub actual: Found<'a>,
    /// Whether the gate is open.
    pub passes: bool,
    /// Milliseconds after which time alone will have opened it; [`u64::MAX`] when it will not.
    pub opens_in_ms: u64,
}

impl<'a> Check<'a> {
    const fn number(gate: Gate, needed: u64, actual: u64, passes: bool) -> Self {
        Self {
            gate,
            needed: Needed::Number(needed),
            actual: Found::Number(actual),
            passes,
            opens_in_ms: u64::MAX,
        }
    }

    const fn below(gate: Gate, needed: u64, actual: u64) -> Self {
        Self::number(gate, needed, actual, actual < needed)
    }

    /// A gate that time opens.
    const fn reached(gate: Gate, needed: u64, actual: u64) -> Self {
        Self {
            opens_in_ms: needed.saturating_sub(actual),
            ..Self::number(gate, needed, actual, actual >= needed)
        }
    }

    fn condition(condition: &'a Condition, facts: &Facts<'a>) -> Self {
        let (passes, actual) = holds(condition, facts);
        let mut opens_in_ms = u64::MAX;
        if condition.fact == Fact::Dwell {
            for test in &condition.any {
                let left = whole(test.value.as_bytes()).checked_sub(facts.dwell_ms);
                opens_in_ms = opens_in_ms.min(left.unwrap_or(u64::MAX));
            }
        }
        Self {
            gate: Gate::Condition(condition.fact),
            needed: Needed::Condition(condition),
            actual,
            passes,
            opens_in_ms,
        }
    }

    /// The wait since an outcome: whole days of 24 hours, over when nothing happened yet. A clock
    /// that was set back counts as no time passed.
    fn wait(rule: &SurveyRule, quiet: Quiet, visit: &Visit<'_>) -> Self {
        let Quiet {
            scope,
            outcome,
            days,
        } = quiet;
        let last = visit.ledger.last(rule, scope, outcome);
        let passed = visit.wall_ms.saturating_sub(last);
        let needed = days.map_or(u64::MAX, |days| u64::from(days) * DAY_MS);
        let mut check = Self::reached(Gate::Wait(scope, outcome), needed, passed);
        if days.is_none() {
            check.needed = Needed::Forever;
            check.passes = false;
            check.opens_in_ms = u64::MAX;
        }
        if last == 0 {
            check.actual = Found::Nothing;
            check.passes = true;
        }
        check
    }
}

/// Visits every gate of `rule`, in order: what decides is also what explains.
pub fn visit_gates<'a>(
    rule: &'a SurveyRule,
    visit: &Visit<'a>,
    arming: Arming,
    each: &mut dyn FnMut(Check<'a>),
) {
    let is_automatic = rule.class != Class::Feedback;
    each(Check::number(
        Gate::Automatic,
        1,
        is_automatic.into(),
        is_automatic,
    ));
    each(Check::number(
        Gate::Consent,
        1,
        visit.consents.into(),
        visit.consents,
    ));
    each(Check::reached(Gate::From, rule.from_ms, visit.wall_ms));
    if rule.until_ms > 0 {
        each(Check::below(Gate::Until, rule.until_ms, visit.wall_ms));
    }
    let place = sampling::place(&rule.survey.id, visit.install);
    each(Check::below(
        Gate::Sample,
        rule.sample_permille.into(),
        place.into(),
    ));
    for condition in &rule.conditions {
        each(Check::condition(condition, &visit.facts));
    }
    for quiet in &rule.waits {
        each(Check::wait(rule, *quiet, visit));
    }
    let impressions = visit.ledger.impressions(&rule.survey.id);
    each(Check::below(
        Gate::Impressions,
        rule.max_impressions.into(),
        impressions.into(),
    ));
    if !rule.inline {
        each(Check::below(Gate::Session, 1, visit.asked));
    }
    if !rule.triggers.is_empty() {
        let armed = arming.armed;
        each(Check::number(Gate::Trigger, 1, armed.into(), armed));
    }
    let cancelled = arming.cancelled;
    each(Check::number(Gate::Cancel, 0, cancelled.into(), !cancelled));
    each(Check::reached(
        Gate::Delay,
        rule.delay_ms.into(),
        arming.held_ms,
    ));
    if !rule.inline {
        each(Check::number(Gate::Guard, 0, visit.guard, visit.guard == 0));
    }
}

/// What the asked gates together say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The first gate that is closed; none when the survey may be shown.
    pub closed: Option<Gate>,
    /// Whether everything but delay and guard holds.
    pub holds: bool,
    /// Milliseconds after which to ask again, if nothing happens before; [`u64::MAX`] when time
    /// alone changes nothing.
    pub in_ms: u64,
}

/// What the gates of `rule` that are `asked` together say.
pub fn verdict(rule: &SurveyRule, visit: &Visit<'_>, arming: Arming, asked: Asked) -> Verdict {
    let mut verdict = Verdict {
        closed: None,
        holds: true,
        in_ms: u64::MAX,
    };
    visit_gates(rule, visit, arming, &mut |check| {
        if check.passes || !asked.includes(check.gate) {
            return;
        }
        if verdict.closed.is_none() {
            verdict.closed = Some(check.gate);
            verdict.in_ms = check.opens_in_ms;
        }
        verdict.holds &= matches!(check.gate, Gate::Delay | Gate::Guard);
    });
    verdict
}
