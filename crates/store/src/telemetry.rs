//! Turns reports of page loads into sums over time, and keeps what an evaluation makes of them.
//!
//! Reports come in through [`crate::Answers::append`], as items do, and are merged: whatever their
//! order, however late, each once. A feature or a template that was only ever seen in reports is one
//! like any other. So that storage grows with features and time alone, a store may count features
//! past a generous number as belonging to none, and templates as `__other__`.

mod kept;
mod row;
mod sum;

use protocol::query::performance::{Maintenance, NewMaintenance};

pub use self::kept::{
    AlertChange, BudgetsPublication, BudgetsVersion, ChangedFeature, Changes, HourScore, Outage,
    OutageRow, Pruned, Retention, Scoring,
};
pub use self::row::{ExemplarRow, FeatureRow, KeyRow, LatencyRow, SliceRow};
pub use self::sum::{
    Distribution, FeatureSlice, FeatureSum, SliceTotals, SlicesFilter, Step, SumsFilter,
    TemplateSum, ThresholdTotals, VitalSum,
};
use crate::{ProjectId, Reply, Span};

/// What page loads measured, and what follows from it.
pub trait Telemetry: Send + Sync {
    /// Reads sums as they are kept, by feature, then by time.
    fn slices(&self, filter: SlicesFilter) -> Reply<'_, Vec<FeatureSlice>>;

    /// Reads sums over spans: for each span, in their order, the features that anything is known of
    /// in it, by slug.
    fn sums(&self, filter: SumsFilter) -> Reply<'_, Vec<Vec<FeatureSum>>>;

    /// Reads sums by template of one feature over a span, by method, then by template. Exact to the
    /// minute: a minute is in the span that it begins in.
    fn templates(
        &self,
        project: ProjectId,
        feature: String,
        span: Span,
    ) -> Reply<'_, Vec<TemplateSum>>;

    /// Reads web vitals over a span, by name. An hour is in the span that it begins in.
    fn vitals(&self, project: ProjectId, span: Span) -> Reply<'_, Vec<VitalSum>>;

    /// Counts requests that pages saw and could not measure. A minute is in the span that it begins
    /// in.
    fn overflow(&self, project: ProjectId, span: Span) -> Reply<'_, u64>;

    /// Every feature that anything was ever counted for, by slug.
    fn seen_features(&self, project: ProjectId) -> Reply<'_, Vec<String>>;

    /// When the newest slice that anything was counted in began.
    fn newest_slice(&self, project: ProjectId) -> Reply<'_, Option<u64>>;

    /// Features that something was counted for since a mark of an earlier answer, of all projects;
    /// 0 stands for the beginning. What is counted while this is read is in the next answer.
    fn changes(&self, since: u64) -> Reply<'_, Changes>;

    /// Keeps what an evaluation found. An outage that overlaps one that is replaced is the same, one
    /// revision later unless nothing about it has changed.
    fn put_scoring(&self, scoring: Scoring) -> Reply<'_, ()>;

    /// Outages that overlap a span, the newest first; of one feature, or of all.
    fn outages(
        &self,
        project: ProjectId,
        feature: Option<String>,
        span: Span,
    ) -> Reply<'_, Vec<OutageRow>>;

    /// Hours that were scored and begin in a span, in order of time.
    fn hour_scores(
        &self,
        project: ProjectId,
        feature: String,
        span: Span,
    ) -> Reply<'_, Vec<HourScore>>;

    /// Keeps changes of alerts, all of them or none.
    fn put_alerts(&self, project: ProjectId, changes: Vec<AlertChange>) -> Reply<'_, ()>;

    /// Where every alert stands: its last change, in no particular order.
    fn alert_states(&self, project: ProjectId) -> Reply<'_, Vec<AlertChange>>;

    /// Changes of alerts, the newest first.
    fn alerts(&self, project: ProjectId, limit: u32) -> Reply<'_, Vec<AlertChange>>;

    /// Keeps a time that was announced.
    fn announce(&self, project: ProjectId, new: NewMaintenance) -> Reply<'_, Maintenance>;

    /// Times that were announced and overlap a span, the newest first.
    fn maintenance(&self, project: ProjectId, span: Span) -> Reply<'_, Vec<Maintenance>>;

    /// Forgets a time that was announced, and answers whether there was one.
    fn withdraw(&self, project: ProjectId, id: u64) -> Reply<'_, bool>;

    /// Publishes budgets as JSON. They become the next version unless they say the same as the
    /// newest, spaces and the order of keys apart.
    ///
    /// # Errors
    ///
    /// [`crate::StoreError::Unreadable`] when the document is no JSON.
    fn publish_budgets(
        &self,
        project: ProjectId,
        document: String,
        now_ms: u64,
    ) -> Reply<'_, BudgetsPublication>;

    /// Every version of the project's budgets, the oldest first.
    fn budgets(&self, project: ProjectId) -> Reply<'_, Vec<BudgetsVersion>>;

    /// Forgets what is older than it may be, down to the hour. What comes later and is as old is
    /// counted only in the longer steps, so that their sums stay those of the shorter ones.
    fn prune(&self, now_ms: u64, retention: Retention) -> Reply<'_, Pruned>;
}
