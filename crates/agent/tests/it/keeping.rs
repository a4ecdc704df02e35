//! Turns pages that go before their time into items that the next page delivers, as they were.

use protocol::item::DismissReason::Person;

use crate::page::{DAY, HOUR, MINUTE, Page, SECOND, START, check, rule};

/// A page whose answer nobody has acknowledged.
fn answered() -> Page {
    let mut page = Page::open("nps");
    page.nps(9);
    page
}

#[test]
fn an_answer_is_kept_at_once_and_until_it_has_an_end() {
    for letter in ["a", "d", "c", "x"] {
        let mut page = answered();
        assert_eq!(page.kept.len(), 1);
        page.wait(SECOND);
        assert_eq!(page.kept.len(), 1);
        page.reply(200, letter);
        assert_eq!(page.kept.len(), 0);
    }
}

#[test]
fn a_revision_is_kept_instead_of_one_that_was_never_sent() {
    let mut page = answered();
    page.text("More");
    assert_eq!(page.kept.len(), 1);
    page.wait(SECOND);
    // This one was sent: the next stands beside it.
    page.complete();
    assert_eq!(page.kept.len(), 2);
    page.accept();
    assert_eq!(page.kept.len(), 1);
}

#[test]
fn what_is_kept_under_one_id_is_never_sent_with_another_body() {
    let mut page = answered();
    let (first, row) = page.kept.iter().next().unwrap();
    let (first, seq) = (*first, row.seq);
    page.text("More");
    page.wait(SECOND);
    let sent = &page.sent.last().unwrap().items[0];
    assert_ne!(sent.id, first);
    // Nobody else has its place: that would read as a loss.
    assert_eq!(sent.seq, seq);
    let ids: Vec<_> = page.kept.keys().collect();
    assert_eq!(ids, [&sent.id]);
}

#[test]
fn what_happens_by_itself_is_kept_only_once_something_went_wrong() {
    let (mut page, _) = Page::new(&[rule("nps")]);
    page.shown();
    page.wait(3 * SECOND);
    assert!(page.kept.is_empty());
    page.reply(503, "");
    assert_eq!(page.kept.len(), 1);
    // From now on at once.
    page.close(Person);
    assert_eq!(page.kept.len(), 2);
    page.wait(MINUTE);
    page.accept();
    assert_eq!(page.kept.len(), 1);
}

#[test]
fn a_page_that_goes_keeps_the_rest_if_it_keeps_something() {
    let (mut page, _) = Page::new(&[rule("nps")]);
    page.shown();
    page.hide();
    assert!(page.kept.is_empty());

    let (mut page, _) = Page::new(&[rule("nps")]);
    page.shown();
    page.nps(9);
    assert_eq!(page.kept.len(), 1);
    page.hide();
    assert_eq!(page.kept.len(), 2);
}

#[test]
fn the_next_page_delivers_what_was_left_as_it_was() {
    let mut page = answered();
    page.close(Person);
    page.wait(SECOND);
    page.reply(0, "");
    let before = page.sent.last().unwrap().clone();
    let left = page.leave_behind(HOUR);
    assert_eq!(left.len(), 2);
    check(
        page.adopt(&left),
        "send b1 [r1.1 score=9, dismissal nps person r1]",
    );
    let sent = page.sent.last().unwrap();
    assert_ne!(sent.batch, before.batch);
    assert_eq!(
        (sent.install, sent.session),
        (before.install, before.session)
    );
    for (now, then) in sent.items.iter().zip(&before.items) {
        assert_eq!((now.id, now.seq, &now.p), (then.id, then.seq, &then.p));
        let at = |age, wall| wall - age;
        assert_eq!(
            at(now.age_ms, sent.sent_wall),
            at(then.age_ms, before.sent_wall)
        );
    }
    assert_eq!(sent.sent_wall, START + HOUR + 4 * SECOND);
    check(page.plain("count"), "made 0 adopted 2 pending 2");
    page.reply(200, "da");
    assert!(page.kept.is_empty());
    check(
        page.plain("count"),
        "made 0 adopted 2 accepted 1 duplicate 1",
    );
}

#[test]
fn what_was_left_can_go_by_itself_in_as_many_ways_as_anything() {
    let mut page = answered();
    page.close(Person);
    page.hide();
    let left = page.leave_behind(MINUTE);
    page.adopt(&left);
    check(page.reply(413, ""), "forget b1");
    check(page.wait(SECOND), "send b2 [r1.1 score=9]");
    // Nobody has answered on this page: no widget waits for it.
    check(page.reply(413, ""), "forget b2\nwarn ItemDropped too_large");
    check(page.wait(2 * SECOND), "send b3 [dismissal nps person r1]");
    page.accept();
    assert!(page.kept.is_empty());
    // What this page gave up is told with its own items.
    page.configure(&[rule("other")]);
    page.shown();
    check(
        page.wait(3 * SECOND),
        "send b4 [impression other] {\"too_large\": 1}",
    );
}

#[test]
fn an_answer_goes_before_what_an_earlier_page_left_of_less_importance() {
    let (mut page, _) = Page::new(&[rule("nps")]);
    page.shown();
    page.wait(3 * SECOND);
    page.reply(500, "");
    let left = page.leave_behind(MINUTE);
    page.configure(&[rule("other")]);
    page.shown();
    page.nps(3);
    page.hide();
    page.flights.clear();
    let mut page = Page::open("other");
    page.nps(3);
    page.wait(SECOND);
    page.adopt(&left);
    page.text("More");
    page.wait(SECOND);
    check(
        page.accept(),
        "forget b2\nsend b3 [r1.2 score=3 reason=More]",
    );
    check(
        page.accept(),
        "forget b3\nsend b4 [impression nps]\ndelivery stored",
    );
}

#[test]
fn rows_that_cannot_be_read_are_nothing() {
    let mut page = answered();
    page.close(Person);
    page.hide();
    let mut left = page.leave_behind(MINUTE);
    left[1].1.confuse();
    check(page.adopt(&left), "");
    check(page.plain("count"), "made 0");
}

#[test]
fn rows_that_go_are_counted_and_reported() {
    let mut page = Page::open("nps");
    for (reason, n) in [(0, 2), (1, 3), (2, 1), (9, 5)] {
        check(page.call("lost", [reason, n, 0], [""; 3]), "");
    }
    check(
        page.plain("count"),
        "made 1 adopted 6 accepted 1 expired 2 no_consent 1 outbox_full 3",
    );
    page.nps(9);
    check(
        page.wait(SECOND),
        "send b2 [r1.1 score=9] {\"expired\": 2, \"no_consent\": 1, \"outbox_full\": 3}",
    );
}

#[test]
fn nothing_is_kept_for_more_than_a_week() {
    let mut page = answered();
    page.wait(SECOND);
    page.text("More");
    page.wait(7 * DAY);
    page.accept();
    assert!(page.kept.is_empty());
}

#[test]
fn what_the_page_holds_back_is_no_answer_of_the_collector() {
    let mut page = answered();
    page.close(Person);
    page.wait(SECOND);
    check(page.reply(200, "ab"), "forget b2");
    check(page.plain("count"), "made 3 accepted 2 before_send 1");
    assert!(page.kept.is_empty());
}
