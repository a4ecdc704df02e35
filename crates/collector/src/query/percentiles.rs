//! Turns a histogram into the percentiles that people read.

use latency::Histogram;
use protocol::query::performance::Percentiles;

/// Absent without any attempt.
pub(super) fn percentiles(histogram: &Histogram) -> Option<Percentiles> {
    Some(Percentiles {
        p50: histogram.quantile(0.5)?,
        p75: histogram.quantile(0.75)?,
        p95: histogram.quantile(0.95)?,
        p99: histogram.quantile(0.99)?,
    })
}
