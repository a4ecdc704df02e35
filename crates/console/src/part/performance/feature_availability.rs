//! Turns the availability of one feature into its SLA, its strip of time and its outages.

use leptos::prelude::*;
use protocol::query::Window;
use protocol::query::performance::FeatureAvailability;

use super::health_mark::HealthWord;
use super::objectives::BudgetBar;
use super::outages::Outages;
use super::strip::Strip;
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;
use crate::performance::{health, quantity, strip};

/// Digits that an availability has where nothing was promised.
const USUAL_TARGET: f64 = 0.999;

/// How available one feature was.
#[component]
pub fn FeatureUp(
    /// The feature.
    #[prop(into)]
    feature: Signal<FeatureAvailability>,
    /// Of which window.
    #[prop(into)]
    window: Signal<Window>,
    /// Whose times are told.
    #[prop(into)]
    zone: Signal<Zone>,
    /// The stretch of time, for links.
    #[prop(into)]
    chosen: Signal<Chosen>,
    /// When the collector said so.
    #[prop(into)]
    now_ms: Signal<u64>,
) -> impl IntoView {
    let id = feature.with_untracked(|f| f.id.clone());
    let href =
        move || chosen.with(|chosen| Place::Feature(feature.with(|f| f.id.clone())).href(chosen));
    let outages = Memo::new(move |_| feature.with(|f| f.outages.clone()));
    view! {
        <article class="up" data-testid="availability" data-feature=id>
            <header>
                <h2 class="section-title"><a href=href>{move || feature.with(|f| f.name.clone())}</a></h2>
                {move || view! { <HealthWord health=feature.with(|f| f.health)/> }}
            </header>
            {move || feature.with(|f| f.flapping).then(|| view! {
                <p class="flapping" role="status">
                    <strong>"Flapping. "</strong>
                    "It failed and recovered at least three times within an hour. Such a feature may keep its SLA and still be of no use."
                </p>
            })}
            {move || feature.with(figures)}
            {move || view! {
                <Strip timeline=feature.with(|f| f.timeline.clone()) window=window.get() zone=zone.get()/>
            }}
            <Outages outages zone now_ms/>
        </article>
    }
}

fn figures(feature: &FeatureAvailability) -> impl IntoView + use<> {
    let target = feature.target.unwrap_or(USUAL_TARGET);
    let time = feature.time.map(|time| quantity::actual(time, target));
    let is_unknown = time.is_none();
    let known = format!("of the {} that is known", quantity::share(feature.coverage));
    let known = if is_unknown {
        "too few clients said anything"
    } else {
        &known
    };
    let promised = match feature.target {
        Some(target) => format!("{known}; {} promised", quantity::target(target)),
        None => format!("{known}; nothing promised"),
    };
    let used = strip::used(feature);
    let left = used
        .as_ref()
        .and_then(|used| used.share)
        .map(|share| 1.0 - share);
    let left = left.filter(|_| feature.time.is_some());
    let name = health::name(feature.health);
    let whole = feature
        .outages
        .iter()
        .filter(|outage| !outage.partial)
        .count();
    let lasts = feature
        .outages
        .iter()
        .any(|o| !o.partial && o.to_ms.is_none());
    let mttr = match (whole, lasts) {
        (0, _) => "no outage",
        (1, true) => "the outage lasts",
        _ => "unknown",
    };
    let none = if feature.time.is_none() {
        "unknown"
    } else {
        "no outage"
    };
    let restored = match (feature.time, feature.mttr_ms) {
        (None, None) => "unknown",
        _ => mttr,
    };
    let said = |ms: Option<u64>, or: &str| ms.map_or_else(|| String::from(or), quantity::lasting);
    view! {
        <div class="up-figures">
            <div class="sla">
                <p class="sla-figure" class:muted=is_unknown data-testid="sla">
                    {time.unwrap_or_else(|| String::from("unknown"))}
                </p>
                <p class="small">{promised}</p>
                {used.map(|used| view! {
                    <BudgetBar left name/>
                    <p class="small" data-testid="used">{used.told}</p>
                })}
            </div>
            <dl class="facts">
                <Fact term="MTBF" what="mean time between failures: uptime by outages" value=said(feature.mtbf_ms, none)/>
                <Fact term="MTTR" what="mean time to repair, of outages that are over" value=said(feature.mttr_ms, restored)/>
                <Fact term="Start to start" what="mean time from one outage to the next" value=said(
                    feature.start_to_start_ms,
                    if whole == 1 { "one outage" } else { none },
                )/>
                <Fact term="Coverage" what="of the window known, without maintenance" value=quantity::share(feature.coverage)/>
                <Fact term="Good requests" what="good of those that count" value=feature.requests.map_or_else(
                    || String::from("no requests"),
                    |share| quantity::actual(share, target),
                )/>
            </dl>
        </div>
    }
}

#[component]
fn Fact(term: &'static str, what: &'static str, value: String) -> impl IntoView {
    let testid = term.to_lowercase().replace(' ', "-");
    view! {
        <div class="fact">
            <dt title=what>{term}</dt>
            <dd data-testid=testid>{value}</dd>
        </div>
    }
}
