//! Turns single attempts into what goes along with answers, and into events that surveys wait for.

use crate::json::Json;
use crate::meter::Attempt;
use crate::time::Now;

/// Durations that a percentile is taken of: the latest ones.
const MAX_RECENT: usize = 256;
/// Failures within this time are recent, in milliseconds.
const RECENT_MS: u64 = 10 * 60_000;
/// Least time between two events of one name and feature, in milliseconds: a page that makes all its
/// requests at once was slow once.
const EVENT_GAP_MS: u64 = 10_000;

/// An attempt took longer than the first threshold of its feature.
const BREACH: &[u8] = b"$breach";
/// An attempt failed.
const FAILED: &[u8] = b"$failed";

/// What the person has waited for in this page load.
#[derive(Debug, Default)]
pub(crate) struct Waited {
    /// Durations in tenths of a millisecond, the latest ones, and how many there were.
    recent: Vec<u32>,
    requests: u32,
    /// When attempts failed, on the monotonic clock.
    failures: Vec<u64>,
    features: Vec<Feature>,
    /// Events that nobody has heard of: name and properties.
    pub(super) happened: Vec<(&'static [u8], Vec<u8>)>,
}

/// How one feature kept its budget.
#[derive(Debug)]
struct Feature {
    id: Vec<u8>,
    budgeted: u32,
    over: u32,
    /// When there was last an event of each name, on the monotonic clock.
    told: [Option<u64>; 2],
}

impl Waited {
    /// Takes in one attempt.
    pub(crate) fn note(&mut self, attempt: &Attempt<'_>) {
        let Attempt {
            feature,
            counts,
            over,
            failed,
            tenths,
            ended_ms,
        } = *attempt;
        if counts {
            let place = self.requests as usize % MAX_RECENT;
            match self.recent.get_mut(place) {
                Some(oldest) => *oldest = tenths,
                None => self.recent.push(tenths),
            }
            self.requests += 1;
        }
        if failed {
            if self.failures.len() == MAX_RECENT {
                self.failures.remove(0);
            }
            self.failures.push(ended_ms);
        }
        if feature.is_empty() {
            return;
        }
        let at = self.features.iter().position(|it| it.id == feature);
        let at = at.unwrap_or_else(|| {
            self.features.push(Feature {
                id: feature.to_vec(),
                budgeted: 0,
                over: 0,
                told: [None; 2],
            });
            self.features.len() - 1
        });
        let Some(it) = self.features.get_mut(at) else {
            return;
        };
        it.budgeted += u32::from(over.is_some());
        it.over += u32::from(over == Some(true));
        let happens = [(BREACH, over == Some(true)), (FAILED, failed)];
        for ((name, happens), told) in happens.into_iter().zip(&mut it.told) {
            if happens && told.is_none_or(|told| ended_ms.abs_diff(told) >= EVENT_GAP_MS) {
                *told = Some(ended_ms);
                self.happened.push((name, properties(feature, tenths / 10)));
            }
        }
    }

    /// Adds it to a response, as `protocol::latency::LatencyContext`.
    pub(crate) fn write(&self, now: Now, to: &mut Json) {
        if self.requests == 0 && self.failures.is_empty() {
            return;
        }
        to.key("latency");
        to.raw(b"{");
        to.number_at("requests", self.requests.into());
        let mut sorted = self.recent.clone();
        sorted.sort_unstable();
        // The nearest rank.
        if let Some(p75) = sorted.get((sorted.len() * 3).div_ceil(4).saturating_sub(1)) {
            to.number_at("p75_ms", (p75 / 10).into());
        }
        let sum = |of: fn(&Feature) -> u32| self.features.iter().map(of).sum::<u32>();
        to.number_at("budgeted", sum(|it| it.budgeted).into());
        to.number_at("over_budget", sum(|it| it.over).into());
        let share = |it: &&Feature| u64::from(it.over) * 1_000 / u64::from(it.budgeted.max(1));
        let worst = self.features.iter().max_by_key(share);
        if let Some(worst) = worst.filter(|it| it.over > 0) {
            to.word_at("worst", &worst.id);
        }
        let since = now.mono_ms.saturating_sub(RECENT_MS);
        let recent = self.failures.iter().filter(|at| **at >= since).count();
        to.number_at("recent_failures", recent as u64);
        to.end(b'}');
    }
}

/// A list of facts.
fn properties(feature: &[u8], ms: u32) -> Vec<u8> {
    let mut digits = [0; 20];
    let ms = survey::matching::decimal(ms.into(), &mut digits);
    let mut list = Vec::new();
    for part in [b"feature", feature, b"ms", ms] {
        list.extend_from_slice(part);
        list.push(survey::matching::SEPARATOR);
    }
    list
}
