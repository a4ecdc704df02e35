//! Turns health, states and classes into words and shapes, so that none of them is colour alone.

use protocol::budget::{Severity, Stage};
use protocol::query::performance::{
    AlertRow, AlertState, FeatureDetail, Health, ObjectiveKind, ObjectiveReport, UpState,
};

use super::quantity;
use crate::words::{self, say};

/// Name of a health, in styles and tests.
pub const fn name(health: Health) -> &'static str {
    match health {
        Health::Breached => "breached",
        Health::Burning => "burning",
        Health::Unknown => "unknown",
        Health::Within => "within",
        Health::Unbudgeted => "unbudgeted",
    }
}

/// What people read of a health. Unknown is never fine.
pub fn word(health: Health) -> &'static str {
    match health {
        Health::Breached => say::health_breached(),
        Health::Burning => say::health_burning(),
        Health::Unknown => say::health_unknown(),
        Health::Within => say::health_within(),
        Health::Unbudgeted => say::health_unbudgeted(),
    }
}

/// Outline of the mark of a health in a square of 12, each of a shape of its own.
pub const fn shape(health: Health) -> &'static str {
    match health {
        // A disc; a triangle; a square on its corner; two rings, the second is only an outline.
        Health::Within => "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1z",
        Health::Burning => "M6 .8l5.6 10.2H.4z",
        Health::Breached => "M6 0l6 6-6 6-6-6z",
        Health::Unknown | Health::Unbudgeted => "M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9z",
    }
}

/// An objective as a promise: `95 % within 300 ms`.
pub fn objective(kind: ObjectiveKind, target: f64) -> String {
    let all = target >= 1.0;
    match kind {
        ObjectiveKind::Latency { .. } if all => say::goal_every(&until(kind)),
        ObjectiveKind::Latency { .. } => say::goal_share(&quantity::target(target), &until(kind)),
        ObjectiveKind::Availability if all => String::from(say::goal_always()),
        ObjectiveKind::Availability => say::goal_available(&quantity::target(target)),
    }
}

/// What an objective asks of one request: `within 300 ms`, `read within 2 s`, `available`.
pub fn until(kind: ObjectiveKind) -> String {
    match kind {
        ObjectiveKind::Latency { stage, within_ms } => match stage {
            Stage::Headers => say::goal_within(&quantity::threshold(within_ms)),
            Stage::Body => say::goal_read_within(&quantity::threshold(within_ms)),
        },
        ObjectiveKind::Availability => String::from(say::goal_up()),
    }
}

/// What was counted against an objective: `n = 12,345`, `6 d 23 h known`.
pub fn counted(report: &ObjectiveReport) -> String {
    match (report.kind, report.n) {
        (ObjectiveKind::Latency { .. }, 0) => String::from(say::requests_none()),
        (ObjectiveKind::Latency { .. }, n) => format!("n = {}", words::count(n)),
        (ObjectiveKind::Availability, 0) => String::from(say::goal_nothing_known()),
        (ObjectiveKind::Availability, n) => say::goal_known(&quantity::lasting(n)),
    }
}

/// What broke an objective: `823 too slow`, `12 min 30 s down`; nothing of nothing.
pub fn broken(report: &ObjectiveReport) -> String {
    match (report.kind, report.bad) {
        _ if report.n == 0 => String::new(),
        (ObjectiveKind::Latency { .. }, 0) => String::from(say::goal_none_slow()),
        (ObjectiveKind::Latency { .. }, bad) => say::goal_slow(bad),
        (ObjectiveKind::Availability, 0) => String::from(say::up_never_down()),
        (ObjectiveKind::Availability, bad) => say::up_down(&quantity::lasting(bad)),
    }
}

/// How much of an objective was kept; `unknown` of nothing.
pub fn actual(report: &ObjectiveReport) -> String {
    report.actual.map_or_else(
        || String::from(say::goal_unknown()),
        |actual| quantity::actual(actual, report.target),
    )
}

/// What is left of an error budget, or why there is none.
pub fn budget(report: &ObjectiveReport) -> String {
    match report.left {
        Some(left) => quantity::budget_left(left),
        None if report.n == 0 => String::from(say::goal_unknown()),
        None => String::from(say::goal_none_allowed()),
    }
}

/// When an error budget will be used up, where it will.
pub fn gone_in(report: &ObjectiveReport) -> Option<String> {
    let ms = report.exhausted_in_ms.filter(|ms| *ms > 0)?;
    Some(say::goal_gone_in(&quantity::lasting(ms)))
}

/// Where an alert stands, and what raised it: `Page: burned 14× over 1 h and 5 min`.
pub fn alert(row: &AlertRow) -> String {
    let who = match (row.state, row.severity) {
        (AlertState::Unknown, _) => say::alerts_unknown(),
        (AlertState::Resolved, _) => say::alerts_resolved(),
        (AlertState::Page, _) | (_, Severity::Page) => say::alerts_page(),
        (AlertState::Ticket, _) => say::alerts_ticket(),
    };
    let [long, short] = [row.long_ms, row.short_ms].map(quantity::lasting);
    match row.burn {
        Some(burn) => say::alerts_burned(&quantity::multiple(burn), &long, &short, who),
        None => say::alerts_silent(&long, &short, who),
    }
}

/// Name of a state, in styles and tests.
pub const fn state_name(state: UpState) -> &'static str {
    match state {
        UpState::Up => "up",
        UpState::Down => "down",
        UpState::Degraded => "degraded",
        UpState::Unknown => "unknown",
        UpState::Maintenance => "maintenance",
    }
}

/// What people read of a state.
pub fn state_word(state: UpState) -> &'static str {
    match state {
        UpState::Up => say::state_up(),
        UpState::Down => say::state_down(),
        UpState::Degraded => say::state_degraded(),
        UpState::Unknown => say::state_unknown(),
        UpState::Maintenance => say::state_maintenance(),
    }
}

/// How attempts of one class count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Answered: for latency and availability.
    Kept,
    /// Over every latency budget.
    Slow,
    /// Against availability.
    Failed,
    /// Neither.
    Aside,
}

/// Says a word in the language that is spoken.
pub type Word = fn() -> &'static str;

/// The classes in the order of the wire: stable name, words, and how they count.
pub const CLASSES: [(&str, Word, Counts); 9] = [
    ("ok", say::classes_ok, Counts::Kept),
    ("client_error", say::classes_client_error, Counts::Kept),
    ("throttled", say::classes_throttled, Counts::Failed),
    ("server_error", say::classes_server_error, Counts::Failed),
    ("network", say::classes_network, Counts::Failed),
    ("timeout", say::classes_timeout, Counts::Failed),
    ("aborted", say::classes_aborted, Counts::Aside),
    ("abandoned_slow", say::classes_abandoned_slow, Counts::Slow),
    ("excluded", say::classes_excluded, Counts::Aside),
];

/// What people read of a class by its stable name; the name itself where it is new.
pub fn class_word(class: &str) -> String {
    let known = CLASSES.iter().find(|(name, _, _)| *name == class);
    known.map_or_else(|| String::from(class), |(_, word, _)| String::from(word()))
}

impl Counts {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "",
            Self::Slow => say::classes_slow(),
            Self::Failed => say::classes_failed(),
            Self::Aside => say::classes_aside(),
        }
    }
}

/// Classes that occurred, the most frequent first, with their share of all attempts.
pub fn classes(detail: &FeatureDetail) -> Vec<(&'static str, Counts, u64, f64)> {
    let all: u64 = detail.classes.iter().sum();
    let rows = CLASSES.iter().zip(&detail.classes);
    let mut rows: Vec<_> = rows
        .filter(|(_, n)| **n > 0)
        .map(|((_, word, counts), n)| (word(), *counts, *n, *n as f64 / all as f64))
        .collect();
    rows.sort_by_key(|(_, _, n, _)| core::cmp::Reverse(*n));
    rows
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    const WITHIN: ObjectiveKind = ObjectiveKind::Latency {
        stage: Stage::Headers,
        within_ms: 300,
    };

    #[test]
    fn no_two_healths_look_or_read_alike() {
        let all = [
            Health::Breached,
            Health::Burning,
            Health::Unknown,
            Health::Within,
            Health::Unbudgeted,
        ];
        for (i, a) in all.iter().enumerate() {
            for b in &all[i + 1..] {
                assert_ne!(word(*a), word(*b));
                assert_ne!(name(*a), name(*b));
                // These two differ in how they are drawn: hatched, and an outline.
                let outlined = [Health::Unknown, Health::Unbudgeted];
                assert!(shape(*a) != shape(*b) || (outlined.contains(a) && outlined.contains(b)));
            }
        }
    }

    #[test]
    fn promises_are_told_in_words() {
        let body = ObjectiveKind::Latency {
            stage: Stage::Body,
            within_ms: 2_000,
        };
        assert_eq!(objective(WITHIN, 0.95), "95 % within 300 ms");
        assert_eq!(objective(body, 0.999), "99.9 % read within 2 s");
        assert_eq!(objective(WITHIN, 1.0), "every request within 300 ms");
        assert_eq!(
            objective(ObjectiveKind::Availability, 0.999),
            "99.9 % available"
        );
    }

    #[test]
    fn nothing_is_unknown_and_not_a_number() {
        let nothing = ObjectiveReport {
            actual: None,
            left: None,
            burn: None,
            ..example::objective(0, 0)
        };
        assert_eq!(actual(&nothing), "unknown");
        assert_eq!(counted(&nothing), "no requests");
        assert_eq!(budget(&nothing), "unknown");
        assert_eq!(broken(&nothing), "");
        let strict = ObjectiveReport {
            target: 1.0,
            left: None,
            ..example::objective(1_000, 3)
        };
        assert_eq!(budget(&strict), "none allowed");
        assert_eq!(broken(&strict), "3 too slow");
        let time = ObjectiveReport {
            kind: ObjectiveKind::Availability,
            ..example::objective(86_400_000, 750_000)
        };
        assert_eq!(counted(&time), "1 d known");
        assert_eq!(broken(&time), "12 min 30 s down");
    }

    #[test]
    fn an_alert_says_who_and_why() {
        let mut row = example::alert();
        assert_eq!(alert(&row), "Page: burned 14\u{d7} over 1 h and 5 min");
        row.state = AlertState::Unknown;
        row.burn = None;
        assert_eq!(
            alert(&row),
            "Alert, now unknown: nothing came over 1 h and 5 min"
        );
    }

    #[test]
    fn classes_that_occurred_are_listed_by_how_often() {
        let detail = example::detail(vec![90, 0, 0, 8, 0, 0, 2, 0, 0]);
        let rows: Vec<_> = classes(&detail).iter().map(|row| (row.0, row.2)).collect();
        let expect = [
            ("Answered", 90),
            ("Server error (5xx)", 8),
            ("Cancelled within budget", 2),
        ];
        assert_eq!(rows, expect);
        assert_eq!(class_word("server_error"), "Server error (5xx)");
        assert_eq!(class_word("something_new"), "something_new");
    }
}
