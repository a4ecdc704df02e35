//! Turns measured times into thresholds that people would write, and what they would have cost.

use latency::Histogram;
use latency::suggest::{QUANTILES, humane, suggest};

const DAY_MS: u64 = 86_400_000;

#[test]
fn numbers_that_people_say() {
    let check = |ms: f64, expected| assert_eq!(humane(ms), expected, "{ms}");
    check(0.0, 10);
    check(10.0, 10);
    check(10.1, 12);
    check(287.0, 300);
    check(300.0, 300);
    check(301.0, 350);
    check(812.0, 1_000);
    check(1_240.0, 1_500);
    check(59_000.0, 60_000);
    check(1e12, u32::MAX);
}

/// 1,000 attempts: 900 of about 100 ms, 90 of about 400 ms, 10 of about 2,100 ms.
fn measured() -> Histogram {
    let mut histogram = Histogram::default();
    histogram.record_n(1_000, 900);
    histogram.record_n(4_000, 90);
    histogram.record_n(21_000, 10);
    histogram
}

#[test]
fn each_quantile_is_a_threshold_with_its_cost() {
    let found = suggest(&measured(), &[0.95, 0.999, 1.0], 15 * DAY_MS, 30 * DAY_MS);
    let within: Vec<u32> = found.iter().map(|one| one.within_ms).collect();
    assert!(within.is_sorted_by(|a, b| a < b), "{within:?}");
    for one in &found {
        assert!(f64::from(one.within_ms) >= one.measured_ms, "{one:?}");
        assert!(one.share >= one.quantile, "{one:?}");
    }
    // A bucket may be cut by a round number, and then the next one is taken.
    let first = found.iter().find(|one| one.within_ms == 120).unwrap();
    assert_eq!(first.quantile.to_bits(), 0.9_f64.to_bits());
    assert!((first.share - 0.9).abs() < 1e-9, "{first:?}");
    // 100 of 1,000 were over it: twice what may be at 95 %, and a hundred times at 99.9 %.
    let [at_95, at_999, at_100] = first.costs[..] else {
        panic!("{first:?}")
    };
    assert_eq!((at_95.bad, at_999.bad, at_100.bad), (100, 100, 100));
    assert!((at_95.burn.unwrap() - 2.0).abs() < 1e-9);
    assert!((at_999.burn.unwrap() - 100.0).abs() < 1e-9);
    // Half a window was measured.
    assert!((at_95.used.unwrap() - 1.0).abs() < 1e-9);
    assert_eq!((at_100.burn, at_100.used), (None, None));
    let last = &found[found.len() - 1];
    assert_eq!(last.within_ms, 2_500);
    assert_eq!((last.costs[0].bad, last.costs[0].burn), (0, Some(0.0)));
}

#[test]
fn what_is_over_everything_is_within_nothing() {
    let mut histogram = measured();
    histogram.record_n(u32::MAX, 50);
    let found = suggest(&histogram, &[0.95], DAY_MS, DAY_MS);
    assert!(found.iter().all(|one| one.quantile <= 0.95), "{found:?}");
}

#[test]
fn of_nothing_nothing_is_suggested() {
    assert!(suggest(&Histogram::default(), &[0.95], DAY_MS, DAY_MS).is_empty());
    assert!(QUANTILES.is_sorted());
}
