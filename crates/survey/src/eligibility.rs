//! Turns a rule, a visit and what was seen before into gates that pass or do not.

use protocol::config::SurveyRule;
use protocol::id::InstallId;

use crate::sampling;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// What is known of the visit at the moment of the decision.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// Whose browser it is.
    pub install: InstallId,
    /// Origin and path of the page; never its query, which may hold secrets.
    pub url: &'a str,
    /// Milliseconds since 1970 (UTC).
    pub wall_ms: u64,
    /// Milliseconds since this page was entered.
    pub on_page_ms: u64,
}

/// What this browser remembers of one survey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Impressions since the last answer or dismissal.
    pub impressions: u16,
    /// When it was last answered; milliseconds since 1970 (UTC).
    pub answered_ms: Option<u64>,
    /// When it was last closed without reaching the end; milliseconds since 1970 (UTC).
    pub dismissed_ms: Option<u64>,
}

/// One condition between a person and a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The install's place in the sample, 0 to 999, is below the sample's size.
    Sample,
    /// The page's URL contains one of the texts. `needed` is 1, `actual` how many it contains.
    Url,
    /// Impressions so far are below the maximum.
    Impressions,
    /// Milliseconds since the last answer reach the wait.
    AfterAnswer,
    /// Milliseconds since the last dismissal reach the wait.
    AfterDismissal,
    /// Milliseconds on the page reach the delay.
    Delay,
}

/// What a gate needed, what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// Which gate.
    pub gate: Gate,
    /// The limit, in the gate's unit. [`u64::MAX`] is a wait that never ends.
    pub needed: u64,
    /// The value found, in the same unit.
    pub actual: u64,
    /// Whether the gate is open.
    pub passes: bool,
}

impl Check {
    fn at_least(gate: Gate, needed: u64, actual: u64) -> Self {
        Self {
            gate,
            needed,
            actual,
            passes: actual >= needed,
        }
    }

    fn below(gate: Gate, needed: u64, actual: u64) -> Self {
        Self {
            gate,
            needed,
            actual,
            passes: actual < needed,
        }
    }
}

/// What all gates together say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every gate is open.
    Show,
    /// Only the delay is not over: ask again in this many milliseconds.
    Wait {
        /// Milliseconds until the delay is over.
        in_ms: u64,
    },
    /// A gate is closed; the first of them.
    No(Gate),
}

/// Every gate of `rule`, in the order in which they are asked.
pub fn checks(rule: &SurveyRule, visit: &Visit<'_>, seen: &Seen) -> [Check; 6] {
    let show = &rule.show;
    let matches = |part: &&String| contains_ignoring_case(visit.url, part);
    let url_matches = if show.url_contains.is_empty() {
        1
    } else {
        show.url_contains.iter().filter(matches).count() as u64
    };
    [
        Check::below(
            Gate::Sample,
            u64::from(show.sample_permille),
            u64::from(sampling::place(&rule.survey.id, visit.install)),
        ),
        Check::at_least(Gate::Url, 1, url_matches),
        Check::below(
            Gate::Impressions,
            u64::from(show.max_impressions),
            u64::from(seen.impressions),
        ),
        wait(
            Gate::AfterAnswer,
            show.again_after_answer_days,
            seen.answered_ms,
            visit.wall_ms,
        ),
        wait(
            Gate::AfterDismissal,
            show.again_after_dismissal_days,
            seen.dismissed_ms,
            visit.wall_ms,
        ),
        Check::at_least(Gate::Delay, u64::from(show.delay_ms), visit.on_page_ms),
    ]
}

/// What all gates of `rule` together say.
pub fn verdict(rule: &SurveyRule, visit: &Visit<'_>, seen: &Seen) -> Verdict {
    match checks(rule, visit, seen).iter().find(|check| !check.passes) {
        None => Verdict::Show,
        // The delay is asked last, so nothing but time stands in the way here.
        Some(check) if check.gate == Gate::Delay => Verdict::Wait {
            in_ms: check.needed - check.actual,
        },
        Some(check) => Verdict::No(check.gate),
    }
}

/// The wait since `last`: whole days of 24 hours, never when `days` is absent, over when nothing
/// happened yet. A clock that was set back counts as no time passed.
fn wait(gate: Gate, days: Option<u16>, last: Option<u64>, now: u64) -> Check {
    let Some(last) = last else {
        return Check::at_least(gate, 0, 0);
    };
    let needed = days.map_or(u64::MAX, |days| u64::from(days) * DAY_MS);
    Check::at_least(gate, needed, now.saturating_sub(last))
}

/// ASCII case only: URLs hold nothing else unescaped, and the tables for the rest of Unicode would
/// be a fifth of the always-on module.
fn contains_ignoring_case(url: &str, part: &str) -> bool {
    part.is_empty()
        || url
            .as_bytes()
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}
