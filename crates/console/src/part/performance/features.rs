//! Turns features into a list, the worst first, and those without a budget into a shorter one.

use leptos::prelude::*;
use protocol::query::performance::{FeatureSummary, Health};

use super::alerts::Alerts;
use super::health_mark::HealthWord;
use super::objectives::Objectives;
use crate::performance::quantity;
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;
use crate::words;

/// Features that something was promised of.
#[component]
pub fn Features(
    /// Worst first.
    features: Vec<FeatureSummary>,
    /// The stretch of time, for links.
    chosen: Chosen,
    /// Whose times are told.
    zone: Zone,
) -> impl IntoView {
    let rows = features
        .into_iter()
        .filter(|feature| feature.health != Health::Unbudgeted)
        .map(|feature| view! { <Feature feature chosen=chosen.clone() zone=zone.clone()/> });
    view! {
        <section class="features" aria-labelledby="features-title">
            <h2 class="visually-hidden" id="features-title">"Features, worst first"</h2>
            <div class="feature-columns" aria-hidden="true">
                <span>"Feature"</span>
                <span class="objective">
                    <span>"Promise"</span><span>"Kept"</span><span>"Error budget"</span>
                    <span>"Burn, last hour"</span>
                </span>
                <span class="number">"p95"</span>
            </div>
            <ol class="feature-list">{rows.collect_view()}</ol>
        </section>
    }
}

#[component]
fn Feature(feature: FeatureSummary, chosen: Chosen, zone: Zone) -> impl IntoView {
    let href = Place::Feature(feature.id.clone()).href(&chosen);
    let p95 = feature
        .percentiles
        .map_or_else(|| String::from("\u{2014}"), |p| quantity::latency(p.p95));
    view! {
        <li class="feature" data-testid="feature" data-feature=feature.id>
            <div class="feature-name">
                <h3><a href=href>{feature.name}</a></h3>
                <p><HealthWord health=feature.health/></p>
                {feature.down.then(|| view! { <p class="down-now">"Down now"</p> })}
                {feature.owner.map(|owner| view! { <p class="small">{owner}</p> })}
            </div>
            <Objectives reports=feature.objectives/>
            <p class="p95">
                <span class="column">"p95"</span>
                <span data-testid="p95">{p95}</span>
                <span class="small">{n_of(feature.n)}</span>
            </p>
            <Alerts alerts=feature.alerts zone most=1/>
        </li>
    }
}

fn n_of(n: u64) -> String {
    match n {
        0 => String::from("no requests"),
        n => format!("n = {}", words::count(n)),
    }
}

/// Features and the rest that nothing was promised of.
#[component]
pub fn Unbudgeted(
    /// All features.
    features: Vec<FeatureSummary>,
    /// The stretch of time, for links.
    chosen: Chosen,
) -> impl IntoView {
    let rows: Vec<_> = features
        .into_iter()
        .filter(|feature| feature.health == Health::Unbudgeted)
        .map(|feature| {
            let href = Place::Feature(feature.id.clone()).href(&chosen);
            let of = |pick: fn(&protocol::query::performance::Percentiles) -> f64| {
                let p = feature.percentiles.as_ref();
                p.map_or_else(
                    || String::from("no requests"),
                    |p| quantity::latency(pick(p)),
                )
            };
            view! {
                <tr>
                    <th scope="row"><a href=href>{feature.name.clone()}</a></th>
                    <td class="number">{words::count(feature.requests)}</td>
                    <td class="number">{words::count(feature.n)}</td>
                    <td class="number">{of(|p| p.p50)}</td>
                    <td class="number">{of(|p| p.p95)}</td>
                </tr>
            }
        })
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="no-budget" aria-labelledby="unbudgeted-title">
            <h2 class="section-title" id="unbudgeted-title">"Without a budget"</h2>
            <p class="muted">"Measured, and nothing is promised: neither kept nor broken."</p>
            <super::Scroll label="Features without a budget">
                <table class="rows">
                    <thead><tr>
                        <th scope="col">"Feature"</th>
                        <th scope="col" class="number">"Requests"</th>
                        <th scope="col" class="number" title="Attempts that count for latency">"n"</th>
                        <th scope="col" class="number">"p50"</th>
                        <th scope="col" class="number">"p95"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </super::Scroll>
        </section>
    }
    .into_any()
}
