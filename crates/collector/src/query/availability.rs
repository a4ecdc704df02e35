//! Turns outages and announced times into how available every feature was.

use std::collections::BTreeSet;

use latency::availability::{Interval, Report, report};
use latency::objective::{Counts, allowed_ms};
use latency::outage::flapping;
use protocol::query::performance::{
    Availability, FeatureAvailability, Health, Maintenance, OutageRow,
};
use store::Span;

use super::Asked;
use super::known::Known;
use super::objective::{Judged, availability_report};
use super::rules::{rules, step};
use super::timeline::timeline;
use super::window::{rolling, told};
use crate::error::ApiError;

/// How long after its last slice an outage may still change: the longest that a page that is open
/// waits before it reports, and as much again for what has to be sent twice.
const PROVISIONAL_MS: u64 = 5 * 60_000;

const HOUR_MS: u64 = 3_600_000;

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
    fn down(&self, feature: &str, partial: bool) -> Vec<Interval> {
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
    fn announced(&self, feature: &str) -> Vec<(u64, u64)> {
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
        let counts_ms = span.to_ms - span.from_ms - announced_ms(window, &maintenance);
        Ok(Up {
            counts: Counts {
                n: counts_ms.saturating_sub(known.unknown_ms),
                bad: report.down_ms,
            },
            report,
            known,
        })
    }
}

fn announced_ms((from_ms, to_ms): (u64, u64), maintenance: &[(u64, u64)]) -> u64 {
    let parts = maintenance.iter().map(|one| {
        let end = one.1.min(to_ms);
        end.saturating_sub(one.0.max(from_ms))
    });
    parts.sum()
}

impl Asked {
    /// How an availability objective stands in the window, judged by the last hour.
    pub(super) async fn availability_judged(
        &self,
        outages: &Outages,
        feature: &str,
        up: &Up,
    ) -> Result<Judged, ApiError> {
        let hour = rolling(HOUR_MS, self.now_ms);
        let hour = if self.ends_now() && outages.span.from_ms <= hour.from_ms {
            outages.up(self, feature, hour).await?
        } else {
            let outages = Outages::of(self, Some(feature), hour).await?;
            outages.up(self, feature, hour).await?
        };
        Ok(Judged {
            window: up.counts,
            hour: hour.counts,
            estimated: false,
            budget_window_ms: self.in_force.budgets.window.0,
            // One slice in which enough clients said something.
            min_n: 1,
        })
    }

    /// How available every feature was.
    pub(crate) async fn availability(&self) -> Result<Availability, ApiError> {
        let outages = Outages::of(self, None, self.span).await?;
        let sums = self.sums_of_window(None, false).await?;
        let mut ids: Vec<&str> = Vec::new();
        let promised = |with: bool| {
            let features = self.in_force.budgets.features.iter();
            features.filter(move |feature| feature.availability.is_some() == with)
        };
        ids.extend(promised(true).map(|feature| feature.id.as_str()));
        ids.extend(promised(false).map(|feature| feature.id.as_str()));
        let seen: BTreeSet<&str> = sums
            .keys()
            .map(String::as_str)
            .chain(outages.rows.iter().map(|row| row.feature.as_str()))
            .filter(|id| self.in_force.feature(id).is_none())
            .collect();
        ids.extend(seen);
        let mut features = Vec::with_capacity(ids.len());
        for id in ids {
            let totals = sums.get(id).map(|sum| &sum.totals);
            let requests = totals.and_then(|totals| {
                latency::objective::actual(Counts {
                    n: totals.eligible,
                    bad: totals.bad,
                })
            });
            features.push(self.feature_availability(&outages, id, requests).await?);
        }
        Ok(Availability {
            window: told(self.span),
            timezone: self.in_force.budgets.timezone.clone(),
            features,
            maintenance: outages.maintenance,
        })
    }

    async fn feature_availability(
        &self,
        outages: &Outages,
        id: &str,
        requests: Option<f64>,
    ) -> Result<FeatureAvailability, ApiError> {
        let up = outages.up(self, id, self.span).await?;
        let promised = self.in_force.feature(id);
        let objective = promised.and_then(|feature| feature.availability.as_ref());
        let health = match objective {
            None => Health::Unbudgeted,
            Some(objective) => {
                let judged = self.availability_judged(outages, id, &up).await?;
                availability_report(objective, judged).health
            }
        };
        let length_ms = self.span.to_ms - self.span.from_ms;
        let announced = outages.announced(id);
        let counts_ms = length_ms - announced_ms((self.span.from_ms, self.span.to_ms), &announced);
        let down = outages.down(id, false);
        Ok(FeatureAvailability {
            id: String::from(id),
            name: self.name_of(id),
            target: objective.map(|objective| objective.target),
            health,
            time: up.report.time,
            requests,
            ratio_down_ms: up.known.ratio_down_ms,
            down_ms: up.report.down_ms,
            allowed_ms: objective.map(|objective| allowed_ms(objective.target, length_ms)),
            coverage: share(up.known.data_ms, counts_ms),
            outages: outages.told(id, self.now_ms),
            mtbf_ms: up.report.mtbf_ms,
            mttr_ms: up.report.mttr_ms,
            start_to_start_ms: up.report.start_to_start_ms,
            flapping: flapping(&down),
            timeline: timeline(
                self.span,
                &down,
                &outages.down(id, true),
                &announced,
                &up.known.gaps,
            ),
        })
    }
}

impl Outages {
    fn told(&self, feature: &str, now_ms: u64) -> Vec<OutageRow> {
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
}

/// A share of a whole; 0 of nothing.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    (part as f64 / whole as f64).min(1.0)
}
