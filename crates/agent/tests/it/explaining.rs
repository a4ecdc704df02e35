//! Turns "why is it not showing?" into every gate.

use protocol::config::{Fact, Op, Outcome};

use crate::page::{Page, SECOND, START, again, check, condition, popover, url};

#[test]
fn nothing_is_known_before_the_config_nor_of_a_survey_that_does_not_run() {
    let mut page = Page::bare();
    let unknown = |config| format!("explained false\n{config}\n- running 1 0");
    check(page.say("explain", "nps"), &unknown("- config 1 0"));
    page.configure(&[]);
    check(page.say("explain", "nps"), &unknown("+ config 1 1"));
}

#[test]
fn every_gate_tells_what_it_needed_and_found() {
    let mut nps = again(popover("nps"), Outcome::Completed, 90);
    nps.from_ms = START;
    nps.conditions = url(&["/nowhere", "/help"]);
    let mut plan = condition(Fact::Trait, "plan", Op::Is, &["free"]);
    plan.negated = true;
    nps.conditions.push(plan);
    nps.delay_ms = 5_000;
    nps.cancels = vec![];
    let (mut page, _) = Page::new(&[nps]);
    page.wait(SECOND);
    page.call("busy", [2, 0, 0], [""; 3]);
    check(
        page.say("explain", "nps"),
        r#"explained false
        + config 1 1
        + running 1 1
        + automatic 1 1
        + consent 1 1
        + from 1795300000000 1795300001000
        + sample 1000 652
        - url "contains /nowhere or contains /help" "https://shop.example/cart"
        - trait "not plan is free" null
        + wait_survey_snoozed 604800000 null
        + wait_survey_dismissed null null
        + wait_survey_partial null null
        + wait_survey_completed 7776000000 null
        + impressions 3 0
        + session 1 0
        + cancel 1 0
        - delay 5000 0
        - guard 1 2"#,
    );
}

#[test]
fn what_would_show_is_eligible() {
    let mut nps = popover("nps");
    nps.waits.clear();
    let mut page = Page::bare();
    page.hide();
    page.configure(&[nps]);
    assert!(page.say("explain", "nps").starts_with("explained false"));
    assert!(page.see().starts_with("show"));
    assert!(page.say("explain", "nps").starts_with("explained true"));
}
