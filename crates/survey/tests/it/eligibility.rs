//! Turns each gate into a pair of visits: one that it lets through, one that it stops.

use proptest::prelude::*;
use protocol::config::{Class, Condition, Fact, Match, Op, SurveyRule};
use protocol::id::InstallId;
use protocol::item::SurveyRef;
use survey::bytes::Reader;
use survey::eligibility::{self, Arming, Asked, Gate, Verdict, Visit};
use survey::ledger::Ledger;
use survey::matching::{self, Facts};
use survey::rule::{self, Rule};

pub(crate) const NOW: u64 = 1_795_000_000_000;

pub(crate) fn rule(id: &str) -> SurveyRule {
    SurveyRule {
        survey: SurveyRef {
            id: id.to_owned(),
            version: 1,
        },
        class: Class::Nps,
        priority: 0,
        sample_permille: 1_000,
        from_ms: 0,
        until_ms: 0,
        conditions: Vec::new(),
        triggers: Vec::new(),
        cancels: Vec::new(),
        delay_ms: 0,
        max_impressions: 3,
        waits: Vec::new(),
        inline: false,
    }
}

/// A rule as the agent reads it from what the collector writes.
pub(crate) fn read(rule: &SurveyRule) -> Rule<'static> {
    let bytes = postcard::to_allocvec(rule).expect("a rule can be written");
    let mut from = Reader::new(bytes.leak());
    let rule = Rule::read(&mut from);
    assert!(from.is_ok() && from.is_at_end());
    rule
}

pub(crate) fn verdict(
    rule: &SurveyRule,
    visit: &Visit<'_>,
    arming: Arming,
    asked: Asked,
) -> Verdict {
    eligibility::verdict(&read(rule), visit, arming, asked)
}

fn holds(condition: &Condition, facts: &Facts<'_>) -> bool {
    let bytes = postcard::to_allocvec(condition).expect("a condition can be written");
    let condition = rule::Condition::read(&mut Reader::new(&bytes));
    matching::holds(&condition, facts).0
}

fn install(n: u64) -> InstallId {
    // The id's version and variant overwrite bits of the first three bytes.
    let mut random = [0; 10];
    random[2..].copy_from_slice(&n.to_be_bytes());
    InstallId::new(NOW, &random)
}

pub(crate) fn facts() -> Facts<'static> {
    Facts {
        url: b"https://shop.example/Cart/1",
        device: b"phone",
        language: b"pt-BR",
        traits: "plan\u{1f}pro\u{1f}seats\u{1f}12.50\u{1f}empty\u{1f}\u{1f}".as_bytes(),
        properties: &[],
        probes: b"01",
        pages: 3,
        dwell_ms: 2_000,
    }
}

pub(crate) fn visit(ledger: &Ledger) -> Visit<'_> {
    Visit {
        install: install(1),
        consents: true,
        facts: facts(),
        wall_ms: NOW,
        asked: 0,
        guard: 0,
        ledger,
    }
}

#[track_caller]
fn check(fact: Fact, key: &str, op: Op, value: &str, expected: bool) {
    let mut condition = Condition {
        fact,
        key: key.to_owned(),
        any: vec![Match {
            op,
            value: value.to_owned(),
        }],
        negated: false,
    };
    assert_eq!(holds(&condition, &facts()), expected);
    condition.negated = true;
    assert_eq!(holds(&condition, &facts()), !expected);
}

#[test]
fn each_way_to_look_at_a_fact() {
    check(Fact::Url, "", Op::Contains, "/cart/", true);
    check(Fact::Url, "", Op::Contains, "/carts/", false);
    check(Fact::Url, "", Op::Is, "https://shop.example/Cart/1", true);
    check(Fact::Url, "", Op::Is, "https://shop.example/cart/1", false);
    for (pattern, fits) in [
        ("*", true),
        ("https://*.example/*/1", true),
        ("*/1*", true),
        ("*/Cart", false),
        ("https://*1**", true),
        ("", false),
        ("*2", false),
    ] {
        check(Fact::Url, "", Op::Glob, pattern, fits);
    }
    check(Fact::Language, "", Op::Within, "PT", true);
    check(Fact::Language, "", Op::Within, "pt-br", true);
    check(Fact::Language, "", Op::Within, "p", false);
    check(Fact::Device, "", Op::Is, "phone", true);
    check(Fact::Trait, "plan", Op::Is, "pro", true);
    check(Fact::Trait, "empty", Op::Present, "", true);
    check(Fact::Pages, "", Op::AtLeast, "3", true);
    check(Fact::Dwell, "", Op::Below, "2000", false);
    check(Fact::Element, "", Op::Probe, "0", false);
    check(Fact::Url, "", Op::Probe, "1", true);
    for (value, least) in [
        ("12.5", true),
        ("12", true),
        ("13", false),
        ("-13", true),
        ("100", false),
        ("9", true),
        ("0012.4999999999999999999999", true),
    ] {
        check(Fact::Trait, "seats", Op::AtLeast, value, least);
        check(Fact::Trait, "seats", Op::Below, value, !least);
    }
    check(Fact::Trait, "plan", Op::AtLeast, "0", false);
}

#[test]
fn what_is_missing_never_fits_negated_or_not() {
    for negated in [false, true] {
        for (fact, key, op) in [
            (Fact::Trait, "city", Op::Is),
            (Fact::Trait, "", Op::Present),
            (Fact::Property, "plan", Op::Is),
            (Fact::Element, "", Op::Probe),
        ] {
            let any = vec![Match {
                op,
                value: "2".to_owned(),
            }];
            let key = key.to_owned();
            let condition = Condition {
                fact,
                key,
                any,
                negated,
            };
            assert!(!holds(&condition, &facts()));
        }
    }
}

#[test]
fn gates_close_in_order_and_time_opens_some() {
    let ledger = Ledger::default();
    let mut nps = rule("nps");
    let ask = |rule: &SurveyRule| verdict(rule, &visit(&ledger), Arming::default(), Asked::ALL);
    assert_eq!(ask(&nps), Verdict::SHOW);
    nps.delay_ms = 1_500;
    let only_delay = Verdict {
        closed: Some(Gate::Delay),
        holds: true,
        in_ms: 1_500,
    };
    assert_eq!(ask(&nps), only_delay);
    nps.max_impressions = 0;
    assert_eq!(ask(&nps).closed, Some(Gate::Impressions));
    nps.from_ms = NOW + 7;
    assert_eq!((ask(&nps).closed, ask(&nps).in_ms), (Some(Gate::From), 7));
    nps.class = Class::Feedback;
    assert_eq!(ask(&nps).closed, Some(Gate::Automatic));
}

/// The whole numbers that JavaScript tells apart.
const SAFE: std::ops::Range<i64> = -(1 << 53)..1 << 53;

fn sampled(permille: u16, n: u64) -> bool {
    let ledger = Ledger::default();
    let mut nps = rule("nps");
    nps.sample_permille = permille;
    let visit = Visit {
        install: install(n),
        ..visit(&ledger)
    };
    verdict(&nps, &visit, Arming::default(), Asked::ALL) == Verdict::SHOW
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

    #[test]
    fn whole_numbers_compare_as_numbers(a in SAFE, b in SAFE) {
        let traits = format!("n\u{1f}{a}\u{1f}");
        let condition = Condition {
            fact: Fact::Trait,
            key: "n".to_owned(),
            any: vec![Match { op: Op::AtLeast, value: b.to_string() }],
            negated: false,
        };
        let facts = Facts { traits: traits.as_bytes(), ..facts() };
        prop_assert_eq!(holds(&condition, &facts), a >= b);
    }
}
