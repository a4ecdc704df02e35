//! Turns counts into numbers that were worked out by hand.

use latency::Histogram;
use latency::objective::{
    Counts, actual, allowed_ms, apdex, burn, exhausted_in_ms, health, left, serial,
};
use proptest::prelude::*;
use protocol::query::performance::Health;

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-9, "{found} {expected}");
}

fn counts(n: u64, bad: u64) -> Counts {
    Counts { n, bad }
}

#[test]
fn minutes_that_may_be_down() {
    let check = |target: f64, days: u64, minutes: f64| {
        let found = allowed_ms(target, days * DAY_MS);
        assert_eq!(
            found,
            (minutes * 60_000.0).round() as u64,
            "{target} {days}"
        );
    };
    check(0.999, 7, 10.08);
    check(0.999, 28, 40.32);
    check(0.999, 30, 43.2);
    check(0.999, 31, 44.64);
    check(0.999, 90, 129.6);
    check(0.999, 365, 525.6);
    check(0.99, 30, 432.0);
    check(0.995, 30, 216.0);
    check(0.9995, 30, 21.6);
    check(0.9999, 30, 4.32);
    check(1.0, 30, 0.0);
}

#[test]
fn an_error_budget_is_used_and_overdrawn() {
    // 1,200 of 120,000 may be slow, and 1,800 were.
    let counted = counts(120_000, 1_800);
    close(actual(counted), 0.985);
    close(left(counted, 0.99), -0.5);
    close(burn(counted, 0.99), 1.5);
    close(left(counts(120_000, 0), 0.99), 1.0);
}

#[test]
fn of_nothing_nothing_is_said() {
    assert_eq!(actual(counts(0, 0)), None);
    assert_eq!(burn(counts(0, 0), 0.99), None);
    assert_eq!(left(counts(0, 0), 0.99), None);
    assert_eq!(apdex(0, 0, 0), None);
    // Where nothing may be bad there is no budget, whatever was counted.
    assert_eq!(burn(counts(10, 1), 1.0), None);
    assert_eq!(left(counts(10, 1), 1.0), None);
}

#[test]
fn a_budget_that_burns_is_exhausted() {
    let month = 30 * DAY_MS;
    let days = |left, burn| Some(exhausted_in_ms(left, burn, month)? as f64 / DAY_MS as f64);
    assert!((days(1.0, 14.4).unwrap() - 2.083_333).abs() < 1e-5);
    assert!((days(0.4, 6.0).unwrap() - 2.0).abs() < 1e-6);
    assert_eq!(days(1.0, 1.0), Some(30.0));
    assert_eq!(days(0.0, 0.5), Some(0.0));
    assert_eq!(days(-0.5, 0.0), Some(0.0));
    // It lasts longer than its window, in which it comes back.
    assert_eq!(days(1.0, 0.9), None);
    assert_eq!(days(0.1, 0.0), None);
}

#[test]
fn a_pattern_of_one_minute_in_ten_uses_a_month_up_in_seven_hours() {
    let pace = burn(counts(10, 1), 0.999);
    close(pace, 100.0);
    let hours = exhausted_in_ms(1.0, pace.unwrap(), 30 * DAY_MS).unwrap() as f64 / 3.6e6;
    assert!((hours - 7.2).abs() < 1e-6, "{hours}");
}

#[test]
fn apdex_hides_what_a_share_shows() {
    // 60 in 100 ms, 30 in 500 ms, 10 in 1,300 ms, by 300 ms.
    close(apdex(60, 30, 100), 0.75);
    close(actual(counts(100, 40)), 0.60);
}

#[test]
fn parts_in_a_row_are_worse_than_each() {
    assert!((serial(&[0.999; 3]) - 0.997_002_999).abs() < 1e-12);
    assert_eq!(serial(&[]).to_bits(), 1.0_f64.to_bits());
}

#[test]
fn health_says_unknown_rather_than_fine() {
    let check = |n, bad, target, burn, expected| {
        let found = health(counts(n, bad), target, burn, 20);
        assert_eq!(found, expected, "{n} {bad} {target} {burn:?}");
    };
    check(0, 0, 0.99, None, Health::Unknown);
    check(19, 0, 0.99, Some(0.0), Health::Unknown);
    check(19, 19, 0.99, Some(100.0), Health::Unknown);
    check(100, 2, 0.99, Some(2.0), Health::Breached);
    check(1_000, 5, 0.99, Some(1.5), Health::Burning);
    check(1_000, 5, 0.99, Some(1.0), Health::Within);
    check(1_000, 5, 0.99, None, Health::Within);
    // Exactly what may be bad is kept, whatever floating point makes of it.
    check(1_000, 1, 0.999, None, Health::Within);
    check(100, 29, 0.71, None, Health::Within);
    check(100, 30, 0.71, None, Health::Breached);
    check(1_000, 0, 1.0, None, Health::Within);
    check(1_000, 1, 1.0, None, Health::Breached);
}

proptest! {
    /// p95 is at most X exactly where at least 95 % are within X, if the percentile is that of the
    /// nearest rank. A histogram says the same, but for times in the bucket of X itself.
    #[test]
    fn a_percentile_and_a_share_say_the_same(
        mut times in prop::collection::vec(1_u32..60_000, 1..200),
        x in 1_u32..60_000,
    ) {
        times.sort_unstable();
        let n = times.len() as u64;
        let rank = (n * 95).div_ceil(100) as usize;
        let p95 = times[rank - 1];
        let bad = times.iter().filter(|ms| **ms > x).count() as u64;
        let kept = bad * 100 <= n * 5;
        prop_assert_eq!(p95 <= x, kept);
        let judged = health(Counts { n, bad }, 0.95, None, 1);
        prop_assert_eq!(kept, judged == Health::Within);

        let mut histogram = Histogram::default();
        for ms in &times {
            histogram.record(ms * 10);
        }
        let is_clear = (f64::from(p95) / f64::from(x) - 1.0).abs() > 0.0434;
        let estimate = histogram.quantile(0.95).unwrap();
        prop_assert!(!is_clear || (estimate <= f64::from(x)) == kept, "{} {}", estimate, x);
    }
}
