//! Turns outages and announced times into how available something was: by time, MTTR and MTBF.
//!
//! Availability by requests is [`crate::objective::actual`] of what is eligible, and that by clients
//! and time [`crate::outage::ratio_down_ms`]; the SLA is the one by time.

mod timeline;

pub use timeline::{MAX_STRETCHES, timeline};

/// A stretch of time in milliseconds since 1970 (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Start, inclusive.
    pub from_ms: u64,
    /// End, exclusive; absent while it lasts.
    pub to_ms: Option<u64>,
}

impl Interval {
    const fn end(&self) -> u64 {
        match self.to_ms {
            Some(to_ms) => to_ms,
            None => u64::MAX,
        }
    }
}

/// How available something was in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Report {
    /// Milliseconds of outage in the window, without announced times.
    pub down_ms: u64,
    /// Milliseconds of the window that count: neither announced nor unknown.
    pub known_ms: u64,
    /// Outages that began in the window.
    pub n: u64,
    /// Those of them that are over.
    pub closed: u64,
    /// `1 - down / known`, 0 to 1; absent when nothing is known.
    pub time: Option<f64>,
    /// Mean duration of outages that are over, in milliseconds; absent without one.
    pub mttr_ms: Option<u64>,
    /// Uptime by outages, in milliseconds; absent without an outage: it is longer than the window.
    pub mtbf_ms: Option<u64>,
    /// Mean time from the start of one outage to that of the next, in milliseconds; absent below two.
    pub start_to_start_ms: Option<u64>,
    /// Whether one lasts.
    pub ongoing: bool,
}

/// The intervals in order, those that overlap or touch as one.
pub fn merge(intervals: &[Interval]) -> Vec<Interval> {
    let mut sorted = intervals.to_vec();
    sorted.retain(|one| one.from_ms < one.end());
    sorted.sort_by_key(|one| one.from_ms);
    let mut merged: Vec<Interval> = Vec::with_capacity(sorted.len());
    for one in sorted {
        match merged.last_mut() {
            Some(last) if one.from_ms <= last.end() => {
                last.to_ms = last.to_ms.zip(one.to_ms).map(|(a, b)| a.max(b));
            }
            _ => merged.push(one),
        }
    }
    merged
}

/// How available something was from `window.0` (inclusive) to `window.1` (exclusive).
///
/// Downtime is clipped to the window; `n`, MTTR and the times between starts are of outages that
/// began in it, each in its whole length. Announced times are cut out of everything, and an outage
/// that lies in them is none. `unknown_ms` is time of the window, outside of announced times and
/// outages, of which nothing is known: it is neither up nor down.
///
/// # Source
///
/// ISO/IEC 2382 and IEC 60050-192: MTBF is operating time between failures, so that availability is
/// MTBF by MTBF + MTTR exactly, where all outages are over and none is clipped.
pub fn report(
    window: (u64, u64),
    outages: &[Interval],
    maintenance: &[(u64, u64)],
    unknown_ms: u64,
) -> Report {
    let announced = announced(maintenance);
    let length_ms = window.1.saturating_sub(window.0);
    let known_ms = length_ms
        .saturating_sub(overlap_ms(window, &announced))
        .saturating_sub(unknown_ms);
    let mut report = Report {
        known_ms,
        ..Report::default()
    };
    let mut starts = Vec::new();
    let mut repair_ms = 0_u64;
    for outage in merge(outages) {
        let pieces = without((outage.from_ms, outage.end()), &announced);
        report.down_ms += overlap_ms(window, &pieces);
        let Some((from_ms, _)) = pieces.first() else {
            continue;
        };
        report.ongoing |= outage.to_ms.is_none();
        if (window.0..window.1).contains(from_ms) {
            report.n += 1;
            starts.push(*from_ms);
            if outage.to_ms.is_some() {
                report.closed += 1;
                repair_ms += pieces.iter().map(|(from, to)| to - from).sum::<u64>();
            }
        }
    }
    // Time in an outage is known to be down, whoever says otherwise.
    report.known_ms = report.known_ms.max(report.down_ms);
    let up_ms = report.known_ms - report.down_ms;
    report.time = (report.known_ms > 0).then(|| up_ms as f64 / report.known_ms as f64);
    report.mttr_ms = mean(repair_ms, report.closed);
    report.mtbf_ms = mean(up_ms, report.n);
    if let (Some(first), Some(last)) = (starts.first(), starts.last()) {
        report.start_to_start_ms = mean(last - first, report.n - 1);
    }
    report
}

/// To the nearest millisecond.
fn mean(sum: u64, n: u64) -> Option<u64> {
    (n > 0).then(|| (sum + n / 2) / n)
}

/// Announced times in order, none of which overlap.
fn announced(times: &[(u64, u64)]) -> Vec<(u64, u64)> {
    let times: Vec<Interval> = times
        .iter()
        .map(|(from_ms, to_ms)| Interval {
            from_ms: *from_ms,
            to_ms: Some(*to_ms),
        })
        .collect();
    let merged = merge(&times).into_iter();
    merged.map(|one| (one.from_ms, one.end())).collect()
}

/// What is left of a stretch without others, which are in order and do not overlap.
fn without((mut from, to): (u64, u64), others: &[(u64, u64)]) -> Vec<(u64, u64)> {
    let mut left = Vec::new();
    for (start, end) in others {
        if *end <= from {
            continue;
        }
        if *start >= to {
            break;
        }
        if *start > from {
            left.push((from, *start));
        }
        from = *end;
    }
    if from < to {
        left.push((from, to));
    }
    left
}

/// Milliseconds of a window that lie in stretches which do not overlap.
fn overlap_ms(window: (u64, u64), stretches: &[(u64, u64)]) -> u64 {
    let parts = stretches.iter();
    parts
        .map(|(from, to)| window.1.min(*to).saturating_sub(window.0.max(*from)))
        .sum()
}
