//! Turns several rules into the one that is shown.

use survey::eligibility::{Arming, Asked, verdict};
use survey::ledger::Ledger;
use survey::pick::{Pick, pick};

use crate::eligibility::{read, rule, visit};

#[track_caller]
fn check(rules: &[(&str, i32, u32)], show: Option<usize>, in_ms: u64) {
    let ledger = Ledger::default();
    let rules: Vec<_> = rules
        .iter()
        .map(|(id, priority, delay_ms)| {
            let mut rule = rule(id);
            rule.priority = *priority;
            rule.delay_ms = *delay_ms;
            read(&rule)
        })
        .collect();
    let ask = |rule| verdict(rule, &visit(&ledger), Arming::default(), Asked::ALL);
    let picked = pick(rules.iter().map(|rule| (rule, ask(rule))));
    assert_eq!(picked, Pick { show, in_ms });
}

#[test]
fn the_highest_priority_then_the_smaller_id_is_picked() {
    check(&[("b", 0, 0), ("a", 0, 0)], Some(1), u64::MAX);
    check(&[("a", 0, 0), ("b", 5, 0)], Some(1), u64::MAX);
    check(&[("a", 9, 300), ("b", 0, 200)], None, 200);
    check(&[("a", 9, 300), ("b", 0, 0)], Some(1), 300);
    check(&[], None, u64::MAX);
}
