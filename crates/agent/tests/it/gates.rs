//! Turns blocked requests, waits told to other pages, and what a person allows into what is sent when.

use crate::page::{DAY, HOUR, MINUTE, Page, SECOND, check, popover, rule};

/// A page whose first envelope, an impression, is under way.
fn shown() -> Page {
    let (mut page, _) = Page::new(&[rule("nps")]);
    page.shown();
    check(page.wait(3 * SECOND), "send b1 [impression nps]");
    page
}

#[test]
fn three_requests_that_got_no_answer_are_the_last_for_an_hour() {
    let mut page = shown();
    check(page.reply(0, ""), "");
    check(page.wait(SECOND), "resend b1 #2");
    page.reply(0, "");
    check(page.wait(2 * SECOND), "resend b1 #3");
    page.reply(0, "");
    page.hide();
    check(page.wait(HOUR - MINUTE), "");
    check(page.wait(10 * MINUTE), "resend b1 #4");
    // Half open: one more that gets none closes it again.
    page.reply(0, "");
    check(page.wait(HOUR - MINUTE), "");
    check(page.wait(10 * MINUTE), "resend b1 #5");
    check(page.accept(), "forget b1");
}

#[test]
fn an_answer_is_worth_more_tries() {
    let (mut page, _) = Page::new(&[rule("nps")]);
    page.shown();
    page.nps(9);
    page.wait(SECOND);
    for _ in 0..10 {
        page.reply(0, "");
        page.wait(5 * SECOND);
    }
    assert_eq!(page.flights.len(), 1);
}

#[test]
fn offline_nothing_is_taken_for_blocked() {
    let mut page = shown();
    for n in 2..12 {
        page.reply(1, "");
        check(page.wait(6 * MINUTE), &format!("resend b1 #{n}"));
    }
}

#[test]
fn another_network_is_worth_a_try() {
    let mut page = shown();
    for _ in 0..3 {
        page.reply(0, "");
        page.wait(2 * SECOND);
    }
    assert!(page.flights.is_empty());
    check(page.online(), "");
    page.wait(10 * SECOND);
    check(page.online(), "");
    check(page.wait(SECOND), "resend b1 #4");
}

#[test]
fn a_collector_that_has_answered_is_down_and_not_blocked() {
    let mut page = shown();
    page.reply(502, "");
    for _ in 0..10 {
        page.wait(6 * MINUTE);
        page.reply(0, "");
    }
    check(page.wait(6 * MINUTE), "resend b1 #12");
    for _ in 0..10 {
        page.reply(0, "");
        page.wait(6 * MINUTE);
    }
    assert!(page.flights.is_empty());
}

#[test]
fn a_wait_is_for_all_pages_of_the_browser_and_for_the_next() {
    let mut page = shown();
    page.reply_with(429, "", 90_000, "");
    let mut other = shown();
    other.accept();
    check(other.sync(&page.saved), "");
    other.nps(3);
    check(other.wait(90 * SECOND), "");
    // A little later than the first: both heard of the same time.
    check(other.wait(2 * SECOND), "send b2 [r1.1 score=3]");

    page.reload(60 * SECOND, &[rule("other")]);
    page.shown();
    check(page.wait(29 * SECOND), "");
    check(page.wait(3 * SECOND), "send b1 [impression other]");
}

#[test]
fn a_wait_from_a_clock_that_jumped_is_an_hour_at_most() {
    let mut page = shown();
    page.reply_with(503, "", 90_000, "");
    let state = page.saved.clone();
    page.set_wall(0);
    let mut other = Page::bare();
    other.set_wall(1_000);
    other.sync(&state);
    other.configure(&[rule("nps")]);
    other.shown();
    check(other.wait(HOUR - SECOND), "");
    check(other.wait(5 * SECOND), "send b1 [impression nps]");
}

#[test]
fn before_consent_an_answer_goes_and_the_rest_waits_with_its_own_time() {
    let mut page = Page::bare();
    page.call("consent", [2, 0, 0], [""; 3]);
    page.saved.clear();
    page.configure(&[popover("nps")]);
    page.show_with("nps", 1);
    page.shown();
    check(page.wait(MINUTE), "");
    page.nps(9);
    check(page.wait(SECOND), "send b1 [r1.1 score=9]");
    page.accept();
    assert!(page.saved.is_empty());
    assert!(page.kept.is_empty());
    check(page.plain("count"), "made 2 accepted 1 pending 1");
    check(
        page.call("consent", [1, 0, 0], [""; 3]),
        "send b2 [impression nps]",
    );
    assert!(page.sent[1].items[0].age_ms >= MINUTE);
    assert!(!page.saved.is_empty());
}

#[test]
fn a_refusal_gives_up_what_waits_and_keeps_answers_in_memory_alone() {
    let mut page = Page::bare();
    page.call("consent", [2, 0, 0], [""; 3]);
    page.saved.clear();
    page.configure(&[popover("nps")]);
    page.show_with("nps", 1);
    page.shown();
    page.nps(9);
    page.call("consent", [0, 0, 0], [""; 3]);
    check(page.plain("count"), "made 2 pending 1 no_consent 1");
    let sent = page.sent.last().unwrap();
    assert_eq!(sent.items.len(), 1);
    assert!(page.kept.is_empty() && page.saved.is_empty());
    // From now on nothing waits.
    page.accept();
    page.text("More");
    page.close(protocol::item::DismissReason::Person);
    check(
        page.wait(MINUTE),
        "send b2 [r1.2 score=9 reason=More] {\"no_consent\": 1}",
    );
}

#[test]
fn what_was_kept_is_kept_no_longer_after_a_refusal() {
    let mut page = Page::open("nps");
    page.nps(9);
    page.close(protocol::item::DismissReason::Person);
    page.wait(SECOND);
    page.reply(503, "");
    assert_eq!(page.kept.len(), 2);
    check(page.call("consent", [0, 0, 0], [""; 3]), "forget b2\nwipe");
    page.kept.clear();
    check(
        page.wait(MINUTE),
        "send b3 [r1.1 score=9] {\"no_consent\": 1}",
    );
    page.reply(503, "");
    page.wait(MINUTE);
    assert!(page.kept.is_empty());
    // Allowed again, it is kept again.
    page.call("consent", [1, 0, 0], [""; 3]);
    assert_eq!(page.kept.len(), 1);
}

#[test]
fn a_browser_that_asks_not_to_be_measured_still_sends_what_a_person_sends() {
    let mut page = Page::bare();
    page.call("consent", [1, 1, 0], [""; 3]);
    page.configure(&[rule("nps")]);
    page.shown();
    page.nps(9);
    check(
        page.wait(SECOND),
        "send b1 [r1.1 score=9] {\"no_consent\": 1}",
    );
    // What surveys this browser has seen may be remembered: nobody is told.
    assert!(!page.saved.is_empty());
    page.accept();
    check(page.wait(DAY), "");
}
