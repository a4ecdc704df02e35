//! Turns rows of requests into sums, and the sums into reports: nothing is sampled, nothing is sent
//! for each request.
//!
//! Rows come when the page is idle. What they add up to is told every twenty to thirty seconds, for
//! slices that are over for as long as failures wait for proof, and at once when the page goes.

mod doubt;
mod report;
mod rows;
mod rules;
mod sums;
mod taking;

use protocol::latency::SLICE_MS;

use self::doubt::Doubts;
use self::report::Parts;
use self::rows::{HEADERS, KIND, METHOD, ROW, STATUS, VITAL, rows, split};
use crate::asking::Waited;
use crate::command::word;
use crate::time::Entropy;
use crate::turn::Turn;

pub(crate) use self::rules::Rules;
pub(crate) use self::taking::Attempt;

/// Shortest time between two reports, and what chance adds, in milliseconds.
const FLUSH_MS: u32 = 20_000;
const JITTER_MS: u32 = 10_000;
/// Longest that sums wait while nothing can be delivered, in milliseconds: what is told then would
/// only wait elsewhere, in more room.
const HOLD_MS: u64 = 10 * 60_000;
/// How long after its end a slice is told: until then a failure may find its proof.
const GRACE_MS: u64 = 10_000;
/// Slices that are remembered after they were told, for what comes late.
const KEPT_SLICES: u64 = 12;
/// Slices that a report may reach over, as the collector takes them.
const MAX_SLICES: u64 = 360;
/// Bytes of rows that wait for the config.
const MAX_EARLY: usize = 256 << 10;
/// A wall clock that went back by more than this, in milliseconds, was set.
const SET_BACK_MS: u64 = 1_000;

/// The names of web vitals.
const VITALS: &str = "CLS FCP INP LCP TTFB ";
/// The value of each, and one more; 0 without one.
type Vitals = [u32; 5];

/// Everything that is measured of one page load.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    rules: Rules,
    /// Rows from before the config.
    early: Vec<u8>,
    overflow: u32,
    vitals: Vitals,
    doubts: Doubts,
    /// Wall clock minus monotonic clock; grows while the machine sleeps.
    offset_ms: u64,
    skewed: bool,
    /// When to tell, on the monotonic clock; 0 while there is nothing to tell.
    flush_at: u64,
    /// When something was last told, on the monotonic clock.
    told_at: u64,
    pub(crate) waited: Waited,
}

impl Meter {
    /// Takes the rules of a config.
    pub(crate) fn configure(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// Takes rows in; those from before the config wait for it. `lost` are those that nobody kept.
    pub(crate) fn measured(
        &mut self,
        lost: u32,
        text: &[u8],
        url: &[u8],
        turn: &mut Turn<impl Entropy>,
    ) {
        self.overflow = self.overflow.saturating_add(lost);
        let is_early = self.rules.features.is_empty();
        if is_early && self.early.len() + text.len() > MAX_EARLY {
            self.overflow = self.overflow.saturating_add(rows(text).count() as u32);
            return;
        }
        let mut all = core::mem::take(&mut self.early);
        all.extend_from_slice(text);
        all.push(ROW);
        if is_early {
            self.early = all;
            return;
        }
        let now = turn.now;
        let offset_ms = now.wall_ms.saturating_sub(now.mono_ms);
        self.skewed |= offset_ms + SET_BACK_MS < self.offset_ms;
        self.offset_ms = offset_ms;
        let own = split(url).0;
        for row in rows(&all) {
            if row.number(STATUS) > 0 {
                self.worked(row.ended_ms());
            }
            let kind = row.number(KIND);
            if kind == VITAL {
                for (place, vital) in self.vitals.iter_mut().enumerate() {
                    if word(VITALS, place) == row.0[METHOD] {
                        *vital = row.number(HEADERS).saturating_add(1);
                    }
                }
            } else if kind < VITAL {
                self.take(&row, own, now);
            }
            self.plan(turn);
        }
    }

    /// Something of ours arrived.
    pub(crate) fn worked(&mut self, at_ms: u64) {
        self.doubts.worked(at_ms);
    }

    /// When there may be something to tell, on the monotonic clock.
    pub(crate) const fn due(&self) -> u64 {
        if self.flush_at == 0 {
            u64::MAX
        } else {
            self.flush_at
        }
    }

    /// Sets the time of the next report.
    fn plan(&mut self, turn: &mut Turn<impl Entropy>) {
        if self.flush_at == 0 {
            let jitter = turn.entropy.below(JITTER_MS);
            self.flush_at = turn.after(FLUSH_MS + jitter);
        }
    }

    /// Reports of what may be told by now, each with whether it tells of failures; of everything when the page goes. `works` is whether they
    /// can be delivered.
    pub(crate) fn flush(
        &mut self,
        exit: bool,
        works: bool,
        turn: &mut Turn<impl Entropy>,
    ) -> Vec<(bool, Vec<u8>)> {
        let now = turn.now;
        if !exit && now.mono_ms < self.due() || self.rules.features.is_empty() {
            return Vec::new();
        }
        self.flush_at = 0;
        let current = now.wall_ms / SLICE_MS;
        let until = if exit {
            current
        } else {
            (now.wall_ms.saturating_sub(GRACE_MS) / SLICE_MS).saturating_sub(1)
        };
        let features = &mut self.rules.features;
        self.doubts.settle(features, until);
        if !exit && !works && now.mono_ms < self.told_at + HOLD_MS {
            self.plan(turn);
            return Vec::new();
        }
        self.told_at = now.mono_ms;
        let features = &mut self.rules.features;
        let mut first = current;
        for feature in &*features {
            for slice in &feature.slices {
                if slice.has_news() {
                    first = first.min(slice.number);
                }
            }
        }
        let mut parts = Parts {
            first: first.max(current.saturating_sub(MAX_SLICES)),
            until,
            overflow: core::mem::take(&mut self.overflow),
            skewed: core::mem::take(&mut self.skewed),
            vitals: core::mem::take(&mut self.vitals),
            ..Parts::default()
        };
        let mut has_news = parts.overflow > 0 || parts.vitals != Vitals::default();
        parts.begin();
        let oldest = current.saturating_sub(KEPT_SLICES);
        for feature in features {
            has_news |= parts.feature(feature);
            feature.slices.retain(|it| it.number >= oldest);
        }
        if !has_news {
            return Vec::new();
        }
        parts.end();
        self.plan(turn);
        parts.done
    }
}
