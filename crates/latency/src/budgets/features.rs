//! Turns what features promise into what is wrong with it.

use std::collections::HashSet;

use protocol::budget::{Budgets, Feature, LatencyObjective, Span};
use protocol::limits::is_slug;
use protocol::query::performance::UNMATCHED;

use super::{Code, MAX_LATENCY, Report};

/// Characters of a name.
const MAX_NAME_CHARS: usize = 200;
/// Most samples that a slice can be asked for: more than that do not come in ten seconds.
const MAX_SAMPLES: u32 = 1_000_000;
/// Most clients that a slice can be asked for.
const MAX_CLIENTS: u32 = 10_000;

pub(super) fn check(budgets: &Budgets, report: &mut Report) {
    let mut ids = HashSet::new();
    for (n, feature) in budgets.features.iter().enumerate() {
        let at = format!("/features/{n}");
        names(feature, &at, report);
        report.say_if(
            !ids.insert(&feature.id),
            format!("{at}/id"),
            Code::DuplicateId,
            format!("There is a feature \"{}\" already.", feature.id),
        );
        latency(feature, budgets.hard_timeout, &at, report);
        if let Some(availability) = &feature.availability {
            target(availability.target, &format!("{at}/availability"), report);
        }
        quorum(feature, &at, report);
    }
}

fn names(feature: &Feature, at: &str, report: &mut Report) {
    report.say_if(
        !is_slug(&feature.id),
        format!("{at}/id"),
        Code::Id,
        "An id is 1 to 64 of a-z, 0-9, hyphen and underscore.",
    );
    report.say_if(
        feature.id == UNMATCHED,
        format!("{at}/id"),
        Code::ReservedId,
        format!("\"{UNMATCHED}\" stands for what belongs to no feature."),
    );
    for (key, name) in [("name", &feature.name), ("owner", &feature.owner)] {
        let is_wrong =
            |name: &String| name.trim().is_empty() || name.chars().count() > MAX_NAME_CHARS;
        report.say_if(
            name.as_ref().is_some_and(is_wrong),
            format!("{at}/{key}"),
            Code::Name,
            format!("It is left out, or it has 1 to {MAX_NAME_CHARS} characters."),
        );
    }
}

fn latency(feature: &Feature, hard_timeout: Span, at: &str, report: &mut Report) {
    let n = feature.latency.len();
    report.say_if(
        n > MAX_LATENCY,
        format!("{at}/latency"),
        Code::TooManyObjectives,
        format!("There are {n} latency objectives, and at most {MAX_LATENCY} are counted."),
    );
    for (n, objective) in feature.latency.iter().take(MAX_LATENCY).enumerate() {
        let at = format!("{at}/latency/{n}");
        target(objective.target, &at, report);
        threshold(objective, hard_timeout, &at, report);
        let (before, others) = feature.latency.split_at(n);
        let others = others.iter().skip(1).take(MAX_LATENCY);
        let is_same = |other: &LatencyObjective| {
            (other.stage, other.within) == (objective.stage, objective.within)
        };
        if before.iter().any(is_same) {
            let sentence = format!("There is an objective within {} already.", objective.within);
            report.say(format!("{at}/within"), Code::DuplicateThreshold, sentence);
            continue;
        }
        let mut others = before.iter().chain(others);
        let implying = others.find(|other| !is_same(other) && implies(other, objective));
        if let Some(other) = implying {
            let sentence = format!(
                "It is kept whenever {} within {} is.",
                other.target, other.within
            );
            report.say(at, Code::ImpliedObjective, sentence);
        }
    }
}

/// Whether whoever keeps `one` keeps `other`.
fn implies(one: &LatencyObjective, other: &LatencyObjective) -> bool {
    one.stage == other.stage && one.within <= other.within && one.target >= other.target
}

fn threshold(objective: &LatencyObjective, hard_timeout: Span, at: &str, report: &mut Report) {
    let within = objective.within;
    report.say_if(
        within.0 == 0,
        format!("{at}/within"),
        Code::ThresholdZero,
        "Nothing answers within no time.",
    );
    report.say_if(
        within > hard_timeout,
        format!("{at}/within"),
        Code::ThresholdAboveTimeout,
        format!(
            "Whatever takes longer than {hard_timeout} is a timeout: {within} is never waited for."
        ),
    );
}

/// `at` is the objective.
fn target(target: f64, at: &str, report: &mut Report) {
    report.say_if(
        !(target > 0.0 && target <= 1.0),
        format!("{at}/target"),
        Code::TargetRange,
        "A target is a share, above 0 and at most 1: 0.95 for 95 %.",
    );
}

fn quorum(feature: &Feature, at: &str, report: &mut Report) {
    let (samples, clients) = (feature.min_samples, feature.min_clients);
    for (key, given, most) in [
        ("min_samples", samples, MAX_SAMPLES),
        ("min_clients", clients, MAX_CLIENTS),
    ] {
        report.say_if(
            !(1..=most).contains(&given),
            format!("{at}/{key}"),
            Code::QuorumRange,
            format!("It is from 1 to {most}."),
        );
    }
    for (n, include) in feature.include.iter().enumerate() {
        report.say_if(
            feature.include[..n].contains(include),
            format!("{at}/include/{n}"),
            Code::DuplicateInclude,
            "It is included already.",
        );
    }
}
