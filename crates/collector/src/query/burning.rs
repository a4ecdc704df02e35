//! Turns several windows at once into what burns: what alerts are decided by.

use latency::burn::default_alerts;
use latency::objective::Counts;
use protocol::budget::{BurnAlert, Feature};
use protocol::latency::Within;
use protocol::query::performance::ObjectiveKind;
use store::{FeatureSum, Span};

use super::Asked;
use super::objective::{counts, within};
use super::outages::Outages;
use super::window::rolling;
use crate::error::ApiError;

/// What was counted against an objective over some windows.
#[derive(Debug)]
pub(crate) struct Burning<'a> {
    pub(crate) feature: &'a Feature,
    pub(crate) kind: ObjectiveKind,
    pub(crate) target: f64,
    /// For each window what counts, and how many clients had what was bad.
    pub(crate) windows: Vec<(Counts, u32)>,
}

impl Asked {
    /// Alerts of the budgets, or the usual ones.
    pub(crate) fn burn_alerts(&self) -> Vec<BurnAlert> {
        let budgets = &self.in_force.budgets;
        let own = budgets.alerts.clone();
        own.unwrap_or_else(|| default_alerts(budgets.window.0))
    }

    /// Every objective over windows of these lengths that end now, in milliseconds.
    pub(crate) async fn burning(&self, lengths_ms: &[u64]) -> Result<Vec<Burning<'_>>, ApiError> {
        let features = &self.in_force.budgets.features;
        if features.is_empty() || lengths_ms.is_empty() {
            return Ok(Vec::new());
        }
        let spans: Vec<Span> = lengths_ms
            .iter()
            .map(|length_ms| rolling(*length_ms, self.now_ms))
            .collect();
        let longest_ms = lengths_ms.iter().copied().max().unwrap_or(0);
        let outages = Outages::of(self, None, rolling(longest_ms, self.now_ms)).await?;
        let sums = self.sums(None, spans.clone(), false).await?;
        let mut burning = Vec::new();
        for feature in features {
            for objective in &feature.latency {
                let within = within(objective);
                let windows = sums.iter().map(|sums| slow(sums, &feature.id, within));
                let Within(stage, within_ms) = within;
                burning.push(Burning {
                    feature,
                    kind: ObjectiveKind::Latency { stage, within_ms },
                    target: objective.target,
                    windows: windows.collect(),
                });
            }
            if let Some(objective) = &feature.availability {
                burning.push(Burning {
                    feature,
                    kind: ObjectiveKind::Availability,
                    target: objective.target,
                    windows: self.down(&outages, &feature.id, &spans, &sums).await?,
                });
            }
        }
        Ok(burning)
    }

    /// Milliseconds of outage in each window. There were enough clients, or it would be none.
    async fn down(
        &self,
        outages: &Outages,
        id: &str,
        spans: &[Span],
        sums: &[Vec<FeatureSum>],
    ) -> Result<Vec<(Counts, u32)>, ApiError> {
        let mut windows = Vec::with_capacity(spans.len());
        for (span, sums) in spans.iter().zip(sums) {
            let counts = if outages.has_any(id) {
                outages.up(self, id, *span).await?.counts
            } else {
                // Nothing burns, and whether anything is known is cheaper to tell so.
                let sum = sums.iter().find(|sum| sum.feature == id);
                Counts {
                    n: sum.map_or(0, |sum| sum.totals.eligible),
                    bad: 0,
                }
            };
            windows.push((counts, u32::MAX));
        }
        Ok(windows)
    }
}

fn slow(sums: &[FeatureSum], id: &str, within: Within) -> (Counts, u32) {
    let Some(sum) = sums.iter().find(|sum| sum.feature == id) else {
        return (Counts { n: 0, bad: 0 }, 0);
    };
    let threshold = sum.totals.threshold(within);
    let clients = threshold.map_or(0, |threshold| threshold.slow_clients);
    (counts(&sum.totals, None, within).0, clients)
}
