//! Turns average phases into one stacked bar against the budget, and a line for each of them.

use leptos::prelude::*;
use protocol::query::performance::FeatureDetail;

use crate::performance::blame::{Part, Split};
use crate::performance::quantity;
use crate::performance::scale::percent;
use crate::words;

/// Where the time of the average request went.
#[component]
pub fn BlameSplit(
    /// The feature.
    #[prop(into)]
    detail: Signal<FeatureDetail>,
) -> impl IntoView {
    let split = Memo::new(move |_| detail.with(Split::new));
    view! {
        <section class="chart blame" aria-labelledby="blame-title">
            <h2 class="section-title" id="blame-title">"Where the time goes"</h2>
            {move || split.get().map_or_else(
                || view! {
                    <p class="muted">"Unknown: no browser told the phases of a request in this time."</p>
                }.into_any(),
                |split| drawing(&split).into_any(),
            )}
        </section>
    }
}

fn drawing(split: &Split) -> impl IntoView + use<> {
    let n = format!(
        "{} on average of n = {} that the browser told it of",
        split.sum(),
        words::count(split.n)
    );
    let line = split.budget.map(|(ms, at)| {
        let (end, dx) = if at > 0.5 { ("end", "-2") } else { ("start", "2") };
        view! {
            <line class="budget" x1=percent(at.min(0.9985)) x2=percent(at.min(0.9985)) y1="2" y2="50"/>
            <text class="budget-label" x=percent(at) dx=dx y="64" text-anchor=end>
                {format!("{} budget", quantity::threshold(ms))}
            </text>
        }
    });
    let rows = split.parts.iter().map(|part| row(part, &split.share(part)));
    view! {
        <p class="small">{n}</p>
        <figure>
            <svg width="100%" height="68" aria-hidden="true">
                <rect class="track" x="0" width="100%" y="12" height="28" rx="3"/>
                {split.parts.iter().map(piece).collect_view()}
                {line}
            </svg>
        </figure>
        <table class="phases">
            <thead class="visually-hidden"><tr>
                <th scope="col">"Phase"</th><th scope="col">"Average"</th><th scope="col">"Share of the budget"</th>
            </tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

fn piece(part: &Part) -> impl IntoView + use<> {
    let class = class(part);
    view! {
        <rect class=class x=percent(part.from) width=percent(part.to - part.from) y="12" height="28"/>
    }
}

fn row(part: &Part, share: &str) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">
                <svg class="swatch" width="12" height="12" aria-hidden="true">
                    <rect class=class(part) x=".5" y=".5" width="11" height="11" rx="2"/>
                </svg>
                {part.label}<span class="small">{part.what}</span>
            </th>
            <td class="number">{quantity::latency(part.ms)}</td>
            <td class="number small">{share.to_owned()}</td>
        </tr>
    }
}

fn class(part: &Part) -> String {
    let after = if part.is_after { " after" } else { "" };
    format!("phase {}{after}", part.name)
}
