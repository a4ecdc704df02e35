//! Turns each answer of the collector into what the agent does next.
//!
//! Waits are as long as they can be here: 1 s after the first failure, 2 s after the second, …

use protocol::item::DismissReason::Person;
use protocol::limits::MAX_ITEM_BYTES;

use crate::page::{DAY, HOUR, MINUTE, Page, SECOND, START, check, rule};

/// A page whose first envelope, one NPS score, is under way.
fn answering() -> Page {
    let mut page = Page::open("nps");
    page.nps(9);
    check(page.wait(SECOND), "send b2 [r1.1 score=9]");
    page
}

/// A page on which four surveys were shown and closed; nothing was sent yet.
fn four_closed() -> Page {
    let rules: Vec<_> = ["a", "b", "c", "d"].map(rule).into();
    let (mut page, _) = Page::new(&rules);
    for n in 0..4 {
        page.shown();
        page.close(Person);
        page.go(&format!("https://shop.example/{n}"));
    }
    page
}

#[test]
fn what_has_no_outcome_is_sent_again_as_it_was() {
    for status in [0, 408, 425, 500, 502, 504, 302, 204] {
        let mut page = answering();
        check(page.reply(status, ""), "delivery waiting");
        check(page.wait(998), "");
        check(page.wait(1), "resend b2 #2");
        check(page.reply(status, ""), "");
        check(page.wait(2 * SECOND), "resend b2 #3");
        check(page.accept(), "forget b2\ndelivery stored");
        check(page.wait(HOUR), "");
    }
}

#[test]
fn a_200_that_is_not_the_collectors_has_no_outcome() {
    for letters in ["", "aa"] {
        let mut page = answering();
        check(page.reply(200, letters), "delivery waiting");
        check(page.wait(SECOND), "resend b2 #2");
    }
}

#[test]
fn a_duplicate_is_as_good_as_accepted() {
    let mut page = answering();
    check(page.reply(200, "d"), "forget b2\ndelivery stored");
}

#[test]
fn a_rejected_item_is_dropped_and_named() {
    for letter in ["x", "c"] {
        let mut page = answering();
        check(
            page.reply_with(200, letter, 0, "unknown_question"),
            "forget b2
             warn ItemRejected unknown_question
             delivery refused",
        );
        check(page.wait(DAY), "");
        // A later revision has a chance of its own.
        check(page.complete(), "emit submitted\ndelivery sending");
    }
}

#[test]
fn what_was_refused_can_be_sent_again_as_it_is() {
    let mut page = answering();
    page.complete();
    page.accept();
    page.wait(5 * SECOND);
    check(
        page.reply_with(200, "x", 0, "unknown_question"),
        "forget b3
         warn ItemRejected unknown_question
         delivery refused",
    );
    check(page.complete(), "delivery sending");
    page.wait(5 * SECOND);
    page.accept();
    check(page.complete(), "");
}

/// The widget goes back to "sending" with each answer by itself, so the word has to come again.
#[test]
fn each_answer_while_nobody_takes_it_is_told_to_wait() {
    let mut page = answering();
    check(page.reply(0, ""), "delivery waiting");
    check(page.text("More"), "emit answered\ndelivery waiting");
    check(page.complete(), "emit submitted\ndelivery waiting");

    let mut page = Page::open("nps");
    for text in ["x", "y"] {
        check(
            page.text(&text.repeat(MAX_ITEM_BYTES)),
            "emit answered\nwarn ItemDropped too_large\ndelivery refused",
        );
    }
}

#[test]
fn an_undecided_item_is_sent_again_alone() {
    let mut page = Page::open("nps");
    page.nps(9);
    page.close(Person);
    check(
        page.wait(SECOND),
        "send b2 [r1.1 score=9, dismissal nps person r1]",
    );
    check(page.reply_with(200, "ra", 7_000, ""), "forget b2");
    check(page.wait(6_999), "");
    check(page.wait(1), "send b3 [r1.1 score=9]");
    check(page.accept(), "forget b3");
}

#[test]
fn a_busy_collector_says_when() {
    for status in [429, 503] {
        let mut page = answering();
        check(
            page.reply_with(status, "", 90_000, "overloaded"),
            "delivery waiting",
        );
        check(page.hide(), "");
        check(page.online(), "");
        check(page.wait(90_000 - 1), "");
        check(page.wait(1), "resend b2 #2");
        // Without a header the wait is the usual one; an absurd one is not believed.
        check(page.reply(status, ""), "");
        check(page.wait(2 * SECOND), "resend b2 #3");
        check(page.reply_with(status, "", u32::MAX, ""), "");
        check(page.wait(HOUR), "resend b2 #4");
    }
}

#[test]
fn a_refusal_stops_the_page_says_so_once_and_looks_again_after_an_hour() {
    for status in [401, 403, 404, 410, 405, 451] {
        let mut page = answering();
        check(
            page.reply_with(status, "", 0, "unknown_site_key"),
            "warn Refused unknown_site_key\ndelivery waiting",
        );
        page.text("More");
        page.hide();
        page.online();
        check(page.wait(HOUR - MINUTE), "");
        check(page.wait(10 * MINUTE), "resend b2 #2");
        check(page.reply_with(status, "", 0, "unknown_site_key"), "");
        check(page.wait(2 * HOUR), "resend b2 #3");
        check(
            page.accept(),
            "forget b2\nsend b3 [r1.2 score=9 reason=More]\ndelivery sending",
        );
    }
}

#[test]
fn a_refused_config_says_so_once_and_is_asked_for_hourly() {
    let mut page = Page::bare();
    check(
        page.config_failed(403, "unknown_site_key"),
        "warn Refused unknown_site_key",
    );
    check(page.wait(HOUR - MINUTE), "");
    check(page.wait(10 * MINUTE), "fetch_config");
    check(page.config_failed(403, "unknown_site_key"), "");
    check(page.wait(2 * HOUR), "fetch_config");
    check(page.configure(&[rule("nps")]), "show nps@1");
}

#[test]
fn a_config_that_did_not_come_is_asked_for_soon() {
    let mut page = Page::bare();
    check(page.config_failed(0, ""), "");
    check(page.wait(SECOND), "fetch_config");
    check(page.wait(DAY), "");
    check(page.config_failed(502, ""), "");
    check(page.wait(2 * SECOND), "fetch_config");
}

#[test]
fn an_item_too_large_even_alone_is_dropped_and_reported() {
    let mut page = Page::open("nps");
    page.nps(9);
    page.close(Person);
    check(
        page.wait(SECOND),
        "send b2 [r1.1 score=9, dismissal nps person r1]",
    );
    check(page.reply(413, ""), "forget b2");
    check(page.wait(SECOND), "send b3 [r1.1 score=9]");
    check(page.reply(413, ""), "forget b3\nwarn ItemDropped too_large");
    check(
        page.wait(2 * SECOND),
        "send b4 [dismissal nps person r1] {\"too_large\": 1}",
    );
    check(page.accept(), "forget b4");
    check(page.wait(DAY), "");
}

#[test]
fn one_unreadable_item_is_found_by_halving() {
    for status in [400, 415, 422] {
        let mut page = four_closed();
        check(
            page.wait(3 * SECOND),
            "send b1 [dismissal a person, dismissal b person, dismissal c person, \
             dismissal d person, impression a, impression b, impression c, impression d]",
        );
        let mut given_up = 0;
        while let Some(sent) = page.sent.last().filter(|_| !page.flights.is_empty()) {
            let letters = "a".repeat(sent.items.len());
            let printed = if sent.items.iter().any(|item| item.seq == 4) {
                page.reply(status, "")
            } else {
                page.reply(200, &letters)
            };
            given_up += printed.matches("warn ItemDropped unreadable").count();
            page.wait(MINUTE);
        }
        assert_eq!(given_up, 1);
        // Eight items, 4 + 4, 2 + 2, 1 + 1.
        assert_eq!(page.requests.len(), 7);
    }
}

#[test]
fn a_report_that_was_not_received_is_made_again() {
    let mut page = Page::open("nps");
    page.nps(9);
    page.close(Person);
    page.wait(SECOND);
    page.reply(413, "");
    page.wait(SECOND);
    page.reply(413, "");
    check(
        page.wait(2 * SECOND),
        "send b4 [dismissal nps person r1] {\"too_large\": 1}",
    );
    check(
        page.reply(400, ""),
        "forget b4\nwarn ItemDropped unreadable",
    );
    page.configure(&[rule("other")]);
    page.show("other");
    page.shown();
    check(
        page.wait(MINUTE),
        "send b5 [impression other] {\"too_large\": 1, \"unreadable\": 1}",
    );
}

#[test]
fn one_request_is_under_way_at_a_time() {
    let mut page = answering();
    page.text("More");
    page.complete();
    check(page.wait(HOUR), "");
    check(
        page.accept(),
        "forget b2\nsend b3 [r1.3 score=9 reason=More done]",
    );
}

#[test]
fn a_page_that_may_go_sends_what_it_has_once_more_by_a_way_that_outlives_it() {
    let mut page = answering();
    page.text("More");
    check(
        page.hide(),
        "resend b2 #2 exit\nsend b3 [r1.2 score=9 reason=More] exit",
    );
    // `visibilitychange` and `pagehide` come in a row.
    check(page.hide(), "");
    check(page.see(), "");
    // A failure says nothing while the other request is out.
    check(page.reply(0, ""), "");
    check(page.accept(), "forget b2");
    check(page.accept(), "forget b3\ndelivery stored");
}

#[test]
fn a_page_that_may_go_tries_once_more_after_a_failure_but_not_at_once() {
    let mut page = answering();
    for _ in 0..20 {
        page.reply(502, "");
        while page.flights.is_empty() {
            page.wait(SECOND);
        }
    }
    page.reply(502, "");
    check(page.hide(), "");
    page.wait(10 * SECOND);
    check(page.hide(), "resend b2 #22 exit");
    check(page.hide(), "");
    check(page.reply(502, ""), "");
    check(page.hide(), "");
    page.wait(10 * SECOND);
    check(page.hide(), "resend b2 #23 exit");
}

#[test]
fn two_answers_to_one_envelope_are_one() {
    let mut page = answering();
    check(page.hide(), "resend b2 #2 exit");
    check(page.accept(), "forget b2\ndelivery stored");
    assert_eq!(page.flights, [page.sent.last().unwrap().slot]);
    check(page.reply(200, "d"), "");
    check(page.wait(HOUR), "");
}

#[test]
fn the_network_coming_back_ends_a_long_wait() {
    let mut page = answering();
    for _ in 0..40 {
        page.reply(502, "");
        while page.flights.is_empty() {
            page.wait(SECOND);
        }
    }
    page.reply(502, "");
    page.wait(10 * SECOND);
    check(page.online(), "");
    check(page.wait(SECOND), "resend b2 #42");
}

#[test]
fn an_answer_arrives_soon_after_the_collector_returns() {
    let mut page = answering();
    let down_until = page.time() + 20 * SECOND;
    while page.time() < down_until {
        if !page.flights.is_empty() {
            page.reply(0, "");
        }
        page.wait(SECOND / 10);
    }
    let returned = page.time();
    while page.flights.is_empty() {
        page.wait(SECOND / 10);
    }
    check(page.accept(), "forget b2\ndelivery stored");
    assert!(page.time() - returned <= 4 * SECOND);
}

#[test]
fn an_envelope_keeps_the_time_of_its_first_attempt() {
    let mut page = Page::open("nps");
    page.wait(10 * SECOND);
    page.nps(9);
    page.wait(SECOND);
    let sent = page.sent.last().unwrap();
    assert_eq!(sent.items[0].age_ms, 100);
    assert_eq!(sent.sent_wall, START + 13 * SECOND + 100);
}

#[test]
fn an_item_that_nobody_took_for_a_week_is_given_up() {
    let mut page = answering();
    page.text("More");
    page.wait(7 * DAY);
    check(
        page.accept(),
        "forget b2\nwarn ItemDropped expired\ndelivery refused",
    );
}

#[test]
fn every_item_is_counted_once_whatever_became_of_it() {
    let mut page = Page::open("nps");
    check(page.plain("count"), "made 1 accepted 1");
    page.nps(9);
    page.close(Person);
    check(page.plain("count"), "made 3 accepted 1 pending 2");
    page.wait(SECOND);
    page.reply_with(200, "xr", 0, "unknown_question");
    check(
        page.plain("count"),
        "made 3 accepted 1 rejected 1 pending 1",
    );
    page.wait(SECOND);
    page.reply(200, "d");
    check(
        page.plain("count"),
        "made 3 accepted 1 duplicate 1 rejected 1",
    );
}

#[test]
fn what_was_given_up_is_counted_with_its_reason() {
    let mut page = Page::open("nps");
    page.nps(9);
    page.text(&"x".repeat(MAX_ITEM_BYTES));
    page.close(Person);
    page.wait(SECOND);
    check(
        page.plain("count"),
        "made 4 accepted 1 pending 2 too_large 1",
    );
    while !page.flights.is_empty() {
        page.reply(422, "");
        page.wait(MINUTE);
    }
    check(
        page.plain("count"),
        "made 4 accepted 1 too_large 1 unreadable 2",
    );
}
