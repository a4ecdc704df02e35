//! Turns outages and announced times into how available every feature was.

use std::collections::BTreeSet;

use latency::availability::timeline;
use latency::objective::{Counts, allowed_ms};
use latency::outage::flapping;
use protocol::query::performance::{Availability, FeatureAvailability, Health};

use super::Asked;
use super::objective::{Judged, availability_report};
use super::outages::{Outages, Up, announced_ms};
use super::window::{rolling, told};
use crate::error::ApiError;

const HOUR_MS: u64 = 3_600_000;

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
            .chain(outages.features())
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
                (self.span.from_ms, self.span.to_ms),
                &down,
                &outages.down(id, true),
                &announced,
                &up.known.gaps,
            ),
        })
    }
}

/// A share of a whole; 0 of nothing.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    (part as f64 / whole as f64).min(1.0)
}
