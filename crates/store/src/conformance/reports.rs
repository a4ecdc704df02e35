//! Turns a few words into reports of page loads, and reads the sums that they became.

use protocol::budget::Stage;
use protocol::latency::{SLICE_MS, Within};
use protocol::outcome::Outcome::Accepted;

use super::build::*;
use crate::{
    Body, ExemplarRow, FeatureRow, FeatureSlice, FeatureSum, KeyRow, LatencyRow, NewItem,
    ProjectId, SliceRow, SliceTotals, SlicesFilter, Span, Step, Store, SumsFilter,
};

/// Number of the slice that begins at [`T0`], which is also the start of an hour.
pub const S0: u64 = T0 / SLICE_MS;

/// The threshold that [`slice`] counts against.
pub const FAST: Within = Within(Stage::Headers, 300);

/// Slice number `nth` after [`S0`], in which a page load has one vote.
pub fn slice(nth: u64, eligible: u32, bad: u32, slow: u32) -> SliceRow {
    SliceRow {
        slice: S0 + nth,
        voting: 1,
        failing: i32::from(bad * 2 >= eligible),
        eligible,
        bad,
        held: 0,
        n: eligible - bad,
        slow: vec![slow],
    }
}

/// What was measured of a template in slice number `nth` after [`S0`]: attempts that were answered
/// after so many milliseconds.
pub fn key(template: &str, nth: u64, all_ms: &[u32]) -> KeyRow {
    let mut row = KeyRow {
        method: String::from("GET"),
        template: String::from(template),
        slice: S0 + nth,
        phase_n: all_ms.len() as u64,
        ..KeyRow::default()
    };
    row.classes[0] = all_ms.len() as u64;
    for &ms in all_ms {
        row.histogram.record(ms * 10);
        row.phases[2] += u64::from(ms);
        row.exemplars.push(ExemplarRow {
            ms,
            slice: S0 + nth,
            class: 0,
            status: 200,
            trace: format!("{ms:032x}"),
        });
    }
    row
}

/// A report about one feature.
pub fn report(feature: &str, slices: Vec<SliceRow>, keys: Vec<KeyRow>) -> LatencyRow {
    LatencyRow {
        features: vec![FeatureRow {
            id: String::from(feature),
            within: vec![FAST],
            slices,
            keys,
        }],
        ..LatencyRow::default()
    }
}

/// Item number `n`, which reports at [`T0`].
pub fn reported(n: u32, row: LatencyRow) -> NewItem {
    item(n, 0, Body::Latency(Box::new(row)))
}

/// Has install number `install` report.
pub async fn say(store: &dyn Store, project: ProjectId, install: u32, n: u32, row: LatencyRow) {
    let batch = batch(project, install, vec![reported(n, row)]);
    assert_eq!(append(store, batch).await, [Accepted]);
}

/// Sums of the project as they are kept.
pub async fn slices(store: &dyn Store, project: ProjectId, step: Step) -> Vec<FeatureSlice> {
    let filter = SlicesFilter {
        project,
        feature: None,
        span: ALWAYS,
        step,
    };
    ok(store.slices(filter).await)
}

/// Sums of all features over one span.
pub async fn sums(store: &dyn Store, project: ProjectId, span: Span) -> Vec<FeatureSum> {
    let filter = SumsFilter {
        project,
        feature: None,
        spans: vec![span],
        with_distribution: true,
    };
    let mut all = ok(store.sums(filter).await);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// What was counted of the only feature, in all of time.
pub async fn totals(store: &dyn Store, project: ProjectId) -> SliceTotals {
    let mut all = sums(store, project, ALWAYS).await;
    assert_eq!(all.len(), 1);
    all.remove(0).totals
}
