//! Turns reports of page loads into rows of sums, and back.

use protocol::query::performance::{Maintenance, NewMaintenance};
use store::{
    AlertChange, BudgetsPublication, BudgetsVersion, Changes, FeatureSlice, FeatureSum, HourScore,
    OutageRow, ProjectId, Pruned, Reply, Retention, Scoring, SlicesFilter, Span, StoreError,
    SumsFilter, Telemetry, TemplateSum, VitalSum,
};

use crate::SqliteStore;

fn nothing<'a, T: Default + Send + 'static>() -> Reply<'a, T> {
    Box::pin(async { Ok(T::default()) })
}

impl Telemetry for SqliteStore {
    fn slices(&self, _: SlicesFilter) -> Reply<'_, Vec<FeatureSlice>> {
        nothing()
    }
    fn sums(&self, _: SumsFilter) -> Reply<'_, Vec<Vec<FeatureSum>>> {
        nothing()
    }
    fn templates(&self, _: ProjectId, _: String, _: Span) -> Reply<'_, Vec<TemplateSum>> {
        nothing()
    }
    fn vitals(&self, _: ProjectId, _: Span) -> Reply<'_, Vec<VitalSum>> {
        nothing()
    }
    fn overflow(&self, _: ProjectId, _: Span) -> Reply<'_, u64> {
        nothing()
    }
    fn seen_features(&self, _: ProjectId) -> Reply<'_, Vec<String>> {
        nothing()
    }
    fn newest_slice(&self, _: ProjectId) -> Reply<'_, Option<u64>> {
        nothing()
    }
    fn changes(&self, _: u64) -> Reply<'_, Changes> {
        nothing()
    }
    fn put_scoring(&self, _: Scoring) -> Reply<'_, ()> {
        nothing()
    }
    fn outages(&self, _: ProjectId, _: Option<String>, _: Span) -> Reply<'_, Vec<OutageRow>> {
        nothing()
    }
    fn hour_scores(&self, _: ProjectId, _: String, _: Span) -> Reply<'_, Vec<HourScore>> {
        nothing()
    }
    fn put_alerts(&self, _: ProjectId, _: Vec<AlertChange>) -> Reply<'_, ()> {
        nothing()
    }
    fn alert_states(&self, _: ProjectId) -> Reply<'_, Vec<AlertChange>> {
        nothing()
    }
    fn alerts(&self, _: ProjectId, _: u32) -> Reply<'_, Vec<AlertChange>> {
        nothing()
    }
    fn announce(&self, _: ProjectId, _: NewMaintenance) -> Reply<'_, Maintenance> {
        Box::pin(async { Err(StoreError::Closed) })
    }
    fn maintenance(&self, _: ProjectId, _: Span) -> Reply<'_, Vec<Maintenance>> {
        nothing()
    }
    fn withdraw(&self, _: ProjectId, _: u64) -> Reply<'_, bool> {
        nothing()
    }
    fn publish_budgets(&self, _: ProjectId, _: String, _: u64) -> Reply<'_, BudgetsPublication> {
        Box::pin(async { Err(StoreError::Closed) })
    }
    fn budgets(&self, _: ProjectId) -> Reply<'_, Vec<BudgetsVersion>> {
        nothing()
    }
    fn prune(&self, _: u64, _: Retention) -> Reply<'_, Pruned> {
        nothing()
    }
}
