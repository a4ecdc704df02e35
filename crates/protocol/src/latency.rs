//! Turns what one page load measured of its requests into the body of an item of type `latency`.
//!
//! Numbers are small and many, so the shapes are lists with a fixed order rather than objects, and
//! a report holds sums: never a single request, except the slowest of each template.

use serde::{Deserialize, Serialize};

use crate::budget::Stage;

/// Milliseconds of one slice of time; slices are aligned to the UTC clock: number `n` begins at
/// `n * SLICE_MS` since 1970.
pub const SLICE_MS: u64 = 10_000;

/// The key under which templates past the limit are counted.
pub const OTHER_TEMPLATE: &str = "__other__";

/// How many sample classes there are; see `latency::class::Class` for their order and meaning.
pub const CLASSES: usize = 9;

/// How many phases there are: queue, connect, server, transfer, main thread.
pub const PHASES: usize = 5;

/// What one page load measured since its last report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LatencyReport {
    /// Number of the first slice, by the sender's own clock: see [`SLICE_MS`].
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub slice: u64,
    /// Each at most once.
    pub features: Vec<FeatureReport>,
    /// Requests that were seen and not measured: the page's own buffer was full.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub overflow: u32,
    /// Clock of the sender jumped meanwhile: its slices are marked, not believed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub skewed: bool,
    /// Web vitals of the page load, at most once each: name (`LCP`, `INP`, `CLS`, `FCP`, `TTFB`)
    /// and value in thousandths (of a millisecond, or of the unit of `CLS`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "ts", ts(type = "[string, number][]"))]
    pub vitals: Vec<(String, u64)>,
}

/// What was measured of one feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FeatureReport {
    /// Id in the budgets; empty for what belongs to no feature.
    pub id: String,
    /// The latency thresholds that were counted, in the order of the budgets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<Within>,
    /// In order of time; slices without attempts are absent.
    pub slices: Vec<SliceCounts>,
    /// By method and template.
    pub keys: Vec<KeyReport>,
}

/// One threshold: stage and milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Within(pub Stage, pub u32);

/// What a page load says of one feature in one slice: `[slice, vote, eligible, bad, held, n, slow…]`.
///
/// | place | meaning |
/// |---|---|
/// | 0 | slices after [`LatencyReport::slice`] |
/// | 1 | [`Vote`], as a change to what earlier reports of the same page load said of this slice |
/// | 2 | attempts that count for availability, without those held |
/// | 3 | those of them that failed |
/// | 4 | attempts that failed on the network while nothing proved that the client was online |
/// | 5 | attempts that count for latency |
/// | 6… | those of them that were over the threshold, one number for each of `within` |
pub type SliceCounts = Vec<u32>;

/// How a page load's vote on a slice changes with a report. A slice is told once, except when a page
/// was left in the middle of one and came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Vote {
    /// As it was, or there is none.
    Unchanged = 0,
    /// Its first: less than half of its eligible attempts failed.
    Good = 1,
    /// Its first: at least half of them failed.
    Bad = 2,
    /// It was good, and is bad.
    NowBad = 3,
    /// It was bad, and is good.
    NowGood = 4,
}

impl Vote {
    /// The vote of this number.
    pub const fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::Unchanged,
            1 => Self::Good,
            2 => Self::Bad,
            3 => Self::NowBad,
            4 => Self::NowGood,
            _ => return None,
        })
    }

    /// What it adds to the voters, and to those of them that failed.
    pub const fn change(self) -> (i32, i32) {
        match self {
            Self::Unchanged => (0, 0),
            Self::Good => (1, 0),
            Self::Bad => (1, 1),
            Self::NowBad => (0, 1),
            Self::NowGood => (0, -1),
        }
    }
}

/// What was measured of one method and template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct KeyReport {
    /// HTTP method, `GET` when absent; `WS`, `SSE`, `BEACON` and `NAV` for what is none.
    #[serde(default = "get")]
    #[cfg_attr(feature = "ts", ts(as = "Option<String>", optional))]
    pub m: String,
    /// Template, or [`OTHER_TEMPLATE`]; with its origin when that is not the page's.
    pub t: String,
    /// Attempts by class, [`CLASSES`] numbers; zeros at the end may be left out.
    pub c: Vec<u32>,
    /// Histogram of latency until headers, of what counts for latency: `latency::Histogram` as
    /// bytes in base64 without padding; empty when nothing counts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub h: String,
    /// The same of attempts that failed (classes throttled, server error, network, timeout).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub e: String,
    /// Milliseconds by phase ([`PHASES`] sums: queue, connect, server, transfer, main thread), then
    /// how many attempts they are sums of; empty when the browser told nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub p: Vec<u32>,
    /// The slowest; the page leaves out what was in time, worked and took less than a tenth of a second.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub x: Vec<Exemplar>,
}

/// One attempt that was slow: milliseconds, slice after [`LatencyReport::slice`], class, status and
/// trace id (empty without one).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Exemplar(pub u32, pub u32, pub u8, pub u16, pub String);

/// What a person had waited for when they answered: kept beside the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LatencyContext {
    /// Requests of the page load that count for latency.
    pub requests: u32,
    /// Their 75th percentile in milliseconds; absent without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p75_ms: Option<u32>,
    /// Those of them that had a budget.
    pub budgeted: u32,
    /// Those of these that were over it (the first latency objective of their feature).
    pub over_budget: u32,
    /// The feature with the largest share over its budget; absent when none was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<String>,
    /// Attempts that failed in the last ten minutes.
    pub recent_failures: u32,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// The method that most requests have.
fn get() -> String {
    "GET".to_owned()
}
