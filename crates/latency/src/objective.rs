//! Turns counts of good and bad into what was kept of a promise, and how fast its budget burns.
//!
//! Truth is the ratio of exact counts. Error budget: what may be bad, `(1 - target) * n`. Burn rate:
//! the share that was bad, over the share that may be; at 1 the budget lasts exactly for its window
//! (Google, The Site Reliability Workbook, chapter 5).

use protocol::query::performance::Health;

/// What counts, and what of it was bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Attempts, or milliseconds of known time.
    pub n: u64,
    /// Those that were over the threshold, or down.
    pub bad: u64,
}

impl Counts {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            n: self.n.saturating_add(other.n),
            bad: self.bad.saturating_add(other.bad),
        }
    }
}

/// The share that was good; absent when nothing counts.
pub fn actual(counts: Counts) -> Option<f64> {
    (counts.n > 0).then(|| 1.0 - counts.bad as f64 / counts.n as f64)
}

/// The share of the error budget that is left, below 0 when more than all is used; absent when nothing
/// counts, or nothing may be bad.
pub fn left(counts: Counts, target: f64) -> Option<f64> {
    burn(counts, target).map(|burn| 1.0 - burn)
}

/// How fast the budget burns: 1 uses it up exactly in its window; absent when nothing counts, or
/// nothing may be bad.
pub fn burn(counts: Counts, target: f64) -> Option<f64> {
    let bad = counts.bad as f64 / counts.n as f64;
    (counts.n > 0 && target < 1.0).then(|| bad / (1.0 - target))
}

/// Milliseconds until the budget of a window is used up at this burn rate; absent when it never is.
pub fn exhausted_in_ms(left: f64, burn: f64, window_ms: u64) -> Option<u64> {
    if left <= 0.0 {
        return Some(0);
    }
    (burn > 0.0).then(|| (left * window_ms as f64 / burn) as u64)
}

/// Apdex of a threshold T: satisfied up to T, tolerating up to 4 T (Apdex Alliance, 2007). It hides
/// breaches (60 % within T and 30 % tolerating make 0.75), so nothing is decided by it.
pub fn apdex(satisfied: u64, tolerating: u64, n: u64) -> Option<f64> {
    (n > 0).then(|| (satisfied as f64 + tolerating as f64 / 2.0) / n as f64)
}

/// Availability of something that needs all of these, which fail independently.
pub fn serial(parts: &[f64]) -> f64 {
    parts.iter().product()
}

/// Milliseconds of a window that may be bad.
pub fn allowed_ms(target: f64, window_ms: u64) -> u64 {
    ((1.0 - target) * window_ms as f64).round() as u64
}

/// How an objective stands. Below `min` counted, nobody can say, unless a single failure is too many
/// already and one was seen.
pub fn health(counts: Counts, target: f64, burn: Option<f64>, min: u64) -> Health {
    if counts.n < min.max(1) {
        return Health::Unknown;
    }
    // Compared as counts: a quotient would round.
    if counts.bad as f64 > (1.0 - target) * counts.n as f64 + 1e-9 {
        return Health::Breached;
    }
    if burn.is_some_and(|burn| burn > 1.0) {
        return Health::Burning;
    }
    Health::Within
}
