//! Turns a histogram into few bytes and back, and refuses bytes that cannot be one.
//!
//! Layout 1, all numbers in groups of seven bits, the lowest first: layout, scale + 32, count below a
//! millisecond, count past the limit, sum, shortest, longest (tenths of a millisecond; the last two
//! only when anything was counted), number of buckets, then for each the distance to the index
//! before it (the first one zigzag) and its count.

use super::{Histogram, MAX_BUCKETS, MAX_TENTHS, MIN_SCALE, SCALE, ZERO_TENTHS, index};

const LAYOUT: u64 = 1;
/// Finest scale that is understood; OpenTelemetry's own limit.
const MAX_SCALE: i8 = 20;
/// Most that may be counted: what JavaScript still counts exactly.
const MAX_COUNT: u64 = 1 << 53;

/// Bytes that are no histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistogramError {
    /// They end too early, or go on after the end.
    #[error("the bytes are cut short, or go on after their end")]
    Length,
    /// Written by something that this build does not know.
    #[error("the layout or scale is none that is known")]
    Layout,
    /// Buckets out of range, empty, or too many.
    #[error("the buckets cannot be")]
    Buckets,
    /// A number is too large, or counts, buckets, sum, shortest and longest contradict each other.
    #[error("the numbers contradict each other")]
    Numbers,
}

impl Histogram {
    /// The bytes: about 20 for ten durations, 100 for a thousand.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Vec::new();
        write(&mut to, LAYOUT);
        write(&mut to, u64::from((self.scale + 32) as u8));
        for number in [self.zero, self.over, self.sum] {
            write(&mut to, number);
        }
        if self.min <= self.max {
            write(&mut to, self.min.into());
            write(&mut to, self.max.into());
        }
        write(&mut to, self.buckets.len() as u64);
        let mut before = None;
        for (index, n) in &self.buckets {
            let step = match before {
                None => ((index << 1) ^ (index >> 31)) as u32,
                Some(before) => (index - before) as u32,
            };
            write(&mut to, step.into());
            write(&mut to, *n);
            before = Some(*index);
        }
        to
    }

    /// The histogram of these bytes; one of a finer scale is merged into ours.
    ///
    /// # Errors
    ///
    /// [`HistogramError`] says what cannot be.
    pub fn decode(bytes: &[u8]) -> Result<Self, HistogramError> {
        let from = &mut &*bytes;
        let layout = read(from)?;
        let scale = read(from)?;
        let scale = i8::try_from(scale).map_err(|_| HistogramError::Layout)? - 32;
        if layout != LAYOUT || !(MIN_SCALE..=MAX_SCALE).contains(&scale) {
            return Err(HistogramError::Layout);
        }
        let mut histogram = Self {
            scale,
            zero: read(from)?,
            over: read(from)?,
            sum: read(from)?,
            ..Self::default()
        };
        // An empty one says nothing of its shortest and longest.
        if *from != [0] {
            histogram.min = read_u32(from)?;
            histogram.max = read_u32(from)?;
        }
        histogram.buckets = buckets(from, scale)?;
        if !from.is_empty() {
            return Err(HistogramError::Length);
        }
        histogram.downscale(SCALE);
        histogram.check()?;
        Ok(histogram)
    }

    /// Whether recording and merging can have led here.
    fn check(&self) -> Result<(), HistogramError> {
        let counts = self.buckets.iter().map(|it| it.1);
        let counts = counts.chain([self.zero, self.over]);
        let total = counts.fold(0_u64, u64::saturating_add);
        let spans = self.min <= self.max;
        let fits = if total == 0 {
            // Any other shortest or longest would become that of what it is merged into.
            *self
                == Self {
                    scale: self.scale,
                    ..Self::default()
                }
        } else {
            let least = total.saturating_mul(self.min.into());
            let most = total.saturating_mul(self.max.into());
            spans
                && total <= MAX_COUNT
                && (least..=most).contains(&self.sum)
                && self.ends() == (self.place(self.min), self.place(self.max))
        };
        fits.then_some(()).ok_or(HistogramError::Numbers)
    }

    /// Where a duration is counted: below all buckets, in one of them, or above all.
    fn place(&self, tenths: u32) -> i32 {
        match tenths {
            0..ZERO_TENTHS => i32::MIN,
            ZERO_TENTHS..=MAX_TENTHS => index(tenths) >> (SCALE - self.scale),
            _ => i32::MAX,
        }
    }

    /// The lowest and the highest place that anything is counted at.
    fn ends(&self) -> (i32, i32) {
        let ends = self.buckets.first().zip(self.buckets.last());
        let (first, last) = ends.map_or((i32::MAX, i32::MIN), |(a, b)| (a.0, b.0));
        let low = if self.zero > 0 { i32::MIN } else { first };
        let high = if self.over > 0 { i32::MAX } else { last };
        (low, high)
    }
}

fn buckets(from: &mut &[u8], scale: i8) -> Result<Vec<(i32, u64)>, HistogramError> {
    let n = read(from)?;
    // Each takes two bytes at least.
    if n > MAX_BUCKETS as u64 || n > from.len() as u64 / 2 {
        return Err(HistogramError::Buckets);
    }
    // The last bucket that may hold anything, at this scale; of a finer one, the last that becomes it.
    // One past it would be kept, and never read again.
    let last = i64::from(index(MAX_TENTHS));
    let limit = match scale {
        ..=SCALE => last >> (SCALE - scale),
        _ => ((last + 1) << (scale - SCALE)) - 1,
    };
    let mut buckets: Vec<(i32, u64)> = Vec::with_capacity(n as usize);
    for _ in 0..n {
        let step = i64::from(read_u32(from)?);
        let count = read(from)?;
        let index = match buckets.last() {
            None => (step >> 1) ^ -(step & 1),
            Some((before, _)) if step > 0 => i64::from(*before) + step,
            Some(_) => return Err(HistogramError::Buckets),
        };
        if count == 0 || !(-1..=limit).contains(&index) {
            return Err(HistogramError::Buckets);
        }
        buckets.push((index as i32, count));
    }
    Ok(buckets)
}

fn write(to: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

fn read(from: &mut &[u8]) -> Result<u64, HistogramError> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = from.split_first().ok_or(HistogramError::Length)?;
        *from = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Ok(number);
        }
    }
    Err(HistogramError::Numbers)
}

fn read_u32(from: &mut &[u8]) -> Result<u32, HistogramError> {
    u32::try_from(read(from)?).map_err(|_| HistogramError::Numbers)
}
