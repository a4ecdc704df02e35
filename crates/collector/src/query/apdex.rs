//! Turns a histogram into an Apdex, for those who ask.

use latency::Histogram;
use latency::objective;

/// Times the threshold up to which an attempt is tolerable.
///
/// # Source
///
/// Apdex technical specification 1.1, section 3.2.
const TOLERABLE: f64 = 4.0;

/// By this threshold, in milliseconds. Both shares are estimates, at most half a bucket off.
pub(super) fn apdex(histogram: &Histogram, threshold_ms: u32) -> Option<f64> {
    let threshold = f64::from(threshold_ms);
    let n = histogram.count();
    let count = |share: f64| (share * n as f64).round() as u64;
    let satisfied = count(histogram.share_within(threshold)?);
    let tolerable = count(histogram.share_within(threshold * TOLERABLE)?);
    objective::apdex(satisfied, tolerable.saturating_sub(satisfied), n)
}
