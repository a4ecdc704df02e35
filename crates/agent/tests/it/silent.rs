//! What an agent without surveys does for a site that has some, or none.

use protocol::budget::Stage;
use protocol::config::{FeatureRule, Metering, RequestRule};
use protocol::latency::Within;

use crate::page::{Page, SECOND, check, rule};

/// What an agent with surveys saved after one was seen and closed.
fn remembered() -> Vec<u8> {
    let mut page = Page::bare();
    page.configure(&[]);
    let mut saved = page.saved.clone();
    // Of survey `nps`, class NPS: one impression, seen at 1,000.
    saved.extend(b"\x03nps\x01\x01\xe8\x07\0\0\0\0");
    saved
}

#[test]
fn the_page_is_told_that_the_site_has_no_surveys() {
    let mut page = Page::bare();
    page.configure(&[]);
    assert_eq!(page.events, ["ready "]);
    check(page.show("nps"), "warn UnknownSurvey nps");
    check(page.show_with("nps", 1), "warn UnknownSurvey nps");
}

#[test]
fn a_config_with_surveys_is_not_for_this_module() {
    let mut page = Page::bare();
    check(page.configure(&[rule("nps")]), "warn ConfigUnreadable");
}

#[test]
fn inputs_about_surveys_do_nothing() {
    let mut page = Page::bare();
    page.configure(&[]);
    for name in [
        "painted",
        "show_failed",
        "closed",
        "config_failed",
        "ready",
        "busy",
        "answered",
        "track",
        "traits",
        "identify",
        "sensed",
    ] {
        check(page.plain(name), "");
    }
}

#[test]
fn what_surveys_have_seen_is_kept_while_none_runs() {
    let history = remembered();
    let mut page = Page::resume(&history);
    page.configure(&[]);
    assert!(page.saved.ends_with(b"\x03nps\x01\x01\xe8\x07\0\0\0\0"));
}

#[test]
fn histories_of_two_pages_are_kept_both_and_once() {
    let base = remembered();
    let mut other = base.clone();
    other.extend(b"\x04csat\x02\x01\xe9\x07\0\0\0\0");
    let mut page = Page::resume(&base);
    page.configure(&[]);
    page.sync(&other);
    let both = page.saved.clone();
    assert!(both.ends_with(b"\x04csat\x02\x01\xe9\x07\0\0\0\0"));
    // Nothing new comes of what is known.
    for known in [&base, &other] {
        page.sync(known);
        assert_eq!(page.saved.len(), both.len());
    }
}

#[test]
fn two_pages_that_know_different_things_come_to_the_same() {
    let base = remembered();
    let nps = [&base[..], b"\x04csat\x02\x01\xe9\x07\0\0\0\0"].concat();
    let csat = [&base[..], b"\x03ces\x03\x01\xe9\x07\0\0\0\0"].concat();
    let merged = |mine: &[u8], theirs: &[u8]| {
        let mut page = Page::resume(mine);
        page.sync(theirs);
        page.saved
    };
    let tail = |saved: Vec<u8>| saved[saved.len() - 2 * 12..].to_vec();
    assert_eq!(tail(merged(&nps, &csat)), tail(merged(&csat, &nps)));
}

#[test]
fn a_reset_forgets_and_what_was_measured_is_still_told() {
    let mut page = Page::bare();
    page.metering = Metering {
        features: vec![FeatureRule {
            id: String::from("orders"),
            matches: vec![RequestRule::default()],
            within: vec![Within(Stage::Headers, 300)],
            background: false,
            cache: false,
        }],
        ..Metering::default()
    };
    page.configure(&[]);
    let row = "0\u{1f}GET\u{1f}https://shop.example/a\u{1f}\u{1f}1\u{1f}20\u{1f}\u{1f}200\u{1f}0\u{1f}0\u{1f}\u{1f}\u{1f}\u{1f}\u{1f}\u{1f}\u{1f}";
    page.call("measured", [0; 3], [row, "", ""]);
    let before = page.saved.clone();
    page.plain("reset");
    page.wait(SECOND);
    assert_ne!(page.saved[1..17], before[1..17]);
    assert_eq!(page.sent[0].install.0.as_bytes(), &before[1..17]);
}

#[test]
fn every_gate_before_the_survey_is_told() {
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
