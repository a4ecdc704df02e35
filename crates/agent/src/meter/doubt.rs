//! Turns failures on the network into the service's or the client's own, by what else worked.

use super::rules::Feature;
use super::sums::{BAD, ELIGIBLE, HELD};

/// Milliseconds around a failure in which something must have worked, both before and after it, to
/// prove that the client was online: the network of a train comes and goes.
const PROOF_MS: u64 = 10_000;
/// Proofs that are closer together are one, in milliseconds.
const PROOF_STEP_MS: u64 = 500;
/// What is remembered of proofs and failures together; past it nothing is proven.
const MAX: usize = 1_024;
/// In place of a feature: something worked.
pub(super) const WORKED: usize = usize::MAX;

/// Failures that nobody has judged yet, and what proves them.
#[derive(Debug, Default)]
pub(super) struct Doubts(Vec<Doubt>);

/// An attempt that got no answer, or one that did.
#[derive(Debug)]
pub(super) struct Doubt {
    /// The feature's place, or [`WORKED`].
    pub(super) feature: usize,
    pub(super) slice: u64,
    /// When it ended, on the monotonic clock.
    pub(super) at_ms: u64,
}

impl Doubts {
    /// Takes one in; tells whether there was room.
    pub(super) fn note(&mut self, doubt: Doubt) -> bool {
        let all = &mut self.0;
        let is_known = |last: &Doubt| {
            last.feature == WORKED
                && doubt.feature == WORKED
                && last.at_ms.abs_diff(doubt.at_ms) < PROOF_STEP_MS
        };
        let has_room = all.len() < MAX;
        if has_room && !all.last().is_some_and(is_known) {
            all.push(doubt);
        }
        has_room
    }

    /// Judges the failures of all slices up to `until`, and forgets what proves nothing any more.
    pub(super) fn settle(&mut self, features: &mut [Feature], until: u64, now_ms: u64) {
        let all = &self.0;
        for doubt in all {
            let Some(feature) = features.get_mut(doubt.feature) else {
                continue;
            };
            if doubt.slice > until {
                continue;
            }
            // Before it, and after it.
            let mut works = [false; 2];
            for proof in all {
                if proof.feature == WORKED && proof.at_ms.abs_diff(doubt.at_ms) <= PROOF_MS {
                    works[0] |= proof.at_ms <= doubt.at_ms;
                    works[1] |= proof.at_ms >= doubt.at_ms;
                }
            }
            let counts = &mut feature.slice(doubt.slice).counts;
            if works == [true; 2] {
                counts[ELIGIBLE] += 1;
                counts[BAD] += 1;
            } else {
                counts[HELD] += 1;
            }
        }
        self.0.retain(|it| {
            if it.feature == WORKED {
                it.at_ms + 6 * PROOF_MS > now_ms
            } else {
                it.slice > until
            }
        });
    }
}
