//! Turns a report of what a page load waited for into a row of sums, or into why it cannot be one.
//!
//! Budgets may have changed since the page read them, so features and thresholds need not be ours;
//! numbers that contradict each other are refused, by place.

mod key;

use std::collections::BTreeSet;

use protocol::latency::{FeatureReport, LatencyContext, LatencyReport, SLICE_MS, Vote, Within};
use protocol::limits::is_slug;
use protocol::outcome::DiscardReason;
use store::{FeatureRow, LatencyRow, SliceRow};

use self::key::key_row;
use super::Refusal;

/// Slices that a report may hold after its first: an hour of them, far more than an agent waits.
const MAX_SLICE_OFFSET: u32 = 360;
/// Features of one report. Budgets name tens.
const MAX_FEATURES: usize = 64;
/// Templates of one report, over all its features: as many as budgets may ask for.
const MAX_KEYS: usize = 500;
/// Thresholds of one feature: as many as budgets may have.
const MAX_WITHIN: usize = 4;
/// Milliseconds of one threshold, and of one attempt: a day. Nobody waits longer.
const MAX_MS: u32 = 86_400_000;
/// Attempts that one number may stand for. A page that made more in an hour would do nothing else.
const MAX_COUNT: u32 = 1_000_000;
/// Web vitals that there are.
const VITALS: [&str; 5] = ["CLS", "FCP", "INP", "LCP", "TTFB"];
/// The largest vital: a day in thousandths of a millisecond.
const MAX_VITAL: u64 = MAX_MS as u64 * 1_000;

/// A report whose slices are still numbered by its sender's clock.
///
/// # Errors
///
/// [`DiscardReason::InvalidHistogram`] for a histogram of an impossible shape,
/// [`DiscardReason::InvalidLatency`] for everything else that cannot be.
pub(super) fn row_from(report: LatencyReport) -> Result<LatencyRow, Refusal> {
    if report.features.len() > MAX_FEATURES {
        return Err(invalid(format!("p.features: more than {MAX_FEATURES}")));
    }
    let keys: usize = report.features.iter().map(|one| one.keys.len()).sum();
    if keys > MAX_KEYS {
        return Err(invalid(format!("p.features: more than {MAX_KEYS} keys")));
    }
    if report.slice > u64::MAX / SLICE_MS - u64::from(MAX_SLICE_OFFSET) {
        return Err(invalid("p.slice: is out of range"));
    }
    check_vitals(&report.vitals)?;
    let mut ids = BTreeSet::new();
    let mut features = Vec::with_capacity(report.features.len());
    for (index, feature) in report.features.into_iter().enumerate() {
        let place = format!("p.features[{index}]");
        if !feature.id.is_empty() && !is_slug(&feature.id) {
            return Err(invalid(format!("{place}.id: is no slug")));
        }
        if !ids.insert(feature.id.clone()) {
            return Err(invalid(format!("{place}.id: was there before")));
        }
        features.push(feature_row(feature, report.slice, &place)?);
    }
    Ok(LatencyRow {
        features,
        overflow: report.overflow,
        skewed: report.skewed,
        vitals: report.vitals,
    })
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(DiscardReason::InvalidLatency, message)
}

fn check_vitals(vitals: &[(String, u64)]) -> Result<(), Refusal> {
    let mut names = BTreeSet::new();
    for (index, (name, value)) in vitals.iter().enumerate() {
        if !VITALS.contains(&name.as_str()) {
            return Err(invalid(format!("p.vitals[{index}]: is no web vital")));
        }
        if !names.insert(name) {
            return Err(invalid(format!("p.vitals[{index}]: was there before")));
        }
        if *value > MAX_VITAL {
            return Err(invalid(format!("p.vitals[{index}]: is out of range")));
        }
    }
    Ok(())
}

fn feature_row(feature: FeatureReport, first: u64, place: &str) -> Result<FeatureRow, Refusal> {
    check_within(&feature.within, place)?;
    let mut slices: Vec<SliceRow> = Vec::with_capacity(feature.slices.len());
    for (index, counts) in feature.slices.iter().enumerate() {
        let place = format!("{place}.slices[{index}]");
        let slice = slice_row(counts, feature.within.len(), first, &place)?;
        if slices.last().is_some_and(|last| last.slice >= slice.slice) {
            return Err(invalid(format!("{place}: is not after the one before")));
        }
        slices.push(slice);
    }
    // What is kept of templates is kept by the minute; a report is shorter, or was asleep meanwhile.
    let slice = slices.first().map_or(first, |slice| slice.slice);
    let mut names = BTreeSet::new();
    let mut keys = Vec::with_capacity(feature.keys.len());
    for (index, key) in feature.keys.into_iter().enumerate() {
        let place = format!("{place}.keys[{index}]");
        if !names.insert((key.m.clone(), key.t.clone())) {
            return Err(invalid(format!("{place}: was there before")));
        }
        keys.push(key_row(key, first, slice, &place)?);
    }
    Ok(FeatureRow {
        id: feature.id,
        within: feature.within,
        slices,
        keys,
    })
}

fn check_within(within: &[Within], place: &str) -> Result<(), Refusal> {
    if within.len() > MAX_WITHIN {
        return Err(invalid(format!("{place}.within: more than {MAX_WITHIN}")));
    }
    for (index, threshold) in within.iter().enumerate() {
        if !(1..=MAX_MS).contains(&threshold.1) {
            return Err(invalid(format!("{place}.within[{index}]: is out of range")));
        }
        if within[..index].contains(threshold) {
            return Err(invalid(format!(
                "{place}.within[{index}]: was there before"
            )));
        }
    }
    Ok(())
}

fn slice_row(
    counts: &[u32],
    thresholds: usize,
    first: u64,
    place: &str,
) -> Result<SliceRow, Refusal> {
    let [offset, vote, eligible, bad, held, n, slow @ ..] = counts else {
        return Err(invalid(format!("{place}: is too short")));
    };
    if slow.len() != thresholds {
        let message = format!("{place}: needs a number for each of {thresholds} thresholds");
        return Err(invalid(message));
    }
    if *offset > MAX_SLICE_OFFSET {
        let message = format!("{place}[0]: more than {MAX_SLICE_OFFSET} after the first");
        return Err(invalid(message));
    }
    let vote =
        Vote::from_number(*vote).ok_or_else(|| invalid(format!("{place}[1]: is no vote")))?;
    if bad > eligible {
        return Err(invalid(format!("{place}[3]: more failed than there were")));
    }
    if slow.iter().any(|slow| slow > n) {
        return Err(invalid(format!("{place}: more were slow than there were")));
    }
    if [eligible, held, n].iter().any(|count| **count > MAX_COUNT) {
        return Err(invalid(format!("{place}: is out of range")));
    }
    let (voting, failing) = vote.change();
    Ok(SliceRow {
        slice: first + u64::from(*offset),
        voting,
        failing,
        eligible: *eligible,
        bad: *bad,
        held: *held,
        n: *n,
        slow: slow.to_vec(),
    })
}

/// Forgets what a person had waited for where it cannot be: no reason to lose their answer.
pub(super) fn drop_impossible(context: &mut Option<LatencyContext>) {
    let is_possible = |context: &LatencyContext| {
        context.over_budget <= context.budgeted
            && context.budgeted <= context.requests
            && context
                .p75_ms
                .is_none_or(|ms| ms <= MAX_MS && context.requests > 0)
            && context.worst.as_deref().is_none_or(is_slug)
    };
    if !context.as_ref().is_none_or(is_possible) {
        *context = None;
    }
}
