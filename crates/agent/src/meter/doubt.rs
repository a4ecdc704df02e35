//! Turns failures on the network into the service's or the client's own, by what else worked.

use super::rules::Feature;
use super::sums::{BAD, ELIGIBLE, HELD};

/// Milliseconds around a failure in which something must have worked, both before and after it, to
/// prove that the client was online: the network of a train comes and goes.
const PROOF_MS: u64 = 10_000;
/// Times at which something worked that are remembered, and how far apart they are: the last minutes.
const MAX_PROOFS: usize = 256;
const PROOF_STEP_MS: u64 = 500;
/// Failures that are judged one by one; of more nothing is proven.
const MAX_DOUBTS: usize = 512;

/// Failures that nobody has judged yet, and what proves them.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    /// When something worked, on the monotonic clock.
    proofs: Vec<u64>,
    failures: Vec<Failure>,
}

/// An attempt that got no answer.
#[derive(Debug)]
pub(super) struct Failure {
    /// The feature's place.
    pub(super) feature: usize,
    pub(super) slice: u64,
    /// When it failed, on the monotonic clock.
    pub(super) at_ms: u64,
}

impl Doubts {
    /// Something worked.
    pub(super) fn worked(&mut self, at_ms: u64) {
        let proofs = &mut self.proofs;
        let is_far = |last: &u64| at_ms.abs_diff(*last) >= PROOF_STEP_MS;
        if proofs.last().is_none_or(is_far) {
            if proofs.len() == MAX_PROOFS {
                proofs.remove(0);
            }
            proofs.push(at_ms);
        }
    }

    /// Takes a failure in; tells whether there was room.
    pub(super) fn failed(&mut self, failure: Failure) -> bool {
        let has_room = self.failures.len() < MAX_DOUBTS;
        if has_room {
            self.failures.push(failure);
        }
        has_room
    }

    /// Whether there are failures that nobody has judged.
    pub(super) const fn has_news(&self) -> bool {
        !self.failures.is_empty()
    }

    /// Judges the failures of all slices up to `until`.
    pub(super) fn settle(&mut self, features: &mut [Feature], until: u64) {
        let Self { proofs, failures } = self;
        failures.retain(|failure| {
            let at = failure.at_ms;
            let near = |is_side: fn(u64, u64) -> bool| {
                let mut proofs = proofs.iter();
                proofs.any(|proof| is_side(*proof, at) && proof.abs_diff(at) <= PROOF_MS)
            };
            let waits = failure.slice > until;
            if !waits && let Some(feature) = features.get_mut(failure.feature) {
                let counts = &mut feature.slice(failure.slice).counts;
                if near(|proof, at| proof <= at) && near(|proof, at| proof >= at) {
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
