//! Turns sums of what pages measured into the numbers that people read.
//!
//! Each number is computed in one place, whoever asks: the console, an alert, or a scrape. What an
//! evaluation keeps ([`crate::evaluate`]) is read here; whatever can be said of sums alone is computed
//! when it is asked.

mod apdex;
mod availability;
mod burning;
mod dark;
mod delivery;
mod feature;
mod known;
mod objective;
mod outages;
mod percentiles;
mod performance;
mod rules;
mod series;
pub(crate) mod vitals;
pub(crate) mod window;

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::query::performance::AlertRow;
use store::{AlertChange, FeatureSum, ProjectId, Span, Store, SumsFilter};

pub(crate) use self::burning::Burning;
pub(crate) use self::delivery::delivery;
use self::objective::within;
pub(crate) use self::rules::{rules, slice_of, step};
use crate::budgets::InForce;
use crate::error::ApiError;

/// Changes of alerts that one answer lists.
pub(crate) const MAX_ALERTS: u32 = 200;

/// One project, held against its budgets over one window.
#[derive(Debug)]
pub(crate) struct Asked {
    store: Arc<dyn Store>,
    project: ProjectId,
    in_force: InForce,
    span: Span,
    now_ms: u64,
}

impl Asked {
    /// Over the window that is asked for, or that of the budgets.
    pub(crate) async fn new(
        store: Arc<dyn Store>,
        project: ProjectId,
        window: Option<&str>,
        now_ms: u64,
    ) -> Result<Self, ApiError> {
        let in_force = InForce::of(&*store, project).await?;
        let budget_window_ms = in_force.budgets.window.0;
        let span = window::window(window, budget_window_ms, in_force.zone(), now_ms)?;
        Ok(Self {
            store,
            project,
            in_force,
            span,
            now_ms,
        })
    }

    /// By which moment everything is judged; milliseconds since 1970 (UTC).
    pub(crate) const fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// Where every alert stands.
    pub(crate) async fn alert_states(&self) -> Result<Vec<AlertChange>, ApiError> {
        Ok(self.store.alert_states(self.project).await?)
    }

    /// What people call a feature.
    fn name_of(&self, id: &str) -> String {
        let name = self.in_force.feature(id).and_then(|one| one.name.clone());
        name.unwrap_or_else(|| String::from(id))
    }

    /// Whether this very moment is in the window.
    const fn ends_now(&self) -> bool {
        self.now_ms < self.span.to_ms
    }

    /// Sums over the window, by feature: of one, or of all.
    async fn sums_of_window(
        &self,
        feature: Option<&str>,
        with_distribution: bool,
    ) -> Result<BTreeMap<String, FeatureSum>, ApiError> {
        let mut sums = self
            .sums(feature, vec![self.span], with_distribution)
            .await?;
        Ok(by_feature(sums.pop().unwrap_or_default()))
    }

    /// Sums over spans, in their order.
    async fn sums(
        &self,
        feature: Option<&str>,
        spans: Vec<Span>,
        with_distribution: bool,
    ) -> Result<Vec<Vec<FeatureSum>>, ApiError> {
        let filter = SumsFilter {
            project: self.project,
            feature: feature.map(String::from),
            spans,
            with_distribution,
        };
        Ok(self.store.sums(filter).await?)
    }
}

fn by_feature(sums: Vec<FeatureSum>) -> BTreeMap<String, FeatureSum> {
    let sums = sums.into_iter();
    sums.map(|sum| (sum.feature.clone(), sum)).collect()
}

/// A change of an alert, as the console is told.
pub(crate) fn alert_row(change: AlertChange) -> AlertRow {
    AlertRow {
        at_ms: change.at_ms,
        feature: change.feature,
        objective: change.objective,
        state: change.state,
        severity: change.severity,
        long_ms: change.long_ms,
        short_ms: change.short_ms,
        burn: change.burn,
    }
}
