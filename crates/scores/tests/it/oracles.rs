//! Turns the table of known counts into checks: score, variance, error, margin, interval.

use scores::{Change, Nps, Reading, Verdict, display, sample_size};

use crate::{close, nps};

/// `counts` give `score`, Wald `[variance, error, margin]`, and `[centre, low, high]` adjusted.
#[track_caller]
fn check(counts: (u64, u64, u64), score: f64, wald: [f64; 3], adjusted: [f64; 3]) {
    let nps = nps(counts);
    close(nps.score().unwrap(), score);
    close(nps.variance().unwrap(), wald[0]);
    close(nps.standard_error().unwrap(), wald[1]);
    close(nps.margin().unwrap(), wald[2]);
    close(nps.adjusted_centre().unwrap(), adjusted[0]);
    let interval = nps.interval().unwrap();
    close(interval.low, adjusted[1]);
    close(interval.high, adjusted[2]);
}

#[test]
fn no_answers_is_not_zero() {
    let none = Nps::from_histogram(&[0; 11]);
    assert_eq!(none.n(), 0);
    assert_eq!(none.score(), None);
    assert_eq!(none.variance(), None);
    assert_eq!(none.margin(), None);
    assert!(none.interval().is_none());
    assert!(Change::between(&none, &nps((1, 1, 1))).is_none());
}

#[test]
fn scores_and_intervals() {
    check((1, 0, 0), 100.0, [0.0, 0.0, 0.0], [25.0, -48.4986, 98.4986]);
    check(
        (10, 0, 0),
        100.0,
        [0.0, 0.0, 0.0],
        [76.9231, 47.5036, 100.0],
    );
    check((0, 10, 0), 0.0, [0.0, 0.0, 0.0], [0.0, -18.4650, 18.4650]);
    check(
        (5, 3, 2),
        30.0,
        [0.61, 24.6982, 48.4075],
        [23.0769, -19.0506, 65.2045],
    );
    check(
        (17, 9, 10),
        19.4444,
        [0.712_191, 14.0652, 27.5674],
        [17.9487, -8.2823, 44.1798],
    );
    check(
        (30, 10, 10),
        40.0,
        [0.64, 11.3137, 22.1745],
        [37.7358, 16.1877, 59.2840],
    );
    check(
        (50, 30, 20),
        30.0,
        [0.61, 7.8102, 15.3078],
        [29.1262, 14.0511, 44.2013],
    );
    // One half, one third, one sixth: a worked example with a standard error of 4.1.
    check(
        (162, 108, 54),
        33.3333,
        [0.555_556, 4.1409, 8.1159],
        [33.0275, 24.9453, 41.1098],
    );
    check(
        (350, 400, 250),
        10.0,
        [0.59, 2.4290, 4.7607],
        [9.9701, 5.2174, 14.7227],
    );
    check(
        (500, 0, 500),
        0.0,
        [1.0, 3.1623, 6.1980],
        [0.0, -6.1840, 6.1840],
    );
}

#[test]
fn scores_fall_into_the_standard_three_groups() {
    for (score, expected) in [
        (0, -100.0),
        (6, -100.0),
        (7, 0.0),
        (8, 0.0),
        (9, 100.0),
        (10, 100.0),
    ] {
        let mut histogram = [0; 11];
        histogram[score] = 1;
        assert_eq!(Nps::from_histogram(&histogram).score(), Some(expected));
    }
}

#[track_caller]
fn check_change(
    earlier: (u64, u64, u64),
    later: (u64, u64, u64),
    [delta, standard_error, z, p]: [Option<f64>; 4],
    verdict: Verdict,
) {
    let change = Change::between(&nps(earlier), &nps(later)).unwrap();
    let pairs = [
        (change.delta, delta),
        (change.standard_error, standard_error),
        (change.z, z),
        (change.p, p),
    ];
    for (actual, expected) in pairs {
        if let Some(expected) = expected {
            close(actual, expected);
        }
    }
    assert_eq!(change.verdict(), verdict);
}

#[test]
fn changes() {
    check_change(
        (50, 30, 20),
        (58, 27, 15),
        [Some(12.6214), Some(10.6048), Some(1.1902), Some(0.2340)],
        Verdict::NoDetectableChange,
    );
    check_change(
        (500, 300, 200),
        (580, 270, 150),
        [Some(12.9611), Some(3.3941), None, Some(0.0001)],
        Verdict::Up,
    );
    check_change(
        (40, 40, 20),
        (30, 40, 30),
        [Some(-19.4175), None, None, Some(0.0669)],
        Verdict::NoDetectableChange,
    );
    check_change(
        (580, 270, 150),
        (500, 300, 200),
        [Some(-12.9611), None, None, None],
        Verdict::Down,
    );
    // People within their budgets against people past them.
    check_change(
        (60, 50, 90),
        (210, 120, 70),
        [Some(49.5178), None, None, None],
        Verdict::Up,
    );
}

#[test]
fn answers_needed() {
    for (margin, usual, worst) in [(15.0, 105, 171), (10.0, 235, 385), (5.0, 938, 1_537)] {
        assert_eq!(sample_size::for_margin(margin, 0.61), usual);
        assert_eq!(
            sample_size::for_margin(margin, sample_size::WORST_VARIANCE),
            worst
        );
    }
    for (points, per_group) in [
        (30.0, 107),
        (20.0, 240),
        (15.0, 426),
        (10.0, 958),
        (5.0, 3_831),
    ] {
        assert_eq!(sample_size::for_difference(points, 0.61), per_group);
    }
}

#[test]
fn small_numbers_are_read_with_care() {
    let expected = [
        (0, Reading::NoAnswers),
        (1, Reading::TooFew),
        (9, Reading::TooFew),
        (10, Reading::EarlySignal),
        (29, Reading::EarlySignal),
        (30, Reading::Firm),
    ];
    for (n, reading) in expected {
        assert_eq!(Reading::of(n), reading, "n = {n}");
        assert_eq!(nps((0, n, 0)).reading(), reading);
        assert_eq!(reading.shows_score(), n >= 10);
    }
}

#[test]
fn rounding_is_half_away_from_zero() {
    for (points, text) in [
        (42.5, "+43"),
        (-42.5, "\u{2212}43"),
        (0.49, "0"),
        (-0.49, "0"),
        (-0.5, "\u{2212}1"),
        (100.0, "+100"),
        (-100.0, "\u{2212}100"),
    ] {
        assert_eq!(display::signed(points), text);
    }
}

#[test]
fn shares_total_one_hundred() {
    for (counts, shares) in [
        ([1, 1, 1], [34, 33, 33]),
        ([2, 1, 0], [67, 33, 0]),
        ([1, 0, 0], [100, 0, 0]),
        ([999, 1, 0], [100, 0, 0]),
        ([17, 9, 10], [47, 25, 28]),
    ] {
        assert_eq!(display::shares(counts), Some(shares), "{counts:?}");
    }
    assert_eq!(display::shares([0, 0, 0]), None);
}

/// Whole points by integers alone, half away from zero.
fn whole_points(promoters: u64, detractors: u64, n: u64) -> i64 {
    let whole = (200 * promoters.abs_diff(detractors) + n) / (2 * n);
    let whole = i64::try_from(whole).unwrap();
    if promoters < detractors {
        -whole
    } else {
        whole
    }
}

#[test]
fn whole_points_are_those_of_exact_integers() {
    assert_eq!(display::signed(nps((8, 11, 5)).score().unwrap()), "+13");
    for n in 1..=400_u64 {
        for promoters in 0..=n {
            for detractors in 0..=n - promoters {
                let counts = (promoters, n - promoters - detractors, detractors);
                let score = nps(counts).score().unwrap().round() as i64;
                assert_eq!(score, whole_points(promoters, detractors, n), "{counts:?}");
            }
        }
    }
}
