//! Turns features into a list, the worst first, and those without a budget into a shorter one.

use protocol::query::performance::{FeatureSummary, Health, Percentiles};

use super::alerts::alerts;
use super::common::{head, number, numbers, scroll, section, table, words};
use super::health_mark::word;
use super::objectives::{objectives, told};
use crate::node::{Element, el, said};
use crate::performance::quantity;
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;
use crate::words::{count, say};

/// Features that something was promised of; absent where nothing was.
pub fn promised(features: &[FeatureSummary], chosen: &Chosen, zone: &Zone) -> Option<Element> {
    let mut rows = features
        .iter()
        .filter(|feature| feature.health != Health::Unbudgeted)
        .map(|feature| line(feature, chosen, zone))
        .peekable();
    rows.peek()?;
    let names = [
        say::perf_promise(),
        say::perf_kept(),
        say::perf_error_budget(),
        say::perf_burn(),
    ];
    let columns = el("div")
        .class("feature-columns")
        .at("aria-hidden", "true")
        .child(el("span").text(say::perf_feature()))
        .child(said("span", "objective", "").all(names.map(|name| el("span").text(name))))
        .child(said("span", "number", "p95"));
    Some(
        el("section")
            .class("features")
            .at("aria-label", say::perf_worst_first())
            .child(said("h2", "visually-hidden", say::perf_worst_first()))
            .child(columns)
            .child(el("ol").class("feature-list").all(rows)),
    )
}

fn line(feature: &FeatureSummary, chosen: &Chosen, zone: &Zone) -> Element {
    let down = feature
        .down
        .then(|| said("p", "down-now", say::perf_down_now()));
    let owner = feature.owner.clone();
    let name = said("div", "feature-name", "")
        .child(el("h3").child(link(feature, chosen)))
        .child(el("p").child(word(feature.health)))
        .maybe(down)
        .maybe(owner.map(|owner| said("p", "small", owner)));
    let n = match feature.n {
        0 => String::from(say::requests_none()),
        n => format!("n = {}", count(n)),
    };
    el("li")
        .class("feature")
        .at("data-testid", "feature")
        .at("data-feature", feature.id.clone())
        .child(name)
        .child(objectives(&feature.objectives))
        .child(
            el("p")
                .class("p95")
                .child(said("span", "column", "p95"))
                .child(told("", "p95", percentile(feature, |p| p.p95, "\u{2014}")))
                .child(said("span", "small", n)),
        )
        .maybe(alerts(&feature.alerts, zone, 1))
}

fn link(feature: &FeatureSummary, chosen: &Chosen) -> Element {
    let place = Place::Feature(feature.id.clone());
    el("a")
        .at("href", place.href(chosen))
        .text(feature.name.clone())
}

fn percentile(feature: &FeatureSummary, pick: fn(Percentiles) -> f64, or: &str) -> String {
    let value = feature.percentiles.map(|all| quantity::latency(pick(all)));
    value.unwrap_or_else(|| String::from(or))
}

/// Features and the rest that nothing was promised of; absent where there is none.
pub fn unbudgeted(features: &[FeatureSummary], chosen: &Chosen) -> Option<Element> {
    let mut rows = features
        .iter()
        .filter(|feature| feature.health == Health::Unbudgeted)
        .map(|feature| {
            el("tr")
                .child(head().child(link(feature, chosen)))
                .child(number(count(feature.requests)))
                .child(number(count(feature.n)))
                .child(number(percentile(feature, |p| p.p50, say::requests_none())))
                .child(number(percentile(feature, |p| p.p95, say::requests_none())))
        })
        .peekable();
    rows.peek()?;
    let columns = vec![
        words(say::perf_feature()),
        numbers(say::perf_requests()),
        numbers("n").hint(say::perf_counts()),
        numbers("p50"),
        numbers("p95"),
    ];
    let what = say::perf_unbudgeted_what();
    Some(
        section("no-budget", "no-budget-title", say::perf_unbudgeted())
            .child(said("p", "muted", what))
            .child(scroll(say::perf_unbudgeted_table(), table(columns, rows))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::performance::example;

    #[test]
    fn what_has_no_budget_stands_under_what_has_one() {
        let features = [
            example::summary("Search", Health::Breached),
            example::summary("Export", Health::Unknown),
            example::summary("Rest", Health::Unbudgeted),
        ];
        let (chosen, utc) = (Chosen::parse(Some("7d")), Zone::new("UTC", |_, _| 0));
        let list = promised(&features, &chosen, &utc).unwrap();
        let healths = list.find("data-testid", "health");
        let healths: Vec<_> = healths.iter().map(|one| one.words()).collect();
        assert_eq!(healths, ["Over budget", "Unknown"]);
        assert_eq!(
            list.find("href", "performance/features/search?window=7d")
                .len(),
            1
        );
        let others = unbudgeted(&features, &chosen).unwrap();
        assert!(others.words().contains("Rest1,2001,000120 ms412 ms"));
        assert!(promised(&features[2..], &chosen, &utc).is_none());
        assert!(unbudgeted(&features[..2], &chosen).is_none());
    }
}
