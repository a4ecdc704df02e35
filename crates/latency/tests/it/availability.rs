//! Turns outages into how available something was, held against cases that were worked out by hand.
//! Times of cases are in minutes.

use latency::availability::{Interval, MAX_STRETCHES, Report, merge, report, timeline};
use proptest::prelude::*;
use protocol::query::performance::UpState;

const MINUTE_MS: u64 = 60_000;
const HOUR: u64 = 60;
const DAY: u64 = 24 * HOUR;

fn interval(from: u64, to: u64) -> Interval {
    Interval {
        from_ms: from * MINUTE_MS,
        to_ms: Some(to * MINUTE_MS),
    }
}

fn ongoing(from: u64) -> Interval {
    Interval {
        from_ms: from * MINUTE_MS,
        to_ms: None,
    }
}

fn of(window: u64, outages: &[(u64, u64)]) -> Report {
    let outages: Vec<Interval> = outages
        .iter()
        .map(|(from, to)| interval(*from, *to))
        .collect();
    report((0, window * MINUTE_MS), &outages, &[], 0)
}

/// Minutes of downtime, number, availability, MTTR, MTBF and start to start, the last three in minutes.
#[track_caller]
fn check(found: &Report, (down, n, time): (u64, u64, f64), times: [Option<f64>; 3]) {
    assert_eq!((found.down_ms, found.n), (down * MINUTE_MS, n), "{found:?}");
    let share = found.time.unwrap();
    assert!((share - time).abs() < 1e-8, "{share} {time}");
    let all = [found.mttr_ms, found.mtbf_ms, found.start_to_start_ms];
    for (found, expected) in all.into_iter().zip(times) {
        let minutes = found.map(|ms| ms as f64 / MINUTE_MS as f64);
        match (minutes, expected) {
            (Some(found), Some(expected)) => {
                assert!((found - expected).abs() < 1e-4, "{found} {expected}");
            }
            (found, expected) => assert_eq!(found, expected),
        }
    }
}

#[test]
fn a_three_outages_in_a_month() {
    let found = of(30 * DAY, &[(0, 20), (1_000, 1_010), (43_190, 43_200)]);
    let times = [Some(13.333_3), Some(14_386.666_7), Some(21_595.0)];
    check(&found, (40, 3, 0.999_074_074), times);
}

#[test]
fn b_one_long_outage() {
    let found = of(300 * DAY, &[(0, 432)]);
    check(
        &found,
        (432, 1, 0.999),
        [Some(432.0), Some(431_568.0), None],
    );
}

#[test]
fn c_a_minute_in_every_ten() {
    let outages: Vec<(u64, u64)> = (0..43).map(|n| (n * 10, n * 10 + 1)).collect();
    let found = of(30 * DAY, &outages);
    let times = [Some(1.0), Some(1_003.651_163), Some(10.0)];
    check(&found, (43, 43, 0.999_004_63), times);
}

#[test]
fn d_the_budget_of_a_month_a_minute_in_every_ten() {
    // 43 whole minutes and 12 s of the last.
    let mut outages: Vec<Interval> = (0..43).map(|n| interval(n * 10, n * 10 + 1)).collect();
    let last_ms = 430 * MINUTE_MS;
    outages.push(Interval {
        from_ms: last_ms,
        to_ms: Some(last_ms + 12_000),
    });
    let found = report((0, 30 * DAY * MINUTE_MS), &outages, &[], 0);
    assert_eq!(found.down_ms, 2_592_000);
    assert!((found.time.unwrap() - 0.999).abs() < 1e-12);
    // From the first start to the last end.
    assert_eq!(last_ms + 12_000, 25_812_000);
}

#[test]
fn e_two_outages_in_a_day() {
    let found = of(DAY, &[(600, 605), (840, 860)]);
    check(
        &found,
        (25, 2, 0.982_638_889),
        [Some(12.5), Some(707.5), Some(240.0)],
    );
}

#[test]
fn f_three_outages_in_a_day() {
    let found = of(DAY, &[(100, 102), (500, 504), (900, 906)]);
    check(
        &found,
        (12, 3, 0.991_666_667),
        [Some(4.0), Some(476.0), Some(400.0)],
    );
}

#[test]
fn g_what_overlaps_or_touches_is_one() {
    let found = of(DAY, &[(10, 20), (15, 30), (30, 35)]);
    check(
        &found,
        (25, 1, 1.0 - 25.0 / 1_440.0),
        [Some(25.0), Some(1_415.0), None],
    );
    let merged = merge(&[
        interval(30, 35),
        interval(10, 20),
        interval(15, 30),
        interval(7, 7),
    ]);
    assert_eq!(merged, [interval(10, 35)]);
    assert_eq!(merge(&[ongoing(20), interval(10, 30)]), [ongoing(10)]);
}

#[test]
fn without_an_outage_there_is_no_mean() {
    check(&of(DAY, &[]), (0, 0, 1.0), [None, None, None]);
    assert!(!of(DAY, &[]).ongoing);
}

#[test]
fn what_lasts_is_down_and_not_repaired() {
    let outages = [interval(10, 20), ongoing(1_400)];
    let found = report((0, DAY * MINUTE_MS), &outages, &[], 0);
    let times = [Some(10.0), Some(1_390.0 / 2.0), Some(1_390.0)];
    check(&found, (50, 2, 1_390.0 / 1_440.0), times);
    assert!(found.ongoing);
    assert_eq!((found.n, found.closed), (2, 1));
}

#[test]
fn downtime_is_clipped_and_repair_is_not() {
    let window = (100 * MINUTE_MS, 200 * MINUTE_MS);
    // The first began before, and the last ended after it.
    let outages = [interval(90, 110), interval(190, 230), interval(300, 310)];
    let found = report(window, &outages, &[], 0);
    check(&found, (20, 1, 0.8), [Some(40.0), Some(80.0), None]);
}

#[test]
fn announced_and_unknown_time_does_not_count() {
    let window = (0, 100 * MINUTE_MS);
    let minutes = |from: u64, to: u64| (from * MINUTE_MS, to * MINUTE_MS);
    let check_time = |outages: &[Interval], maintenance: &[(u64, u64)], unknown: u64, expected| {
        let found = report(window, outages, maintenance, unknown * MINUTE_MS);
        assert_eq!(
            (found.down_ms / MINUTE_MS, found.known_ms / MINUTE_MS),
            expected
        );
        found
    };
    check_time(&[interval(0, 10)], &[], 50, (10, 50));
    check_time(
        &[interval(0, 10)],
        &[minutes(20, 40), minutes(30, 50)],
        0,
        (10, 70),
    );
    let within = check_time(&[interval(25, 35)], &[minutes(20, 40)], 0, (0, 80));
    assert_eq!((within.n, within.time), (0, Some(1.0)));
    // One that is cut in two is one, without what was announced.
    let cut = check_time(&[interval(10, 50)], &[minutes(20, 40)], 0, (20, 80));
    assert_eq!((cut.n, cut.mttr_ms), (1, Some(20 * MINUTE_MS)));
    let nothing = check_time(&[], &[], 100, (0, 0));
    assert_eq!(nothing.time, None);
    let all = check_time(&[], &[minutes(0, 500)], 0, (0, 0));
    assert_eq!(all.time, None);
}

#[test]
fn layers_of_a_timeline_cover_each_other() {
    let ms = |minute: u64| minute * MINUTE_MS;
    let found = timeline(
        (ms(10), ms(100)),
        &[interval(5, 20), ongoing(90)],
        &[interval(15, 30)],
        &[(ms(95), ms(200))],
        &[(ms(25), ms(40))],
    );
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.from_ms / MINUTE_MS, one.to_ms / MINUTE_MS, one.state))
        .collect();
    let expected = [
        (10, 20, UpState::Down),
        (20, 30, UpState::Degraded),
        (30, 40, UpState::Unknown),
        (40, 90, UpState::Up),
        (90, 95, UpState::Down),
        (95, 100, UpState::Maintenance),
    ];
    assert_eq!(found, expected);
    let whole = timeline((0, 5), &[], &[], &[], &[(0, 100)]);
    assert_eq!((whole.len(), whole[0].state), (1, UpState::Unknown));
}

/// Stretches of made-up length, none of which overlap.
fn stretches(mut at: u64, lengths: &[(u64, u64)]) -> Vec<(u64, u64)> {
    let mut all = Vec::new();
    for (gap, length) in lengths {
        let from = at + gap;
        all.push((from, from + length));
        at = from + length;
    }
    all
}

proptest! {
    /// Availability is MTBF by MTBF + MTTR where all outages are over and in the window.
    #[test]
    fn availability_follows_from_the_means(
        lengths in prop::collection::vec((1_u64..1_000, 1_u64..100), 1..30),
    ) {
        let outages = stretches(0, &lengths);
        let window = outages[outages.len() - 1].1 + 7;
        let found = of(window, &outages);
        let (mtbf, mttr) = (found.mtbf_ms.unwrap() as f64, found.mttr_ms.unwrap() as f64);
        prop_assert!((found.time.unwrap() - mtbf / (mtbf + mttr)).abs() < 1e-6);
        prop_assert_eq!(found.n, lengths.len() as u64);
    }

    /// A timeline has no gaps and no neighbours of one state, is never too long, and never draws an
    /// outage as fine while there is room for it.
    #[test]
    fn a_timeline_is_whole_and_short(
        down in prop::collection::vec((1_u64..50, 1_u64..50), 0..300),
        unknown in prop::collection::vec((1_u64..20, 1_u64..20), 0..2_000),
    ) {
        let window = (100, 20_000);
        let outages: Vec<Interval> = stretches(0, &down)
            .into_iter()
            .map(|(from_ms, to_ms)| Interval { from_ms, to_ms: Some(to_ms) })
            .collect();
        let found = timeline(window, &outages, &[], &[], &stretches(0, &unknown));
        prop_assert!(found.len() <= MAX_STRETCHES);
        prop_assert_eq!((found[0].from_ms, found[found.len() - 1].to_ms), window);
        for pair in found.windows(2) {
            prop_assert_eq!(pair[0].to_ms, pair[1].from_ms);
            prop_assert_ne!(pair[0].state, pair[1].state);
        }
    }
}
