//! Turns events, traits and probes into "shown" or "not shown".

use protocol::config::{Fact, Op, SurveyRule, Trigger};

use crate::page::{Page, SECOND, check, condition, list, popover, rule, url};

fn trigger(event: &str, times: u16, within_ms: u32) -> Trigger {
    Trigger {
        event: event.to_owned(),
        filters: Vec::new(),
        times,
        within_ms,
    }
}

fn on(event: &str) -> SurveyRule {
    SurveyRule {
        triggers: vec![trigger(event, 1, 0)],
        ..popover("nps")
    }
}

#[test]
fn an_event_sets_it_off_even_before_the_config_came() {
    let (mut page, shown) = Page::new(&[on("bought")]);
    check(shown, "");
    check(page.track("sold", &[]), "");
    check(page.track("bought", &[]), "show nps@1");
    let mut early = Page::bare();
    early.track("bought", &[]);
    check(early.configure(&[on("bought")]), "show nps@1");
}

#[test]
fn so_often_within_so_long() {
    let nps = SurveyRule {
        triggers: vec![trigger("$breach", 3, 10_000)],
        ..popover("nps")
    };
    let (mut page, _) = Page::new(&[nps]);
    for _ in 0..10 {
        check(page.track("$breach", &["feature", "search"]), "");
        page.wait(6 * SECOND);
    }
    page.track("$breach", &[]);
    page.wait(4 * SECOND);
    check(page.track("$breach", &[]), "show nps@1");
}

#[test]
fn filters_look_at_properties_and_numbers_are_decimal() {
    let mut nps = on("bought");
    nps.triggers[0].filters = vec![
        condition(Fact::Property, "price", Op::AtLeast, &["20"]),
        condition(Fact::Property, "kind", Op::Is, &["Tee 🫖", "Kaffee"]),
    ];
    let (mut page, _) = Page::new(&[nps]);
    for (price, kind) in [("19.99", "Tee 🫖"), ("1e9", "Tee 🫖"), ("20", "tee 🫖")] {
        check(page.track("bought", &["price", price, "kind", kind]), "");
    }
    check(page.track("bought", &["price", "20"]), "");
    check(
        page.track("bought", &["kind", "Tee 🫖", "price", "20.0"]),
        "show nps@1",
    );
}

#[test]
fn a_cancel_holds_for_the_page_load_and_takes_back_what_waits() {
    let mut nps = on("bought");
    nps.cancels = vec![trigger("left", 1, 0)];
    let rules = [nps];
    let (mut page, _) = Page::new(&rules);
    check(page.track("bought", &[]), "show nps@1");
    check(page.track("left", &[]), "hide");
    check(page.track("bought", &[]), "");
    page.reload(0, &rules);
    check(page.track("bought", &[]), "show nps@1");
}

#[test]
fn an_event_holds_over_route_changes_and_its_delay_goes_on() {
    let mut nps = on("bought");
    nps.delay_ms = 1_000;
    let (mut page, _) = Page::new(&[nps]);
    page.track("bought", &[]);
    page.wait(900);
    page.go("https://shop.example/thanks");
    check(page.wait(99), "");
    check(page.wait(1), "show nps@1");
}

#[test]
fn the_delay_begins_when_everything_else_holds() {
    let mut nps = popover("nps");
    nps.delay_ms = 1_000;
    nps.conditions = vec![condition(Fact::Trait, "plan", Op::Is, &["pro"])];
    let (mut page, _) = Page::new(&[nps]);
    check(page.wait(10 * SECOND), "");
    check(page.say("traits", &list(&["plan", "pro"])), "");
    check(page.wait(999), "");
    page.say("traits", &list(&["plan", "free"]));
    page.wait(SECOND);
    page.say("traits", &list(&["plan", "pro", "seats", "3"]));
    check(page.wait(999), "");
    check(page.wait(1), "show nps@1");
    assert_eq!(page.events, ["ready ", "eligible nps"]);
}

#[test]
fn time_on_the_page_wakes_by_itself() {
    let mut nps = rule("nps");
    nps.conditions = vec![condition(Fact::Dwell, "", Op::AtLeast, &["30000"])];
    let (mut page, _) = Page::new(&[nps]);
    check(page.wait(29_999), "");
    check(page.wait(1), "show nps@1");
}

#[test]
fn pages_of_the_session_are_counted() {
    let mut nps = rule("nps");
    nps.conditions = vec![condition(Fact::Pages, "", Op::AtLeast, &["3"])];
    let rules = [nps];
    let (mut page, _) = Page::new(&rules);
    check(page.go("https://shop.example/2"), "");
    check(page.reload(0, &rules), "show nps@1");
}

#[test]
fn a_probe_nobody_has_looked_at_is_neither_so_nor_not_so() {
    let mut nps = rule("nps");
    let mut element = condition(Fact::Element, "", Op::Probe, &["1"]);
    element.negated = true;
    nps.conditions = vec![element];
    let (mut page, shown) = Page::new(&[nps]);
    check(shown, "");
    check(page.say("sensed", "1"), "");
    check(page.say("sensed", "01"), "");
    check(page.say("sensed", "10"), "show nps@1");
    check(page.say("sensed", "11"), "hide");
}

#[test]
fn an_address_is_tested_by_pattern_and_language_by_tag() {
    let mut nps = rule("nps");
    nps.conditions = vec![
        condition(Fact::Url, "", Op::Glob, &["*/items/*/edit"]),
        condition(Fact::Language, "", Op::Within, &["EN"]),
        condition(Fact::Device, "", Op::Is, &["desktop"]),
    ];
    let (mut page, _) = Page::new(&[nps]);
    check(page.go("https://shop.example/items/1/edit/2"), "");
    check(page.go("https://shop.example/items/1/edit"), "show nps@1");
}

#[test]
fn what_waits_is_taken_back_when_the_page_goes_elsewhere() {
    let mut nps = rule("nps");
    nps.conditions = url(&["/cart"]);
    let (mut page, shown) = Page::new(&[nps]);
    check(shown, "show nps@1");
    check(page.go("https://shop.example/b"), "hide");
    assert!(!page.opened);
}
