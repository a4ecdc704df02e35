//! Turns outages and announced times into the page that says what was up, for how long, for whom.

use leptos::prelude::*;
use protocol::query::performance::{Availability, Maintenance};

use super::answered::Answered;
use crate::browser;
use crate::node::{Element, el, said};
use crate::part::performance::common::{section, when};
use crate::part::performance::feature_availability::feature_availability;
use crate::part::performance::strip;
use crate::part::{Notice, Painted};
use crate::performance::sentence;
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;

/// `/performance/availability?window=7d`
#[component]
pub fn AvailabilityPage() -> impl IntoView {
    browser::set_title("Availability");
    let place = Memo::new(|_| Place::Availability);
    let page: Answered<Availability> = Answered::new(place, |told| (&told.timezone, told.window));
    let head = move || {
        let said = page.draw(|told, zone, shown| {
            let phrase = shown.phrase(told.window);
            let context = format!("{}. As clients saw it.", zone.stretch(told.window));
            let sentence = sentence::availability(&told.features, &phrase);
            (sentence, said("p", "context", context))
        });
        vec![page.head(None, said)]
    };
    let body = move || {
        let drawn = page.draw(|told, zone, shown| {
            parts(told, zone, shown, page.at_ms().unwrap_or(told.window.to_ms))
        });
        page.body(drawn, &["up-block"; 3])
    };
    view! {
        <Painted draw=Box::new(head)/>
        <Notice trouble=page.live.trouble kept=page.kept() retry=move |()| page.live.refresh()/>
        <Painted draw=Box::new(body)/>
    }
}

fn parts(told: &Availability, zone: &Zone, shown: &Chosen, now_ms: u64) -> Vec<Element> {
    if told.features.is_empty() {
        let nothing = "No requests were ever measured: nothing is known of any feature.";
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
        let what = one.feature.as_deref().unwrap_or("all features");
        let note = match one.note.as_str() {
            "" => String::from(what),
            note => format!("{what}: {note}"),
        };
        el("li")
            .add(when(one.from_ms, zone.stamp(one.from_ms)))
            .text(" to ")
            .add(when(one.to_ms, zone.stamp(one.to_ms)))
            .add(said("span", "small", note))
    });
    let list = el("ul").class("plain").all(lines);
    Some(section("maintenance", "maintenance-title", "Maintenance").add(list))
}
