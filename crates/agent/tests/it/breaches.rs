//! What was slow or failed sets surveys off.

use protocol::budget::Stage;
use protocol::config::{
    Condition, Fact, FeatureRule, Metering, Op, RequestRule, SurveyRule, Trigger,
};
use protocol::latency::Within;

use crate::page::{MINUTE, Page, SECOND, check, condition, rule};

/// A survey that `event` sets off, after so many times within a minute.
fn set_off(event: &str, times: u16, filters: Vec<Condition>) -> SurveyRule {
    SurveyRule {
        triggers: vec![Trigger {
            event: event.to_owned(),
            filters,
            times,
            within_ms: 60_000,
        }],
        ..rule("nps")
    }
}

fn of(key: &str, op: Op, value: &str) -> Condition {
    condition(Fact::Property, key, op, &[value])
}

/// A page with that survey, and two features that must answer within 300 ms.
fn page(rule: SurveyRule) -> Page {
    let feature = |id: &str| FeatureRule {
        id: id.to_owned(),
        matches: vec![RequestRule {
            path: format!("/{id}"),
            ..RequestRule::default()
        }],
        within: vec![Within(Stage::Headers, 300)],
        background: false,
        cache: false,
    };
    let mut page = Page::bare();
    page.metering = Metering {
        features: vec![feature("search"), feature("orders")],
        ..Metering::default()
    };
    check(page.configure(&[rule]), "");
    page
}

/// A request of a feature has just ended after `ms`.
fn ended(page: &mut Page, feature: &str, ms: u64, status: u16) -> String {
    page.wait(ms);
    let (start, tenths) = (page.time() - ms, ms * 10);
    let url = format!("https://shop.example/{feature}");
    let row = format!(
        "0\u{1f}GET\u{1f}{url}\u{1f}\u{1f}{start}\u{1f}{tenths}\u{1f}\u{1f}{status}\u{1f}0\u{1f}0"
    );
    let row = row + &"\u{1f}".repeat(7);
    page.call("measured", [0; 3], [&row, "", ""])
}

#[test]
fn a_breach_sets_a_survey_off() {
    let mut page = page(set_off("$breach", 1, Vec::new()));
    check(ended(&mut page, "search", 300, 200), "");
    check(ended(&mut page, "else", 9_000, 200), "");
    check(ended(&mut page, "search", 301, 200), "show nps@1");
}

#[test]
fn feature_and_duration_can_be_asked_for() {
    let filters = vec![
        of("feature", Op::Is, "orders"),
        of("ms", Op::AtLeast, "1000"),
    ];
    let mut page = page(set_off("$breach", 1, filters));
    check(ended(&mut page, "search", 2_000, 200), "");
    check(ended(&mut page, "orders", 999, 200), "");
    page.wait(10 * SECOND);
    check(ended(&mut page, "orders", 1_000, 200), "show nps@1");
}

#[test]
fn what_is_slow_at_once_is_one_breach_of_its_feature() {
    let mut page = page(set_off("$breach", 3, Vec::new()));
    for _ in 0..5 {
        check(ended(&mut page, "search", 400, 200), "");
    }
    check(ended(&mut page, "orders", 400, 200), "");
    page.wait(10 * SECOND);
    check(ended(&mut page, "search", 400, 200), "show nps@1");
}

#[test]
fn failures_are_another_event() {
    let mut page = page(set_off("$failed", 1, Vec::new()));
    check(ended(&mut page, "search", 400, 200), "");
    check(ended(&mut page, "search", 5, 404), "");
    check(ended(&mut page, "else", 5, 503), "");
    check(ended(&mut page, "search", 5, 503), "show nps@1");
}

#[test]
fn what_was_slow_before_the_config_came_counts() {
    let mut page = Page::bare();
    check(ended(&mut page, "search", 400, 200), "");
    let mut with_rules = self::page(set_off("$breach", 1, Vec::new()));
    page.metering = core::mem::take(&mut with_rules.metering);
    page.wait(MINUTE);
    let rule = set_off("$breach", 1, Vec::new());
    check(page.configure(&[rule]), "show nps@1");
}
