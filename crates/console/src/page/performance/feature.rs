//! Turns one feature into what the page says and shows of it: how fast it was, when, who had the time.

use protocol::query::performance::FeatureDetail;

use super::looked::Looked;
use crate::asked::{Said, Told};
use crate::node::{Element, el, said};
use crate::part::performance::alerts::alerts;
use crate::part::performance::blame::blame;
use crate::part::performance::classes::classes;
use crate::part::performance::distribution::{self, distribution};
use crate::part::performance::exemplars::exemplars;
use crate::part::performance::health_mark::word;
use crate::part::performance::objectives::objectives;
use crate::part::performance::percentiles::{self, percentiles};
use crate::part::performance::templates::templates;
use crate::performance::picture::Pictures;
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;
use crate::performance::{quantity, sentence};
use crate::words::{self, say};

use leptos::prelude::*;

/// The page in a sentence, and what it is about.
pub(super) fn head(told: &FeatureDetail, phrase: &str, zone: &Zone) -> (String, Element) {
    (
        sentence::feature(&told.summary, phrase),
        context(told, zone),
    )
}

/// Everything about it.
pub(super) fn parts(
    told: &FeatureDetail,
    pictures: &Pictures,
    zone: &Zone,
    looked: Looked,
) -> Vec<Element> {
    let Pictures { bars, curve, split } = pictures;
    let summary = &told.summary;
    let promises = (!summary.objectives.is_empty()).then(|| {
        let promises = el("section")
            .class("promises")
            .at("aria-label", say::perf_promises());
        promises.child(objectives(&summary.objectives))
    });
    let mut parts: Vec<Element> = alerts(&summary.alerts, zone, usize::MAX)
        .into_iter()
        .collect();
    parts.extend(promises);
    if summary.requests == 0 {
        let nothing = say::perf_nothing();
        parts.push(said("p", "muted", nothing).at("data-testid", "nothing"));
        return parts;
    }
    let steps = curve.steps.iter();
    looked.steps.set_value(steps.map(|step| step.to).collect());
    let step = looked.step.get();
    parts.extend([
        distribution(told, bars, looked.is_open(distribution::TABLE)),
        percentiles(curve, zone, step, looked.is_open(percentiles::TABLE)),
        el("div")
            .class("halves")
            .child(blame(split.as_ref()))
            .child(classes(told)),
        templates(told),
        exemplars(told, zone),
    ]);
    parts
}

/// The way back, the name, and how it stands.
pub(super) fn crumb(chosen: &Chosen, name: String, told: Option<&Told>) -> Element {
    let back = el("a").at("href", Place::Features.href(chosen));
    let health = match told.map(|told| &told.said) {
        Some(Said::Feature(detail)) => Some(word(detail.summary.health)),
        _ => None,
    };
    el("p")
        .class("crumb")
        .child(back.text(say::perf_features()))
        .child(el("span").at("aria-hidden", "true").text("/"))
        .child(el("span").text(name))
        .maybe(health)
}

fn context(told: &FeatureDetail, zone: &Zone) -> Element {
    let (requests, n) = (told.summary.requests, told.summary.n);
    let counted = match requests {
        0 => String::from(say::requests_nothing()),
        _ => say::perf_counted(&quantity::requests(requests), &words::count(n)),
    };
    let mut text = say::perf_context(&counted, &zone.stretch(told.window));
    if let Some(owner) = &told.summary.owner {
        text = format!("{text} {}", say::perf_owner(owner));
    }
    if let Some(apdex) = told.apdex {
        text = format!("{text} Apdex {}.", words::decimal(format!("{apdex:.2}")));
    }
    said("p", "context", text)
}

/// What stands where a feature would be.
pub(super) fn missing(id: &str, chosen: &Chosen) -> (String, Element) {
    let why = format!("{} ", say::perf_missing());
    let back = el("a").at("href", Place::Features.href(chosen));
    let said = said("p", "context", why).child(back.text(say::perf_show_all()));
    (say::perf_missing_title(id), said)
}
