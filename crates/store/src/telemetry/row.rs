//! Turns what one page load reported, once it was checked, into what is merged into sums.

use latency::Histogram;
use protocol::latency::{CLASSES, PHASES, Within};

/// What a page load measured since its last report, by the collector's clock.
///
/// [`crate::NewItem::at_ms`] says in which hour its vitals and its overflow are counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LatencyRow {
    /// Each feature at most once.
    pub features: Vec<FeatureRow>,
    /// Requests that were seen and not measured.
    pub overflow: u32,
    /// The sender's clock jumped meanwhile: its attempts count, its votes and its install do not.
    pub skewed: bool,
    /// Name, and value in thousandths (of a millisecond, or of the unit of `CLS`).
    pub vitals: Vec<(String, u64)>,
}

/// What was measured of one feature.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeatureRow {
    /// Slug; empty for what belongs to no feature.
    pub id: String,
    /// The latency thresholds that were counted, each at most once.
    pub within: Vec<Within>,
    /// Each slice at most once.
    pub slices: Vec<SliceRow>,
    /// By method and template.
    pub keys: Vec<KeyRow>,
}

/// What a page load says of one feature in one slice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SliceRow {
    /// Number of the slice: it begins at this times [`protocol::latency::SLICE_MS`] since 1970.
    pub slice: u64,
    /// Change of the voters, see [`protocol::latency::Vote::change`].
    pub voting: i32,
    /// Change of those of them that failed.
    pub failing: i32,
    /// Attempts that count for availability, without those held.
    pub eligible: u32,
    /// Those of them that failed.
    pub bad: u32,
    /// Attempts that failed while nothing proved that the client was online.
    pub held: u32,
    /// Attempts that count for latency.
    pub n: u32,
    /// Those of them over each threshold of [`FeatureRow::within`]; a missing number is 0.
    pub slow: Vec<u32>,
}

/// What was measured of one method and template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyRow {
    /// HTTP method, or what stands for it.
    pub method: String,
    /// Template, or [`protocol::latency::OTHER_TEMPLATE`].
    pub template: String,
    /// Number of the slice that all of it is counted in, to the minute.
    pub slice: u64,
    /// Attempts by class, in the order of [`latency::Class`].
    pub classes: [u64; CLASSES],
    /// Time until headers, of what counts for latency.
    pub histogram: Histogram,
    /// The same of attempts that failed.
    pub errors: Histogram,
    /// Sums by phase in milliseconds: queue, connect, server, transfer, main thread.
    pub phases: [u64; PHASES],
    /// Attempts that `phases` are sums of.
    pub phase_n: u64,
    /// The slowest.
    pub exemplars: Vec<ExemplarRow>,
}

/// One attempt that was slow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExemplarRow {
    /// Milliseconds.
    pub ms: u32,
    /// Number of its slice.
    pub slice: u64,
    /// Number of its class.
    pub class: u8,
    /// HTTP status; 0 without one.
    pub status: u16,
    /// Trace id of 32 hex digits; empty without one.
    pub trace: String,
}
