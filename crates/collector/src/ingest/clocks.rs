//! Turns the envelopes of one page load into one difference between its clock and ours.
//!
//! `received - sent` holds the difference of the clocks and the way of the envelope, and the way may
//! be days: an envelope that was built before a laptop was closed arrives when it is opened. The
//! smallest of all differences has the least of it.
//!
//! # Source
//!
//! D. L. Mills, RFC 5905, section 10: of several samples the one with the least delay is taken.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use protocol::id::BootId;
use store::ProjectId;

/// Page loads that are remembered at least, for as long as they send; about 4 MiB. Of others the store
/// knows.
const MAX_BOOTS: usize = 50_000;

/// A sender's clock may be off by this much, and the way of a batch take as long, before its times
/// are corrected: correcting for less would only mix the duration of the transfer into them.
pub(super) const MAX_OFFSET_MS: u64 = 60_000;

type Key = (ProjectId, BootId);

/// Smallest differences of page loads that were heard of lately.
#[derive(Debug, Default)]
pub(crate) struct Clocks(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    young: HashMap<Key, i64>,
    old: HashMap<Key, i64>,
}

impl Clocks {
    /// The smallest difference so far, this one included. Milliseconds.
    pub(super) fn least(&self, project: ProjectId, boot: BootId, offset_ms: i64) -> i64 {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = &mut *known;
        let key = (project, boot);
        let before = known.young.get(&key).or_else(|| known.old.get(&key));
        let least = before.map_or(offset_ms, |before| offset_ms.min(*before));
        if known.young.len() >= MAX_BOOTS {
            known.old = std::mem::take(&mut known.young);
        }
        known.young.insert(key, least);
        least
    }
}

/// What is added to times by a clock that is off by so much: nothing, unless that is more than a
/// minute.
pub(super) const fn applied_ms(offset_ms: i64) -> i64 {
    if offset_ms.unsigned_abs() > MAX_OFFSET_MS {
        offset_ms
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boot(n: u32) -> BootId {
        let mut random = [0; 10];
        random[6..].copy_from_slice(&n.to_be_bytes());
        BootId::new(1_793_491_200_000, &random)
    }

    #[test]
    fn the_smallest_difference_counts_by_page_load() {
        let clocks = Clocks::default();
        let (shop, other) = (ProjectId(1), ProjectId(2));
        assert_eq!(clocks.least(shop, boot(1), 172_800_000), 172_800_000);
        assert_eq!(clocks.least(shop, boot(1), 300), 300);
        assert_eq!(clocks.least(shop, boot(1), 172_800_000), 300);
        assert_eq!(clocks.least(shop, boot(1), -5), -5);
        assert_eq!(clocks.least(shop, boot(2), 900), 900);
        assert_eq!(clocks.least(other, boot(1), 900), 900);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let clocks = Clocks::default();
        let many = u32::try_from(2 * MAX_BOOTS + 10).unwrap();
        for n in 0..many {
            clocks.least(ProjectId(1), boot(n), 7);
        }
        let known = clocks.0.lock().unwrap();
        assert!(known.young.len() <= MAX_BOOTS && known.old.len() <= MAX_BOOTS);
    }

    #[test]
    fn a_minute_is_nothing() {
        for (offset, expected) in [(0, 0), (60_000, 0), (-60_000, 0), (60_001, 60_001)] {
            assert_eq!(applied_ms(offset), expected);
        }
        assert_eq!(applied_ms(-60_001), -60_001);
    }
}
