//! Turns rows of slices into outages.
//!
//! In a story every character is a slice: `G` good, `B` bad, `H` between, `N` nothing. The usual rules
//! open after two bad slices of 10 s and close after three good ones.

use latency::availability::Interval;
use latency::outage::{
    Outage, Rules, Slice, SliceState, flapping, outages, ratio_down_ms, share, state,
};
use proptest::prelude::*;

const CLIENTS: u32 = 100;

fn slice(number: u64, failing: u32) -> Slice {
    Slice {
        number,
        eligible: u64::from(CLIENTS) * 2,
        bad: u64::from(failing) * 2,
        voting: CLIENTS,
        failing,
        clients: CLIENTS,
        ..Slice::default()
    }
}

/// Slices of a story, in which silence is absent.
fn story(text: &str) -> Vec<Slice> {
    let letters = text.chars().enumerate();
    letters
        .filter_map(|(number, letter)| {
            let failing = match letter {
                'G' => 0,
                'H' => 35,
                'B' => 100,
                _ => return None,
            };
            Some(slice(number as u64, failing))
        })
        .collect()
}

fn full(found: &[Outage]) -> Vec<(u64, Option<u64>)> {
    let full = found.iter().filter(|outage| !outage.partial);
    full.map(|outage| (outage.from, outage.to)).collect()
}

#[track_caller]
fn check(text: &str, expected: &[(u64, Option<u64>)]) {
    let found = outages(0, text.len() as u64, &story(text), &Rules::default());
    assert_eq!(full(&found), expected, "{text}");
}

#[test]
fn stories() {
    check("GGBBBGBGGG", &[(2, Some(7))]);
    check("GBGBGBGG", &[]);
    check("BBNNBGGG", &[(0, Some(5))]);
    check("GGBBHHGGGG", &[(2, Some(6))]);
    check("GBBGGBBGGGG", &[(1, Some(7))]);
    check("GGGBBB", &[(3, None)]);
}

#[test]
fn what_is_between_or_silent_changes_nothing() {
    check("", &[]);
    check("NNNN", &[]);
    check("HHHHHH", &[]);
    check("BHBGGG", &[(0, Some(3))]);
    check("BNBGGG", &[(0, Some(3))]);
    check("BBNNNN", &[(0, None)]);
    check("BBGNGNG", &[(0, Some(2))]);
    // Known not to be good, so what was good before it was no end.
    check("BBGGHGGG", &[(0, Some(5))]);
    // One bad slice in the evening and one in the morning are no outage of a night.
    let night = format!("B{}BGGG", "N".repeat(3_000));
    check(&night, &[]);
    let minutes = format!("B{}BGGG", "N".repeat(30));
    check(&minutes, &[(0, Some(32))]);
}

#[test]
fn only_slices_of_the_window_are_looked_at() {
    let slices = story("BBBBGGGGBBBB");
    let found = outages(2, 10, &slices, &Rules::default());
    assert_eq!(full(&found), [(2, Some(4)), (8, None)]);
}

#[test]
fn an_outage_opens_when_enough_is_known() {
    let opens = |change: fn(&mut Rules)| {
        let mut rules = Rules::default();
        change(&mut rules);
        !outages(0, 6, &story("GBBGGG"), &rules).is_empty()
    };
    assert!(opens(|_| {}));
    assert!(!opens(|rules| rules.open.ms = 30_000));
    // 200 attempts of 100 clients in each slice.
    assert!(opens(|rules| rules.open.attempts = 400));
    assert!(!opens(|rules| rules.open.attempts = 401));
    assert!(!opens(|rules| rules.open.clients = 101));
    assert!(!opens(|rules| rules.min_clients = 101));
    assert!(!opens(|rules| rules.min_samples = 201));
}

#[test]
fn an_outage_tells_how_bad_it_was() {
    let slices = [slice(0, 0), slice(1, 60), slice(2, 80), slice(3, 40)];
    let good = [slice(4, 0), slice(5, 10), slice(6, 0)];
    let found = outages(0, 7, &[&slices[..], &good[..]].concat(), &Rules::default());
    let expected = Outage {
        from: 1,
        to: Some(4),
        partial: false,
        peak_share: 0.8,
        failed: 2 * (60 + 80 + 40),
    };
    assert_eq!(found, [expected]);
}

#[test]
fn a_slice_says_nothing_below_its_quorum() {
    let rules = Rules::default();
    let told = |slice: Slice| (state(&slice, &rules), share(&slice, &rules));
    let whole = slice(0, 50);
    assert_eq!(told(whole), (SliceState::Bad, Some(0.5)));
    assert_eq!(told(slice(0, 49)).0, SliceState::Hold);
    assert_eq!(told(slice(0, 21)).0, SliceState::Hold);
    assert_eq!(told(slice(0, 20)).0, SliceState::Good);
    let quiet = (SliceState::NoData, None);
    assert_eq!(told(Slice::default()), quiet);
    assert_eq!(
        told(Slice {
            eligible: 19,
            bad: 19,
            ..whole
        }),
        quiet
    );
    assert_eq!(
        told(Slice {
            voting: 2,
            failing: 2,
            ..whole
        }),
        quiet
    );
    // Many tabs of one person are many votes, and one client.
    assert_eq!(
        told(Slice {
            clients: 1,
            ..whole
        }),
        quiet
    );
}

/// Some vote, and others were offline as far as they know.
fn held(voting: u32, failing: u32, held_clients: u32) -> Slice {
    Slice {
        number: 0,
        eligible: u64::from(voting) * 10,
        bad: u64::from(failing) * 10,
        held: u64::from(held_clients) * 10,
        voting,
        failing,
        held_clients,
        clients: voting + held_clients,
    }
}

#[test]
fn who_was_offline_is_believed_only_when_others_failed_too() {
    let rules = Rules::default();
    let told = |slice: Slice| share(&slice, &rules);
    // Whoever merely went offline changes nothing, however many they are.
    assert_eq!(told(held(10, 0, 1)), Some(0.0));
    assert_eq!(told(held(10, 0, 90)), Some(0.0));
    assert_eq!(told(held(10, 2, 90)), Some(0.2));
    assert_eq!(told(held(10, 3, 10)), Some(13.0 / 20.0));
    assert_eq!(told(held(0, 0, 90)), None);
    // Who voted and was offline later in the slice has voted already.
    let both = Slice {
        clients: 10,
        ..held(10, 3, 10)
    };
    assert_eq!(told(both), Some(0.3));
    let some = Slice {
        clients: 14,
        ..held(10, 3, 10)
    };
    assert_eq!(told(some), Some(7.0 / 14.0));
}

/// A row of slices in each of which so many clients of 100 fail.
fn shares(failing: &[u32]) -> Vec<Slice> {
    let numbered = failing.iter().enumerate();
    numbered
        .map(|(number, failing)| slice(number as u64, *failing))
        .collect()
}

#[test]
fn what_fails_for_some_is_degraded() {
    let rules = Rules::default();
    let found = |failing: &[u32]| outages(0, failing.len() as u64, &shares(failing), &rules);
    let stretches = |failing: &[u32]| -> Vec<(u64, Option<u64>, bool)> {
        let found = found(failing).into_iter();
        found.map(|one| (one.from, one.to, one.partial)).collect()
    };
    assert_eq!(stretches(&[0, 15, 15, 15, 0, 0, 0]), [(1, Some(4), true)]);
    // A tenth of a hundred is not above a twentieth for certain if it is the first time: 5.5 %.
    assert_eq!(stretches(&[0, 9, 9, 9, 0, 0, 0]), []);
    // It recovers at 4 %, not at once.
    assert_eq!(stretches(&[15, 15, 5, 5, 5, 5]), [(0, None, true)]);
    assert_eq!(stretches(&[15, 15, 4, 4, 4, 4]), [(0, Some(2), true)]);
    // What is down is not degraded as well; what is degraded before and after it is.
    assert_eq!(stretches(&[0, 80, 80, 80, 0, 0, 0]), [(1, Some(4), false)]);
    assert_eq!(
        stretches(&[15, 15, 15, 80, 80, 15, 15, 15, 0, 0, 0]),
        [(0, Some(3), true), (3, Some(5), false), (5, Some(8), true)]
    );
    assert_eq!(
        stretches(&[15, 15, 15, 80, 80, 80]),
        [(0, Some(3), true), (3, None, false)]
    );
}

#[test]
fn chance_degrades_nothing() {
    let rules = Rules::default();
    // Two of twenty by chance: a tenth, and by Wilson 2.8 % at least.
    let unlucky = |number| Slice {
        number,
        eligible: 40,
        bad: 4,
        voting: 20,
        failing: 2,
        clients: 20,
        ..Slice::default()
    };
    let slices: Vec<Slice> = (0..30).map(unlucky).collect();
    assert_eq!(outages(0, 30, &slices, &rules), []);
}

/// 43 outages of 60 s, one every 600 s, as slices of this length that begin `offset_s` before the first
/// outage does.
fn pattern(slice_s: u64, offset_s: u64) -> Vec<Slice> {
    let down_s = |from: u64, to: u64| -> u64 {
        let outages = (0..43).map(|n| (n * 600 + offset_s, n * 600 + offset_s + 60));
        outages
            .map(|(start, end)| end.min(to).saturating_sub(start.max(from)))
            .sum()
    };
    let slices = 0..(43 * 600 + 600) / slice_s;
    slices
        .map(|number| {
            let down_s = down_s(number * slice_s, (number + 1) * slice_s);
            let failing = CLIENTS * down_s as u32 / slice_s as u32;
            slice(number, failing)
        })
        .collect()
}

/// Minutes that are found to be down, and minutes by share.
fn minutes(slice_s: u64, offset_s: u64, open: u64, close: u64) -> (f64, f64) {
    let slice_ms = slice_s * 1_000;
    let mut rules = Rules {
        slice_ms,
        ..Rules::default()
    };
    rules.open.ms = open * slice_ms;
    rules.close.ms = close * slice_ms;
    let slices = pattern(slice_s, offset_s);
    let found = outages(0, slices.len() as u64, &slices, &rules);
    let full = full(&found);
    let down: u64 = full.iter().map(|(from, to)| to.unwrap() - from).sum();
    let ratio_ms = ratio_down_ms(&slices, &rules);
    ((down * slice_s) as f64 / 60.0, ratio_ms as f64 / 60_000.0)
}

#[test]
fn long_slices_miss_or_double_what_short_ones_see() {
    let check = |slice_s, offset_s, open, close, expected: f64| {
        let (found, ratio) = minutes(slice_s, offset_s, open, close);
        let case = format!("{slice_s} s, {offset_s} s late, {open}/{close}");
        assert!((found - expected).abs() < 0.005, "{case}: {found}");
        assert!((ratio - 43.0).abs() < 1e-9, "{case}: {ratio}");
    };
    check(60, 0, 1, 1, 43.0);
    check(60, 0, 2, 1, 0.0);
    check(60, 30, 1, 1, 86.0);
    check(60, 30, 2, 1, 86.0);
    check(60, 24, 1, 1, 86.0);
    check(10, 0, 3, 3, 43.0);
    check(10, 24, 3, 3, 50.17);
    check(10, 30, 3, 3, 43.0);
    // The usual rules.
    check(10, 0, 2, 3, 43.0);
    check(10, 24, 2, 3, 50.17);
}

#[test]
fn three_starts_within_an_hour_flap() {
    let starts = |minutes: &[u64]| -> Vec<Interval> {
        let starts = minutes.iter().map(|minute| minute * 60_000);
        starts
            .map(|from_ms| Interval {
                from_ms,
                to_ms: Some(from_ms + 1_000),
            })
            .collect()
    };
    assert!(!flapping(&[]));
    assert!(!flapping(&starts(&[0, 10])));
    assert!(flapping(&starts(&[0, 10, 20])));
    assert!(flapping(&starts(&[0, 30, 60])));
    assert!(!flapping(&starts(&[0, 30, 61])));
    assert!(flapping(&starts(&[500, 90, 100, 0, 110])));
}

proptest! {
    /// Whatever is told: outages are in order, in the window, and none overlaps another; only the last
    /// of each kind may last; downtime by share is never more than the window.
    #[test]
    fn outages_never_overlap(
        told in prop::collection::vec(
            prop::option::weighted(0.9, (0_u32..=20, 0_u32..=10, 0_u64..=60)),
            0..120,
        ),
        first in 0_u64..30,
    ) {
        let slices: Vec<Slice> = told
            .iter()
            .enumerate()
            .filter_map(|(number, told)| {
                let (failing, held_clients, bad) = (*told)?;
                Some(Slice {
                    number: number as u64,
                    eligible: 60,
                    bad,
                    held: u64::from(held_clients),
                    voting: 20,
                    failing,
                    held_clients,
                    clients: 25,
                })
            })
            .collect();
        let end = told.len() as u64;
        let rules = Rules::default();
        let found = outages(first, end, &slices, &rules);
        for pair in found.windows(2) {
            prop_assert!(pair[0].to.is_some_and(|to| to <= pair[1].from), "{:?}", pair);
        }
        for outage in &found {
            prop_assert!(outage.from >= first && outage.from < end);
            prop_assert!(outage.to.is_none_or(|to| to > outage.from && to <= end));
            prop_assert!((0.0..=1.0).contains(&outage.peak_share) && outage.peak_share > 0.0);
        }
        prop_assert!(ratio_down_ms(&slices, &rules) <= slices.len() as u64 * 10_000);
    }
}
