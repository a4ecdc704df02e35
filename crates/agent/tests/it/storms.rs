//! Turns hours without a working collector into a number of requests that stays small.

use crate::page::{HOUR, MINUTE, Page, SECOND, rule};

/// Lets `hours` pass on a page with an unsent answer while every request is met by `reply`, and
/// `fidget` happens every second. Returns the number of requests in each hour.
fn requests_per_hour(hours: usize, status: u16, fidget: impl Fn(&mut Page)) -> Vec<usize> {
    let mut page = Page::open("nps");
    page.nps(9);
    page.requests.clear();
    let begin = page.time();
    while page.time() < begin + hours as u64 * HOUR {
        page.wait(SECOND);
        while !page.flights.is_empty() {
            page.reply(status, "");
        }
        fidget(&mut page);
    }
    let mut counts = vec![0; hours + 1];
    for at in &page.requests {
        counts[((at - begin) / HOUR) as usize] += 1;
    }
    counts.truncate(hours);
    counts
}

#[test]
fn an_unreachable_collector_is_asked_every_five_minutes_at_most_in_the_end() {
    for status in [0, 408, 429, 500, 503, 200] {
        let counts = requests_per_hour(8, status, |_| {});
        assert!(counts[0] <= 40, "{status}: {counts:?}");
        assert!(
            counts[1..].iter().all(|n| (1..=13).contains(n)),
            "{status}: {counts:?}"
        );
    }
}

#[test]
fn a_refusing_collector_is_asked_once_an_hour_at_most() {
    for status in [401, 403, 404, 410] {
        let counts = requests_per_hour(24, status, |_| {});
        assert!(counts.iter().all(|n| *n <= 1), "{status}: {counts:?}");
        assert!(counts.iter().sum::<usize>() >= 20, "{status}: {counts:?}");
    }
}

#[test]
fn an_unreadable_item_is_given_up_and_nothing_is_asked_after() {
    for status in [400, 413, 415, 422] {
        let counts = requests_per_hour(2, status, |_| {});
        assert!(counts[0] <= 3, "{status}: {counts:?}");
        assert_eq!(counts[1], 0);
    }
}

#[test]
fn a_restless_page_does_not_hurry_the_agent_much() {
    // Every second the tab is hidden and shown and the network comes back.
    let counts = requests_per_hour(4, 0, |page| {
        page.hide();
        page.see();
        page.online();
    });
    // At most one each ten seconds, whatever the page does.
    assert!(counts.iter().all(|n| *n <= 400), "{counts:?}");
}

#[test]
fn a_page_without_a_config_asks_every_five_minutes_at_most_in_the_end() {
    let mut page = Page::bare();
    let mut asked = 0;
    page.config_failed(0, "");
    for _ in 0..8 * 60 * 60 {
        if page.wait(SECOND).contains("fetch_config") {
            asked += 1;
            page.config_failed(500, "");
        }
    }
    assert!((8..=8 * 13 + 10).contains(&asked), "{asked}");
}

#[test]
fn a_quiet_page_never_wakes() {
    let (mut page, _) = Page::new(&[rule("nps")]);
    page.shown();
    page.wait(MINUTE);
    page.accept();
    assert_eq!(page.wait(100 * HOUR), "");
    assert_eq!(page.requests.len(), 1);
}
