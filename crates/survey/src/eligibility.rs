//! Turns a compiled rule, a visit and the ledger into gates that pass or do not.

use protocol::config::{Class, Fact, Quiet};
use protocol::id::InstallId;

use crate::ledger::Ledger;
use crate::matching::{Facts, Found, holds, number};
use crate::rule::{Condition, Rule, quiet, test};
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
    /// The config is known. `needed` is 1.
    Config,
    /// The config has the survey. `needed` is 1.
    Running,
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
    /// A condition on the page's address.
    Address,
    /// A condition on anything else.
    Condition,
    /// Milliseconds since an outcome reach the wait.
    Wait,
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

/// Which gates are asked: a set of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked(u16);

impl Asked {
    /// None: what the person opens, or what is open already.
    pub const NOTHING: Self = Self(0);
    /// All: a survey that shows itself.
    pub const ALL: Self = Self(u16::MAX);
    /// What must hold while it is on the screen.
    pub const ADDRESS: Self = Self::of(&[Gate::Address]);
    /// Those that the page cannot overrule.
    pub const RUNNING: Self = Self::of(&[Gate::From, Gate::Until, Gate::Guard]);
    /// Those, and what protects the person from being asked again.
    pub const PROTECTION: Self =
        Self(Self::RUNNING.0 | Self::of(&[Gate::Wait, Gate::Impressions]).0);
    /// Those of a survey that an earlier page of this session began to show.
    pub const RESUMED: Self = Self(
        Self::RUNNING.0
            | Self::of(&[Gate::Consent, Gate::Sample, Gate::Address, Gate::Condition]).0,
    );

    const fn of(gates: &[Gate]) -> Self {
        let (mut set, mut i) = (0, 0);
        while i < gates.len() {
            set |= 1 << gates[i] as u16;
            i += 1;
        }
        Self(set)
    }

    const fn includes(self, gate: Gate) -> bool {
        self.0 >> gate as u16 & 1 != 0
    }
}

/// What a gate needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed<'a> {
    /// A limit, in the gate's unit.
    Number(u64),
    /// That what this looks at is over for so long.
    Wait(Quiet),
    /// That this holds.
    Condition(Condition<'a>),
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

impl Check<'_> {
    /// A gate that is open or is not.
    pub fn flag(gate: Gate, is_open: bool) -> Self {
        Self {
            gate,
            needed: Needed::Number(1),
            actual: Found::Number(is_open.into()),
            passes: is_open,
            opens_in_ms: u64::MAX,
        }
    }
}

/// How a number has to be to a limit.
#[derive(Clone, Copy)]
enum Limit {
    Below,
    /// Equal or above, where nothing but events changes it.
    Reach,
    /// Equal or above, and time changes it.
    Last,
}

/// Who hears of every gate.
type Each<'e, 'a> = &'e mut dyn FnMut(Check<'a>);

/// Visits every gate of `rule`, in order: what decides is also what explains.
pub fn visit_gates<'a>(rule: &Rule<'a>, visit: &Visit<'a>, arming: Arming, each: Each<'_, 'a>) {
    use Limit::{Below, Last, Reach};
    let is_automatic = rule.class != Class::Feedback;
    limit(each, Gate::Automatic, Reach, 1, is_automatic.into());
    limit(each, Gate::Consent, Reach, 1, visit.consents.into());
    limit(each, Gate::From, Last, rule.from_ms, visit.wall_ms);
    if rule.until_ms > 0 {
        limit(each, Gate::Until, Below, rule.until_ms, visit.wall_ms);
    }
    let place = sampling::place(rule.survey.id, visit.install);
    limit(each, Gate::Sample, Below, rule.sample_permille, place);
    let mut conditions = rule.conditions;
    for _ in 0..conditions.count() {
        condition(each, Condition::read(&mut conditions), &visit.facts);
    }
    let mut waits = rule.waits;
    for _ in 0..waits.count() {
        wait(each, rule, quiet(&mut waits), visit);
    }
    let impressions = visit.ledger.impressions(rule.survey.id);
    limit(
        each,
        Gate::Impressions,
        Below,
        rule.max_impressions,
        impressions,
    );
    if !rule.inline {
        limit(each, Gate::Session, Below, 1, visit.asked);
    }
    if rule.is_triggered {
        limit(each, Gate::Trigger, Reach, 1, arming.armed.into());
    }
    limit(each, Gate::Cancel, Below, 1, arming.cancelled.into());
    limit(each, Gate::Delay, Last, rule.delay_ms, arming.held_ms);
    if !rule.inline {
        limit(each, Gate::Guard, Below, 1, visit.guard);
    }
}

/// Not inlined: this is called a dozen times in the always-on module.
#[inline(never)]
fn limit(each: Each<'_, '_>, gate: Gate, limit: Limit, needed: u64, actual: u64) {
    let is_below = actual < needed;
    each(Check {
        gate,
        needed: Needed::Number(needed),
        actual: Found::Number(actual),
        passes: is_below == matches!(limit, Limit::Below),
        opens_in_ms: match limit {
            Limit::Last => needed.saturating_sub(actual),
            Limit::Below | Limit::Reach => u64::MAX,
        },
    });
}

fn condition<'a>(each: Each<'_, 'a>, condition: Condition<'a>, facts: &Facts<'a>) {
    let (passes, actual) = holds(&condition, facts);
    let mut opens_in_ms = u64::MAX;
    if condition.fact == Fact::Dwell {
        let mut any = condition.any;
        for _ in 0..any.count() {
            let left = (number(test(&mut any).1) as u64).checked_sub(facts.dwell_ms);
            opens_in_ms = opens_in_ms.min(left.unwrap_or(u64::MAX));
        }
    }
    each(Check {
        gate: match condition.fact {
            Fact::Url => Gate::Address,
            _ => Gate::Condition,
        },
        needed: Needed::Condition(condition),
        actual,
        passes,
        opens_in_ms,
    });
}

/// The wait since an outcome: whole days of 24 hours, over when nothing happened yet. A clock that
/// was set back counts as no time passed.
fn wait(each: Each<'_, '_>, rule: &Rule<'_>, quiet: Quiet, visit: &Visit<'_>) {
    let last = visit.ledger.last(rule, quiet.scope, quiet.outcome);
    let passed = visit.wall_ms.saturating_sub(last);
    let needed = quiet.days.map_or(u64::MAX, |days| u64::from(days) * DAY_MS);
    each(Check {
        gate: Gate::Wait,
        needed: Needed::Wait(quiet),
        actual: if last == 0 {
            Found::Nothing
        } else {
            Found::Number(passed)
        },
        passes: last == 0 || passed >= needed,
        opens_in_ms: if quiet.days.is_some() {
            needed.saturating_sub(passed)
        } else {
            u64::MAX
        },
    });
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

impl Verdict {
    /// Nothing is in the way.
    pub const SHOW: Self = Self {
        closed: None,
        holds: true,
        in_ms: u64::MAX,
    };
}

/// What the gates of `rule` that are `asked` together say.
pub fn verdict(rule: &Rule<'_>, visit: &Visit<'_>, arming: Arming, asked: Asked) -> Verdict {
    let mut verdict = Verdict::SHOW;
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
