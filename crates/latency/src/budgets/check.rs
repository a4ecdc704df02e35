//! Turns budgets that can be read into what is wrong with them, or worth a second look.

use std::collections::BTreeSet;

use protocol::budget::{BUDGETS_VERSION, Budgets, BurnAlert, Feature, LatencyObjective, Match};
use protocol::limits::is_slug;
use protocol::query::Finding;

use super::cover::covers;
use crate::burn::{default_alerts, max_burn};

const DAY: u64 = 86_400_000;
const MAX_FEATURES: usize = 64;
const MAX_MATCHES: usize = 32;
const MAX_OBJECTIVES: usize = 4;
const MAX_TEMPLATES: usize = 500;
/// Characters of a pattern, a template or a name.
const MAX_CHARS: usize = 200;

/// What is found on the way.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, is_error: bool, pointer: String, code: &str, message: String) {
        self.0.push(Finding {
            is_error,
            pointer,
            code: code.to_owned(),
            message,
        });
    }

    fn need(&mut self, holds: bool, pointer: &str, code: &str, message: &str) {
        if !holds {
            self.add(true, pointer.to_owned(), code, message.to_owned());
        }
    }
}

/// Everything that is wrong with budgets (`is_error`), or worth a second look.
pub fn check(budgets: &Budgets) -> Vec<Finding> {
    let mut found = Findings::default();
    whole(budgets, &mut found);
    let alerts = budgets.alerts.as_deref().unwrap_or_default();
    for (i, alert) in alerts.iter().enumerate() {
        check_alert(alert, budgets, &format!("/alerts/{i}"), &mut found);
    }
    let mut ids = BTreeSet::new();
    for (i, feature) in budgets.features.iter().enumerate() {
        let at = format!("/features/{i}");
        found.need(
            ids.insert(&feature.id),
            &format!("{at}/id"),
            "duplicate_id",
            "Another feature has this id.",
        );
        check_feature(feature, budgets, &at, &mut found);
    }
    hidden(budgets, &mut found);
    found.0
}

fn whole(budgets: &Budgets, found: &mut Findings) {
    let count = |n: usize, most: usize| n <= most;
    for (holds, pointer, code, message) in [
        (
            budgets.v == BUDGETS_VERSION,
            "/v",
            "unknown_version",
            "The version of the document must be 1.",
        ),
        (
            (DAY..=90 * DAY).contains(&budgets.window.0),
            "/window",
            "window_out_of_range",
            "The window must be from 1d to 90d.",
        ),
        (
            matches!(budgets.slice.0, 10_000 | 60_000),
            "/slice",
            "slice_out_of_range",
            "A slice must be 10s or 60s.",
        ),
        (
            (1_000..=600_000).contains(&budgets.hard_timeout.0),
            "/hard_timeout",
            "hard_timeout_out_of_range",
            "The hard timeout must be from 1s to 10m.",
        ),
        (
            is_zone(&budgets.timezone),
            "/timezone",
            "unknown_timezone",
            "The time zone must be an IANA name such as Europe/Berlin.",
        ),
        (
            (1..=500).contains(&budgets.max_keys),
            "/max_keys",
            "max_keys_out_of_range",
            "max_keys must be from 1 to 500.",
        ),
        (
            count(budgets.features.len(), MAX_FEATURES),
            "/features",
            "too_many_features",
            "There may be 64 features.",
        ),
        (
            count(budgets.templates.len(), MAX_TEMPLATES),
            "/templates",
            "too_many_templates",
            "There may be 500 templates.",
        ),
    ] {
        found.need(holds, pointer, code, message);
    }
    for (i, template) in budgets.templates.iter().enumerate() {
        found.need(
            is_path(template) && !template.contains('*'),
            &format!("/templates/{i}"),
            "bad_template",
            "A template is a path such as /api/users/:id, without stars, query or fragment.",
        );
    }
    let paths = budgets.graphql.iter().flat_map(|it| &it.paths);
    for (i, path) in paths.enumerate() {
        found.need(
            is_path(path) && !path.contains('*'),
            &format!("/graphql/paths/{i}"),
            "bad_path",
            "A path of GraphQL is written out, such as /graphql.",
        );
    }
}

fn check_feature(feature: &Feature, budgets: &Budgets, at: &str, found: &mut Findings) {
    found.need(
        is_slug(&feature.id),
        &format!("{at}/id"),
        "bad_id",
        "An id has 1 to 64 of a-z, 0-9, - and _.",
    );
    found.need(
        feature.matches.len() <= MAX_MATCHES,
        &format!("{at}/match"),
        "too_many_matches",
        "There may be 32 matches.",
    );
    for (i, it) in feature.matches.iter().enumerate() {
        check_match(it, &format!("{at}/match/{i}"), found);
    }
    found.need(
        feature.latency.len() <= MAX_OBJECTIVES,
        &format!("{at}/latency"),
        "too_many_objectives",
        "There may be 4 latency objectives.",
    );
    let mut seen = BTreeSet::new();
    for (i, it) in feature.latency.iter().enumerate() {
        let at = format!("{at}/latency/{i}");
        found.need(
            seen.insert((it.stage, it.within)),
            &at,
            "duplicate_objective",
            "Another objective has this stage and this time.",
        );
        check_objective(it, budgets, &at, found);
    }
    if let Some(availability) = &feature.availability {
        let at = format!("{at}/availability/target");
        check_target(availability.target, budgets, &at, found);
    }
    found.need(
        feature.min_clients >= 1,
        &format!("{at}/min_clients"),
        "min_clients_out_of_range",
        "At least one client has to say something.",
    );
}

fn check_match(it: &Match, at: &str, found: &mut Findings) {
    found.need(
        *it != Match::default(),
        at,
        "empty_match",
        "A match has to name something: method, origin, path or graphql.",
    );
    let method = it.method.as_deref().unwrap_or("GET");
    found.need(
        !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase()),
        &format!("{at}/method"),
        "bad_method",
        "A method is written in capitals, such as POST.",
    );
    found.need(
        it.path.as_deref().is_none_or(|path| is_path(path) && !path.contains("***")),
        &format!("{at}/path"),
        "bad_path",
        "A path begins with /, and has neither query nor fragment; * is part of a segment, ** any number.",
    );
    let is_origin = |origin: &str| {
        origin == "*"
            || (origin.starts_with("http://") || origin.starts_with("https://"))
                && origin.matches('/').count() == 2
    };
    found.need(
        it.origin.as_deref().is_none_or(is_origin),
        &format!("{at}/origin"),
        "bad_origin",
        "An origin is scheme, host and port, such as https://api.example.com, or * for any.",
    );
}

fn check_objective(it: &LatencyObjective, budgets: &Budgets, at: &str, found: &mut Findings) {
    found.need(
        (1..=budgets.hard_timeout.0).contains(&it.within.0),
        &format!("{at}/within"),
        "within_out_of_range",
        "The time must be from 1ms up to the hard timeout: what takes longer is a timeout anyway.",
    );
    check_target(it.target, budgets, &format!("{at}/target"), found);
}

/// A target, and whether its alerts can ever be raised.
fn check_target(target: f64, budgets: &Budgets, at: &str, found: &mut Findings) {
    if !(target > 0.0 && target <= 1.0) {
        let message = "A target is a share, above 0 and up to 1.";
        return found.need(false, at, "target_out_of_range", message);
    }
    let explicit = budgets.alerts.as_deref().filter(|it| !it.is_empty());
    if target >= 1.0 {
        let message = "A target of 1 has no error budget, so it cannot burn: remove the alerts, or \
                       promise less.";
        return found.need(explicit.is_none(), at, "no_budget_to_burn", message);
    }
    let usual = default_alerts(budgets.window.0);
    for (i, alert) in explicit.unwrap_or(&usual).iter().enumerate() {
        let highest = max_burn(target);
        if alert.factor > highest {
            let pointer = explicit.map_or_else(|| at.to_owned(), |_| format!("/alerts/{i}/factor"));
            let message = format!(
                "A burn of {:.1} can never be reached at a target of {target}: when everything is \
                 bad it is {highest:.1}.",
                alert.factor
            );
            // The usual windows are nobody's mistake: the slower ones still work.
            found.add(explicit.is_some(), pointer, "alert_never_fires", message);
        }
    }
}

fn check_alert(alert: &BurnAlert, budgets: &Budgets, at: &str, found: &mut Findings) {
    found.need(
        alert.short < alert.long,
        &format!("{at}/short"),
        "short_not_shorter",
        "The short window must be shorter than the long one.",
    );
    found.need(
        alert.short.0 >= budgets.slice.0,
        &format!("{at}/short"),
        "short_below_slice",
        "The short window must hold at least one slice.",
    );
    found.need(
        alert.long <= budgets.window,
        &format!("{at}/long"),
        "long_beyond_window",
        "The long window must not be longer than the window of the budgets.",
    );
    found.need(
        alert.factor > 0.0 && alert.factor.is_finite(),
        &format!("{at}/factor"),
        "factor_out_of_range",
        "The factor must be above 0.",
    );
}

/// Matches that an earlier feature leaves nothing for.
fn hidden(budgets: &Budgets, found: &mut Findings) {
    for (i, feature) in budgets.features.iter().enumerate() {
        for (k, it) in feature.matches.iter().enumerate() {
            let earlier = budgets.features.iter().take(i);
            let by = earlier
                .filter(|other| other.matches.iter().any(|wide| covers(wide, it)))
                .map(|other| other.id.as_str())
                .next();
            if let Some(by) = by {
                let message = format!(
                    "Nothing ever gets here: the feature {by} stands before it and takes all of it."
                );
                found.add(true, format!("/features/{i}/match/{k}"), "hidden", message);
            }
        }
    }
}

fn is_path(path: &str) -> bool {
    path.starts_with('/') && path.chars().count() <= MAX_CHARS && !path.contains(['?', '#', ' '])
}

/// Whether it has the shape of an IANA name; whether there is such a zone knows who computes with it.
fn is_zone(name: &str) -> bool {
    let is_part = |part: &str| {
        let mut bytes = part.bytes();
        bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_-+".contains(&byte))
    };
    name.len() <= 64 && name.split('/').all(is_part)
}
