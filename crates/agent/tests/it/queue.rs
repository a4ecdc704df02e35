//! Turns more items than fit into the ones that matter, and a count of the others.

use protocol::item::DismissReason::Page as ByPage;
use protocol::item::ItemType;

use crate::page::{DAY, MINUTE, Page, SECOND, check, rule};

#[test]
fn answers_go_first() {
    let (mut page, _) = Page::new(&[rule("nps")]);
    page.shown();
    page.nps(9);
    check(page.wait(SECOND), "send b1 [r1.1 score=9, impression nps]");
}

/// A page whose first answer is under way, after which 110 more answers, dismissals and impressions
/// came; and what was printed meanwhile.
fn crowded() -> (Page, String) {
    let rules: Vec<_> = (0..120).map(|n| rule(&format!("s{n}"))).collect();
    let (mut page, _) = Page::new(&rules);
    page.shown();
    page.nps(9);
    // The collector never answers; everything else has to wait.
    check(
        page.wait(SECOND).get(..13).unwrap_or_default(),
        "send b1 [r1.1",
    );
    let mut printed = String::new();
    for n in 0..110 {
        printed += &page.close(ByPage);
        page.go(&format!("https://shop.example/{n}"));
        printed += &page.shown();
        printed += &page.nps(5);
    }
    (page, printed)
}

#[test]
fn each_lane_has_room_of_its_own() {
    let (mut page, printed) = crowded();
    // 110 answers wanted 100 places, 110 dismissals and 110 impressions another 100.
    assert_eq!(printed.matches("warn ItemDropped queue_full").count(), 130);
    check(page.plain("count"), "made 332 pending 202 queue_full 130");
    check(page.wait(DAY), "");
    page.accept();
    let sent = page.sent.last().unwrap();
    assert_eq!(sent.items.len(), 50);
    while !page.flights.is_empty() {
        page.accept();
        page.wait(MINUTE);
    }
    let sent = page.sent.iter().flat_map(|sent| &sent.items);
    let count = |kind| sent.clone().filter(|item| item.kind == kind).count();
    // The first answer and the first impression were under way.
    assert_eq!(count(ItemType::Response), 101);
    assert_eq!(count(ItemType::Dismissal), 100);
    assert_eq!(count(ItemType::Impression), 1);
}

#[test]
fn of_answers_the_latest_is_refused_and_says_so_of_dismissals_the_oldest_goes() {
    let (mut page, printed) = crowded();
    assert!(printed.ends_with("warn ItemDropped queue_full\ndelivery refused\n"));
    while !page.flights.is_empty() {
        page.accept();
        page.wait(MINUTE);
    }
    let sent = page.sent.iter().flat_map(|sent| &sent.items);
    let of = |kind| {
        let all = sent.clone().filter(move |item| item.kind == kind);
        all.map(|item| item.seq).collect::<Vec<_>>()
    };
    // What went last has no place in the count that others could miss: it was reported.
    assert!(of(ItemType::Response).iter().all(|seq| *seq < 320));
    assert!(of(ItemType::Dismissal).iter().all(|seq| *seq > 20));
}

#[test]
fn an_envelope_is_cut_by_bytes() {
    let mut page = Page::open("nps");
    page.nps(9);
    page.wait(SECOND);
    for id in ["a", "b", "c", "d"] {
        page.close(ByPage);
        page.configure(&[rule(id)]);
        page.show(id);
        page.shown();
        page.text(&"é".repeat(9_000));
    }
    page.wait(SECOND);
    page.accept();
    let n_long = |page: &Page| {
        let items = page.sent.last().unwrap().items.iter();
        items.filter(|item| item.kind == ItemType::Response).count()
    };
    // 18 KB each: one fits into 32 KB, a second does not.
    assert_eq!(n_long(&page), 1);
    page.accept();
    assert_eq!(n_long(&page), 1);
}

#[test]
fn an_item_longer_than_a_line_is_dropped_at_once() {
    let mut page = Page::open("nps");
    let long = "ü".repeat(33_000);
    check(
        page.text(&long),
        "emit answered
         warn ItemDropped too_large
         delivery refused",
    );
    check(page.wait(SECOND), "");
}

#[test]
fn an_answer_that_is_too_long_does_not_take_the_others_with_it() {
    let mut page = Page::open("nps");
    page.nps(9);
    page.text(&"ü".repeat(33_000));
    check(
        page.wait(SECOND),
        "send b2 [r1.1 score=9] {\"too_large\": 1}",
    );
    // What is reported is not a gap as well.
    assert_eq!(page.sent.last().unwrap().items[0].seq, 1);
    check(page.text("Short"), "emit answered\ndelivery sending");
    check(page.accept(), "forget b2");
    check(page.wait(SECOND), "send b3 [r1.3 score=9 reason=Short]");
}
