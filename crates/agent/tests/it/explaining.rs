//! Turns "why is it not showing?" into every gate.

use protocol::config::{Fact, Op, Outcome};

use crate::page::{Page, SECOND, START, again, check, condition, popover, url};

#[test]
fn nothing_is_known_before_the_config_nor_of_a_survey_that_does_not_run() {
    let mut page = Page::bare();
    check(
        page.say("explain", "nps"),
        "explained nps\n[0,0,0,1]\n[1,0,0,1]",
    );
    page.configure(&[]);
    check(
        page.say("explain", "nps"),
        "explained nps\n[0,1,1,1]\n[1,0,0,1]",
    );
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
        r#"explained nps
        [0,1,1,1]
        [1,1,1,1]
        [2,1,1,1]
        [3,1,1,1]
        [4,1,1795300001000,1795300000000]
        [6,1,652,1000]
        [7,0,"https://shop.example/cart",0,"",0,1,"/nowhere",1,"/help"]
        [8,0,null,3,"plan",1,0,"free"]
        [9,1,null,0,1,7]
        [9,1,null,0,2]
        [9,1,null,0,3]
        [9,1,null,0,4,90]
        [10,1,0,3]
        [11,1,0,1]
        [13,1,0,1]
        [14,0,0,5000]
        [15,0,2,1]"#,
    );
}

#[test]
fn what_would_show_is_eligible() {
    let mut nps = popover("nps");
    nps.waits.clear();
    let mut page = Page::bare();
    page.hide();
    page.configure(&[nps]);
    let closed = |page: &mut Page| {
        let told = page.say("explain", "nps");
        told.lines()
            .filter(|gate| gate.split(',').nth(1) == Some("0"))
            .count()
    };
    assert_eq!(closed(&mut page), 1);
    assert!(page.see().starts_with("show"));
    assert_eq!(closed(&mut page), 0);
}
