//! Turns how all features stand into the one sentence on top of a page.

use protocol::query::performance::{
    FeatureAvailability, FeatureSummary, Health, ObjectiveKind, ObjectiveReport,
};

use super::{health, quantity};
use crate::words::say;

/// Names that a sentence lists; more are counted.
const NAMED: usize = 2;

/// All features against their budgets; `phrase` is the stretch of time as the end of a sentence.
pub fn overview(features: &[FeatureSummary], phrase: &str) -> String {
    let down = names(features, |f| f.down, |f| &f.name);
    if !down.is_empty() {
        return say::say_down(many(&down), &list(&down));
    }
    let of = |health| names(features, |f| f.health == health, |f| &f.name);
    let promised: Vec<_> = features
        .iter()
        .filter(|f| f.health != Health::Unbudgeted)
        .collect();
    if promised.is_empty() {
        let n = features.iter().map(|f| f.requests).sum();
        return say::say_nothing_promised(phrase, &quantity::requests(n));
    }
    let (over, burning) = (of(Health::Breached), of(Health::Burning));
    let all = promised.len().to_string();
    match (over.len(), burning.len(), of(Health::Unknown).len()) {
        (0, 0, 0) if promised.len() == 1 => say::say_within(&promised[0].name, phrase),
        (0, 0, 0) => say::say_all_kept(&all, phrase),
        (0, 0, unknown) if unknown == promised.len() => say::say_nobody_knows_budgets(phrase),
        (0, 0, unknown) => say::say_some_kept(
            &(promised.len() - unknown).to_string(),
            &all,
            phrase,
            &unknown.to_string(),
        ),
        (0, _, _) => say::say_burn(many(&burning), &list(&burning)),
        (n, _, _) if n > NAMED => say::say_many_over(&all, &n.to_string(), phrase),
        _ => say::say_over(many(&over), &list(&over), phrase),
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
                ObjectiveKind::Latency { .. } => say::requests_none(),
                ObjectiveKind::Availability => say::up_too_few(),
            };
            say::say_nobody_knows(name, phrase, what)
        }
        Some(one) if one.health == Health::Unknown => {
            say::say_too_little(name, phrase, &enough(one))
        }
        Some(one) => held(name, one, phrase),
    };
    match summary.down {
        true => say::say_then(&say::say_down(1, name), &said),
        false => said,
    }
}

/// What there is, where it is too little.
fn enough(one: &ObjectiveReport) -> String {
    match one.kind {
        ObjectiveKind::Latency { .. } => say::say_only(&quantity::requests(one.n)),
        ObjectiveKind::Availability => say::say_of_time(&quantity::lasting(one.n)),
    }
}

fn held(name: &str, one: &ObjectiveReport, phrase: &str) -> String {
    let actual = health::actual(one);
    let promised = quantity::target(one.target);
    match one.kind {
        ObjectiveKind::Latency { .. } => {
            say::say_answered(&actual, name, phrase, &promised, &health::until(one.kind))
        }
        ObjectiveKind::Availability => say::say_available(&actual, name, phrase, &promised),
    }
}

fn unbudgeted(summary: &FeatureSummary, phrase: &str) -> String {
    let name = &summary.name;
    match summary.percentiles {
        None => say::say_nobody_knows(name, phrase, say::requests_none()),
        Some(p) => say::say_half(name, phrase, &quantity::latency(p.p50)),
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
        return say::say_down(many(&down), &list(&down));
    }
    let of = |health| names(features, |f| f.health == health, |f| &f.name);
    let promised = features.iter().filter(|f| f.target.is_some()).count();
    let (over, unknown) = (of(Health::Breached), of(Health::Unknown).len());
    match (promised, over.len()) {
        (0, _) => String::from(say::say_no_availability()),
        (_, 1..) => say::say_was_down(many(&over), &list(&over), phrase),
        (n, 0) if unknown == n => say::say_nobody_knows_up(phrase),
        (1, 0) => say::say_up_kept(phrase),
        (n, 0) if unknown > 0 => say::say_some_up(
            &(n - unknown).to_string(),
            &n.to_string(),
            phrase,
            &unknown.to_string(),
        ),
        (n, 0) => say::say_all_up(&n.to_string(), phrase),
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

/// How many are named, for the form of the verb.
const fn many(names: &[&str]) -> u64 {
    names.len() as u64
}

fn list(names: &[&str]) -> String {
    match names {
        [one] => String::from(*one),
        [first, second] => say::list_and(first, second),
        all => say::say_features(many(all)),
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
            "Budgets kept in the last 7 days: 1 of 2, 1 unknown",
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
            "Availability kept in the last 7 days: 1 of 2 features, 1 unknown",
        );
        check(
            &[("Cart", Unknown)],
            "Nobody knows what was up in the last 7 days",
        );
        check(&[], "No availability is promised yet");
    }
}
