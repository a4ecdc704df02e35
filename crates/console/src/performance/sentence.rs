//! Turns how all features stand into the one sentence on top of a page.

use protocol::query::performance::{
    FeatureAvailability, FeatureSummary, Health, ObjectiveKind, ObjectiveReport,
};

use super::{health, quantity};
use crate::words;

/// Names that a sentence lists; more are counted.
const NAMED: usize = 2;

/// All features against their budgets; `phrase` is the stretch of time as the end of a sentence.
pub fn overview(features: &[FeatureSummary], phrase: &str) -> String {
    let down = names(features, |f| f.down, |f| &f.name);
    if !down.is_empty() {
        return format!("{} now", is(&down, "down"));
    }
    let of = |health| names(features, |f| f.health == health, |f| &f.name);
    let promised: Vec<_> = features
        .iter()
        .filter(|f| f.health != Health::Unbudgeted)
        .collect();
    if promised.is_empty() {
        let n = features.iter().map(|f| f.requests).sum();
        return format!(
            "Nothing is promised yet; {} {phrase}",
            quantity::requests(n)
        );
    }
    let (over, burning) = (of(Health::Breached), of(Health::Burning));
    match (over.len(), burning.len(), of(Health::Unknown).len()) {
        (0, 0, 0) if promised.len() == 1 => {
            format!("{} is within budget {phrase}", promised[0].name)
        }
        (0, 0, 0) => format!("All {} budgets were kept {phrase}", promised.len()),
        (0, 0, unknown) if unknown == promised.len() => {
            format!("Nobody knows whether budgets were kept {phrase}")
        }
        (0, 0, unknown) => format!(
            "{} of {} budgets were kept {phrase}, {unknown} unknown",
            promised.len() - unknown,
            promised.len()
        ),
        (0, _, _) => format!("{} the error budget too fast", burn(&burning)),
        (n, _, _) if n > NAMED => {
            format!(
                "{n} of {} features are over budget {phrase}",
                promised.len()
            )
        }
        _ => format!("{} {phrase}", is(&over, "over budget")),
    }
}

/// One feature against the promise that it keeps worst.
pub fn feature(summary: &FeatureSummary, phrase: &str) -> String {
    let name = &summary.name;
    let worst = summary
        .objectives
        .iter()
        .find(|one| one.health == summary.health);
    let said = match worst {
        None => unbudgeted(summary, phrase),
        Some(one) if one.n == 0 => {
            let what = match one.kind {
                ObjectiveKind::Latency { .. } => "no requests",
                ObjectiveKind::Availability => "too few clients said anything",
            };
            format!("Nobody knows how {name} did {phrase}: {what}")
        }
        Some(one) if one.health == Health::Unknown => {
            format!("Too little is known of {name} {phrase}: {}", enough(one))
        }
        Some(one) => held(name, one, phrase),
    };
    match summary.down {
        true => format!("{name} is down now. {said}"),
        false => said,
    }
}

/// What there is, where it is too little.
fn enough(one: &ObjectiveReport) -> String {
    match one.kind {
        ObjectiveKind::Latency { .. } => format!("only {}", quantity::requests(one.n)),
        ObjectiveKind::Availability => format!("{} of the time", quantity::lasting(one.n)),
    }
}

fn held(name: &str, one: &ObjectiveReport, phrase: &str) -> String {
    let actual = health::actual(one);
    let promised = quantity::target(one.target);
    match one.kind {
        ObjectiveKind::Latency { .. } => format!(
            "{name} answered {actual} {} {phrase}; {promised} was promised",
            health::until(one.kind)
        ),
        ObjectiveKind::Availability => {
            format!(
                "{name} was available {actual} of the known time {phrase}; {promised} was promised"
            )
        }
    }
}

fn unbudgeted(summary: &FeatureSummary, phrase: &str) -> String {
    let name = &summary.name;
    match summary.percentiles {
        None => format!("Nobody knows how {name} did {phrase}: no requests"),
        Some(p) => format!(
            "{name} answered half of its requests within {} {phrase}; nothing is promised",
            quantity::latency(p.p50)
        ),
    }
}

/// How available all features were.
pub fn availability(features: &[FeatureAvailability], phrase: &str) -> String {
    let ongoing = |f: &FeatureAvailability| {
        let mut whole = f.outages.iter().filter(|outage| !outage.partial);
        whole.any(|outage| outage.to_ms.is_none())
    };
    let down = names(features, ongoing, |f| &f.name);
    if !down.is_empty() {
        return format!("{} now", is(&down, "down"));
    }
    let of = |health| names(features, |f| f.health == health, |f| &f.name);
    let promised = features.iter().filter(|f| f.target.is_some()).count();
    let (over, unknown) = (of(Health::Breached), of(Health::Unknown).len());
    match (promised, over.len()) {
        (0, _) => String::from("No availability is promised yet"),
        (_, 1..) => format!("{} more than allowed {phrase}", was(&over, "down")),
        (n, 0) if unknown == n => format!("Nobody knows what was up {phrase}"),
        (1, 0) => format!("Availability was kept {phrase}"),
        (n, 0) if unknown > 0 => format!(
            "{} of {n} features kept their availability {phrase}, {unknown} unknown",
            n - unknown
        ),
        (n, 0) => format!("All {n} features kept their availability {phrase}"),
    }
}

fn names<'a, T>(
    all: &'a [T],
    which: impl Fn(&T) -> bool,
    name: impl Fn(&'a T) -> &'a String,
) -> Vec<&'a str> {
    let all = all.iter().filter(|one| which(one));
    all.map(|one| name(one).as_str()).collect()
}

fn is(names: &[&str], what: &str) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb} {what}", list(names))
}

fn was(names: &[&str], what: &str) -> String {
    let verb = if names.len() == 1 { "was" } else { "were" };
    format!("{} {verb} {what}", list(names))
}

fn burn(names: &[&str]) -> String {
    let verb = if names.len() == 1 { "burns" } else { "burn" };
    format!("{} {verb}", list(names))
}

fn list(names: &[&str]) -> String {
    match names {
        [one] => String::from(*one),
        [first, second] => format!("{first} and {second}"),
        many => format!("{} features", words::count(many.len() as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    const PHRASE: &str = "in the last 7 days";

    fn check(healths: &[(&str, Health)], expect: &str) {
        let features: Vec<_> = healths
            .iter()
            .map(|(name, health)| example::summary(name, *health))
            .collect();
        assert_eq!(overview(&features, PHRASE), expect);
    }

    use Health::{Breached, Burning, Unbudgeted, Unknown, Within};

    #[test]
    fn the_worst_is_what_the_page_says() {
        check(
            &[("Search", Breached), ("Cart", Burning), ("Login", Within)],
            "Search is over budget in the last 7 days",
        );
        check(
            &[("Search", Breached), ("Cart", Breached)],
            "Search and Cart are over budget in the last 7 days",
        );
        check(
            &[("A", Breached), ("B", Breached), ("C", Breached)],
            "3 of 3 features are over budget in the last 7 days",
        );
        check(
            &[("Cart", Burning), ("Login", Unknown)],
            "Cart burns the error budget too fast",
        );
        check(
            &[("Login", Within), ("Cart", Within), ("Rest", Unbudgeted)],
            "All 2 budgets were kept in the last 7 days",
        );
    }

    #[test]
    fn what_nobody_knows_is_not_called_kept() {
        check(
            &[("Search", Unknown), ("Login", Within)],
            "1 of 2 budgets were kept in the last 7 days, 1 unknown",
        );
        check(
            &[("Search", Unknown)],
            "Nobody knows whether budgets were kept in the last 7 days",
        );
        check(
            &[("Rest", Unbudgeted)],
            "Nothing is promised yet; 1,200 requests in the last 7 days",
        );
        check(
            &[],
            "Nothing is promised yet; no requests in the last 7 days",
        );
    }

    #[test]
    fn what_is_down_comes_before_everything() {
        let mut features = vec![
            example::summary("Search", Breached),
            example::summary("Cart", Within),
        ];
        features[1].down = true;
        assert_eq!(overview(&features, PHRASE), "Cart is down now");
        assert!(feature(&features[1], PHRASE).starts_with("Cart is down now. Cart answered"));
    }

    #[test]
    fn one_feature_is_held_against_its_promise() {
        let check = |health, expect: &str| {
            assert_eq!(feature(&example::summary("Search", health), PHRASE), expect);
        };
        check(
            Breached,
            "Search answered 93.4 % within 300 ms in the last 7 days; 95 % was promised",
        );
        check(
            Unknown,
            "Nobody knows how Search did in the last 7 days: no requests",
        );
        check(
            Unbudgeted,
            "Search answered half of its requests within 120 ms in the last 7 days; nothing is promised",
        );
    }

    #[test]
    fn availability_is_told_in_one_sentence() {
        let check = |healths: &[(&str, Health)], expect: &str| {
            let features: Vec<_> = healths
                .iter()
                .map(|(name, health)| example::availability(name, *health))
                .collect();
            assert_eq!(availability(&features, PHRASE), expect);
        };
        check(
            &[("Cart", Breached), ("Login", Within)],
            "Cart was down more than allowed in the last 7 days",
        );
        check(
            &[("Cart", Within), ("Login", Within)],
            "All 2 features kept their availability in the last 7 days",
        );
        check(
            &[("Cart", Unknown), ("Login", Within)],
            "1 of 2 features kept their availability in the last 7 days, 1 unknown",
        );
        check(
            &[("Cart", Unknown)],
            "Nobody knows what was up in the last 7 days",
        );
        check(&[], "No availability is promised yet");
    }
}
