//! Turns what a person does in a survey into revisions, events and dismissals.

use protocol::item::DismissReason::Person;

use crate::page::{Page, SECOND, check, ids};

#[test]
fn the_score_is_sent_first_and_the_reason_completes_it() {
    let mut page = Page::open("nps");
    check(page.nps(9), "emit answered\ndelivery sending");
    check(page.wait(SECOND), "send b2 [r1.1 score=9]");
    check(page.accept(), "forget b2\ndelivery stored");
    check(page.text("  Fast.\n"), "emit answered\ndelivery sending");
    check(page.complete(), "emit submitted");
    check(
        page.wait(SECOND),
        "send b3 [r1.3 score=9 reason=Fast. done]",
    );
    check(page.accept(), "forget b3\ndelivery stored");
    check(page.close(Person), "hide");
    check(page.wait(10 * SECOND), "");
}

#[test]
fn a_revision_that_was_never_sent_leaves_no_gap() {
    let mut page = Page::open("nps");
    page.nps(9);
    page.wait(SECOND);
    page.text("Slow");
    page.complete();
    page.accept();
    page.wait(SECOND);
    let (mut ids, seqs): (Vec<_>, Vec<_>) = ids(&page).into_iter().unzip();
    assert_eq!(seqs, [0, 1, 2]);
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn another_answer_to_the_same_question_replaces_the_first() {
    let mut page = Page::open("nps");
    page.nps(2);
    page.nps(8);
    check(page.wait(SECOND), "send b2 [r1.2 score=8]");
}

#[test]
fn empty_text_is_a_skip_and_is_told() {
    let mut page = Page::open("nps");
    page.nps(7);
    page.text("");
    page.complete();
    check(page.wait(SECOND), "send b2 [r1.3 score=7 reason=- done]");
    let mut page = Page::open("nps");
    page.text(" \n ");
    check(page.wait(SECOND), "send b2 [r1.1 reason=-]");
}

#[test]
fn closing_half_way_keeps_the_answers_and_names_them() {
    let mut page = Page::open("nps");
    page.nps(4);
    check(page.close(Person), "emit dismissed\nhide");
    check(
        page.wait(SECOND),
        "send b2 [r1.1 score=4, dismissal nps person r1]",
    );
}

#[test]
fn nothing_happens_without_an_open_survey() {
    let mut page = Page::bare();
    check(page.shown(), "");
    check(page.nps(9), "");
    check(page.text("x"), "");
    check(page.complete(), "");
    check(page.close(Person), "");
    check(page.wait(10 * SECOND), "");
}

#[test]
fn an_ending_is_reached_once() {
    let mut page = Page::open("nps");
    page.nps(9);
    page.complete();
    check(page.complete(), "");
    check(page.wait(SECOND), "send b2 [r1.2 score=9 done]");
}
