//! Turns measured requests into sums: by feature and slice, and by feature, method and template.

use latency::{Class, Histogram};

use super::rules::Feature;

/// Thresholds of one feature: as many as budgets may have.
pub(super) const THRESHOLDS: usize = 4;
/// Slowest attempts that are told of a template.
const MAX_EXEMPLARS: usize = 2;

/// Places of counts, in the order of `protocol::latency::SliceCounts`.
pub(super) const ELIGIBLE: usize = 0;
pub(super) const BAD: usize = 1;
pub(super) const HELD: usize = 2;
pub(super) const N: usize = 3;
/// The first of [`THRESHOLDS`].
pub(super) const SLOW: usize = 4;

/// What a feature's clients did in one slice.
#[derive(Debug)]
pub(super) struct Slice {
    pub(super) number: u64,
    /// Not told yet.
    pub(super) counts: [u32; SLOW + THRESHOLDS],
    /// Eligible and bad ones that were told.
    told: [u32; 2],
}

impl Slice {
    pub(super) fn has_news(&self) -> bool {
        self.counts.iter().any(|count| *count > 0)
    }

    /// The number of [`protocol::latency::Vote`] that tells how the vote changes; what was counted is
    /// told from here on.
    pub(super) fn vote(&mut self) -> u32 {
        let before = side(self.told);
        self.told[0] += self.counts[ELIGIBLE];
        self.told[1] += self.counts[BAD];
        match (before, side(self.told)) {
            (0, first) => first,
            (1, 2) => 3,
            (2, 1) => 4,
            _ => 0,
        }
    }
}

/// 0 without attempts, 1 when less than half of them failed, else 2.
const fn side([eligible, bad]: [u32; 2]) -> u32 {
    if eligible == 0 {
        0
    } else if bad * 2 < eligible {
        1
    } else {
        2
    }
}

/// One slow attempt.
#[derive(Debug)]
pub(super) struct Slow {
    pub(super) tenths: u32,
    pub(super) slice: u64,
    pub(super) class: Class,
    pub(super) status: u32,
    pub(super) trace: Vec<u8>,
}

/// What was measured of one method and template.
#[derive(Debug, Default)]
pub(super) struct Key {
    pub(super) method: Vec<u8>,
    pub(super) template: Vec<u8>,
    pub(super) classes: [u32; 9],
    pub(super) times: Histogram,
    pub(super) errors: Histogram,
    /// Sums in tenths of a millisecond, then of how many attempts.
    pub(super) phases: [u32; 6],
    /// The slowest first.
    pub(super) slowest: Vec<Slow>,
}

impl Key {
    pub(super) fn exemplar(&mut self, slow: Slow) {
        let faster = |it: &Slow| it.tenths < slow.tenths;
        let at = self.slowest.iter().position(faster);
        let at = at.unwrap_or(self.slowest.len());
        if at < MAX_EXEMPLARS {
            self.slowest.truncate(MAX_EXEMPLARS - 1);
            self.slowest.insert(at, slow);
        }
    }
}

impl Feature {
    pub(super) fn slice(&mut self, number: u64) -> &mut Slice {
        let all = &mut self.slices;
        // The latest are the last.
        let at = all.iter().rposition(|it| it.number <= number);
        let at = match at {
            Some(at) if all[at].number == number => at,
            _ => {
                let at = at.map_or(0, |at| at + 1);
                let slice = Slice {
                    number,
                    counts: [0; SLOW + THRESHOLDS],
                    told: [0; 2],
                };
                all.insert(at, slice);
                at
            }
        };
        &mut all[at]
    }

    pub(super) fn key(&mut self, method: &[u8], template: &[u8]) -> &mut Key {
        let is_it = |it: &Key| it.method == method && it.template == template;
        let at = self.keys.iter().position(is_it).unwrap_or_else(|| {
            self.keys.push(Key {
                method: method.to_vec(),
                template: template.to_vec(),
                ..Key::default()
            });
            self.keys.len() - 1
        });
        &mut self.keys[at]
    }
}
