//! Turns outages and announced times into what the page says and shows of what was up, and for whom.

use protocol::query::performance::{Availability, Maintenance};

use crate::node::{Element, el, said};
use crate::part::performance::common::{section, when};
use crate::part::performance::feature_availability::feature_availability;
use crate::part::performance::strip;
use crate::performance::sentence;
use crate::performance::url::Chosen;
use crate::performance::zone::Zone;
use crate::words::say;

/// The page in a sentence, and what it is about.
pub(super) fn head(told: &Availability, phrase: &str, zone: &Zone) -> (String, Element) {
    let context = say::perf_clients(&zone.stretch(told.window));
    let sentence = sentence::availability(&told.features, phrase);
    (sentence, said("p", "context", context))
}

/// One article a feature, the worst first; then announced times.
pub(super) fn parts(told: &Availability, zone: &Zone, shown: &Chosen, now_ms: u64) -> Vec<Element> {
    if told.features.is_empty() {
        let nothing = say::perf_never_measured();
        return vec![said("p", "muted", nothing)];
    }
    let mut features: Vec<_> = told.features.iter().collect();
    // The worst first; what stands alike stays in the order of the budgets.
    features.sort_by_key(|feature| feature.health);
    let articles = features
        .into_iter()
        .map(|feature| feature_availability(feature, told.window, zone, shown, now_ms));
    core::iter::once(strip::key())
        .chain(articles)
        .chain(maintenance(&told.maintenance, zone))
        .collect()
}

fn maintenance(announced: &[Maintenance], zone: &Zone) -> Option<Element> {
    if announced.is_empty() {
        return None;
    }
    let lines = announced.iter().map(|one| {
        let what = one.feature.as_deref().unwrap_or(say::perf_all_features());
        let note = match one.note.as_str() {
            "" => String::from(what),
            note => format!("{what}: {note}"),
        };
        el("li")
            .child(when(one.from_ms, zone.stamp(one.from_ms)))
            .text(format!(" {} ", say::perf_until()))
            .child(when(one.to_ms, zone.stamp(one.to_ms)))
            .child(said("span", "small", note))
    });
    let list = el("ul").class("plain").all(lines);
    Some(section("maintenance", "maintenance-title", say::perf_maintenance()).child(list))
}
