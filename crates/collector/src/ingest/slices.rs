//! Turns slices by a sender's clock into slices by ours.

use protocol::latency::SLICE_MS;
use protocol::limits::ITEM_TTL_DAYS;
use protocol::outcome::DiscardReason;
use store::{FeatureRow, LatencyRow, SliceRow};

use super::Refusal;

/// An SDK gives up a report after [`ITEM_TTL_DAYS`]; a day more, for reports that took long to fill.
const MAX_AGE_MS: u64 = (ITEM_TTL_DAYS + 1) * 86_400_000;

/// Slices that a report may be ahead without being disbelieved: clocks that agree to the second are
/// in different slices for that second.
const TOLERATED: u64 = 1;

/// What makes times of an envelope ours, and when it came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clocks {
    /// Milliseconds that are added to times by the clock of its sender.
    pub(super) applied_ms: i64,
    pub(super) received_ms: u64,
}

impl Clocks {
    /// Number of the slice by our clock. The middle of a slice decides: no slice is off by more than
    /// half of its length.
    fn ours(self, slice: u64) -> u64 {
        let middle = i128::from(slice) * i128::from(SLICE_MS) + i128::from(SLICE_MS / 2);
        let ours = (middle + i128::from(self.applied_ms)) / i128::from(SLICE_MS);
        u64::try_from(ours.max(0)).unwrap_or(u64::MAX)
    }

    const fn newest(self) -> u64 {
        self.received_ms / SLICE_MS
    }
}

/// Refuses what is older than anything that an SDK still sends: it would make room for hours that
/// nobody lived through.
pub(super) fn check_age(row: &LatencyRow, clocks: Clocks) -> Result<(), Refusal> {
    let oldest = clocks.received_ms.saturating_sub(MAX_AGE_MS) / SLICE_MS;
    for (index, feature) in row.features.iter().enumerate() {
        if every_slice(feature).any(|slice| clocks.ours(slice) < oldest) {
            let days = ITEM_TTL_DAYS + 1;
            let message = format!("p.features[{index}]: is older than {days} days");
            return Err(Refusal::new(DiscardReason::InvalidLatency, message));
        }
    }
    Ok(())
}

fn every_slice(feature: &FeatureRow) -> impl Iterator<Item = u64> {
    let slices = feature.slices.iter().map(|slice| slice.slice);
    let keys = feature.keys.iter();
    slices.chain(keys.flat_map(|key| {
        let exemplars = key.exemplars.iter().map(|exemplar| exemplar.slice);
        std::iter::once(key.slice).chain(exemplars)
    }))
}

/// Numbers every slice by our clock. One that is still to come is the current one, and a report that
/// has such slices is marked: its attempts count, its votes do not.
pub(super) fn correct(row: &mut LatencyRow, clocks: Clocks) {
    let newest = clocks.newest();
    let mut is_ahead = false;
    let mut number = |slice: &mut u64| {
        let ours = clocks.ours(*slice);
        is_ahead |= ours > newest + TOLERATED;
        *slice = ours.min(newest);
    };
    for feature in &mut row.features {
        for slice in &mut feature.slices {
            number(&mut slice.slice);
        }
        for key in &mut feature.keys {
            number(&mut key.slice);
            for exemplar in &mut key.exemplars {
                number(&mut exemplar.slice);
            }
        }
        join_equal(&mut feature.slices);
    }
    row.skewed |= is_ahead;
}

/// Adds up slices that have become one. They are in order, and only the newest can have.
fn join_equal(slices: &mut Vec<SliceRow>) {
    slices.dedup_by(|later, kept| {
        let is_same = later.slice == kept.slice;
        if is_same {
            add(kept, later);
        }
        is_same
    });
}

fn add(kept: &mut SliceRow, later: &SliceRow) {
    // One page load has one vote a slice: that of the earlier, if it has one.
    if kept.voting == 0 && kept.failing == 0 {
        (kept.voting, kept.failing) = (later.voting, later.failing);
    }
    for (sum, more) in [
        (&mut kept.eligible, later.eligible),
        (&mut kept.bad, later.bad),
        (&mut kept.held, later.held),
        (&mut kept.n, later.n),
    ] {
        *sum = sum.saturating_add(more);
    }
    for (sum, more) in kept.slow.iter_mut().zip(&later.slow) {
        *sum = sum.saturating_add(*more);
    }
}

#[cfg(test)]
mod tests {
    use super::super::clocks::applied_ms;
    use super::super::decode::offset_ms;
    use super::*;

    /// A whole number of slices since 1970.
    const NOW: u64 = 1_793_491_200_000;
    const NEWEST: u64 = NOW / SLICE_MS;
    const DAY_MS: u64 = 86_400_000;

    fn row(slices: &[u64]) -> LatencyRow {
        let slices = slices.iter().map(|slice| SliceRow {
            slice: *slice,
            voting: 1,
            eligible: 2,
            n: 2,
            slow: vec![1],
            ..SliceRow::default()
        });
        let feature = FeatureRow {
            slices: slices.collect(),
            ..FeatureRow::default()
        };
        LatencyRow {
            features: vec![feature],
            ..LatencyRow::default()
        }
    }

    fn check(sent_wall_ms: u64, slices: &[u64], expected: &[u64], skewed: bool) {
        let mut row = row(slices);
        let clocks = Clocks {
            applied_ms: applied_ms(offset_ms(NOW, sent_wall_ms)),
            received_ms: NOW,
        };
        correct(&mut row, clocks);
        let found = row.features[0].slices.iter().map(|slice| slice.slice);
        assert_eq!(found.collect::<Vec<_>>(), expected, "{sent_wall_ms}");
        assert_eq!(row.skewed, skewed, "{sent_wall_ms} {slices:?}");
        let n: u32 = row.features[0].slices.iter().map(|slice| slice.n).sum();
        assert_eq!(n as usize, 2 * slices.len(), "nothing is lost");
    }

    #[test]
    fn a_clock_that_is_off_is_corrected() {
        let day = DAY_MS / SLICE_MS;
        check(NOW, &[NEWEST - 2, NEWEST], &[NEWEST - 2, NEWEST], false);
        let ahead = NEWEST + day;
        check(
            NOW + DAY_MS,
            &[ahead - 2, ahead],
            &[NEWEST - 2, NEWEST],
            false,
        );
        let behind = NEWEST - day;
        check(
            NOW - DAY_MS,
            &[behind - 2, behind],
            &[NEWEST - 2, NEWEST],
            false,
        );
        // Less than a minute is the way of the envelope, or nothing that would matter.
        check(NOW - 50_000, &[NEWEST - 5], &[NEWEST - 5], false);
        // Half a slice decides: 65.1 s is 7 slices, 64.9 s is 6.
        check(NOW - 65_100, &[NEWEST - 9], &[NEWEST - 2], false);
        check(NOW - 64_900, &[NEWEST - 9], &[NEWEST - 3], false);
        // A clock that was never set.
        check(5_000, &[0], &[NEWEST], false);
    }

    #[test]
    fn nothing_is_in_the_future() {
        check(NOW, &[NEWEST, NEWEST + 1], &[NEWEST], false);
        check(NOW, &[NEWEST - 1, NEWEST + 2], &[NEWEST - 1, NEWEST], true);
        check(NOW, &[NEWEST + 7, NEWEST + 9], &[NEWEST], true);
        check(NOW, &[u64::MAX / SLICE_MS], &[NEWEST], true);
    }

    #[test]
    fn slices_that_become_one_vote_once() {
        let mut joined = row(&[NEWEST, NEWEST + 1]);
        let clocks = Clocks {
            applied_ms: 0,
            received_ms: NOW,
        };
        correct(&mut joined, clocks);
        let slice = &joined.features[0].slices[0];
        assert_eq!((slice.voting, slice.eligible, slice.n), (1, 4, 4));
        assert_eq!(slice.slow, [2]);
    }

    #[test]
    fn what_nobody_can_send_any_more_is_refused() {
        let clocks = Clocks {
            applied_ms: 0,
            received_ms: NOW,
        };
        let oldest = (NOW - 8 * DAY_MS) / SLICE_MS;
        assert!(check_age(&row(&[oldest]), clocks).is_ok());
        let refused = check_age(&row(&[oldest - 1]), clocks).unwrap_err();
        assert_eq!(refused.reason, DiscardReason::InvalidLatency);
    }
}
