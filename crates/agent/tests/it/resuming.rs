//! Turns an answer that was interrupted into the same answer going on.

use protocol::item::DismissReason::{Page as ByPage, Person, Snoozed};

use crate::page::{DAY, MINUTE, Page, SECOND, check, popover, response, rule, url};

#[test]
fn an_answer_in_part_goes_on_after_a_page_load_with_the_same_response() {
    let rules = [popover("nps")];
    let (mut page, _) = Page::new(&rules);
    page.shown();
    page.nps(9);
    page.wait(SECOND);
    let before = response(&page);
    check(page.reload(MINUTE, &rules), "show nps@1");
    assert_eq!(page.resumed.as_deref(), Some("AAEC"));
    check(page.shown(), "emit shown");
    page.text("Fast");
    page.complete();
    page.wait(5 * SECOND);
    let after = response(&page);
    assert_eq!((after.response, after.revision), (before.response, 3));
    // No second impression.
    assert_eq!(page.sent.iter().flat_map(|sent| &sent.items).count(), 1);
    check(page.reload(MINUTE, &rules), "");
}

#[test]
fn not_in_another_session_nor_in_another_version() {
    let rules = [popover("nps")];
    let (mut page, _) = Page::new(&rules);
    page.shown();
    page.nps(9);
    check(page.reload(31 * MINUTE, &rules), "");
    let (mut page, _) = Page::new(&rules);
    page.shown();
    page.nps(9);
    let mut newer = popover("nps");
    newer.survey.version = 2;
    check(page.reload(0, &[newer]), "");
}

#[test]
fn what_the_person_closed_does_not_come_back_and_what_the_page_closed_does() {
    for (by, next) in [(Person, ""), (Snoozed, ""), (ByPage, "show nps@1")] {
        let rules = [popover("nps")];
        let (mut page, _) = Page::new(&rules);
        page.shown();
        page.nps(9);
        page.close(by);
        check(page.go("https://shop.example/b"), "");
        check(page.reload(0, &rules), next);
    }
}

#[test]
fn later_is_a_week_and_is_told() {
    let rules = [popover("nps")];
    let (mut page, _) = Page::new(&rules);
    page.shown();
    check(page.close(Snoozed), "emit snoozed\nhide");
    check(
        page.wait(3 * SECOND),
        "send b1 [dismissal nps snoozed, impression nps]",
    );
    check(page.reload(7 * DAY - 3 * SECOND - 1, &rules), "");
    check(page.reload(1, &rules), "show nps@1");
}

#[test]
fn an_address_that_comes_back_brings_the_answers_back() {
    let mut nps = popover("nps");
    nps.conditions = url(&["/cart"]);
    let (mut page, _) = Page::new(&[nps]);
    page.shown();
    page.nps(4);
    check(page.go("https://shop.example/help"), "hide");
    check(page.go("https://shop.example/cart"), "show nps@1");
    assert_eq!(page.resumed.as_deref(), Some("AAEC"));
    check(page.shown(), "");
    page.text("Slow");
    page.wait(5 * SECOND);
    page.accept();
    page.wait(5 * SECOND);
    assert_eq!(response(&page).answers.len(), 2);
}

#[test]
fn one_survey_asks_in_a_session_and_none_while_the_moment_is_wrong() {
    let rules = [popover("a"), popover("b"), rule("inline")];
    let (mut page, shown) = Page::new(&rules);
    check(shown, "show a@1");
    check(page.ready(7), "");
    assert!(!page.opened);
    check(page.wait(MINUTE), "");
    check(page.shown(), "emit shown");
    assert!(page.opened);
    page.close(Person);
    check(page.go("https://shop.example/2"), "show inline@1");
    page.shown();
    page.close(Person);
    check(page.go("https://shop.example/3"), "");
    check(page.reload(30 * MINUTE, &rules), "show b@1");
}

#[test]
fn it_is_kept_as_seen_before_it_is_opened_and_another_tab_knows() {
    let rules = [popover("nps")];
    let (mut here, shown) = Page::new(&rules);
    check(shown, "show nps@1");
    let (mut there, _) = Page::new(&rules);
    there.saved.clone_from(&here.saved);
    there.reload(0, &rules);
    here.ready(0);
    assert!(here.opened);
    // The lock went to the other tab, which reads what is stored.
    there.saved.clone_from(&here.saved);
    check(there.ready(0), "hide");
    assert!(!there.opened);
}

#[test]
fn the_page_may_insist_and_the_person_always_may() {
    let mut feedback = popover("feedback");
    feedback.class = protocol::config::Class::Feedback;
    let rules = [popover("nps"), feedback];
    let (mut page, _) = Page::new(&rules);
    page.shown();
    page.nps(9);
    page.complete();
    page.close(Person);
    check(page.show("nps"), "warn NotAgainYet nps");
    check(page.show_with("nps", 2), "show nps@1");
    page.shown();
    check(
        page.show_with("feedback", 1),
        "hide\nshow feedback@1 by person",
    );
    page.ready(7);
    assert!(page.opened);
    check(page.reload(0, &rules), "");
}

/// Two tabs with the same response: `there` waits for its moment to go on with it.
fn two_tabs() -> (Page, Page) {
    let rules = [popover("nps")];
    let (mut here, _) = Page::new(&rules);
    here.shown();
    here.nps(9);
    let (mut there, _) = Page::new(&rules);
    there.saved.clone_from(&here.saved);
    check(there.reload(0, &rules), "show nps@1");
    (here, there)
}

#[test]
fn what_another_tab_has_ended_does_not_go_on() {
    for by in [None, Some(Person), Some(Snoozed)] {
        let (mut here, mut there) = two_tabs();
        match by {
            Some(by) => here.close(by),
            None => here.complete(),
        };
        there.saved.clone_from(&here.saved);
        check(there.ready(0), "hide");
        assert!(!there.opened);
    }
}

#[test]
fn what_another_tab_went_on_with_goes_on_from_there() {
    let (mut here, mut there) = two_tabs();
    here.text("Fast");
    there.saved.clone_from(&here.saved);
    check(there.ready(0), "hide\nshow nps@1");
    there.shown();
    assert!(there.opened);
    there.complete();
    there.wait(5 * SECOND);
    assert_eq!(response(&there).revision, 3);
}

#[test]
fn what_is_open_counts_on_from_what_another_tab_has_sent() {
    let (mut here, mut there) = two_tabs();
    there.shown();
    here.text("Fast");
    here.text("Faster");
    there.sync(&here.saved);
    there.complete();
    there.wait(5 * SECOND);
    assert_eq!(response(&there).revision, 4);
}
