//! Turns rules, addresses and closings into "shown" or "not shown".

use protocol::config::Outcome;
use protocol::item::DismissReason::{Page as ByPage, Person};

use crate::page::{DAY, HOUR, MINUTE, Page, SECOND, URL, again, check, rule, url};

#[test]
fn shows_a_survey_once_its_delay_is_over() {
    let mut nps = rule("nps");
    nps.delay_ms = 1_500;
    let (mut page, shown) = Page::new(&[nps]);
    check(shown, "");
    check(page.wait(1_499), "");
    check(page.wait(1), "show nps@1");
    check(page.wait(HOUR), "");
}

#[test]
fn shows_nothing_without_a_config() {
    let mut page = Page::bare();
    check(page.wait(DAY), "");
    check(page.configure(&[]), "");
    check(page.wait(DAY), "");
}

#[test]
fn a_config_of_another_layout_shows_nothing_and_says_so() {
    let mut page = Page::bare();
    check(page.configure_bytes(&[3, 0]), "warn ConfigUnreadable");
    check(page.configure_bytes(&[]), "warn ConfigUnreadable");
    check(page.configure_bytes(&[2, 200]), "warn ConfigUnreadable");
    check(page.configure(&[rule("nps")]), "show nps@1");
}

#[test]
fn a_config_is_read_as_postcard_writes_it() {
    let priorities = [i32::MIN, -65, -64, -2, -1, 0, 1, 63, 64, i32::MAX];
    for pair in priorities.windows(2) {
        let (mut low, mut high) = (rule("a"), rule("z"));
        low.priority = pair[0];
        high.priority = pair[1];
        high.survey.version = u32::MAX;
        check(Page::new(&[low, high]).1, "show z@4294967295");
    }
    let mut nps = again(rule("nps"), Outcome::Completed, 400);
    nps.conditions = url(&["/nowhere", "/cart"]);
    nps.delay_ms = 70_000;
    nps.max_impressions = 300;
    let mut last = rule("last");
    last.conditions = url(&["/nowhere"]);
    let rules = [nps, last];
    let (mut page, _) = Page::new(&rules);
    check(page.wait(69_999), "");
    check(page.wait(1), "show nps@1");
    page.shown();
    page.nps(9);
    page.wait(SECOND);
    page.complete();
    page.reload(400 * DAY - 1, &rules);
    check(page.show("nps"), "warn NotAgainYet nps");
    page.reload(1, &rules);
    check(page.show("nps"), "show nps@1");
    page.shown();
    check(page.show("last"), "warn AlreadyOpen last");
}

#[test]
fn an_ignored_survey_is_shown_three_times_in_all() {
    let rules = [rule("nps")];
    let (mut page, shown) = Page::new(&rules);
    check(shown, "show nps@1");
    for next in ["show nps@1", "show nps@1", ""] {
        check(page.shown(), "emit shown");
        check(page.reload(DAY, &rules), next);
    }
    check(page.reload(5_000 * DAY, &rules), "");
}

#[test]
fn a_survey_that_never_became_visible_does_not_count() {
    let rules = [rule("nps")];
    let (mut page, _) = Page::new(&rules);
    for _ in 0..10 {
        check(page.reload(MINUTE, &rules), "show nps@1");
    }
}

#[test]
fn an_answered_survey_comes_back_after_its_days_and_not_before() {
    let mut nps = rule("nps");
    nps = again(nps, Outcome::Completed, 90);
    let rules = [nps];
    let (mut page, _) = Page::new(&rules);
    page.shown();
    page.nps(9);
    page.wait(SECOND);
    page.complete();
    check(page.reload(0, &rules), "");
    check(page.reload(90 * DAY - 1, &rules), "");
    check(page.reload(1, &rules), "show nps@1");
}

#[test]
fn an_answered_survey_never_comes_back_without_days() {
    let rules = [rule("nps")];
    let (mut page, _) = Page::new(&rules);
    page.shown();
    page.nps(9);
    page.wait(SECOND);
    page.complete();
    check(page.reload(5_000 * DAY, &rules), "");
}

#[test]
fn a_dismissed_survey_comes_back_after_its_days_and_not_before() {
    let mut nps = rule("nps");
    nps = again(nps, Outcome::Dismissed, 30);
    let rules = [nps];
    let (mut page, _) = Page::new(&rules);
    page.shown();
    check(page.close(Person), "emit dismissed\nhide");
    check(page.reload(30 * DAY - 1, &rules), "");
    check(page.reload(1, &rules), "show nps@1");
}

#[test]
fn a_clock_that_was_set_back_shows_nothing_early() {
    let mut nps = rule("nps");
    nps = again(nps, Outcome::Completed, 1);
    let rules = [nps];
    let (mut page, _) = Page::new(&rules);
    page.shown();
    page.nps(9);
    page.wait(SECOND);
    page.complete();
    page.set_wall(0);
    check(page.reload(0, &rules), "");
}

#[test]
fn the_highest_priority_wins_and_only_one_is_open() {
    let mut important = rule("z");
    important.priority = 1;
    let (mut page, shown) = Page::new(&[important, rule("a")]);
    check(shown, "show z@1");
    check(page.shown(), "emit shown");
    check(page.wait(2 * SECOND), "");
    check(page.show("a"), "warn AlreadyOpen a");
    check(page.configure(&[rule("a")]), "");
}

#[test]
fn after_one_survey_the_next_waits_for_the_next_page() {
    let (mut page, _) = Page::new(&[rule("a"), rule("b")]);
    page.shown();
    check(page.close(Person), "emit dismissed\nhide");
    check(page.wait(SECOND), "");
    // The same address once more is the same page.
    check(page.go(URL), "");
    check(page.go("https://shop.example/done"), "show b@1");
}

#[test]
fn a_hidden_page_shows_nothing() {
    let (mut page, _) = Page::new(&[]);
    page.hide();
    check(page.configure(&[rule("nps")]), "");
    check(page.wait(HOUR), "");
    check(page.see(), "show nps@1");
}

#[test]
fn leaving_the_address_hides_without_a_dismissal_and_coming_back_shows_again() {
    let mut nps = rule("nps");
    nps.conditions = url(&["/CART"]);
    let (mut page, shown) = Page::new(&[nps]);
    check(shown, "show nps@1");
    page.shown();
    check(page.go("https://shop.example/help"), "hide");
    check(page.wait(3 * SECOND), "send b1 [impression nps]");
    check(page.go("https://shop.example/cart"), "show nps@1");
}

#[test]
fn a_route_change_restarts_the_delay() {
    let mut nps = rule("nps");
    nps.delay_ms = 1_000;
    let (mut page, _) = Page::new(&[nps]);
    page.wait(900);
    check(page.go("https://shop.example/b"), "");
    check(page.wait(999), "");
    check(page.wait(1), "show nps@1");
}

#[test]
fn the_page_may_ask_for_a_survey_past_its_triggers() {
    let mut nps = rule("nps");
    nps.delay_ms = 60_000;
    nps.sample_permille = 0;
    nps.conditions = url(&["/elsewhere"]);
    let mut page = Page::bare();
    // Before the config is there, the wish is kept.
    check(page.show("nps"), "");
    check(page.configure(&[nps]), "show nps@1");
    page.shown();
    // Where the page asked for it, the page's address does not close it.
    check(page.go("https://shop.example/b"), "");
}

#[test]
fn the_page_may_not_ask_again_what_the_person_answered_or_closed() {
    let rules = [rule("nps"), rule("other")];
    let (mut page, _) = Page::new(&rules);
    page.shown();
    page.nps(3);
    page.close(Person);
    check(page.show("nps"), "warn NotAgainYet nps");
    check(page.show("other"), "show other@1");
    page.shown();
    page.close(Person);
    check(page.show("other"), "warn NotAgainYet other");
    check(page.show("nothing"), "warn UnknownSurvey nothing");
}

#[test]
fn closed_by_the_page_is_told_but_not_held_against_the_survey() {
    let rules = [rule("nps")];
    let (mut page, _) = Page::new(&rules);
    page.shown();
    check(page.close(ByPage), "emit dismissed\nhide");
    check(
        page.wait(3 * SECOND),
        "send b1 [dismissal nps page, impression nps]",
    );
    check(page.close(ByPage), "");
    check(page.reload(0, &rules), "show nps@1");
}

#[test]
fn closed_before_it_was_visible_is_no_dismissal() {
    let (mut page, _) = Page::new(&[rule("nps")]);
    check(page.close(ByPage), "hide");
    check(page.wait(MINUTE), "");
}

#[test]
fn closed_before_the_config_came_is_not_shown_after_it() {
    let mut nps = rule("nps");
    nps.sample_permille = 0;
    let mut page = Page::bare();
    check(page.show("nps"), "");
    check(page.close(ByPage), "");
    check(page.configure(&[nps]), "");
    check(page.show("nps"), "show nps@1");
}

#[test]
fn a_widget_that_cannot_open_is_tried_again_on_the_next_page() {
    let (mut page, _) = Page::new(&[rule("nps")]);
    check(page.show_failed(), "");
    check(page.wait(HOUR), "");
    check(page.go("https://shop.example/b"), "show nps@1");
}
