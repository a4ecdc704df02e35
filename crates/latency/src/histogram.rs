//! Turns durations into a base-2 exponential histogram that can be merged without loss.
//!
//! The data model is OpenTelemetry's exponential histogram: at scale `s` bucket `i` holds what is
//! above `2^(i / 2^s)` milliseconds, up to and including `2^((i + 1) / 2^s)`. At scale 5 a quantile is
//! at most 1.083 % off, `(g - 1) / (g + 1)` for `g = 2^(1/32)`; each halving of the number of buckets
//! doubles that. The index comes from the bits of the number, without a logarithm.

mod code;
#[cfg(feature = "evaluate")]
mod read;

pub use code::HistogramError;

/// The scale that durations are recorded at.
pub const SCALE: i8 = 5;
/// The coarsest scale: one bucket for every 32 octaves, more than there are.
pub const MIN_SCALE: i8 = -5;
/// Buckets that hold anything, at most; past it they are merged in pairs.
pub const MAX_BUCKETS: usize = 512;
/// Durations past this are only counted, in milliseconds: ten minutes.
pub const MAX_MS: f64 = 600_000.0;
/// The same in tenths of a millisecond.
const MAX_TENTHS: u32 = 6_000_000;
/// Below this, in tenths of a millisecond, everything is one: what is faster than a millisecond is
/// not told apart by any budget, and browsers blur it.
const ZERO_TENTHS: u32 = 10;

/// A base-2 exponential histogram of durations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    scale: i8,
    /// Below a millisecond.
    zero: u64,
    /// Past [`MAX_MS`].
    over: u64,
    /// Index and count, ascending, none of them empty.
    buckets: Vec<(i32, u64)>,
    /// Tenths of a millisecond.
    sum: u64,
    min: u32,
    max: u32,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            scale: SCALE,
            zero: 0,
            over: 0,
            buckets: Vec::new(),
            sum: 0,
            min: u32::MAX,
            max: 0,
        }
    }
}

impl Histogram {
    /// Counts one duration, in tenths of a millisecond.
    pub fn record(&mut self, tenths: u32) {
        self.record_n(tenths, 1);
    }

    /// Counts `n` equal durations, in tenths of a millisecond.
    pub fn record_n(&mut self, tenths: u32, n: u64) {
        if n == 0 {
            return;
        }
        self.min = self.min.min(tenths);
        self.max = self.max.max(tenths);
        self.sum = self.sum.saturating_add(n.saturating_mul(tenths.into()));
        if tenths < ZERO_TENTHS {
            self.zero = self.zero.saturating_add(n);
        } else if tenths > MAX_TENTHS {
            self.over = self.over.saturating_add(n);
        } else {
            self.add(index(tenths) >> (SCALE - self.scale), n);
            self.fit();
        }
    }

    fn add(&mut self, index: i32, n: u64) {
        match self.buckets.binary_search_by_key(&index, |it| it.0) {
            Ok(at) => {
                if let Some(bucket) = self.buckets.get_mut(at) {
                    bucket.1 = bucket.1.saturating_add(n);
                }
            }
            Err(at) => self.buckets.insert(at, (index, n)),
        }
    }

    /// Merges pairs of buckets until there are few enough.
    fn fit(&mut self) {
        while self.buckets.len() > MAX_BUCKETS {
            self.downscale(self.scale - 1);
        }
    }

    /// Adds what another one counted; the result has the lower of both scales.
    pub fn merge(&mut self, other: &Self) {
        self.downscale(other.scale);
        for (index, n) in &other.buckets {
            self.add(index >> (other.scale - self.scale), *n);
        }
        self.fit();
        self.zero = self.zero.saturating_add(other.zero);
        self.over = self.over.saturating_add(other.over);
        self.sum = self.sum.saturating_add(other.sum);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Halves the number of buckets until the scale is `to`, or [`MIN_SCALE`]; one that is there
    /// already stays.
    pub fn downscale(&mut self, to: i8) {
        let to = to.max(MIN_SCALE);
        if to >= self.scale {
            return;
        }
        let shift = u32::from(self.scale.abs_diff(to));
        let finer = core::mem::take(&mut self.buckets);
        for (index, n) in finer {
            let index = index >> shift;
            match self.buckets.last_mut() {
                Some(last) if last.0 == index => last.1 = last.1.saturating_add(n),
                _ => self.buckets.push((index, n)),
            }
        }
        self.scale = to;
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        let counted = self.buckets.iter().map(|it| it.1);
        counted.fold(self.zero.saturating_add(self.over), u64::saturating_add)
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// How fine the buckets are.
    pub const fn scale(&self) -> i8 {
        self.scale
    }

    /// Those past [`MAX_MS`].
    pub const fn over(&self) -> u64 {
        self.over
    }

    /// Those below a millisecond.
    pub const fn zero(&self) -> u64 {
        self.zero
    }

    /// Index and count of every bucket that holds anything, ascending, at [`Self::scale`].
    pub fn indexed(&self) -> impl Iterator<Item = (i32, u64)> + '_ {
        self.buckets.iter().copied()
    }

    /// Milliseconds of all together.
    pub fn sum_ms(&self) -> f64 {
        self.sum as f64 / 10.0
    }

    /// The shortest, in milliseconds.
    pub fn min_ms(&self) -> Option<f64> {
        (self.min <= self.max).then(|| f64::from(self.min) / 10.0)
    }

    /// The longest, in milliseconds.
    pub fn max_ms(&self) -> Option<f64> {
        (self.min <= self.max).then(|| f64::from(self.max) / 10.0)
    }
}

/// The bucket of a duration at [`SCALE`], of at least a millisecond. The exponent of its bits is the
/// whole part of its logarithm; each squaring of the rest gives one more bit of that.
fn index(tenths: u32) -> i32 {
    const FRACTION: u64 = (1 << 52) - 1;
    let bits = (f64::from(tenths) / 10.0).to_bits();
    let mut index = (bits >> 52) as i32 - 1023;
    let mut rest = f64::from_bits(bits & FRACTION | 1023 << 52);
    // Bounds belong to the bucket below them.
    let is_bound = rest == 1.0;
    for _ in 0..SCALE {
        rest *= rest;
        index *= 2;
        if rest >= 2.0 {
            rest /= 2.0;
            index += 1;
        }
    }
    index - i32::from(is_bound)
}
