//! Turns histograms into bytes and bytes into histograms, those of strangers too.

use latency::Histogram;
use latency::histogram::{HistogramError, MAX_BUCKETS, SCALE};
use proptest::prelude::*;

use super::{durations, of};

/// Bytes of numbers in groups of seven bits.
fn bytes(numbers: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in numbers {
        let mut left = *number;
        while left >= 0x80 {
            bytes.push(left as u8 | 0x80);
            left >>= 7;
        }
        bytes.push(left as u8);
    }
    bytes
}

#[track_caller]
fn check_refused(numbers: &[u64], expected: HistogramError) {
    assert_eq!(
        Histogram::decode(&bytes(numbers)),
        Err(expected),
        "{numbers:?}"
    );
}

/// 300 ms is in bucket 263 at scale 5: `floor(log2(300) * 32)`; the first index is a zigzag.
const ONE: [u64; 10] = [1, 37, 0, 0, 3_000, 3_000, 3_000, 1, 526, 1];

/// One duration of 300 ms with numbers replaced, each by its place.
fn with<const N: usize>(changes: [(usize, u64); N]) -> Vec<u64> {
    let mut numbers = ONE.to_vec();
    for (at, number) in changes {
        numbers[at] = number;
    }
    numbers
}

#[test]
fn the_layout_is_as_written_down() {
    assert_eq!(of(&[3_000]).encode(), bytes(&ONE));
    assert_eq!(Histogram::default().encode(), [1, 37, 0, 0, 0, 0]);
    assert_eq!(Histogram::decode(&bytes(&ONE)), Ok(of(&[3_000])));
    // The first bucket of all, exactly a millisecond, is -1.
    assert_eq!(
        of(&[10]).encode(),
        bytes(&[1, 37, 0, 0, 10, 10, 10, 1, 1, 1])
    );
}

#[test]
fn a_finer_scale_is_brought_to_ours() {
    // At scale 7 the index of 300 ms is floor(log2(300) * 128) = 1053.
    let finer = with([(1, 39), (8, 2 * 1_053)]);
    assert_eq!(Histogram::decode(&bytes(&finer)), Ok(of(&[3_000])));
    let coarser = with([(1, 34), (8, 2 * (263 >> 3))]);
    let mut expected = of(&[3_000]);
    expected.downscale(2);
    assert_eq!(Histogram::decode(&bytes(&coarser)), Ok(expected));
}

/// What is read of a finer scale can be written and read again: ten minutes are in bucket 614 of ours.
#[test]
fn a_finer_scale_ends_where_ours_does() {
    for scale in 6..=20_u32 {
        let last = (615_u64 << (scale - 5)) - 1;
        // Beside one past the limit, so that nothing but the bucket can be wrong.
        let finer = |index: u64| {
            let (over, max) = (1, 7_000_000);
            let numbers = with([
                (1, u64::from(scale) + 32),
                (3, over),
                (4, 13_000_000),
                (6, max),
            ]);
            bytes(&[&numbers[..5], &[6_000_000, max, 1, 2 * index, 1]].concat())
        };
        let read = Histogram::decode(&finer(last)).unwrap_or_else(|e| panic!("{scale}: {e}"));
        assert_eq!(Histogram::decode(&read.encode()), Ok(read), "{scale}");
        let refused = Histogram::decode(&finer(last + 1));
        assert_eq!(refused, Err(HistogramError::Buckets), "{scale}");
    }
}

#[test]
fn what_is_cut_short_or_goes_on_is_refused() {
    let whole = of(&[3, 500, 3_000, 3_000, 7_000_000]).encode();
    for end in 0..whole.len() {
        assert!(Histogram::decode(&whole[..end]).is_err(), "{end}");
    }
    let mut longer = whole;
    longer.push(0);
    assert_eq!(Histogram::decode(&longer), Err(HistogramError::Length));
    assert_eq!(Histogram::decode(&[]), Err(HistogramError::Length));
}

#[test]
fn unknown_layouts_and_scales_are_refused() {
    check_refused(&with([(0, 2)]), HistogramError::Layout);
    check_refused(&with([(1, 32 - 6)]), HistogramError::Layout);
    check_refused(&with([(1, 32 + 21)]), HistogramError::Layout);
    check_refused(&with([(1, 1 << 40)]), HistogramError::Layout);
}

#[test]
fn buckets_that_cannot_be_are_refused() {
    // Empty; too low; past ten minutes; more than there are bytes for.
    check_refused(&with([(9, 0)]), HistogramError::Buckets);
    check_refused(&with([(8, 3)]), HistogramError::Buckets);
    check_refused(&with([(8, 2 * 615)]), HistogramError::Buckets);
    check_refused(&with([(7, 2)]), HistogramError::Buckets);
    check_refused(&with([(7, 1 << 50)]), HistogramError::Buckets);
    // One place twice.
    let twice = [1, 37, 0, 0, 6_000, 3_000, 3_000, 2, 526, 1, 0, 1];
    check_refused(&twice, HistogramError::Buckets);
}

#[test]
fn more_buckets_than_we_ever_write_are_refused() {
    let of_n = |n: u64| {
        let mut numbers = vec![1, 37, 0, 0, 0, 10, 10, n, 1, 1];
        numbers.extend((1..n).flat_map(|_| [1, 1]));
        numbers
    };
    check_refused(&of_n(MAX_BUCKETS as u64 + 1), HistogramError::Buckets);
    // As many are only refused for their sum.
    check_refused(&of_n(MAX_BUCKETS as u64), HistogramError::Numbers);
}

#[test]
fn numbers_that_contradict_each_other_are_refused() {
    // A count and a sum that no client can have; each alone is a number that can be read.
    check_refused(&with([(9, 1 << 54)]), HistogramError::Numbers);
    check_refused(&with([(9, u64::MAX >> 1)]), HistogramError::Numbers);
    check_refused(&with([(4, u64::MAX >> 1)]), HistogramError::Numbers);
    check_refused(&with([(9, u64::MAX)]), HistogramError::Numbers);
    // Counts that pass the end of 64 bits together.
    let huge = u64::MAX >> 1;
    check_refused(
        &with([(2, huge), (3, huge), (9, huge)]),
        HistogramError::Numbers,
    );
    // What JavaScript does not count exactly any more, though everything else fits.
    let times = |n: u64| bytes(&[1, 37, 0, 0, 10 * n, 10, 10, 1, 1, n]);
    assert!(Histogram::decode(&times(1 << 53)).is_ok());
    assert_eq!(
        Histogram::decode(&times((1 << 53) + 1)),
        Err(HistogramError::Numbers)
    );
    // The sum of one is itself.
    check_refused(&with([(4, 2_999)]), HistogramError::Numbers);
    check_refused(&with([(4, 3_001)]), HistogramError::Numbers);
    // Shortest and longest are the other way round, or not where anything was counted.
    check_refused(&with([(5, 3_001)]), HistogramError::Numbers);
    check_refused(&with([(5, 1_000)]), HistogramError::Numbers);
    check_refused(&with([(6, 5_000)]), HistogramError::Numbers);
    check_refused(&with([(6, 1 << 33)]), HistogramError::Numbers);
    // Below a millisecond, or past the end, and nothing as short or as long.
    check_refused(&with([(2, 1), (4, 6_000)]), HistogramError::Numbers);
    check_refused(&with([(3, 1), (4, 6_000)]), HistogramError::Numbers);
    // Nothing was counted, and it took time.
    check_refused(&[1, 37, 0, 0, 5, 0], HistogramError::Numbers);
    check_refused(&[1, 37, 0, 0, 0, 7, 7, 0], HistogramError::Numbers);
    // Nothing was counted, and a shortest is told that a merge would believe.
    check_refused(&[1, 37, 0, 0, 0, 44, 1, 0], HistogramError::Numbers);
}

#[test]
fn few_bytes_hold_many_durations() {
    // A spread as requests have it: most around 120 ms, some far above.
    let tenths: Vec<u32> = (0..1_000_u32)
        .map(|n| 800 + n % 97 * 9 + n % 13 * n % 7 * 400)
        .collect();
    let sizes = [10, 50, 200, 1_000].map(|n| of(&tenths[..n]).encode().len());
    println!("bytes for 10, 50, 200 and 1,000 durations: {sizes:?}");
    assert!(
        sizes[0] <= 40 && sizes[1] <= 120 && sizes[3] <= 400,
        "{sizes:?}"
    );
}

/// Numbers of which many are nearly a histogram.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let change = (0..40_usize, any::<u8>());
    let changes = prop::collection::vec(change, 0..4);
    (durations(), changes).prop_map(|(tenths, changes)| {
        let mut bytes = of(&tenths).encode();
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        bytes
    })
}

#[track_caller]
fn check_sane(bytes: &[u8]) {
    let Ok(mut histogram) = Histogram::decode(bytes) else {
        return;
    };
    assert!(histogram.scale() <= SCALE);
    assert!(histogram.indexed().count() <= MAX_BUCKETS);
    let indexes: Vec<i32> = histogram.indexed().map(|it| it.0).collect();
    assert!(indexes.is_sorted_by(|a, b| a < b));
    assert_eq!(
        Histogram::decode(&histogram.encode()),
        Ok(histogram.clone())
    );
    let (min, max) = (histogram.min_ms(), histogram.max_ms());
    for q in [0.0, 0.5, 1.0] {
        let quantile = histogram.quantile(q);
        assert!(quantile >= min && quantile <= max);
    }
    histogram.merge(&of(&[3_000]));
    histogram.record(10);
}

proptest! {
    #[test]
    fn bytes_and_back(tenths in durations(), scale in -5..=SCALE, times in 1..1_000_000_u64) {
        let mut histogram = of(&tenths);
        histogram.downscale(scale);
        if let Some(first) = tenths.first() {
            histogram.record_n(*first, times);
        }
        prop_assert_eq!(Histogram::decode(&histogram.encode()), Ok(histogram));
    }

    #[test]
    fn merged_bytes_and_back(a in durations(), b in durations()) {
        let mut histogram = of(&a);
        histogram.merge(&of(&b));
        prop_assert_eq!(Histogram::decode(&histogram.encode()), Ok(histogram));
    }

    #[test]
    fn any_bytes_are_refused_or_sane(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check_sane(&bytes);
    }

    #[test]
    fn any_numbers_are_refused_or_sane(numbers in prop::collection::vec(0..64_u8, 4..16)) {
        let mut bytes = vec![1, 37];
        bytes.extend(numbers);
        check_sane(&bytes);
    }

    #[test]
    fn nearly_right_bytes_are_refused_or_sane(bytes in nearly()) {
        check_sane(&bytes);
    }
}
