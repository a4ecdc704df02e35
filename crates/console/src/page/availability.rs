//! Turns outages and announced times into the page that says what was up, for how long, for whom.

use leptos::prelude::*;
use protocol::query::performance::{Availability, FeatureAvailability, Maintenance};

use super::performance::{chosen, kept, shown_choice, told, zone};
use crate::account::Account;
use crate::asked::{Asked, Live};
use crate::browser;
use crate::part::Notice;
use crate::part::performance::{
    AvailabilityWaiting, FeatureUp, StripKey, When, WindowChooser, Work,
};
use crate::performance::sentence;
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;

/// `/performance/availability?window=7d`
#[component]
pub fn AvailabilityPage() -> impl IntoView {
    browser::set_title("Availability");
    let chosen = chosen();
    let wanted = Memo::new(move |_| Asked::new(Place::Availability, chosen.get()));
    let live: Live<Availability> = Live::new(wanted, expect_context::<Account>());
    let told = told(live);
    let zone_of = Signal::derive(move || told.with(|t| Some(zone(&t.as_ref()?.timezone))));
    let window = Signal::derive(move || told.with(|t| Some(t.as_ref()?.window)));
    let shown = shown_choice(live);
    let at_ms = Signal::derive(move || live.shown.with(|s| s.as_ref().map_or(0, |s| s.at_ms)));
    let head = move || {
        told.with(|told| {
            let told = told.as_ref()?;
            Some(sentence::availability(
                &told.features,
                &shown.get().phrase(told.window),
            ))
        })
    };
    let context = move || {
        told.with(|told| {
            let told = told.as_ref()?;
            Some(format!(
                "{}. What clients saw, in slices of seconds.",
                zone(&told.timezone).stretch(told.window)
            ))
        })
    };
    view! {
        <header class="page-head" data-waiting=move || told.with(Option::is_none).then_some("true")>
            <WindowChooser place=Place::Availability chosen window zone=zone_of/>
            <h1 class="sentence">{move || head().unwrap_or_else(|| String::from("Availability"))}</h1>
            <p class="context">{context}</p>
        </header>
        <Notice live kept=kept(live, zone_of)/>
        <Work live waiting=|| view! { <AvailabilityWaiting/> }><Whole told shown at_ms/></Work>
    }
}

#[component]
fn Whole(
    told: Memo<Option<Availability>>,
    shown: Memo<Chosen>,
    at_ms: Signal<u64>,
) -> impl IntoView {
    // It is shown only while there is one.
    let Some(first) = told.get_untracked() else {
        return ().into_any();
    };
    let told = Memo::new(move |_| told.get().unwrap_or_else(|| first.clone()));
    let zone_of = Memo::new(move |_| told.with(|told| zone(&told.timezone)));
    let window = Memo::new(move |_| told.with(|told| told.window));
    let features = move || {
        let mut features = told.with(|told| told.features.clone());
        // The worst first; what stands alike stays in the order of the budgets.
        features.sort_by_key(|feature| feature.health);
        features
    };
    let one = move |feature: FeatureAvailability| {
        let id = feature.id.clone();
        // Its place in the list may change, and so may its numbers; what is opened in it stays open.
        let now = Memo::new(move |_| {
            let found = told.with(|told| told.features.iter().find(|f| f.id == id).cloned());
            found.unwrap_or_else(|| feature.clone())
        });
        view! { <FeatureUp feature=now window zone=zone_of chosen=shown now_ms=at_ms/> }
    };
    view! {
        <StripKey/>
        <For each=features key=|feature| feature.id.clone() children=one/>
        {move || told.with(|told| told.features.is_empty()).then(|| view! {
            <p class="muted">"No requests were ever measured: nothing is known of any feature."</p>
        })}
        {move || told.with(|told| zone_of.with(|zone| maintenance(&told.maintenance, zone)))}
    }
    .into_any()
}

fn maintenance(announced: &[Maintenance], zone: &Zone) -> Option<impl IntoView + use<>> {
    if announced.is_empty() {
        return None;
    }
    let rows: Vec<_> = announced
        .iter()
        .map(|one| {
            view! {
                <li>
                    <When at_ms=one.from_ms said=zone.stamp(one.from_ms)/>" to "
                    <When at_ms=one.to_ms said=zone.stamp(one.to_ms)/>
                    <span class="small">
                        {one.feature.clone().unwrap_or_else(|| String::from("all features"))}
                        {(!one.note.is_empty()).then(|| format!(": {}", one.note))}
                    </span>
                </li>
            }
        })
        .collect();
    Some(view! {
        <section class="maintenance" aria-labelledby="maintenance-title">
            <h2 class="section-title" id="maintenance-title">"Maintenance"</h2>
            <ul class="plain">{rows}</ul>
        </section>
    })
}
