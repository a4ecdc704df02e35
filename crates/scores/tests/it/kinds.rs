//! Turns known counts of satisfied people and of effort into scores, intervals and differences.

use scores::{Change, Kind, POINTS, Pair, Score, Stratified, Verdict, display, stand_out};

use crate::close;

fn of(kind: Kind, counts: &[(usize, u64)]) -> Score {
    let mut histogram = [0; POINTS];
    for (point, people) in counts {
        histogram[*point] = *people;
    }
    Score::new(kind, histogram)
}

/// Promoters, passives, detractors.
fn group(counts: [u64; 3]) -> Score {
    of(Kind::Nps, &[(9, counts[0]), (7, counts[1]), (3, counts[2])])
}

fn pair(without: [u64; 3], with: [u64; 3]) -> Pair {
    Pair {
        without: group(without),
        with: group(with),
    }
}

#[track_caller]
fn check(score: &Score, value: f64, interval: [f64; 2]) {
    close(score.value().unwrap(), value);
    let found = score.interval().unwrap();
    close(found.low, interval[0]);
    close(found.high, interval[1]);
}

#[test]
fn satisfaction_is_the_share_of_the_top_two() {
    // Wilson's interval of 8 of 10, 0 of 10, 10 of 10 and 150 of 200.
    check(
        &of(Kind::Csat, &[(5, 5), (4, 3), (3, 2)]),
        80.0,
        [49.0162, 94.3318],
    );
    check(&of(Kind::Csat, &[(3, 10)]), 0.0, [0.0, 27.7533]);
    check(&of(Kind::Csat, &[(4, 10)]), 100.0, [72.2467, 100.0]);
    check(
        &of(Kind::Csat, &[(5, 150), (1, 50)]),
        75.0,
        [68.5659, 80.4918],
    );
    assert_eq!(of(Kind::Csat, &[]).value(), None);
    assert!(of(Kind::Csat, &[]).interval().is_none());
}

#[test]
fn effort_is_a_mean() {
    let all = of(Kind::Ces, &[(7, 10), (6, 5), (4, 3), (1, 2)]);
    close(all.value().unwrap(), 5.7);
    // With three made-up answers the mean of 23 is 5.4783 and its error 0.4153.
    check(&all, 5.7, [4.6643, 6.2922]);
    let agreed = of(Kind::Ces, &[(7, 10)]).interval().unwrap();
    assert!(agreed.low < 6.5 && agreed.high > 6.9, "{agreed:?}");
    assert_eq!(all.split(), [15, 3, 2]);
}

#[test]
fn points_off_the_scale_are_left_out() {
    let score = of(Kind::Csat, &[(0, 9), (5, 1), (6, 9), (10, 9)]);
    assert_eq!((score.n(), score.value()), (1, Some(100.0)));
}

#[test]
fn every_kind_finds_its_differences() {
    let csat = |top: u64, rest: u64| of(Kind::Csat, &[(5, top), (2, rest)]);
    let change = Change::of(&csat(60, 40), &csat(75, 25)).unwrap();
    // 76/102 - 61/102, and the root of the sum of both variances over 102.
    close(change.delta, 14.7059);
    close(change.standard_error, 6.4952);
    assert_eq!(change.verdict(), Verdict::Up);
    let same = Change::of(&csat(60, 40), &csat(62, 38)).unwrap();
    assert_eq!(same.verdict(), Verdict::NoDetectableChange);
    let ces = |top: u64, low: u64| of(Kind::Ces, &[(7, top), (2, low)]);
    let change = Change::of(&ces(80, 20), &ces(40, 60)).unwrap();
    assert_eq!(change.verdict(), Verdict::Down);
    assert!(Change::of(&ces(1, 1), &csat(1, 1)).is_none());
    assert!(Change::of(&of(Kind::Ces, &[]), &ces(1, 1)).is_none());
}

#[test]
fn nps_is_the_same_as_before() {
    let (a, b) = (group([50, 30, 20]), group([58, 27, 15]));
    let change = Change::of(&a, &b).unwrap();
    close(change.delta, 12.6214);
    close(change.p, 0.2340);
    check(&a, 30.0, [14.0511, 44.2013]);
}

#[test]
fn slow_people_compared_at_once() {
    let one = Stratified::of(Kind::Nps, &[pair([210, 120, 70], [60, 50, 90])]).unwrap();
    close(one.difference, -50.0);
    close(one.interval.low, -63.3804);
    close(one.interval.high, -35.6551);
    assert!(one.verdict() == Verdict::Down && !one.misleads());
}

#[test]
fn slow_people_are_compared_within_each_device() {
    let desktop = pair([180, 60, 60], [28, 6, 6]);
    let mobile = pair([10, 10, 30], [75, 60, 165]);
    for (pair, difference) in [(desktop, 15.0), (mobile, 10.0)] {
        let alone = Stratified::of(Kind::Nps, &[pair]).unwrap();
        close(alone.difference, difference);
    }
    let found = Stratified::of(Kind::Nps, &[desktop, mobile]).unwrap();
    close(found.pooled, -48.5714);
    close(found.difference, 12.4638);
    assert!(found.misleads() && !found.is_too_little());
    assert_eq!((found.n_without, found.n_with), (350, 340));
}

#[test]
fn a_pair_with_one_side_says_nothing() {
    let one_sided = pair([50, 0, 0], [0, 0, 0]);
    assert!(Stratified::of(Kind::Nps, &[one_sided]).is_none());
    let both = pair([20, 5, 5], [20, 5, 4]);
    let found = Stratified::of(Kind::Nps, &[one_sided, both]).unwrap();
    assert_eq!((found.pairs, found.left_out), (1, 50));
    assert!(found.is_too_little(), "29 people with");
}

#[test]
fn among_many_fewer_stand_out() {
    assert_eq!(stand_out(&[]), [false; 0]);
    // The third of six is within 3/6 of a tenth, and takes those before it along.
    let p = [0.9, 0.001, 0.05, 0.045, 0.4, 0.6];
    assert_eq!(stand_out(&p), [false, true, true, true, false, false]);
}

#[test]
fn numbers_are_rounded_once() {
    assert_eq!(display::value(Kind::Csat, 79.5), "80 %");
    assert_eq!(display::value(Kind::Ces, 5.25), "5.3");
    assert_eq!(display::difference(Kind::Ces, -0.26), "\u{2212}0.3");
    assert_eq!(display::difference(Kind::Ces, -0.04), "0.0");
    assert_eq!(display::difference(Kind::Nps, 12.5), "+13");
    assert_eq!(display::distance(Kind::Nps, -9.4), "9");
}

/// Chance that a sample of `n` from `shares` of the seven points has an interval that holds the mean.
fn coverage(n: u64, shares: [f64; 7]) -> f64 {
    let truth: f64 = (1..=7).zip(shares).map(|(s, p)| f64::from(s) * p).sum();
    let mut held = 0.0;
    let mut counts = [0_u64; 7];
    fill(&mut counts, 0, n, &mut |counts| {
        let mut histogram = [0; POINTS];
        histogram[1..8].copy_from_slice(counts);
        let interval = Score::new(Kind::Ces, histogram).interval().unwrap();
        if (interval.low..=interval.high).contains(&truth) {
            held += chance(counts, shares);
        }
    });
    held
}

fn chance(counts: &[u64; 7], shares: [f64; 7]) -> f64 {
    let ln_factorial = |n: u64| (1..=n).map(|i| (i as f64).ln()).sum::<f64>();
    let mut ln = ln_factorial(counts.iter().sum());
    for (count, share) in counts.iter().zip(shares) {
        ln += *count as f64 * share.ln() - ln_factorial(*count);
    }
    ln.exp()
}

fn fill(counts: &mut [u64; 7], at: usize, left: u64, each: &mut impl FnMut(&[u64; 7])) {
    if at == 6 {
        counts[6] = left;
        return each(counts);
    }
    for here in 0..=left {
        counts[at] = here;
        fill(counts, at + 1, left - here, each);
    }
}

#[test]
fn means_of_few_are_covered() {
    for shares in [
        [0.05, 0.05, 0.1, 0.1, 0.2, 0.2, 0.3],
        [0.02, 0.02, 0.02, 0.04, 0.1, 0.2, 0.6],
        [0.25, 0.1, 0.1, 0.1, 0.1, 0.1, 0.25],
    ] {
        for n in [5, 12] {
            let held = coverage(n, shares);
            assert!((0.91..0.99).contains(&held), "n = {n}, {shares:?}: {held}");
        }
    }
}
