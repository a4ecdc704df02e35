//! Turns outages into availability, MTTR and MTBF.
//!
//! Time that nobody knows of and announced maintenance are no part of the time that is promised.
//! MTBF is uptime over failures, so that `A = MTBF / (MTBF + MTTR)` holds where every outage is over
//! and within the window.

/// A stretch of time; one without an end lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Start, inclusive, in milliseconds.
    pub from_ms: u64,
    /// End, exclusive.
    pub to_ms: Option<u64>,
}

/// Joins what overlaps or touches, in order of time.
pub fn merge(intervals: &[Interval]) -> Vec<Interval> {
    let mut sorted = intervals.to_vec();
    sorted.sort_unstable_by_key(|it| it.from_ms);
    let mut merged: Vec<Interval> = Vec::new();
    for next in sorted {
        match merged.last_mut() {
            Some(last) if last.to_ms.is_none_or(|to| next.from_ms <= to) => {
                last.to_ms = match (last.to_ms, next.to_ms) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    _ => None,
                };
            }
            _ => merged.push(next),
        }
    }
    merged
}

/// What a window's outages come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Milliseconds of outage within the window, maintenance not counted.
    pub down_ms: u64,
    /// Milliseconds that are known and count.
    pub known_ms: u64,
    /// Outages that began within the window.
    pub n: u64,
    /// `1 - down / known`; absent when nothing is known.
    pub time: Option<f64>,
    /// Mean duration of those that are over.
    pub mttr_ms: Option<u64>,
    /// Uptime over outages; absent without one.
    pub mtbf_ms: Option<u64>,
    /// Mean time from one start to the next; absent below two.
    pub start_to_start_ms: Option<u64>,
    /// Whether one lasts.
    pub ongoing: bool,
}

/// The report of a window, from and to in milliseconds.
pub fn report(
    window: (u64, u64),
    outages: &[Interval],
    maintenance: &[(u64, u64)],
    unknown_ms: u64,
) -> Report {
    let outages = merge(outages);
    let announced = merge(&closed(maintenance));
    let announced_ms: u64 = announced.iter().map(|it| clip(it, window).2).sum();
    let whole = window.1.saturating_sub(window.0);
    let known_ms = whole.saturating_sub(announced_ms + unknown_ms);
    let down_ms: u64 = outages
        .iter()
        .map(|it| {
            let (from, to, ms) = clip(it, window);
            let spared: u64 = announced.iter().map(|of| clip(of, (from, to)).2).sum();
            ms.saturating_sub(spared)
        })
        .sum();
    let down_ms = down_ms.min(known_ms);
    let begun: Vec<&Interval> = outages
        .iter()
        .filter(|it| (window.0..window.1).contains(&it.from_ms))
        .collect();
    let over: Vec<u64> = begun
        .iter()
        .filter_map(|it| Some(it.to_ms? - it.from_ms))
        .collect();
    let n = begun.len() as u64;
    let between = begun.first().zip(begun.last());
    Report {
        down_ms,
        known_ms,
        n,
        time: (known_ms > 0).then(|| 1.0 - down_ms as f64 / known_ms as f64),
        mttr_ms: mean(over.iter().sum(), over.len() as u64),
        mtbf_ms: mean(known_ms - down_ms, n),
        start_to_start_ms: between.and_then(|(a, b)| mean(b.from_ms - a.from_ms, n - 1)),
        ongoing: outages.iter().any(|it| it.to_ms.is_none()),
    }
}

/// Rounded to the nearest millisecond; absent of nothing.
fn mean(sum: u64, n: u64) -> Option<u64> {
    (n > 0).then(|| (sum + n / 2) / n)
}

fn closed(spans: &[(u64, u64)]) -> Vec<Interval> {
    let spans = spans.iter().filter(|(from, to)| from < to);
    spans
        .map(|(from, to)| Interval {
            from_ms: *from,
            to_ms: Some(*to),
        })
        .collect()
}

/// The part of an interval within a window, and its length.
fn clip(interval: &Interval, (from, to): (u64, u64)) -> (u64, u64, u64) {
    let start = interval.from_ms.clamp(from, to.max(from));
    let end = interval.to_ms.unwrap_or(to).clamp(start, to.max(start));
    (start, end, end - start)
}
