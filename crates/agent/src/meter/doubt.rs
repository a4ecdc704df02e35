//! Turns failures on the network into the service's or the client's own, by what else worked.

use super::rules::Feature;
use super::sums::{BAD, ELIGIBLE, HELD};

/// Seconds before the one of a failure, and after it, in which something must have worked, both before
/// and after, to prove that the client was online: the network of a train comes and goes. What worked in
/// the very second says nothing of what came next.
const PROOF_S: u64 = 10;
/// Failures that are judged one by one; of more nothing is proven.
const MAX: usize = 512;

/// Failures that nobody has judged yet, and what proves them.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    /// Bit `n` is set when something worked `n` seconds before `latest`: a minute of them outlasts the
    /// longest wait for a report.
    worked: u64,
    /// On the monotonic clock, in seconds.
    latest: u64,
    failures: Vec<Doubt>,
}

/// An attempt that got no answer.
#[derive(Debug)]
pub(super) struct Doubt {
    /// The feature's place.
    pub(super) feature: usize,
    pub(super) slice: u64,
    /// When it failed, on the monotonic clock, in seconds.
    pub(super) at_s: u64,
}

impl Doubts {
    /// Something worked at this time on the monotonic clock.
    pub(super) fn worked(&mut self, at_ms: u64) {
        let at_s = at_ms / 1_000;
        if at_s > self.latest {
            let passed = (at_s - self.latest) as u32;
            self.worked = self.worked.checked_shl(passed).unwrap_or_default();
            self.latest = at_s;
        }
        let ago = (self.latest - at_s) as u32;
        self.worked |= 1_u64.checked_shl(ago).unwrap_or_default();
    }

    /// Takes a failure in; tells whether there was room.
    pub(super) fn failed(&mut self, failure: Doubt) -> bool {
        let has_room = self.failures.len() < MAX;
        if has_room {
            self.failures.push(failure);
        }
        has_room
    }

    /// Judges the failures of all slices up to `until`.
    pub(super) fn settle(&mut self, features: &mut [Feature], until: u64) {
        let Self {
            worked,
            latest,
            failures,
        } = self;
        let any = |from: u64, to: u64| {
            (from..=to).any(|at_s| {
                let ago = latest.checked_sub(at_s).unwrap_or(64) as u32;
                worked.checked_shr(ago).unwrap_or_default() & 1 > 0
            })
        };
        failures.retain(|failure| {
            let at_s = failure.at_s;
            let waits = failure.slice > until;
            if !waits && let Some(feature) = features.get_mut(failure.feature) {
                let counts = &mut feature.slice(failure.slice).counts;
                let before = any(at_s.saturating_sub(PROOF_S), at_s.saturating_sub(1));
                if before && any(at_s + 1, at_s + PROOF_S) {
                    counts[ELIGIBLE] += 1;
                    counts[BAD] += 1;
                } else {
                    counts[HELD] += 1;
                }
            }
            waits
        });
    }
}
