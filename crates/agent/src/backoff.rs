//! Turns failures in a row into how long to keep quiet: never in step with other pages, never often.

use crate::time::Entropy;

/// Longest wait after the first failure.
const FIRST_MS: u32 = 1_000;
/// Longest wait after any number of failures: five minutes.
const LAST_MS: u32 = 5 * 60 * 1_000;
/// Shortest wait: full jitter alone may draw zero, which would be a retry at once.
const FLOOR_MS: u32 = 250;
/// Longest wait while somebody has just answered: the collector is usually back within a minute,
/// and the answer should arrive while the page is still open.
const EAGER_MS: u32 = 4_000;
/// Failures in a row that are met eagerly: half a minute, on average.
const EAGER_FAILURES: u32 = 15;
/// Wait after a refusal that only people can repair: one hour.
pub(crate) const PROBE_MS: u32 = 60 * 60 * 1_000;
/// Longest wait that a `Retry-After` header is believed for: one hour.
pub(crate) const TOLD_MAX_MS: u32 = 60 * 60 * 1_000;

/// Milliseconds to wait after `failures` in a row (from 1), by full jitter.
///
/// # Source
/// "Exponential Backoff And Jitter", <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>
pub(crate) fn wait_ms(failures: u32, eager: bool, entropy: &mut impl Entropy) -> u32 {
    let doublings = |n: u32| FIRST_MS.saturating_mul(1 << n.min(16));
    let ceiling = match failures.saturating_sub(1) {
        n if !eager => doublings(n).min(LAST_MS),
        n if n < EAGER_FAILURES => doublings(n).min(EAGER_MS),
        n => doublings(n - EAGER_FAILURES + 3).min(LAST_MS),
    };
    entropy.below(ceiling).max(FLOOR_MS)
}

/// Milliseconds until the next look at a collector that refused this page, spread over five more
/// minutes so that many pages do not come back together.
pub(crate) fn probe_ms(entropy: &mut impl Entropy) -> u32 {
    PROBE_MS + entropy.below(LAST_MS)
}
