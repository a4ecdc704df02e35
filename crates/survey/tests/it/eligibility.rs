//! Turns each gate into a pair of visits: one that it lets through, one that it stops.

use proptest::prelude::*;
use protocol::config::DisplayRule;
use protocol::id::InstallId;
use survey::eligibility::{Gate, Seen, Verdict, Visit, checks, verdict};
use survey::pick::{Pick, pick};

use crate::rule;

const DAY: u64 = 24 * 60 * 60 * 1000;
const NOW: u64 = 1_795_000_000_000;

fn install(n: u64) -> InstallId {
    // The id's version and variant overwrite bits of the first three bytes.
    let mut random = [0; 10];
    random[2..].copy_from_slice(&n.to_be_bytes());
    InstallId::new(NOW, &random)
}

fn visit(url: &str, on_page_ms: u64) -> Visit<'_> {
    Visit {
        install: install(1),
        url,
        wall_ms: NOW,
        on_page_ms,
    }
}

#[track_caller]
fn check(show: DisplayRule, visit: Visit<'_>, seen: Seen, expected: Verdict) {
    assert_eq!(verdict(&rule("nps", show), &visit, &seen), expected);
}

#[test]
fn a_plain_rule_shows_at_once() {
    let visit = visit("https://shop.example/", 0);
    check(
        DisplayRule::default(),
        visit,
        Seen::default(),
        Verdict::Show,
    );
}

#[test]
fn url_contains_any_ignoring_case() {
    let show = || DisplayRule {
        url_contains: vec!["/Cart".to_owned(), "/checkout".to_owned()],
        ..DisplayRule::default()
    };
    let at = |url| visit(url, 0);
    let seen = Seen::default();
    check(
        show(),
        at("https://shop.example/CART/1"),
        seen,
        Verdict::Show,
    );
    check(
        show(),
        at("https://shop.example/checkout"),
        seen,
        Verdict::Show,
    );
    check(
        show(),
        at("https://shop.example/"),
        seen,
        Verdict::No(Gate::Url),
    );
    check(show(), at(""), seen, Verdict::No(Gate::Url));
}

#[test]
fn delay_waits_for_the_rest_of_it() {
    let show = || DisplayRule {
        delay_ms: 1500,
        ..DisplayRule::default()
    };
    let at = |ms| visit("https://shop.example/", ms);
    let seen = Seen::default();
    check(show(), at(0), seen, Verdict::Wait { in_ms: 1500 });
    check(show(), at(1499), seen, Verdict::Wait { in_ms: 1 });
    check(show(), at(1500), seen, Verdict::Show);
}

#[test]
fn waits_are_whole_days_and_absent_means_never() {
    let show = |answer, dismissal| DisplayRule {
        again_after_answer_days: answer,
        again_after_dismissal_days: dismissal,
        ..DisplayRule::default()
    };
    let answered = |ago| Seen {
        answered_ms: Some(NOW - ago),
        ..Seen::default()
    };
    let dismissed = |ago| Seen {
        dismissed_ms: Some(NOW - ago),
        ..Seen::default()
    };
    let at = visit("https://shop.example/", 0);
    let no = Verdict::No;
    check(
        show(None, None),
        at,
        answered(9_999 * DAY),
        no(Gate::AfterAnswer),
    );
    check(
        show(Some(90), None),
        at,
        answered(90 * DAY - 1),
        no(Gate::AfterAnswer),
    );
    check(show(Some(90), None), at, answered(90 * DAY), Verdict::Show);
    check(
        show(Some(90), Some(30)),
        at,
        dismissed(DAY),
        no(Gate::AfterDismissal),
    );
    check(show(None, Some(30)), at, dismissed(30 * DAY), Verdict::Show);
    check(show(Some(0), None), at, answered(0), Verdict::Show);
}

#[test]
fn a_clock_set_back_never_shows_too_early() {
    let seen = Seen {
        answered_ms: Some(NOW + DAY),
        ..Seen::default()
    };
    let show = DisplayRule {
        again_after_answer_days: Some(1),
        ..DisplayRule::default()
    };
    check(show, visit("", 0), seen, Verdict::No(Gate::AfterAnswer));
}

#[test]
fn ignoring_it_counts() {
    let seen = |impressions| Seen {
        impressions,
        ..Seen::default()
    };
    let at = visit("https://shop.example/", 0);
    check(DisplayRule::default(), at, seen(2), Verdict::Show);
    check(
        DisplayRule::default(),
        at,
        seen(3),
        Verdict::No(Gate::Impressions),
    );
}

#[test]
fn every_gate_is_told_with_what_it_needed() {
    let show = DisplayRule {
        delay_ms: 1500,
        ..DisplayRule::default()
    };
    let seen = Seen {
        impressions: 3,
        ..Seen::default()
    };
    let checks = checks(
        &rule("nps", show),
        &visit("https://shop.example/", 200),
        &seen,
    );
    let told: Vec<_> = checks
        .iter()
        .map(|c| (c.gate, c.needed, c.actual, c.passes))
        .collect();
    assert_eq!(told[2], (Gate::Impressions, 3, 3, false));
    assert_eq!(told[5], (Gate::Delay, 1500, 200, false));
}

#[test]
fn the_highest_priority_then_the_smaller_id_is_picked() {
    let of = |id, priority, delay_ms| {
        rule(
            id,
            DisplayRule {
                priority,
                delay_ms,
                ..DisplayRule::default()
            },
        )
    };
    let at = visit("https://shop.example/", 0);
    let pick = |rules: &[_]| pick(rules, &at, |_| Seen::default());
    assert_eq!(
        pick(&[of("b", 0, 0), of("a", 0, 0)]),
        Pick::Show { index: 1 }
    );
    assert_eq!(
        pick(&[of("a", 0, 0), of("b", 5, 0)]),
        Pick::Show { index: 1 }
    );
    assert_eq!(
        pick(&[of("a", 9, 300), of("b", 0, 200)]),
        Pick::Wait { in_ms: 200 }
    );
    assert_eq!(
        pick(&[of("a", 9, 300), of("b", 0, 0)]),
        Pick::Show { index: 1 }
    );
    assert_eq!(pick(&[]), Pick::Nothing);
}

fn sampled(permille: u16, n: u64) -> bool {
    let show = DisplayRule {
        sample_permille: permille,
        ..DisplayRule::default()
    };
    let visit = Visit {
        install: install(n),
        ..visit("https://shop.example/", 0)
    };
    verdict(&rule("nps", show), &visit, &Seen::default()) == Verdict::Show
}

#[test]
fn a_sample_has_the_size_it_was_given() {
    for permille in [0, 1, 100, 500, 999, 1000] {
        let drawn = (0..20_000).filter(|&n| sampled(permille, n)).count() as f64;
        let expected = 20.0 * f64::from(permille);
        // Five standard deviations of a binomial draw.
        let slack = 5.0 * (expected * (1.0 - expected / 20_000.0)).sqrt();
        assert!((drawn - expected).abs() <= slack, "{permille}: {drawn}");
    }
}

proptest! {
    #[test]
    fn raising_a_sample_only_adds_people(low in 0..=1000_u16, more in 0..=1000_u16, n: u64) {
        let high = (low + more).min(1000);
        prop_assert!(!sampled(low, n) || sampled(high, n));
    }
}
