//! Turns the reports of one commit into sums, before any row is touched.
//!
//! Reports that come together are mostly of the same minute: hundreds of them change a few rows.

use std::collections::BTreeMap;

use latency::Histogram;
use store::{Batch, Distribution, FeatureRow, LatencyRow, NewItem, ProjectId, Step};

use super::clients;
use super::counts::Counts;
use super::place::{LAST_STEP, slices_of};
use super::spread;

/// Sums of what one commit brings, in the finest steps.
#[derive(Debug, Default)]
pub(crate) struct Rollup {
    pub(super) features: BTreeMap<(ProjectId, String), FeatureRollup>,
    /// By name and hour since 1970.
    pub(super) vitals: BTreeMap<(ProjectId, String, u64), Histogram>,
    /// Requests by minute since 1970.
    pub(super) overflow: BTreeMap<(ProjectId, u64), u64>,
}

/// Sums of one feature.
#[derive(Debug, Default)]
pub(super) struct FeatureRollup {
    /// By slice.
    pub(super) slices: BTreeMap<u64, Counts>,
    /// By method and template, then by minute since 1970.
    pub(super) templates: BTreeMap<(String, String), BTreeMap<u64, Distribution>>,
}

impl Rollup {
    pub(crate) fn is_empty(&self) -> bool {
        self.features.is_empty() && self.vitals.is_empty() && self.overflow.is_empty()
    }

    /// Adds a report that was not counted before.
    pub(crate) fn add(&mut self, batch: &Batch, item: &NewItem, row: &LatencyRow) {
        let project = batch.project;
        let install = (!row.skewed).then(|| clients::hash(batch.sender.install));
        for feature in &row.features {
            let sums = self.features.entry((project, feature.id.clone()));
            sums.or_default().add(feature, install);
        }
        for (name, value) in &row.vitals {
            let key = (project, name.clone(), item.at_ms / Step::Hour.ms());
            let tenths = tenths_of_vital(name, *value);
            self.vitals.entry(key).or_default().record(tenths);
        }
        if row.overflow > 0 {
            let minute = item.at_ms / Step::Minute.ms();
            *self.overflow.entry((project, minute)).or_default() += u64::from(row.overflow);
        }
    }
}

impl FeatureRollup {
    fn add(&mut self, row: &FeatureRow, install: Option<u32>) {
        for slice in &row.slices {
            let counts = self.slices.entry(slice.slice).or_default();
            counts.add(slice, &row.within, install);
        }
        for key in &row.keys {
            let template = (key.method.clone(), key.template.clone());
            let minutes = self.templates.entry(template).or_default();
            let minute = key.slice / slices_of(Step::Minute);
            minutes
                .entry(minute)
                .or_default()
                .merge(&spread::of_key(key));
        }
    }

    /// Number of the newest slice that anything is counted in.
    pub(super) fn newest(&self) -> Option<u64> {
        let of_keys = self
            .templates
            .values()
            .filter_map(|minutes| minutes.keys().next_back());
        let of_keys = of_keys.max().map(|minute| minute * slices_of(Step::Minute));
        self.slices
            .keys()
            .next_back()
            .copied()
            .max(of_keys)
            .map(|slice| slice.min(LAST_STEP))
    }
}

/// A vital in tenths of a millisecond, as histograms take it. `CLS` has no unit and is mostly below
/// 1: a thousandth of it stands where a millisecond would.
fn tenths_of_vital(name: &str, thousandths: u64) -> u32 {
    let tenths = if name == "CLS" {
        thousandths.saturating_mul(10)
    } else {
        thousandths / 100
    };
    u32::try_from(tenths).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vitals_are_measured_in_their_unit() {
        let check = |name, value, expected| assert_eq!(tenths_of_vital(name, value), expected);
        check("LCP", 2_500_000, 25_000);
        check("CLS", 100, 1_000);
        check("INP", u64::MAX, u32::MAX);
    }
}
