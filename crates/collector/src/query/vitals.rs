//! Turns the histograms of web vitals into what people read of them.

use latency::vital::{VITALS, rating};
use protocol::query::performance::VitalSummary;
use store::{Span, VitalSum};

use super::Asked;
use crate::error::ApiError;

const HOUR_MS: u64 = 3_600_000;

impl Asked {
    /// Web vitals that pages told, in the order in which people read them.
    pub(super) async fn vitals(&self) -> Result<Vec<VitalSummary>, ApiError> {
        // They are kept by the hour: the one in which the window begins is whole.
        let span = Span {
            from_ms: self.span.from_ms - self.span.from_ms % HOUR_MS,
            ..self.span
        };
        let sums = self.store.vitals(self.project, span).await?;
        let of = |name: &str| sums.iter().find(|sum| sum.name == name).and_then(summary);
        Ok(VITALS.iter().filter_map(|vital| of(vital.0)).collect())
    }
}

/// Absent without any page load.
fn summary(sum: &VitalSum) -> Option<VitalSummary> {
    let kept = sum.histogram.quantile(0.75)?;
    let p75 = if sum.name == "CLS" { kept / 1e3 } else { kept };
    Some(VitalSummary {
        rating: rating(&sum.name, p75)?,
        name: sum.name.clone(),
        n: sum.histogram.count(),
        p75,
    })
}
