//! Turns bars into a picture over a logarithmic axis with the budget as a line, and into a table.

use leptos::prelude::*;
use protocol::query::performance::FeatureDetail;

use super::twin::Twin;
use crate::performance::bars::{Bar, Bars, Budget};
use crate::performance::curve::NAMES;
use crate::performance::quantity;
use crate::performance::scale::percent;
use crate::words;

/// Height of the whole drawing, in pixels.
const HEIGHT: f64 = 230.0;
/// Where the bars stand.
const BASELINE: f64 = 204.0;
/// Height of the highest bar: leaves room for what is written above.
const TALLEST: f64 = 150.0;

/// How long requests took.
#[component]
pub fn Distribution(
    /// The feature.
    #[prop(into)]
    detail: Signal<FeatureDetail>,
) -> impl IntoView {
    let picture = Memo::new(move |_| detail.with(Bars::new));
    let percentiles = move || {
        detail.with(|detail| match detail.summary.percentiles {
            None => String::from("no requests"),
            Some(p) => {
                let values = [p.p50, p.p75, p.p95, p.p99].map(quantity::latency);
                let named = NAMES.iter().zip(values);
                let named: Vec<_> = named
                    .map(|(name, value)| format!("{name} {value}"))
                    .collect();
                format!(
                    "{} \u{b7} n = {}",
                    named.join(", "),
                    words::count(detail.summary.n)
                )
            }
        })
    };
    let beyond = move || {
        let beyond = detail.with(|detail| detail.beyond);
        (beyond > 0).then(|| {
            format!(
                "{} took longer than this axis shows.",
                quantity::requests(beyond)
            )
        })
    };
    view! {
        <section class="chart distribution" aria-labelledby="distribution-title">
            <h2 class="section-title" id="distribution-title">"Time until the answer begins"</h2>
            <p class="small" data-testid="percentiles">{percentiles}</p>
            <figure>{move || picture.with(drawing)}</figure>
            <p class="small">{beyond}</p>
            <Twin of="requests by duration">
                <table class="rows">
                    <thead><tr><th scope="col">"Duration"</th><th scope="col" class="number">"Requests"</th></tr></thead>
                    <tbody>{move || picture.with(|p| p.rows.iter().map(|row| view! {
                        <tr><th scope="row">{row.range.clone()}</th><td class="number">{words::count(row.count)}</td></tr>
                    }).collect_view())}</tbody>
                </table>
            </Twin>
        </section>
    }
}

fn drawing(picture: &Bars) -> impl IntoView + use<> {
    let ticks = picture.ticks.iter().zip([false, true].into_iter().cycle());
    let kept = picture
        .kept
        .zip(picture.budgets.iter().find(|line| line.is_first));
    view! {
        <svg width="100%" height=HEIGHT aria-hidden="true">
            <line class="axis" x1="0" x2="100%" y1=BASELINE y2=BASELINE/>
            {picture.bars.iter().map(bar).collect_view()}
            {(picture.n == 0).then(|| view! {
                <text class="nothing" x="50%" y=BASELINE / 2.0 text-anchor="middle">"No request counts for latency"</text>
            })}
            {ticks.map(|((at, label), is_minor)| view! {
                <text class="tick" class:minor=is_minor x=percent(*at) y=BASELINE + 18.0 text-anchor=anchor(*at)>
                    {label.clone()}
                </text>
            }).collect_view()}
            {picture.budgets.iter().map(line).collect_view()}
            {kept.map(|((actual, target), line)| shares(actual, target, line.at))}
        </svg>
    }
}

fn bar(bar: &Bar) -> impl IntoView + use<> {
    // One request among thousands is still seen.
    let height = (bar.height * TALLEST).max(1.5);
    view! {
        <rect
            class=if bar.is_over { "bar over" } else { "bar" }
            x=percent(bar.from) width=percent(bar.to - bar.from)
            y=format!("{:.1}", BASELINE - height) height=format!("{height:.1}")
        />
    }
}

fn line(budget: &Budget) -> impl IntoView + use<> {
    let (class, y) = match budget.is_first {
        true => ("budget", 12.0),
        false => ("budget other", 44.0),
    };
    let (label_anchor, dx) = match budget.at > 0.7 {
        true => ("end", "-6"),
        false => ("start", "6"),
    };
    view! {
        <line class=class x1=percent(budget.at) x2=percent(budget.at) y1=y - 10.0 y2=BASELINE/>
        <text class="budget-label" x=percent(budget.at) dx=dx y=y text-anchor=label_anchor>
            {format!("{} budget", budget.label)}
        </text>
    }
}

/// What was within and over, on both sides of the line.
fn shares(actual: f64, target: f64, at: f64) -> impl IntoView + use<> {
    let within = quantity::actual(actual, target);
    let over = quantity::missing(actual, target);
    let left = (at > 0.16).then(|| {
        view! {
            <text class="within-label" x=percent(at) dx="-6" y="30" text-anchor="end">
                {format!("{within} within")}
            </text>
        }
    });
    let right = (at < 0.84).then(|| {
        view! { <text class="over-label" x=percent(at) dx="6" y="30">{format!("{over} over")}</text> }
    });
    view! { {left}{right} }
}

/// Labels at the ends of an axis stay within it.
pub(super) fn anchor(at: f64) -> &'static str {
    if at < 0.03 {
        "start"
    } else if at > 0.97 {
        "end"
    } else {
        "middle"
    }
}
