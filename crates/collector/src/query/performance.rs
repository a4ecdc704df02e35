//! Turns sums into every feature against its budgets, the worst first.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use latency::objective::Counts;
use protocol::query::performance::{
    AlertState, FeatureSummary, Health, ObjectiveReport, Performance,
};
use store::{AlertChange, FeatureSum, SliceTotals, Span};

use super::objective::{Judged, availability_report, counts, latency_report, within};
use super::outages::Outages;
use super::percentiles::percentiles;
use super::window::{rolling, told};
use super::{Asked, alert_row, by_feature, dark};
use crate::error::ApiError;

/// Over which burn is told.
const HOUR_MS: u64 = 3_600_000;
/// Over which somebody must have said something for a feature to be up.
const RECENT_MS: u64 = 5 * 60_000;

/// A feature as the console is told, and what was said of it just now.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) told: FeatureSummary,
    recent: SliceTotals,
    min_clients: u32,
}

impl Summary {
    /// Whether it works; absent when too few clients said anything in the last minutes.
    pub(crate) fn is_up(&self) -> Option<bool> {
        if self.told.down {
            return Some(false);
        }
        (self.recent.voting > 0 && self.recent.clients >= self.min_clients).then_some(true)
    }
}

/// What all features of a project are judged by.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) window: BTreeMap<String, FeatureSum>,
    hour: BTreeMap<String, FeatureSum>,
    recent: BTreeMap<String, FeatureSum>,
    alerts: Vec<AlertChange>,
    outages: Outages,
    /// Outages that reach into this moment, whatever the window.
    now: Outages,
}

impl Asked {
    /// All features, the worst first.
    pub(crate) async fn performance(&self) -> Result<Performance, ApiError> {
        let summaries = self.summaries().await?.into_iter();
        let budgets = &self.in_force.budgets;
        Ok(Performance {
            window: told(self.span),
            budget_window_ms: budgets.window.0,
            timezone: budgets.timezone.clone(),
            budgets_version: self.in_force.version,
            features: summaries.map(|summary| summary.told).collect(),
            overflow: self.store.overflow(self.project, self.span).await?,
            vitals: self.vitals().await?,
            newest_ms: self.store.newest_slice(self.project).await?,
            dark: self.is_dark().await?,
        })
    }

    /// All features, the worst first.
    pub(crate) async fn summaries(&self) -> Result<Vec<Summary>, ApiError> {
        let facts = self.facts(None).await?;
        let promised = self.in_force.budgets.features.iter();
        let mut ids: Vec<String> = promised.map(|feature| feature.id.clone()).collect();
        let seen = facts.window.keys();
        ids.extend(
            seen.filter(|id| self.in_force.feature(id).is_none())
                .cloned(),
        );
        let mut summaries = Vec::with_capacity(ids.len());
        for id in &ids {
            summaries.push(self.summary(&facts, id).await?);
        }
        summaries.sort_by(|a, b| worse(&a.told, &b.told));
        Ok(summaries)
    }

    /// What one feature, or all, are judged by.
    pub(super) async fn facts(&self, feature: Option<&str>) -> Result<Facts, ApiError> {
        let window = self.sums_of_window(feature, true).await?;
        let spans = vec![
            rolling(HOUR_MS, self.now_ms),
            rolling(RECENT_MS, self.now_ms),
        ];
        let mut sums = self.sums(feature, spans, false).await?.into_iter();
        let hour = by_feature(sums.next().unwrap_or_default());
        let recent = by_feature(sums.next().unwrap_or_default());
        let mut alerts = self.store.alert_states(self.project).await?;
        alerts.retain(|alert| alert.state != AlertState::Resolved);
        alerts.sort_by_key(|alert| (alert.severity, u64::MAX - alert.at_ms));
        let moment = Span {
            from_ms: self.now_ms,
            to_ms: self.now_ms.saturating_add(1),
        };
        Ok(Facts {
            window,
            hour,
            recent,
            alerts,
            outages: Outages::of(self, feature, self.span).await?,
            now: Outages::of(self, feature, moment).await?,
        })
    }

    /// One feature.
    pub(super) async fn summary(&self, facts: &Facts, id: &str) -> Result<Summary, ApiError> {
        let sum = facts.window.get(id);
        let distribution = sum.map(|sum| &sum.distribution);
        let objectives = self.objectives(facts, id).await?;
        let worst = objectives.iter().map(|one| one.health).min();
        let promised = self.in_force.feature(id);
        let alerts = facts.alerts.iter().filter(|alert| alert.feature == id);
        let recent = facts.recent.get(id).map(|sum| sum.totals.clone());
        Ok(Summary {
            told: FeatureSummary {
                id: String::from(id),
                name: self.name_of(id),
                owner: promised.and_then(|feature| feature.owner.clone()),
                health: worst.unwrap_or(Health::Unbudgeted),
                objectives,
                requests: distribution.map_or(0, |distribution| distribution.requests()),
                n: distribution.map_or(0, |distribution| distribution.histogram.count()),
                percentiles: distribution
                    .and_then(|distribution| percentiles(&distribution.histogram)),
                alerts: alerts.cloned().map(alert_row).collect(),
                down: facts.now.is_down(id),
            },
            recent: recent.unwrap_or_default(),
            min_clients: promised.map_or(1, |feature| feature.min_clients),
        })
    }

    async fn objectives(&self, facts: &Facts, id: &str) -> Result<Vec<ObjectiveReport>, ApiError> {
        let Some(promised) = self.in_force.feature(id) else {
            return Ok(Vec::new());
        };
        let mut reports = Vec::with_capacity(promised.latency.len() + 1);
        for objective in &promised.latency {
            let within = within(objective);
            let nothing = (Counts { n: 0, bad: 0 }, false);
            let (window, estimated) = facts.window.get(id).map_or(nothing, |sum| {
                counts(&sum.totals, Some(&sum.distribution.histogram), within)
            });
            let hour = facts.hour.get(id);
            let (hour, _) = hour.map_or(nothing, |sum| counts(&sum.totals, None, within));
            let judged = Judged {
                window,
                hour,
                estimated,
                budget_window_ms: self.in_force.budgets.window.0,
                min_n: u64::from(promised.min_samples),
            };
            reports.push(latency_report(objective, judged));
        }
        if let Some(objective) = &promised.availability {
            let up = facts.outages.up(self, id, self.span).await?;
            let judged = self.availability_judged(&facts.outages, id, &up).await?;
            reports.push(availability_report(objective, judged));
        }
        Ok(reports)
    }

    /// Whether traffic is far below what this hour usually has.
    pub(crate) async fn is_dark(&self) -> Result<bool, ApiError> {
        let sums = self.sums(None, dark::spans(self.now_ms), false).await?;
        let attempts: Vec<u64> = sums.iter().map(|features| attempts(features)).collect();
        Ok(dark::is_dark(&attempts))
    }
}

/// Attempts of all features.
fn attempts(features: &[FeatureSum]) -> u64 {
    let totals = features.iter().map(|sum| &sum.totals);
    totals
        .map(|totals| (totals.eligible + totals.held).max(totals.n))
        .sum()
}

/// The worst first; of what stands alike, what has least of its budget left.
fn worse(a: &FeatureSummary, b: &FeatureSummary) -> Ordering {
    let left = |summary: &FeatureSummary| {
        let left = summary.objectives.iter().filter_map(|one| one.left);
        left.reduce(f64::min).unwrap_or(f64::INFINITY)
    };
    a.health
        .cmp(&b.health)
        .then_with(|| left(a).total_cmp(&left(b)))
        .then_with(|| a.name.cmp(&b.name))
        .then_with(|| a.id.cmp(&b.id))
}
