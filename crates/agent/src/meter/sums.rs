//! Turns measured requests into sums: by feature and slice, and by feature, method and template.

use latency::{Class, Histogram};

/// Milliseconds around a failure in which something must have worked, both before and after it, to
/// prove that the client was online: the network of a train comes and goes.
const PROOF_MS: u64 = 10_000;
/// Failures of one slice that are held one by one; more are of the fate of the last one.
const MAX_HELD: usize = 64;
/// Slowest attempts that are told of a template.
const MAX_EXEMPLARS: usize = 2;

/// What a feature's clients did in one slice.
#[derive(Debug, Default)]
pub(super) struct SliceSums {
    pub(super) number: u64,
    /// Not told yet.
    pub(super) eligible: u32,
    pub(super) bad: u32,
    pub(super) held: u32,
    pub(super) n: u32,
    pub(super) slow: Vec<u32>,
    /// When attempts failed on the network, on the monotonic clock.
    network: Vec<u64>,
    /// All that was told of it: eligible, bad, and the vote.
    told: (u32, u32, Option<bool>),
}

impl SliceSums {
    pub(super) fn new(number: u64, thresholds: usize) -> Self {
        Self {
            number,
            slow: vec![0; thresholds],
            ..Self::default()
        }
    }

    /// Counts an attempt for availability.
    pub(super) fn attempt(&mut self, class: Class, ended_ms: u64) {
        if class == Class::Network && self.network.len() < MAX_HELD {
            self.network.push(ended_ms);
        } else if let Some(good) = class.availability() {
            self.eligible += 1;
            self.bad += u32::from(!good);
        }
    }

    /// Decides of every failure on the network whether it was the client's own.
    pub(super) fn settle(&mut self, proofs: &[u64]) {
        for at in core::mem::take(&mut self.network) {
            let near = |proof: &u64| proof.abs_diff(at) <= PROOF_MS;
            let mut around = proofs.iter().filter(|proof| near(proof));
            let before = around.clone().any(|proof| *proof <= at);
            if before && around.any(|proof| *proof >= at) {
                self.eligible += 1;
                self.bad += 1;
            } else {
                self.held += 1;
            }
        }
    }

    pub(super) fn has_news(&self) -> bool {
        self.eligible + self.held + self.n > 0 || !self.network.is_empty()
    }

    /// The number of [`protocol::latency::Vote`] that tells how the vote changes; what was counted is
    /// told from here on.
    pub(super) fn vote(&mut self) -> u32 {
        let (eligible, bad, before) = self.told;
        let (eligible, bad) = (eligible + self.eligible, bad + self.bad);
        let now = (eligible > 0).then_some(bad * 2 >= eligible);
        self.told = (eligible, bad, now.or(before));
        match (before, now) {
            (None, Some(false)) => 1,
            (None, Some(true)) => 2,
            (Some(false), Some(true)) => 3,
            (Some(true), Some(false)) => 4,
            _ => 0,
        }
    }

    /// Begins to count anew, after everything was told.
    pub(super) fn clear(&mut self) {
        self.eligible = 0;
        self.bad = 0;
        self.held = 0;
        self.n = 0;
        self.slow.fill(0);
    }
}

/// One slow attempt.
#[derive(Debug)]
pub(super) struct Slow {
    pub(super) tenths: u32,
    pub(super) slice: u64,
    pub(super) class: Class,
    pub(super) status: u16,
    pub(super) trace: Vec<u8>,
}

/// What was measured of one method and template.
#[derive(Debug, Default)]
pub(super) struct KeySums {
    pub(super) method: Vec<u8>,
    pub(super) template: Vec<u8>,
    pub(super) classes: [u32; 9],
    pub(super) times: Histogram,
    pub(super) errors: Histogram,
    /// Tenths of a millisecond.
    pub(super) phases: [u32; 5],
    pub(super) phase_n: u32,
    /// The slowest first.
    pub(super) slowest: Vec<Slow>,
}

impl KeySums {
    pub(super) fn phases(&mut self, phases: &[Option<u32>; 5]) {
        if phases.iter().any(Option::is_some) {
            self.phase_n += 1;
            for (sum, phase) in self.phases.iter_mut().zip(phases) {
                *sum = sum.saturating_add(phase.unwrap_or_default());
            }
        }
    }

    pub(super) fn exemplar(&mut self, slow: Slow) {
        let faster = |it: &Slow| it.tenths < slow.tenths;
        let at = self.slowest.iter().position(faster);
        let at = at.unwrap_or(self.slowest.len());
        if at < MAX_EXEMPLARS {
            self.slowest.insert(at, slow);
            self.slowest.truncate(MAX_EXEMPLARS);
        }
    }
}

/// What was measured of one feature.
#[derive(Debug)]
pub(super) struct FeatureSums {
    pub(super) id: Vec<u8>,
    /// In order of time.
    pub(super) slices: Vec<SliceSums>,
    pub(super) keys: Vec<KeySums>,
    /// Of this page load: attempts with a budget, and those over it.
    pub(super) budgeted: u32,
    pub(super) over: u32,
}

impl FeatureSums {
    pub(super) fn slice(&mut self, number: u64, thresholds: usize) -> &mut SliceSums {
        let at = match self.slices.binary_search_by_key(&number, |it| it.number) {
            Ok(at) => at,
            Err(at) => {
                self.slices.insert(at, SliceSums::new(number, thresholds));
                at
            }
        };
        &mut self.slices[at]
    }

    pub(super) fn key(&mut self, method: &[u8], template: &[u8]) -> &mut KeySums {
        let is_it = |it: &KeySums| it.method == method && it.template == template;
        let at = self.keys.iter().position(is_it).unwrap_or_else(|| {
            self.keys.push(KeySums {
                method: method.to_vec(),
                template: template.to_vec(),
                ..KeySums::default()
            });
            self.keys.len() - 1
        });
        &mut self.keys[at]
    }
}
