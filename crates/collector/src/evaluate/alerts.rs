//! Turns burn over two windows into changes of alerts.

use std::collections::HashMap;

use latency::burn::{Verdict, fires, next};
use latency::objective::{Counts, burn};
use protocol::budget::{BurnAlert, Severity};
use protocol::latency::Within;
use protocol::query::performance::{AlertState, ObjectiveKind};
use store::AlertChange;

use crate::error::ApiError;
use crate::query::{Asked, Burning};

/// What names an alert: feature, threshold (none is availability), severity, and both windows.
type Key = (String, Option<Within>, Severity, u64, u64);

fn key(change: &AlertChange) -> Key {
    let within = match change.objective {
        ObjectiveKind::Latency { stage, within_ms } => Some(Within(stage, within_ms)),
        ObjectiveKind::Availability => None,
    };
    let feature = change.feature.clone();
    let (long_ms, short_ms) = (change.long_ms, change.short_ms);
    (feature, within, change.severity, long_ms, short_ms)
}

/// Alerts that stand otherwise than before.
pub(super) async fn changes(asked: &Asked) -> Result<Vec<AlertChange>, ApiError> {
    let alerts = asked.burn_alerts();
    let lengths: Vec<u64> = alerts
        .iter()
        .flat_map(|alert| [alert.long.0, alert.short.0])
        .collect();
    let states = asked.alert_states().await?.into_iter();
    let mut before: HashMap<Key, AlertChange> = states.map(|one| (key(&one), one)).collect();
    let mut changes = Vec::new();
    for burning in asked.burning(&lengths).await? {
        for (alert, windows) in alerts.iter().zip(burning.windows.chunks(2)) {
            let found = look(asked.now_ms(), alert, &burning, windows);
            let was = before.remove(&key(&found.0)).map(|was| was.state);
            if let Some(state) = next(was, alert.severity, found.1) {
                changes.push(AlertChange { state, ..found.0 });
            }
        }
    }
    // What the budgets do not ask for any more is over.
    let gone = before.into_values();
    let gone = gone.filter(|was| was.state != AlertState::Resolved);
    changes.extend(gone.map(|was| AlertChange {
        at_ms: asked.now_ms(),
        state: AlertState::Resolved,
        burn: None,
        ..was
    }));
    Ok(changes)
}

/// An alert as it would be raised, and whether it is to be.
fn look(
    now_ms: u64,
    alert: &BurnAlert,
    burning: &Burning<'_>,
    windows: &[(Counts, u32)],
) -> (AlertChange, Verdict) {
    let (long, clients) = windows.first().copied().unwrap_or_default();
    let (short, _) = windows.get(1).copied().unwrap_or_default();
    let (feature, target) = (burning.feature, burning.target);
    let verdict = fires(alert, target, long, short, clients, feature.min_clients);
    let change = AlertChange {
        at_ms: now_ms,
        feature: feature.id.clone(),
        objective: burning.kind,
        severity: alert.severity,
        long_ms: alert.long.0,
        short_ms: alert.short.0,
        state: AlertState::Resolved,
        burn: burn(long, target),
    };
    (change, verdict)
}

/// One line a change.
pub(super) fn log(changes: &[AlertChange]) {
    for change in changes {
        let (feature, objective) = (change.feature.as_str(), change.objective);
        let (burn, long_ms) = (change.burn, change.long_ms);
        match change.state {
            AlertState::Page => tracing::error!(feature, ?objective, burn, long_ms, "page"),
            AlertState::Ticket => tracing::warn!(feature, ?objective, burn, long_ms, "ticket"),
            AlertState::Resolved => {
                tracing::info!(feature, ?objective, burn, long_ms, "alert resolved");
            }
            AlertState::Unknown => {
                tracing::warn!(
                    feature,
                    ?objective,
                    long_ms,
                    "alert unknown: nothing comes in"
                );
            }
        }
    }
}
