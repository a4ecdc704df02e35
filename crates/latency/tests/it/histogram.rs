//! Turns durations into checks of where they are counted, what comes back out, and what merges.

use latency::Histogram;
use latency::histogram::{MAX_BUCKETS, MIN_SCALE, SCALE};
use proptest::prelude::*;

mod code;

/// At scale 5 a quantile is at most this far off, 1.083 %: `(g - 1) / (g + 1)` for `g = 2^(1/32)`,
/// and the last bits of a double.
const OFF_AT_5: f64 = 0.010_830_001_254 + 1e-12;
/// The same after the number of buckets was halved once, 2.166 %.
const OFF_AT_4: f64 = 0.021_657_462_327 + 1e-12;

pub(crate) fn of(tenths: &[u32]) -> Histogram {
    let mut histogram = Histogram::default();
    for one in tenths {
        histogram.record(*one);
    }
    histogram
}

fn merged(a: &Histogram, b: &Histogram) -> Histogram {
    let mut merged = a.clone();
    merged.merge(b);
    merged
}

/// Durations from below a millisecond to past ten minutes, most of them as requests have them.
pub(crate) fn durations() -> impl Strategy<Value = Vec<u32>> {
    let one = prop_oneof![
        8 => 10..30_000_u32,
        2 => 10..6_000_001_u32,
        1 => 0..20_u32,
        1 => 5_999_990..6_000_100_u32,
    ];
    prop::collection::vec(one, 0..120)
}

#[track_caller]
fn check_index(tenths: u32) {
    let histogram = of(&[tenths]);
    let got: Vec<(i32, u64)> = histogram.indexed().collect();
    // Bounds are powers of two or irrational; the logarithm of a double is exact for the former, and
    // closer than 1e-9 to no bound for the latter: durations are tenths.
    let log = (f64::from(tenths) / 10.0).log2() * 32.0;
    assert_eq!(got, [(log.ceil() as i32 - 1, 1)], "{tenths}");
}

#[test]
fn the_bucket_is_that_of_the_logarithm() {
    for tenths in (10..6_000_001).step_by(11) {
        check_index(tenths);
    }
    // Both sides of every bound.
    for index in 0..=614 {
        let bound = (f64::from(index) / 32.0).exp2() * 10.0;
        for tenths in [bound.floor() as u32, bound.ceil() as u32] {
            if (10..=6_000_000).contains(&tenths) {
                check_index(tenths);
            }
        }
    }
}

#[test]
fn both_ends_are_counted_apart() {
    let histogram = of(&[0, 9, 10, 6_000_000, 6_000_001, u32::MAX]);
    assert_eq!((histogram.zero(), histogram.over()), (2, 2));
    assert_eq!(histogram.count(), 6);
    let indexes: Vec<(i32, u64)> = histogram.indexed().collect();
    assert_eq!(indexes, [(-1, 1), (614, 1)]);
}

#[test]
fn nothing_says_nothing() {
    let none = Histogram::default();
    assert!(none.is_empty());
    assert_eq!((none.min_ms(), none.max_ms()), (None, None));
    assert_eq!((none.quantile(0.5), none.share_within(1.0)), (None, None));
    assert_eq!((none.count(), none.sum_ms()), (0, 0.0));
    let mut histogram = Histogram::default();
    histogram.record_n(100, 0);
    assert_eq!(histogram, none);
}

#[test]
fn sums_and_ends_are_exact() {
    let histogram = of(&[1_203, 5, 70_000]);
    assert_eq!(histogram.sum_ms(), 7_120.8);
    assert_eq!(histogram.min_ms(), Some(0.5));
    assert_eq!(histogram.max_ms(), Some(7_000.0));
}

#[test]
fn more_buckets_than_fit_are_merged_in_pairs() {
    let mut histogram = Histogram::default();
    // 1.0189 is less than a bucket: every one from 20 ms to 10 min, then those below.
    let mut ms = 600_000.0_f64;
    while ms > 1.0 {
        histogram.record((ms * 10.0) as u32);
        ms /= 1.018_9;
    }
    assert_eq!(histogram.scale(), SCALE - 1);
    assert!(histogram.indexed().count() <= MAX_BUCKETS);
    // Recording goes on at the scale that is left.
    let before = histogram.indexed().count();
    histogram.record(3_000);
    assert_eq!(histogram.indexed().count(), before);
    assert_eq!(histogram.scale(), SCALE - 1);
}

#[test]
fn there_is_a_coarsest_scale() {
    let mut histogram = of(&[10, 3_000, 6_000_000]);
    histogram.downscale(i8::MIN);
    assert_eq!(histogram.scale(), MIN_SCALE);
    histogram.record(50_000);
    let mut fine = of(&[77]);
    fine.merge(&histogram);
    assert_eq!(fine.scale(), MIN_SCALE);
    assert_eq!(fine.count(), 5);
    // It is never refined.
    fine.downscale(SCALE);
    assert_eq!(fine.scale(), MIN_SCALE);
}

#[test]
fn counts_stop_at_their_end_instead_of_beginning_anew() {
    let mut histogram = Histogram::default();
    histogram.record_n(3_000, u64::MAX);
    histogram.record_n(3_000, 5);
    histogram.record_n(1, 5);
    let twice = merged(&histogram, &histogram);
    assert_eq!(twice.count(), u64::MAX);
    assert!(twice.quantile(0.99).is_some());
}

#[test]
fn shares_are_exact_at_both_ends() {
    let histogram = of(&[3_000, 3_000, 5_000]);
    assert_eq!(histogram.share_within(299.9), Some(0.0));
    assert_eq!(histogram.share_within(400.0), Some(2.0 / 3.0));
    assert_eq!(histogram.share_within(500.0), Some(1.0));
    // What is past the end is within no budget that could be asked about.
    let over = of(&[3_000, 7_000_000]);
    assert_eq!(over.share_within(600_000.0), Some(0.5));
}

/// The duration at `q`, of all durations, by nearest rank.
fn exact(sorted: &[u32], q: f64) -> f64 {
    let rank = (q * sorted.len() as f64).ceil() as usize;
    f64::from(sorted[rank.clamp(1, sorted.len()) - 1]) / 10.0
}

/// Half a millisecond and a whole one, in buckets so coarse that the second begins far below the first.
#[test]
fn quantiles_ascend_at_every_scale() {
    for scale in (MIN_SCALE..=SCALE).rev() {
        let mut histogram = Histogram::default();
        histogram.record(5);
        histogram.record(10);
        histogram.downscale(scale);
        let quantiles = [0.0, 0.5, 1.0].map(|q| histogram.quantile(q));
        assert_eq!(quantiles, [Some(0.5), Some(0.5), Some(1.0)], "{scale}");
    }
}

#[track_caller]
fn check_quantiles(tenths: &[u32], scale: i8, off: f64) {
    let mut histogram = of(tenths);
    histogram.downscale(scale);
    let mut sorted = tenths.to_vec();
    sorted.sort_unstable();
    for q in [0.0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0] {
        let (Some(got), want) = (histogram.quantile(q), exact(&sorted, q)) else {
            panic!("nothing at {q}");
        };
        let by = (got - want).abs() / want;
        assert!(by <= off, "{got} for {want} at {q}, scale {scale}");
    }
}

/// The worst that can be: each duration alone, so that nothing but its bucket is known of it.
#[test]
fn no_quantile_is_further_off_than_promised() {
    let mut worst = [0.0_f64; 2];
    for tenths in (20..6_000_000).step_by(997) {
        // Two more keep shortest and longest from telling.
        let histogram = of(&[10, tenths, 6_000_000]);
        let mut coarse = histogram.clone();
        coarse.downscale(SCALE - 1);
        let want = f64::from(tenths) / 10.0;
        for (worst, histogram) in worst.iter_mut().zip([histogram, coarse]) {
            let got = histogram.quantile(0.5).map_or(f64::NAN, |it| it);
            *worst = worst.max((got - want).abs() / want);
        }
    }
    println!("worst: {:.5} and {:.5}", worst[0], worst[1]);
    assert!(worst[0] <= OFF_AT_5 && worst[1] <= OFF_AT_4, "{worst:?}");
    // And the promise is not an idle one.
    assert!(worst[0] > 0.010_8 && worst[1] > 0.021_6, "{worst:?}");
}

proptest! {
    #[test]
    fn quantiles_are_as_close_as_promised(
        tenths in prop::collection::vec(10..6_000_001_u32, 1..300),
    ) {
        check_quantiles(&tenths, SCALE, OFF_AT_5);
        check_quantiles(&tenths, SCALE - 1, OFF_AT_4);
    }

    #[test]
    fn merging_is_recording_together(a in durations(), b in durations()) {
        prop_assert_eq!(merged(&of(&a), &of(&b)), of(&[a, b].concat()));
    }

    #[test]
    fn order_and_grouping_do_not_matter(
        a in durations(), b in durations(), c in durations(), scales in [MIN_SCALE..=SCALE, MIN_SCALE..=SCALE, MIN_SCALE..=SCALE],
    ) {
        let [a, b, c] = [(a, scales[0]), (b, scales[1]), (c, scales[2])].map(|(tenths, scale)| {
            let mut histogram = of(&tenths);
            histogram.downscale(scale);
            histogram
        });
        let ab_c = merged(&merged(&a, &b), &c);
        prop_assert_eq!(ab_c.scale(), scales.into_iter().min().unwrap_or(SCALE));
        prop_assert_eq!(&ab_c, &merged(&a, &merged(&b, &c)));
        prop_assert_eq!(&ab_c, &merged(&merged(&c, &b), &a));
        prop_assert_eq!(&ab_c, &merged(&merged(&b, &a), &c));
    }

    #[test]
    fn many_merged_have_few_buckets(all in prop::collection::vec(prop::collection::vec(10..6_000_001_u32, 0..300), 8)) {
        let mut sum = Histogram::default();
        for tenths in &all {
            sum.merge(&of(tenths));
        }
        prop_assert!(sum.indexed().count() <= MAX_BUCKETS);
        prop_assert_eq!(sum.count(), all.concat().len() as u64);
        check_quantiles_of(&sum, &all.concat())?;
    }

    #[test]
    fn shares_rise_from_nothing_to_all(tenths in durations(), at in 0.0..700_000.0_f64) {
        let histogram = of(&tenths);
        prop_assume!(!histogram.is_empty());
        let share = |ms: f64| histogram.share_within(ms).unwrap_or(f64::NAN);
        prop_assert!((0.0..=1.0).contains(&share(at)));
        prop_assert!(share(at) <= share(at * 1.1) + 1e-12);
        // As far off as those that share the bucket of the threshold.
        let exact = tenths.iter().filter(|it| f64::from(**it) / 10.0 <= at).count();
        let beside = histogram.buckets().filter(|(from, to, _)| *from < at && at < *to);
        let beside: u64 = beside.map(|it| it.2).sum();
        let off = (share(at) * tenths.len() as f64 - exact as f64).abs();
        let over = if at >= 600_000.0 { histogram.over() } else { 0 };
        prop_assert!(off <= (beside + over) as f64 + 1e-6, "{} off, {} beside", off, beside);
    }
}

fn check_quantiles_of(sum: &Histogram, tenths: &[u32]) -> Result<(), TestCaseError> {
    let mut sorted = tenths.to_vec();
    sorted.sort_unstable();
    let off = if sum.scale() == SCALE {
        OFF_AT_5
    } else {
        OFF_AT_4
    };
    for q in [0.5, 0.75, 0.95, 0.99] {
        let Some(got) = sum.quantile(q) else {
            prop_assert!(sorted.is_empty());
            continue;
        };
        let want = exact(&sorted, q);
        prop_assert!((got - want).abs() / want <= off, "{} for {}", got, want);
    }
    Ok(())
}
