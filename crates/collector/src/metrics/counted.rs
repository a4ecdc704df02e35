//! Turns reports of one feature into counters that only grow.

use std::collections::BTreeMap;

use latency::Histogram;
use protocol::latency::{CLASSES, Within};
use store::FeatureRow;

/// Thresholds of one feature that are told apart. Budgets have four at a time.
const MAX_THRESHOLDS: usize = 16;

/// What reports of one feature said so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted {
    /// Attempts by class, in the order of [`latency::Class`].
    pub(crate) classes: [u64; CLASSES],
    /// Attempts by threshold: those that were held against it, and those of them that were over.
    pub(crate) thresholds: BTreeMap<Within, (u64, u64)>,
    /// Attempts that count for availability, and those of them that failed.
    pub(crate) eligible: (u64, u64),
    /// Time until headers, of what counts for latency.
    pub(crate) histogram: Histogram,
}

impl Counted {
    pub(super) fn add(&mut self, feature: &FeatureRow) {
        for key in &feature.keys {
            for (sum, more) in self.classes.iter_mut().zip(key.classes) {
                *sum += more;
            }
            self.histogram.merge(&key.histogram);
        }
        for slice in &feature.slices {
            self.eligible.0 += u64::from(slice.eligible);
            self.eligible.1 += u64::from(slice.bad);
            for (within, slow) in feature.within.iter().zip(&slice.slow) {
                let is_known = self.thresholds.contains_key(within);
                if is_known || self.thresholds.len() < MAX_THRESHOLDS {
                    let sums = self.thresholds.entry(*within).or_default();
                    sums.0 += u64::from(slice.n);
                    sums.1 += u64::from(*slow);
                }
            }
        }
    }
}
