//! Turns counts of what was good and bad into how an objective stands.
//!
//! The truth of an objective is a share of counts: it adds up, merges and is exact, where a
//! percentile is an estimate. Both say the same: p95 is at most X where at least 95 % are within X.

use protocol::query::performance::Health;

/// What counts for an objective, and what of it was bad: attempts, or milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Everything that counts.
    pub n: u64,
    /// What of it was bad; at most `n`.
    pub bad: u64,
}

impl Counts {
    /// The share that was bad, 0 to 1; absent of nothing.
    pub fn bad_share(self) -> Option<f64> {
        (self.n > 0).then(|| self.bad as f64 / self.n as f64)
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            n: self.n.saturating_add(other.n),
            bad: self.bad.saturating_add(other.bad),
        }
    }
}

/// The share that may be bad by a target, 0 to 1: the error budget.
///
/// Rounded to a millionth of a millionth, so that it is 0.001 for 0.999 and not a little more.
pub fn allowed_share(target: f64) -> f64 {
    ((1.0 - target.clamp(0.0, 1.0)) * 1e12).round() / 1e12
}

/// The share that was good, 0 to 1; absent of nothing.
pub fn actual(counts: Counts) -> Option<f64> {
    counts.bad_share().map(|bad| 1.0 - bad)
}

/// The share of the error budget that is left: 1 when nothing was bad, below 0 when more than all of
/// it is used. Absent of nothing, and where nothing may be bad.
pub fn left(counts: Counts, target: f64) -> Option<f64> {
    burn(counts, target).map(|used| 1.0 - used)
}

/// The pace at which the error budget is used: 1 uses it up exactly in its window. Absent of nothing,
/// and where nothing may be bad.
///
/// # Source
///
/// Site Reliability Workbook, chapter 5: share of bad by share that may be bad.
pub fn burn(counts: Counts, target: f64) -> Option<f64> {
    let allowed = allowed_share(target);
    (allowed > 0.0)
        .then(|| counts.bad_share())?
        .map(|bad| bad / allowed)
}

/// Milliseconds until the budget is used up at this pace, when `left` of it is left.
///
/// 0 when it is used up. Absent when it lasts longer than its window: what is bad now counts no more
/// by then.
pub fn exhausted_in_ms(left: f64, burn: f64, window_ms: u64) -> Option<u64> {
    if left <= 0.0 {
        return Some(0);
    }
    let ms = left * window_ms as f64 / burn;
    // Of a pace of 0 this is infinite.
    (burn > 0.0 && ms <= window_ms as f64).then_some(ms as u64)
}

/// Apdex: what satisfied, and half of what was tolerated, of all. Absent of nothing.
///
/// It hides breaches: 60 % within the threshold can be 0.75. So it is shown to those who ask, and
/// nothing is decided by it.
///
/// # Source
///
/// Apdex technical specification 1.1, section 3: satisfied up to T, tolerating up to 4 T.
pub fn apdex(satisfied: u64, tolerating: u64, n: u64) -> Option<f64> {
    (n > 0).then(|| (satisfied as f64 + tolerating as f64 / 2.0) / n as f64)
}

/// Availability of a whole that needs all of its parts, if they fail independently of each other.
pub fn serial(parts: &[f64]) -> f64 {
    parts.iter().product()
}

/// Milliseconds that may be bad in a window, to the nearest.
pub fn allowed_ms(target: f64, window_ms: u64) -> u64 {
    (allowed_share(target) * window_ms as f64).round() as u64
}

/// How an objective stands: by what was counted in its window, and by the pace of late.
///
/// Below `min_n` nothing is said, whatever was counted: too little is known is never the same as fine.
pub fn health(counts: Counts, target: f64, burn: Option<f64>, min_n: u64) -> Health {
    // A millionth of an attempt, for what floating point makes of 0.29 * 100.
    const ROUNDING: f64 = 1e-6;
    let may = allowed_share(target) * counts.n as f64;
    if counts.n < min_n.max(1) {
        Health::Unknown
    } else if counts.bad as f64 > may + ROUNDING {
        Health::Breached
    } else if burn.is_some_and(|burn| burn > 1.0 + ROUNDING) {
        Health::Burning
    } else {
        Health::Within
    }
}
