//! Turns what was promised into what was kept of it, and what is left of its error budget.

use leptos::prelude::*;
use protocol::query::performance::ObjectiveReport;

use super::health_mark::HealthMark;
use crate::performance::{health, quantity};

/// The objectives of one feature, one line each.
#[component]
pub fn Objectives(
    /// In the order of the budgets.
    reports: Vec<ObjectiveReport>,
) -> impl IntoView {
    let lines = reports.into_iter().map(|report| view! { <Line report/> });
    view! { <ul class="objectives">{lines.collect_view()}</ul> }
}

#[component]
fn Line(report: ObjectiveReport) -> impl IntoView {
    let name = health::name(report.health);
    let burn = match report.burn {
        Some(burn) => quantity::multiple(burn),
        None if report.target >= 1.0 => String::from("\u{2014}"),
        None => String::from("unknown"),
    };
    let known = if report.actual.is_some() {
        "strong"
    } else {
        "strong muted"
    };
    view! {
        <li class=format!("objective {name}")>
            <p class="promise">
                <HealthMark health=report.health/>
                <span class="visually-hidden">{health::word(report.health)}": "</span>
                {health::objective(report.kind, report.target)}
            </p>
            <p class="kept">
                <span class="column">"Kept"</span>
                <span class=known data-testid="actual">{health::actual(&report)}</span>
                <span class="small" data-testid="n">{health::counted(&report)}</span>
                {report.estimated.then(|| view! {
                    <span class="small" title="The threshold was changed within this time: what came before is estimated from the distribution.">
                        "partly estimated"
                    </span>
                })}
            </p>
            <p class="left">
                <span class="column">"Error budget"</span>
                <span class="strong" data-testid="left">{health::budget(&report)}</span>
                <BudgetBar left=report.left name/>
                <span class="small">{health::broken(&report)}</span>
            </p>
            <p class="burn">
                <span class="column">"Burn, last hour"</span>
                <span class="strong" data-testid="burn">{burn}</span>
                <span class="small">{health::gone_in(&report)}</span>
            </p>
        </li>
    }
}

/// What is left of an error budget as a thin bar; full and in alarm when all of it is used.
#[component]
pub fn BudgetBar(
    /// Share that is left; below 0 when more than all is used, absent when that is unknown.
    left: Option<f64>,
    /// Name of its health.
    name: &'static str,
) -> impl IntoView {
    match left {
        None => view! { <i class="budget-bar hatched" aria-hidden="true"></i> }.into_any(),
        Some(left) => {
            let width = if left < 0.0 { 1.0 } else { left.min(1.0) };
            view! {
                <svg class=format!("budget-bar {name}") width="100%" height="5" aria-hidden="true">
                    <rect class="track" width="100%" height="5" rx="2.5"/>
                    <rect class="fill" width=format!("{:.2}%", width * 100.0) height="5" rx="2.5"/>
                </svg>
            }
            .into_any()
        }
    }
}
