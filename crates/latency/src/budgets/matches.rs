//! Turns what makes a request part of a feature into what is wrong with it.

use protocol::budget::{Budgets, Match};

use super::cover::{Automaton, Covers};
use super::{Code, MAX_MATCHES, MAX_PATTERN_BYTES, Report};

/// A match, and where it is.
struct Place<'a> {
    feature: usize,
    index: usize,
    rule: &'a Match,
    /// Its path; that of any without one.
    path: Automaton,
}

impl Place<'_> {
    fn pointer(&self) -> String {
        format!("/features/{}/match/{}", self.feature, self.index)
    }
}

pub(super) fn check(budgets: &Budgets, report: &mut Report) {
    let mut good: Vec<Place<'_>> = Vec::new();
    let mut covers = Covers::new();
    for (n, feature) in budgets.features.iter().enumerate() {
        let count = feature.matches.len();
        report.say_if(
            count > MAX_MATCHES,
            format!("/features/{n}/match"),
            Code::TooManyMatches,
            format!("There are {count} matches, and a feature has at most {MAX_MATCHES}."),
        );
        for (index, rule) in feature.matches.iter().take(MAX_MATCHES).enumerate() {
            let place = Place {
                feature: n,
                index,
                rule,
                path: Automaton::new(rule.path.as_deref().unwrap_or("**").as_bytes()),
            };
            let before = report.0.len();
            parts(rule, &place.pointer(), report);
            if report.0.len() == before {
                hidden(&place, &good, budgets, &mut covers, report);
                good.push(place);
            }
        }
    }
}

fn parts(rule: &Match, at: &str, report: &mut Report) {
    report.say_if(
        *rule == Match::default(),
        at,
        Code::EmptyMatch,
        "A match names a method, an origin, a path or an operation of GraphQL.",
    );
    let is_method = |method: &String| {
        (1..=20).contains(&method.len()) && method.bytes().all(|b| b.is_ascii_uppercase())
    };
    report.say_if(
        !rule.method.as_ref().is_none_or(is_method),
        format!("{at}/method"),
        Code::Method,
        "A method is written in capitals, such as GET.",
    );
    report.say_if(
        !rule.origin.as_deref().is_none_or(is_origin),
        format!("{at}/origin"),
        Code::Origin,
        "An origin is scheme, host and port in small letters, such as https://api.example.com, or * for any.",
    );
    let is_name = |name: &String| {
        (1..=MAX_PATTERN_BYTES).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    report.say_if(
        !rule.graphql.as_ref().is_none_or(is_name),
        format!("{at}/graphql"),
        Code::Graphql,
        "The name of a GraphQL operation is made of letters, digits and underscores.",
    );
    if let Some(sentence) = rule.path.as_deref().and_then(glob_fault) {
        report.say(format!("{at}/path"), Code::Glob, sentence);
    }
}

/// As browsers write it: no path, no capitals, and no port that is the usual one.
fn is_origin(origin: &str) -> bool {
    if origin == "*" {
        return true;
    }
    let Some((scheme, rest)) = origin.split_once("://") else {
        return false;
    };
    let usual = match scheme {
        "https" | "wss" => ":443",
        "http" | "ws" => ":80",
        _ => return false,
    };
    let is_host = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._:[]".contains(&b);
    (1..=MAX_PATTERN_BYTES).contains(&rest.len())
        && rest.bytes().all(is_host)
        && !rest.ends_with([':', '.', '-'])
        && !rest.starts_with([':', '.', '-'])
        && !rest.ends_with(usual)
}

/// Why no path fits a pattern, or why it is not what was meant.
fn glob_fault(path: &str) -> Option<&'static str> {
    if path.len() > MAX_PATTERN_BYTES {
        Some("A pattern has at most 200 bytes.")
    } else if !path.starts_with('/') && !path.starts_with("**") {
        Some("A path begins with a slash, so a pattern begins with one, or with **.")
    } else if path.contains(['?', '#']) {
        Some("A query or a fragment is dropped before paths are looked at.")
    } else if path.contains(|c: char| c.is_whitespace() || c.is_control()) {
        Some("A path has no white space: it is encoded, as %20.")
    } else if path.contains("***") {
        Some("* stands for a part of a segment and ** for any number of them; *** for neither.")
    } else if path.split('/').any(|part| part.starts_with(':')) {
        Some("In a pattern * stands for a segment; :name is for templates.")
    } else {
        None
    }
}

/// Says whether an earlier match takes every request that this one is for. Several that do so only
/// together are not looked for.
fn hidden(
    place: &Place<'_>,
    earlier: &[Place<'_>],
    budgets: &Budgets,
    covers: &mut Covers,
    report: &mut Report,
) {
    let mut takes_all = |other: &&Place<'_>| {
        can_take_all(other.rule, place.rule) && covers.covers(&other.path, &place.path)
    };
    let Some(other) = earlier.iter().find(|other| takes_all(other)) else {
        return;
    };
    let feature = &budgets.features[other.feature].id;
    let (code, whose) = if other.feature == place.feature {
        (Code::RedundantMatch, String::from("the same feature"))
    } else {
        (Code::HiddenMatch, format!("the feature \"{feature}\""))
    };
    report.say(
        place.pointer(),
        code,
        format!(
            "{} of {whose} takes every request that this is for: the first that matches owns it.",
            other.pointer()
        ),
    );
}

/// Whether every request that fits `narrow` fits `wide`, but for their paths.
fn can_take_all(wide: &Match, narrow: &Match) -> bool {
    let is_in = |wide: &Option<String>, narrow: &Option<String>| wide.is_none() || wide == narrow;
    // Without an origin it is the page's own, which may be any that is named elsewhere.
    let origin = wide.origin.as_deref() == Some("*") || wide.origin == narrow.origin;
    origin && is_in(&wide.method, &narrow.method) && is_in(&wide.graphql, &narrow.graphql)
}
