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
    /// How many are listed; the rest is counted.
    #[prop(default = usize::MAX)]
    most: usize,
) -> impl IntoView {
    if alerts.is_empty() {
        return ().into_any();
    }
    let mut alerts = alerts;
    alerts.sort_by_key(|row| urgency(row.state));
    let more = alerts.len().saturating_sub(most);
    let lines = alerts.into_iter().take(most).map(|row| {
        let state = match row.state {
            AlertState::Page => "pages",
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
    let rest = (more > 0).then(|| {
        let s = if more == 1 { "" } else { "s" };
        view! { <li class="small">{format!("and {more} more alert{s}")}</li> }
    });
    view! { <ul class="alerts" aria-label="Alerts">{lines.collect_view()}{rest}</ul> }.into_any()
}

/// Who has to act comes first, what cannot be told any more last.
const fn urgency(state: AlertState) -> u8 {
    match state {
        AlertState::Page => 0,
        AlertState::Ticket => 1,
        AlertState::Unknown => 2,
        AlertState::Resolved => 3,
    }
}
