//! Turns the availability of one feature into its SLA, its strip of time and its outages.

use protocol::query::Window;
use protocol::query::performance::FeatureAvailability;

use super::health_mark::word;
use super::objectives::budget_bar;
use super::outages::outages;
use super::strip::timeline;
use crate::node::{Element, el, said};
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;
use crate::performance::{health, quantity, strip};
use crate::words::say;

/// Digits that an availability has where nothing was promised.
const USUAL_TARGET: f64 = 0.999;

/// How available one feature was; `now_ms` is when the collector said so.
pub fn feature_availability(
    feature: &FeatureAvailability,
    window: Window,
    zone: &Zone,
    chosen: &Chosen,
    now_ms: u64,
) -> Element {
    let place = Place::Feature(feature.id.clone());
    let name = el("a")
        .at("href", place.href(chosen))
        .text(feature.name.clone());
    let title = el("h2").class("section-title").child(name);
    let flapping = feature.flapping.then(|| {
        let flapping = el("p").class("flapping").at("role", "status");
        flapping
            .child(el("strong").text(say::up_flapping()))
            .text(format!(" {}", say::up_flapping_what()))
    });
    let figures = el("div")
        .class("up-figures")
        .child(sla(feature))
        .child(facts(feature));
    el("article")
        .class("up")
        .at("data-testid", "availability")
        .at("data-feature", feature.id.clone())
        .child(el("header").child(title).child(word(feature.health)))
        .maybe(flapping)
        .child(figures)
        .child(timeline(&feature.timeline, window, zone))
        .all(outages(&feature.outages, &feature.name, zone, now_ms))
}

fn sla(feature: &FeatureAvailability) -> Element {
    let target = feature.target.unwrap_or(USUAL_TARGET);
    let (class, figure, known) = match feature.time {
        None => (
            "sla-figure muted",
            String::from(say::goal_unknown()),
            String::from(say::up_too_few()),
        ),
        Some(time) => (
            "sla-figure",
            quantity::actual(time, target),
            say::up_of_known(&quantity::share(feature.coverage)),
        ),
    };
    let promised = match feature.target {
        Some(target) => say::up_promised(&known, &quantity::target(target)),
        None => say::up_not_promised(&known),
    };
    let used = strip::used(feature).into_iter().flat_map(|used| {
        let left = used.share.map(|share| 1.0 - share);
        let left = left.filter(|_| feature.time.is_some());
        let told = said("p", "small", used.told).at("data-testid", "used");
        [budget_bar(left, health::name(feature.health)), told]
    });
    el("div")
        .class("sla")
        .child(said("p", class, figure).at("data-testid", "sla"))
        .child(said("p", "small", promised))
        .all(used)
}

fn facts(feature: &FeatureAvailability) -> Element {
    let target = feature.target.unwrap_or(USUAL_TARGET);
    let whole = feature.outages.iter().filter(|outage| !outage.partial);
    let n = whole.clone().count();
    let none = match (feature.time, n) {
        (None, _) => say::goal_unknown(),
        (_, 0) => say::up_no_outage(),
        (_, 1) => say::up_one_outage(),
        _ => say::goal_unknown(),
    };
    let lasts = whole.filter(|outage| outage.to_ms.is_none()).count();
    let to_repair = if lasts > 0 { say::up_it_lasts() } else { none };
    let said = |ms: Option<u64>, or: &str| ms.map_or_else(|| String::from(or), quantity::lasting);
    let requests = match feature.requests {
        Some(share) => quantity::actual(share, target),
        None => String::from(say::requests_none()),
    };
    let facts = [
        ("MTBF", "mtbf", say::up_mtbf(), said(feature.mtbf_ms, none)),
        (
            "MTTR",
            "mttr",
            say::up_mttr(),
            said(feature.mttr_ms, to_repair),
        ),
        (
            say::up_start_to_start(),
            "start-to-start",
            say::up_start_to_start_what(),
            said(feature.start_to_start_ms, none),
        ),
        (
            say::up_coverage(),
            "coverage",
            say::up_coverage_what(),
            quantity::share(feature.coverage),
        ),
        (
            say::up_good(),
            "good-requests",
            say::up_good_what(),
            requests,
        ),
    ];
    el("dl")
        .class("facts")
        .all(facts.map(|(term, id, what, value)| {
            el("div")
                .class("fact")
                .child(el("dt").at("title", what).text(term))
                .child(el("dd").at("data-testid", id).text(value))
        }))
}

#[cfg(test)]
mod tests {
    use protocol::query::performance::{Health, OutageRow};

    use super::*;
    use crate::performance::example;

    fn drawn(feature: &FeatureAvailability) -> Element {
        let utc = Zone::new("UTC", |_, _| 0);
        let window = example::window();
        feature_availability(feature, window, &utc, &Chosen::default(), window.to_ms)
    }

    fn check(tree: &Element, testid: &str, expect: &str) {
        assert_eq!(tree.find("data-testid", testid)[0].words(), expect);
    }

    #[test]
    fn what_nobody_knows_has_no_figure() {
        let mut feature = example::availability("Cart", Health::Unknown);
        feature.coverage = 0.0;
        let tree = drawn(&feature);
        check(&tree, "sla", "unknown");
        check(&tree, "mtbf", "unknown");
        check(&tree, "coverage", "0 %");
        check(&tree, "good-requests", "no requests");
        assert_eq!(tree.find("class", "hatched").len(), 1);
        assert!(tree.find("class", "within").is_empty());
    }

    #[test]
    fn an_outage_that_lasts_is_told_as_such() {
        let mut feature = example::availability("Cart", Health::Breached);
        feature.down_ms = 90_000;
        feature.mtbf_ms = Some(86_310_000);
        feature.outages = vec![OutageRow {
            from_ms: example::window().to_ms - 90_000,
            to_ms: None,
            partial: false,
            peak_share: 1.0,
            failed: 30,
            provisional: true,
            revision: 0,
        }];
        feature.flapping = true;
        let tree = drawn(&feature);
        check(&tree, "sla", "99.95 %");
        check(&tree, "used", "1 min 30 s down, 1 min 26 s allowed");
        check(&tree, "mttr", "it lasts");
        check(&tree, "mtbf", "23 h 58 min");
        check(&tree, "start-to-start", "one outage");
        check(
            &tree,
            "outage",
            "26 Nov, 23:58:301 min 30 s so far100 %30lasts; may still changeRead",
        );
        assert_eq!(tree.find("class", "flapping").len(), 1);
    }
}
