//! Turns sums into everything about one feature.

use latency::Class;
use protocol::latency::OTHER_TEMPLATE;
use protocol::outcome::ErrorCode;
use protocol::query::performance::{Blame, Bucket, ExemplarRow, FeatureDetail, TemplateRow};
use store::{Distribution, TemplateSum};

use super::Asked;
use super::apdex::apdex;
use super::percentiles::percentiles;
use super::series::step_ms;
use super::window::told;
use crate::error::ApiError;

/// Slow attempts that one answer lists.
const MAX_EXEMPLARS: usize = 20;

impl Asked {
    /// Everything about one feature.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::NotFound`] when neither budgets nor any report ever named it.
    pub(crate) async fn feature(&self, id: &str) -> Result<FeatureDetail, ApiError> {
        self.check_known(id).await?;
        let facts = self.facts(Some(id)).await?;
        let summary = self.summary(&facts, id).await?.told;
        let nothing = Distribution::default();
        let whole = facts
            .window
            .get(id)
            .map_or(&nothing, |sum| &sum.distribution);
        let templates = self
            .store
            .templates(self.project, String::from(id), self.span);
        let templates = templates.await?;
        let step_ms = step_ms(self.span);
        let threshold_ms = self.threshold_ms(id);
        Ok(FeatureDetail {
            window: told(self.span),
            timezone: self.in_force.budgets.timezone.clone(),
            step_ms,
            distribution: buckets(whole),
            beyond: whole.histogram.over(),
            series: self.series(id, step_ms).await?,
            blame: blame(whole),
            classes: whole.classes.to_vec(),
            exemplars: exemplars(&templates),
            other_share: other_share(&templates),
            apdex: threshold_ms.and_then(|ms| apdex(&whole.histogram, ms)),
            templates: rows(&templates, threshold_ms),
            releases: self.store.releases(self.project, self.span).await?,
            summary,
        })
    }

    async fn check_known(&self, id: &str) -> Result<(), ApiError> {
        let seen = self.store.seen_features(self.project).await?;
        if self.in_force.feature(id).is_some() || id.is_empty() || seen.iter().any(|s| s == id) {
            return Ok(());
        }
        let message = "there is no such feature";
        Err(ApiError::new(ErrorCode::NotFound, message))
    }

    /// The threshold of the first latency objective.
    fn threshold_ms(&self, id: &str) -> Option<u32> {
        let objective = self.in_force.feature(id)?.latency.first()?;
        Some(super::within(objective).1)
    }
}

fn buckets(whole: &Distribution) -> Vec<Bucket> {
    let buckets = whole
        .histogram
        .buckets()
        .map(|(from_ms, to_ms, count)| Bucket {
            from_ms,
            to_ms,
            count,
        });
    buckets.filter(|bucket| bucket.count > 0).collect()
}

fn blame(whole: &Distribution) -> Blame {
    let n = whole.phase_n;
    if n == 0 {
        return Blame::default();
    }
    let [queue_ms, connect_ms, server_ms, transfer_ms, main_thread_ms] =
        whole.phases.map(|sum| sum as f64 / n as f64);
    Blame {
        n,
        queue_ms,
        connect_ms,
        server_ms,
        transfer_ms,
        main_thread_ms,
    }
}

/// Slowest first by their 95th percentile; those without any at the end, the most asked for first.
fn rows(templates: &[TemplateSum], threshold_ms: Option<u32>) -> Vec<TemplateRow> {
    let mut rows: Vec<_> = templates
        .iter()
        .map(|one| template_row(one, threshold_ms))
        .collect();
    rows.sort_by(|a, b| {
        let p95 = |row: &TemplateRow| row.percentiles.map_or(-1.0, |all| all.p95);
        p95(b)
            .total_cmp(&p95(a))
            .then_with(|| b.requests.cmp(&a.requests))
            .then_with(|| (&a.method, &a.template).cmp(&(&b.method, &b.template)))
    });
    rows
}

fn template_row(sum: &TemplateSum, threshold_ms: Option<u32>) -> TemplateRow {
    let distribution = &sum.distribution;
    let failed = Class::ALL.into_iter().filter(|class| class.is_failure());
    TemplateRow {
        method: sum.method.clone(),
        template: sum.template.clone(),
        requests: distribution.requests(),
        n: distribution.histogram.count(),
        failed: failed
            .map(|class| distribution.classes[class as usize])
            .sum(),
        percentiles: percentiles(&distribution.histogram),
        within_share: threshold_ms
            .and_then(|ms| distribution.histogram.share_within(f64::from(ms))),
    }
}

fn exemplars(templates: &[TemplateSum]) -> Vec<ExemplarRow> {
    let mut rows: Vec<_> = templates
        .iter()
        .flat_map(|one| one.distribution.exemplars.iter().map(move |x| (one, x)))
        .map(|(one, exemplar)| ExemplarRow {
            at_ms: exemplar.slice * protocol::latency::SLICE_MS,
            ms: exemplar.ms,
            class: Class::from_number(exemplar.class)
                .map_or_else(String::new, |class| String::from(class.as_str())),
            status: exemplar.status,
            method: one.method.clone(),
            template: one.template.clone(),
            trace: exemplar.trace.clone(),
        })
        .collect();
    rows.sort_by(|a, b| b.ms.cmp(&a.ms).then_with(|| b.at_ms.cmp(&a.at_ms)));
    rows.truncate(MAX_EXEMPLARS);
    rows
}

fn other_share(templates: &[TemplateSum]) -> Option<f64> {
    let requests = |sum: &TemplateSum| sum.distribution.requests();
    let all: u64 = templates.iter().map(requests).sum();
    let other = templates
        .iter()
        .filter(|one| one.template == OTHER_TEMPLATE);
    let other: u64 = other.map(requests).sum();
    (all > 0).then(|| other as f64 / all as f64)
}
