//! Turns one row into counts: its class, its feature, its template, and whether it was in time.

use latency::class::{self, Observed, availability, classify, counts_for_latency, flag};
use latency::feature::Request;
use latency::template::template;
use protocol::budget::Stage;
use protocol::latency::SLICE_MS;

use super::Meter;
use super::doubt::Doubt;
use super::rows::{
    BODY, ERROR, FEATURE, FLAGS, GRAPHQL, HEADERS, HTTP, KIND, KINDS, MARKED, METHOD, PHASES, Row,
    START, STATUS, TRACE,
};
use super::sums::{BAD, ELIGIBLE, HELD, N, SLOW, Slow};
use crate::command::word;
use crate::time::Now;

/// Bytes of an HTTP method; the longest of the registry has 17.
const MAX_METHOD: usize = 20;

/// What takes less seems to happen at once, and is no example of anything slow; in tenths of a millisecond.
/// That is the first of the three limits of response times: Miller, 1968; Nielsen, 1993.
const NOTICED: u32 = 1_000;

/// One attempt, as surveys may want to know of it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(feature = "surveys"),
    expect(dead_code, reason = "without surveys nobody wants to know")
)]
pub(crate) struct Attempt<'a> {
    /// Id of its feature; empty without one.
    pub(crate) feature: &'a [u8],
    /// Whether it counts for latency.
    pub(crate) counts: bool,
    /// Whether it took longer than its feature's first threshold, if there is one.
    pub(crate) over: Option<bool>,
    pub(crate) failed: bool,
    /// Tenths of a millisecond.
    pub(crate) tenths: u32,
    /// On the monotonic clock.
    pub(crate) ended_ms: u64,
}

impl Meter {
    /// Counts one request; `own` is the page's origin.
    pub(super) fn take(&mut self, row: &Row<'_>, own: &[u8], now: Now) {
        let rules = &mut self.rules;
        let templates = rules.templates();
        let kind = row.number(KIND);
        let (origin, path) = row.place();
        let is_own_origin = origin == own || origin.is_empty();
        let request = Request {
            method: row.0[METHOD],
            origin,
            is_own_origin,
            path,
            graphql: row.0[GRAPHQL],
        };
        let place = rules.place(&request, row.0[FEATURE]);
        let Some(feature) = rules.features.get_mut(place) else {
            return;
        };
        let mut flags = row.number(FLAGS);
        if !rules.graphql_errors {
            flags &= !flag::GRAPHQL_ERRORS;
        }
        let headers = row.tenths(HEADERS);
        let error = row.number(ERROR) as u8;
        let class = classify(&Observed {
            status: row.number(STATUS) as u16,
            error,
            flags,
            elapsed_ms: headers / 10,
            budget_ms: feature.within().next().map_or(u32::MAX, |it| it.1),
            hard_timeout_ms: rules.hard_timeout_ms,
        });
        // Under way and within its budget: it is told when it is over, or never.
        if error == class::ERROR_PENDING && class == class::Class::Excluded {
            return;
        }
        let counts = counts_for_latency(class, flags, feature.background, feature.cache);
        // The monotonic clock stands still while a machine sleeps and the wall clock may jump: a start
        // is as long ago as the monotonic clock says.
        let start = u64::from(row.number(START));
        let began = now.wall_ms - now.mono_ms.saturating_sub(start).min(now.wall_ms);
        let number = began / SLICE_MS;

        let mut slow = [0; super::sums::THRESHOLDS];
        let mut thresholds = 0;
        for ((stage, ms), slow) in feature.within().zip(&mut slow) {
            thresholds += 1;
            let tenths = match stage {
                Stage::Body if !row.is_empty(BODY) => row.tenths(BODY),
                _ => headers,
            };
            let is_over = class.is_censored() || tenths / 10 >= ms && tenths != ms * 10;
            *slow = u32::from(counts && is_over);
        }
        let ended_ms = row.ended_ms();
        self.waited.note(&Attempt {
            feature: feature.id,
            counts,
            over: (counts && thresholds > 0).then_some(slow[0] > 0),
            failed: class.is_failure(),
            tenths: headers,
            ended_ms,
        });
        let sums = &mut feature.slice(number).counts;
        if class == class::Class::Network {
            let failure = Doubt {
                feature: place,
                slice: number,
                at_s: ended_ms / 1_000,
            };
            sums[HELD] += u32::from(!self.doubts.failed(failure));
        } else if let Some(good) = availability(class, flags) {
            sums[ELIGIBLE] += 1;
            sums[BAD] += u32::from(!good);
        }
        sums[N] += u32::from(counts);
        for (sum, slow) in sums[SLOW..].iter_mut().zip(&slow) {
            *sum += *slow;
        }

        let mut name = method(row, kind).to_vec();
        name.push(b' ');
        let start = name.len();
        if kind == MARKED {
            name.extend_from_slice(row.0[FEATURE]);
        } else {
            if !is_own_origin {
                name.extend_from_slice(origin);
            }
            template(path, templates, &mut name);
            if !row.is_empty(GRAPHQL) {
                name.push(b' ');
                name.extend_from_slice(row.0[GRAPHQL]);
            }
        }
        let key = feature.key(name, start, &mut rules.max_keys);
        key.classes[class as usize] += 1;
        if counts {
            key.times.record(headers);
        }
        if class.is_failure() {
            key.errors.record(headers);
        }
        let phases = PHASES..PHASES + 5;
        if phases.clone().any(|place| !row.is_empty(place)) {
            let [sums @ .., n] = &mut key.phases;
            *n += 1;
            for (sum, place) in sums.iter_mut().zip(phases) {
                *sum = sum.saturating_add(row.tenths(place));
            }
        }
        if counts && (headers >= NOTICED || slow[0] > 0) || class.is_failure() {
            key.exemplar(Slow {
                tenths: headers,
                slice: number,
                class: class as u8,
                status: row.number(STATUS),
                trace: row.0[TRACE].to_vec(),
            });
        }
    }
}

/// The HTTP method, or what stands for one. What cannot be one is `-`: a page may call it anything.
fn method<'a>(row: &Row<'a>, kind: u32) -> &'a [u8] {
    if kind >= HTTP {
        return word(KINDS, (kind - HTTP) as usize);
    }
    let method = row.0[METHOD];
    let is_one = (1..=MAX_METHOD).contains(&method.len())
        && method
            .iter()
            .all(|it| it.is_ascii_alphabetic() || *it == b'-');
    if is_one { method } else { b"-" }
}
