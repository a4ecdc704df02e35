//! Turns outages that an evaluation found, and announced times, into how a feature was in a window.

use latency::availability::{Interval, Report, report};
use latency::objective::Counts;
use protocol::query::performance::{Maintenance, OutageRow};
use store::Span;

use super::Asked;
use super::known::Known;
use super::rules::{rules, step};
use crate::error::ApiError;

/// How long after its last slice an outage may still change: the longest that a page that is open
/// waits before it reports, and as much again for what has to be sent twice.
const PROVISIONAL_MS: u64 = 5 * 60_000;

/// What is known of the outages of a project in one window.
#[derive(Debug)]
pub(super) struct Outages {
    pub(super) span: Span,
    /// Newest first.
    rows: Vec<store::OutageRow>,
    pub(super) maintenance: Vec<Maintenance>,
}

/// How one feature was in one window.
#[derive(Debug)]
pub(super) struct Up {
    pub(super) report: Report,
    pub(super) known: Known,
    /// What counts: known milliseconds, and those of them in an outage.
    pub(super) counts: Counts,
}

impl Outages {
    /// Those of a project; of one feature, or of all.
    pub(super) async fn of(
        asked: &Asked,
        feature: Option<&str>,
        span: Span,
    ) -> Result<Self, ApiError> {
        let (store, project) = (&asked.store, asked.project);
        Ok(Self {
            span,
            rows: store
                .outages(project, feature.map(String::from), span)
                .await?,
            maintenance: store.maintenance(project, span).await?,
        })
    }

    /// Features that were in any.
    pub(super) fn features(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| row.feature.as_str())
    }

    /// Those of one feature, newest first.
    fn of_feature(&self, feature: &str) -> impl Iterator<Item = &store::OutageRow> {
        let rows = self.rows.iter();
        rows.filter(move |row| row.feature == feature)
    }

    /// Whether a feature was down at all.
    pub(super) fn has_any(&self, feature: &str) -> bool {
        self.of_feature(feature).any(|row| !row.outage.partial)
    }

    /// Whether a feature is in an outage that lasts.
    pub(super) fn is_down(&self, feature: &str) -> bool {
        let mut rows = self.of_feature(feature);
        rows.any(|row| !row.outage.partial && row.outage.to_ms.is_none())
    }

    /// When a feature was down, in order.
    pub(super) fn down(&self, feature: &str, partial: bool) -> Vec<Interval> {
        let rows = self.of_feature(feature);
        let rows = rows.filter(|row| row.outage.partial == partial);
        let mut down: Vec<_> = rows
            .map(|row| Interval {
                from_ms: row.outage.from_ms,
                to_ms: row.outage.to_ms,
            })
            .collect();
        down.reverse();
        down
    }

    /// Times that were announced for a feature, in order, none of which overlap.
    pub(super) fn announced(&self, feature: &str) -> Vec<(u64, u64)> {
        let of_feature = |one: &&Maintenance| one.feature.as_deref().is_none_or(|id| id == feature);
        let mut times: Vec<(u64, u64)> = self
            .maintenance
            .iter()
            .filter(of_feature)
            .map(|one| (one.from_ms, one.to_ms))
            .collect();
        times.sort_unstable();
        times.dedup_by(|later, kept| {
            let joins = later.0 <= kept.1;
            if joins {
                kept.1 = kept.1.max(later.1);
            }
            joins
        });
        times
    }

    /// Outages of a feature as the console is told, newest first.
    pub(super) fn told(&self, feature: &str, now_ms: u64) -> Vec<OutageRow> {
        let rows = self.of_feature(feature);
        rows.map(|row| OutageRow {
            from_ms: row.outage.from_ms,
            to_ms: row.outage.to_ms,
            partial: row.outage.partial,
            peak_share: row.outage.peak_share,
            failed: row.outage.failed,
            provisional: row
                .outage
                .to_ms
                .is_none_or(|to_ms| to_ms + PROVISIONAL_MS > now_ms),
            revision: row.revision,
        })
        .collect()
    }

    /// How a feature was in a window within that of these outages.
    pub(super) async fn up(
        &self,
        asked: &Asked,
        feature: &str,
        span: Span,
    ) -> Result<Up, ApiError> {
        let rules = rules(&asked.in_force, feature);
        let step = step(&asked.in_force.budgets);
        let (down, maintenance) = (self.down(feature, false), self.announced(feature));
        let known = Known::of(
            &*asked.store,
            asked.project,
            feature,
            span,
            (&rules, step),
            (&down, &maintenance),
        );
        let known = known.await?;
        let window = (span.from_ms, span.to_ms);
        let report = report(window, &down, &maintenance, known.unknown_ms);
        Ok(Up {
            counts: Counts {
                n: report.known_ms,
                bad: report.down_ms,
            },
            report,
            known,
        })
    }
}

pub(super) fn announced_ms((from_ms, to_ms): (u64, u64), maintenance: &[(u64, u64)]) -> u64 {
    let parts = maintenance.iter().map(|one| {
        let end = one.1.min(to_ms);
        end.saturating_sub(one.0.max(from_ms))
    });
    parts.sum()
}
