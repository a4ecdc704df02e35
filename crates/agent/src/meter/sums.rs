//! Turns measured requests into sums: by feature and slice, and by feature, method and template.

use latency::{Class, Histogram};
use protocol::latency::OTHER_TEMPLATE;

use super::rules::Feature;

/// Thresholds of one feature: as many as budgets may have.
pub(super) const THRESHOLDS: usize = 4;

/// Bytes of a method and a template: what is longer is one of the others.
const MAX_NAME: usize = 400;

/// Places of `protocol::latency::SliceCounts`; the first two are set when it is told.
const VOTE: usize = 1;
pub(super) const ELIGIBLE: usize = 2;
pub(super) const BAD: usize = 3;
pub(super) const HELD: usize = 4;
pub(super) const N: usize = 5;
/// The first of [`THRESHOLDS`].
pub(super) const SLOW: usize = 6;

/// What a feature's clients did in one slice.
#[derive(Debug, Default)]
pub(super) struct Slice {
    pub(super) number: u64,
    /// Not told yet.
    pub(super) counts: [u32; SLOW + THRESHOLDS],
    /// Eligible and bad ones that were told.
    told: [u32; 2],
}

impl Slice {
    pub(super) fn has_news(&self) -> bool {
        self.counts[ELIGIBLE] + self.counts[HELD] + self.counts[N] > 0
    }

    /// Completes the counts: what was counted is told from here on.
    pub(super) fn tell(&mut self, first: u64) {
        let before = side(self.told);
        self.told[0] += self.counts[ELIGIBLE];
        self.told[1] += self.counts[BAD];
        self.counts[0] = (self.number - first) as u32;
        // Numbers of `protocol::latency::Vote`.
        self.counts[VOTE] = match (before, side(self.told)) {
            (0, first) => first,
            (1, 2) => 3,
            (2, 1) => 4,
            _ => 0,
        };
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

/// One slow attempt; none when it took no time.
#[derive(Debug, Default)]
pub(super) struct Slow {
    pub(super) tenths: u32,
    pub(super) slice: u64,
    pub(super) class: u8,
    pub(super) status: u32,
    pub(super) trace: Vec<u8>,
}

/// What was measured of one method and template.
#[derive(Debug, Default)]
pub(super) struct Key {
    /// Method, space, template.
    pub(super) name: Vec<u8>,
    pub(super) classes: [u32; Class::ALL.len()],
    pub(super) times: Histogram,
    pub(super) errors: Histogram,
    /// Sums in tenths of a millisecond, then of how many attempts.
    pub(super) phases: [u32; 6],
    /// The slowest first.
    pub(super) slowest: [Slow; 2],
}

impl Key {
    pub(super) fn has_news(&self) -> bool {
        self.classes.iter().any(|count| *count > 0)
    }

    /// Begins anew, after everything was told.
    pub(super) fn clear(&mut self) {
        let name = core::mem::take(&mut self.name);
        *self = Self {
            name,
            ..Self::default()
        };
    }

    pub(super) fn exemplar(&mut self, slow: Slow) {
        let [first, second] = &mut self.slowest;
        if slow.tenths > first.tenths {
            *second = core::mem::replace(first, slow);
        } else if slow.tenths > second.tenths {
            *second = slow;
        }
    }
}

impl Feature {
    pub(super) fn slice(&mut self, number: u64) -> &mut Slice {
        let all = &mut self.slices;
        let at = all.partition_point(|it| it.number < number);
        if all.get(at).is_none_or(|it| it.number != number) {
            let slice = Slice {
                number,
                ..Slice::default()
            };
            all.insert(at, slice);
        }
        &mut all[at]
    }

    /// The sums of a name whose template begins at `start`; of all others once there are no more keys
    /// to `spare`.
    pub(super) fn key(&mut self, mut name: Vec<u8>, start: usize, spare: &mut usize) -> &mut Key {
        let find = |keys: &[Key], name: &[u8]| keys.iter().position(|it| it.name == name);
        let mut at = find(&self.keys, &name);
        if at.is_none() && (*spare == 0 || name.len() > MAX_NAME) {
            name.truncate(start);
            name.extend_from_slice(OTHER_TEMPLATE.as_bytes());
            at = find(&self.keys, &name);
        }
        let at = at.unwrap_or_else(|| {
            *spare = spare.saturating_sub(1);
            self.keys.push(Key {
                name,
                ..Key::default()
            });
            self.keys.len() - 1
        });
        &mut self.keys[at]
    }
}
