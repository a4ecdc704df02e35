//! Turns raised alerts into lines that say since when and why.

use leptos::prelude::*;
use protocol::query::performance::{AlertRow, AlertState};

use super::when::When;
use crate::performance::health;
use crate::performance::zone::Zone;

/// The alerts of one feature that are raised now.
#[component]
pub fn Alerts(
    /// Worst first.
    alerts: Vec<AlertRow>,
    /// Whose times are told.
    zone: Zone,
) -> impl IntoView {
    if alerts.is_empty() {
        return ().into_any();
    }
    let lines = alerts.into_iter().map(|row| {
        let state = match row.state {
            AlertState::Page => "page",
            AlertState::Ticket => "ticket",
            AlertState::Resolved => "resolved",
            AlertState::Unknown => "unknown",
        };
        view! {
            <li class=format!("alert {state}") data-testid="alert">
                <strong>{health::alert(&row)}</strong>
                <span class="small">
                    {health::until(row.objective)}", since "
                    <When at_ms=row.at_ms said=zone.stamp(row.at_ms)/>
                </span>
            </li>
        }
    });
    view! { <ul class="alerts" aria-label="Alerts">{lines.collect_view()}</ul> }.into_any()
}
