//! Turns rows of requests into sums, and the sums into reports: nothing is sampled, nothing is sent
//! for each request.
//!
//! Rows come when the page is idle. What they add up to is told every twenty to thirty seconds, for
//! slices that are over for as long as failures wait for proof, and at once when the page goes.

mod report;
mod rows;
mod rules;
mod sums;

use latency::class::{self, Observed, classify, counts_for_latency, flag};
use latency::feature::Request;
use latency::template::{Keys, template};
use protocol::budget::Stage;
use protocol::latency::SLICE_MS;
use survey::bytes::Reader;

use self::report::{Frame, Parts};
use self::rows::{KINDS, MARKED, Row, VITAL, rows, split};
use self::rules::Rules;
use self::sums::{FeatureSums, Slow};
use crate::command::word;
use crate::json::Json;
use crate::time::{Entropy, Now};
use crate::turn::Turn;

/// Shortest time between two reports, and what chance adds, in milliseconds.
const FLUSH_MS: u32 = 20_000;
const JITTER_MS: u32 = 10_000;
/// How long after its end a slice is told: until then a failure may find its proof.
const GRACE_MS: u64 = 10_000;
/// Slices that are remembered after they were told, for what comes late.
const KEPT_SLICES: u64 = 12;
/// Slices that a report may reach over, as the collector takes them.
const MAX_SLICES: u64 = 360;
/// Bytes of rows that wait for the config.
const MAX_EARLY: usize = 256 << 10;
/// Times at which something worked that are remembered, and how far apart they are.
const MAX_PROOFS: usize = 256;
const PROOF_STEP_MS: u64 = 500;
/// Durations that a percentile is taken of, for the context of answers: the latest ones.
const MAX_RECENT: usize = 256;
/// Failures within this time are recent.
const RECENT_MS: u64 = 10 * 60_000;

/// Everything that is measured of one page load.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    rules: Option<Rules>,
    early: Vec<u8>,
    keys: Keys,
    features: Vec<FeatureSums>,
    overflow: u32,
    vitals: Vec<(Vec<u8>, u32)>,
    /// When to tell, on the monotonic clock; 0 while there is nothing to tell.
    flush_at: u64,
    /// When something worked, on the monotonic clock.
    proofs: Vec<u64>,
    /// Durations in tenths of a millisecond, the latest ones, and how many there were.
    recent: Vec<u32>,
    requests: u32,
    /// When attempts failed, on the monotonic clock.
    failures: Vec<u64>,
}

impl Meter {
    /// Takes the rules of a config, and measures what came before it.
    pub(crate) fn configure(&mut self, from: &mut Reader<'static>) {
        let rules = Rules::read(from);
        self.keys = Keys::new(rules.max_keys);
        self.rules = Some(rules);
    }

    /// Takes rows in; those from before the config wait for it.
    pub(crate) fn measured(
        &mut self,
        lost: u32,
        text: &[u8],
        url: &[u8],
        turn: &mut Turn<impl Entropy>,
    ) {
        self.overflow = self.overflow.saturating_add(lost);
        let early = core::mem::take(&mut self.early);
        if self.rules.is_none() {
            self.early = early;
            if self.early.len() + text.len() > MAX_EARLY {
                let rows = text.split(|byte| *byte == 0x1e).count();
                self.overflow = self.overflow.saturating_add(rows as u32);
            } else {
                self.early.extend_from_slice(text);
                self.early.push(0x1e);
            }
            return;
        }
        let own = split(url).0;
        for text in [&early[..], text] {
            // What worked is known before what failed is judged, whatever their order.
            for row in rows(text) {
                if row.kind == VITAL {
                    self.vital(&row);
                } else {
                    self.take(&row, own, turn.now);
                }
            }
        }
        if self.flush_at == 0 && self.has_news() {
            let jitter = turn.entropy.below(JITTER_MS);
            self.flush_at = turn.after(FLUSH_MS + jitter);
        }
    }

    /// Something of ours arrived.
    pub(crate) fn worked(&mut self, at_ms: u64) {
        let is_near = |last: &u64| at_ms.abs_diff(*last) < PROOF_STEP_MS;
        if self.proofs.last().is_none_or(|last| !is_near(last)) {
            if self.proofs.len() == MAX_PROOFS {
                self.proofs.remove(0);
            }
            self.proofs.push(at_ms);
        }
    }

    /// When there is something to tell, on the monotonic clock.
    pub(crate) const fn due(&self) -> u64 {
        if self.flush_at == 0 {
            u64::MAX
        } else {
            self.flush_at
        }
    }

    fn vital(&mut self, row: &Row<'_>) {
        match self.vitals.iter_mut().find(|it| it.0 == row.method) {
            Some(vital) => vital.1 = row.headers,
            None => self.vitals.push((row.method.to_vec(), row.headers)),
        }
    }

    fn take(&mut self, row: &Row<'_>, own: &[u8], now: Now) {
        let Some(rules) = &self.rules else { return };
        let (origin, path) = row.place();
        let is_own_origin = origin == own || origin.is_empty();
        let request = Request {
            method: row.method,
            origin,
            is_own_origin,
            path,
            graphql: row.graphql,
        };
        let at = if row.kind == MARKED {
            rules.named(row.feature)
        } else {
            rules.feature(&request)
        };
        let feature = at.and_then(|at| rules.features.get(at));
        let within = feature.map_or(&[][..], |it| &it.within);
        let flags = row.flags
            & if rules.graphql_errors {
                !0
            } else {
                !flag::GRAPHQL_ERRORS
            };
        let class = classify(&Observed {
            status: row.status,
            error: row.error,
            flags,
            elapsed_ms: row.headers / 10,
            budget_ms: within.first().map_or(u32::MAX, |it| it.1),
            hard_timeout_ms: rules.hard_timeout_ms,
        });
        // Under way and within its budget: it is told when it is over, or never.
        if row.error == class::ERROR_PENDING && class == class::Class::Excluded {
            return;
        }
        let (background, cache) = feature.map_or((false, false), |it| (it.background, it.cache));
        let counts = counts_for_latency(class, flags, background, cache);
        let ended = row.start + u64::from(row.headers / 10);
        // The wall clock stands still while a machine sleeps and may jump: a start is as long ago as
        // the monotonic clock says.
        let began = now
            .wall_ms
            .saturating_sub(now.mono_ms.saturating_sub(row.start));
        let number = began / SLICE_MS;
        let over: Vec<bool> = within
            .iter()
            .map(|(stage, ms)| {
                let tenths = match stage {
                    Stage::Headers => row.headers,
                    Stage::Body => row.body.unwrap_or(row.headers),
                };
                counts && (class.is_censored() || u64::from(tenths) > u64::from(*ms) * 10)
            })
            .collect();

        let mut key = Vec::new();
        if row.kind == MARKED {
            key.extend_from_slice(row.feature);
        } else {
            if !is_own_origin {
                key.extend_from_slice(origin);
            }
            template(path, rules.templates.iter().copied(), &mut key);
            if !row.graphql.is_empty() {
                key.push(b' ');
                key.extend_from_slice(row.graphql);
            }
        }
        let method = if row.kind < 2 {
            row.method
        } else {
            word(KINDS, row.kind as usize - 2).trim_ascii_end()
        };
        // What is marked and in no budget belongs to no feature, under the name that the page gave it.
        let id = feature.map_or(&b""[..], |feature| feature.id);
        let key = self.keys.key(&key);
        let sums = sums_of(&mut self.features, id);
        let slice = sums.slice(number, within.len());
        slice.attempt(class, ended);
        if counts {
            slice.n += 1;
            for (slow, over) in slice.slow.iter_mut().zip(&over) {
                *slow += u32::from(*over);
            }
        }
        if counts && let Some(over) = over.first() {
            sums.budgeted += 1;
            sums.over += u32::from(*over);
        }
        let key = sums.key(method, key);
        key.classes[class as usize] += 1;
        if counts {
            key.times.record(row.headers);
        }
        if class.is_failure() {
            key.errors.record(row.headers);
        }
        key.phases(&row.phases);
        if counts || class.is_failure() {
            key.exemplar(Slow {
                tenths: row.headers,
                slice: number,
                class,
                status: row.status,
                trace: row.trace.to_vec(),
            });
        }
        if row.status > 0 {
            self.worked(ended);
        }
        self.remember(counts, class.is_failure(), row.headers, ended);
    }

    /// Keeps what the context of an answer tells.
    fn remember(&mut self, counts: bool, failed: bool, tenths: u32, ended: u64) {
        if counts {
            let place = self.requests as usize % MAX_RECENT;
            match self.recent.get_mut(place) {
                Some(oldest) => *oldest = tenths,
                None => self.recent.push(tenths),
            }
            self.requests += 1;
        }
        if failed && self.failures.len() < MAX_RECENT {
            self.failures.push(ended);
        }
    }

    fn has_news(&self) -> bool {
        let mut features = self.features.iter();
        self.overflow > 0
            || !self.vitals.is_empty()
            || features.any(|it| !it.keys.is_empty() || it.slices.iter().any(|s| s.has_news()))
    }

    /// Reports of what may be told by now; of everything when the page goes.
    pub(crate) fn flush(&mut self, exit: bool, turn: &mut Turn<impl Entropy>) -> Vec<Vec<u8>> {
        let now = turn.now;
        if !exit && now.mono_ms < self.due() {
            return Vec::new();
        }
        self.flush_at = 0;
        let Some(rules) = &self.rules else {
            return Vec::new();
        };
        if !self.has_news() {
            return Vec::new();
        }
        let current = now.wall_ms / SLICE_MS;
        let until = if exit {
            current
        } else {
            (now.wall_ms.saturating_sub(GRACE_MS) / SLICE_MS).saturating_sub(1)
        };
        let slices = self.features.iter().flat_map(|it| &it.slices);
        let news = slices.filter(|it| it.has_news() && it.number <= until);
        let first = news.map(|it| it.number).min().unwrap_or(current);
        let frame = Frame {
            first: first.max(current.saturating_sub(MAX_SLICES)),
            overflow: core::mem::take(&mut self.overflow),
            skewed: false,
            vitals: &core::mem::take(&mut self.vitals),
        };
        let mut parts = Parts::new(frame);
        for sums in &mut self.features {
            let has_news = sums
                .slices
                .iter()
                .any(|it| it.number <= until && it.has_news());
            if has_news || !sums.keys.is_empty() {
                let at = rules.named(&sums.id);
                let within = at.and_then(|at| rules.features.get(at));
                let within = within.map_or(&[][..], |it| &it.within);
                parts.feature(sums, within, until, &self.proofs);
                let oldest = current.saturating_sub(KEPT_SLICES);
                sums.slices.retain(|it| it.number >= oldest);
            }
        }
        let done = parts.finish();
        if self.has_news() {
            let jitter = turn.entropy.below(JITTER_MS);
            self.flush_at = turn.after(FLUSH_MS + jitter);
        }
        done
    }

    /// Adds what the person has waited for so far, as `protocol::latency::LatencyContext`.
    pub(crate) fn write_context(&self, now: Now, to: &mut Json) {
        if self.requests == 0 && self.failures.is_empty() {
            return;
        }
        to.key("latency");
        to.raw(b"{");
        to.number_at("requests", self.requests.into());
        let mut sorted = self.recent.clone();
        sorted.sort_unstable();
        if let Some(p75) = sorted.get((sorted.len() * 3).div_ceil(4).saturating_sub(1)) {
            to.number_at("p75_ms", (p75 / 10).into());
        }
        let sum = |of: fn(&FeatureSums) -> u32| self.features.iter().map(of).sum::<u32>();
        to.number_at("budgeted", sum(|it| it.budgeted).into());
        to.number_at("over_budget", sum(|it| it.over).into());
        let share = |it: &&FeatureSums| u64::from(it.over) * 1_000 / u64::from(it.budgeted.max(1));
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

fn sums_of<'a>(features: &'a mut Vec<FeatureSums>, id: &[u8]) -> &'a mut FeatureSums {
    let at = features.iter().position(|it| it.id == id);
    let at = at.unwrap_or_else(|| {
        features.push(FeatureSums {
            id: id.to_vec(),
            slices: Vec::new(),
            keys: Vec::new(),
            budgeted: 0,
            over: 0,
        });
        features.len() - 1
    });
    &mut features[at]
}
