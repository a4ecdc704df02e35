//! Turns one page's memory into the next page's, and two pages' into one.

use protocol::item::DismissReason::Person;

use crate::page::{DAY, MINUTE, Page, SECOND, check, rule};

/// Opens a survey, answers it and tells how the envelope was signed.
fn signature(page: &mut Page) -> (String, String) {
    page.show("nps");
    page.shown();
    page.wait(3 * SECOND);
    page.accept();
    let sent = page.sent.last().unwrap();
    (sent.install.to_string(), sent.session.to_string())
}

#[test]
fn the_install_stays_and_the_session_ends_after_thirty_quiet_minutes() {
    let rules = [rule("nps")];
    let (mut page, _) = Page::new(&rules);
    let (install, session) = signature(&mut page);
    page.reload(30 * MINUTE - 4 * SECOND, &rules);
    assert_eq!(signature(&mut page), (install.clone(), session.clone()));
    page.reload(30 * MINUTE, &rules);
    let (same_install, next_session) = signature(&mut page);
    assert_eq!(same_install, install);
    assert_ne!(next_session, session);
}

#[test]
fn a_session_also_ends_within_one_page() {
    let (mut page, _) = Page::new(&[rule("nps")]);
    let (_, session) = signature(&mut page);
    page.wait(40 * MINUTE);
    page.nps(9);
    page.wait(SECOND);
    assert_ne!(page.sent.last().unwrap().session.to_string(), session);
}

#[test]
fn a_memory_that_cannot_be_read_is_a_new_browser() {
    let rules = [rule("nps")];
    let (mut page, _) = Page::new(&rules);
    let (install, _) = signature(&mut page);
    for bad in [vec![], vec![0], vec![255; 64], page.saved[..20].to_vec()] {
        page.saved = bad;
        check(page.reload(DAY, &rules), "show nps@1");
        assert_ne!(signature(&mut page).0, install);
    }
}

#[test]
fn what_was_answered_in_another_tab_is_not_asked_here() {
    let mut nps = rule("nps");
    nps.delay_ms = 1_000;
    let rules = [nps];
    let (mut here, _) = Page::new(&rules);
    let (mut there, _) = Page::new(&rules);
    there.wait(SECOND);
    there.shown();
    there.nps(9);
    there.complete();
    check(here.sync(&there.saved), "");
    check(here.wait(MINUTE), "");
    check(here.reload(DAY, &rules), "");
}

#[test]
fn a_page_that_comes_back_learns_first_and_decides_then() {
    let rules = [rule("nps")];
    let (mut here, _) = Page::new(&[]);
    here.hide();
    check(here.configure(&rules), "");
    let (mut there, _) = Page::new(&rules);
    there.shown();
    there.nps(9);
    there.complete();
    check(here.sync(&there.saved), "");
    // Storage that was cleared teaches nothing.
    check(here.sync(&[]), "");
    check(here.see(), "");
    // What it saves from then on has forgotten nothing.
    check(here.reload(DAY, &rules), "");
}

#[test]
fn two_tabs_remember_the_same_whoever_hears_first() {
    let rules = [rule("nps"), rule("other")];
    let (mut a, _) = Page::new(&rules);
    let (mut b, _) = Page::new(&rules);
    a.shown();
    a.close(Person);
    b.wait(SECOND);
    b.shown();
    b.nps(3);
    b.complete();
    let (from_a, from_b) = (a.saved.clone(), b.saved.clone());
    a.sync(&from_b);
    b.sync(&from_a);
    a.see();
    b.see();
    a.reload(0, &[]);
    b.reload(0, &[]);
    for page in [&mut a, &mut b] {
        check(page.configure(&rules), "show other@1");
        check(page.show("nps"), "warn NotAgainYet nps");
    }
    check(a.sync(&[1, 2, 3]), "");
}

#[test]
fn a_survey_that_is_remembered_twice_is_remembered_once() {
    // As an agent without surveys puts two memories behind each other.
    let twice = Page::bare().saved;
    let entry = |impressions: u8, seen: &[u8]| {
        [&b"\x03nps\x01"[..], &[impressions], seen, &[0; 4]].concat()
    };
    let (older, newer) = (entry(1, b"\xe8\x07"), entry(2, b"\xe9\x07"));
    let mut page = Page::resume(&[&twice[..], &newer, &older].concat());
    page.configure(&[]);
    let saved = &page.saved;
    assert!(saved.ends_with(&newer));
    assert_eq!(
        saved.windows(4).filter(|four| four == b"\x03nps").count(),
        1
    );
}
