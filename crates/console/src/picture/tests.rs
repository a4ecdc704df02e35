//! Turns reports into pictures and checks what a reader would be told.

use protocol::query::{Interval, NpsReport, Window};
use scores::{Nps, Reading};

use super::*;

fn report(promoters: u64, passives: u64, detractors: u64) -> NpsReport {
    let nps = Nps::from_counts(promoters, passives, detractors);
    let mut histogram = [0; 11];
    (histogram[9], histogram[7], histogram[3]) = (promoters, passives, detractors);
    NpsReport {
        survey: "nps".to_owned(),
        window: Window {
            from_ms: 0,
            to_ms: 1,
        },
        histogram,
        n: nps.n(),
        promoters,
        passives,
        detractors,
        score: nps.score(),
        interval: nps.interval().map(|i| Interval {
            low: i.low,
            high: i.high,
        }),
        shown: 0,
        shown_and_answered: 0,
    }
}

fn check_headline(counts: (u64, u64, u64), score: &str, interval: Option<&str>, caution: &str) {
    let picture = Picture::new(&report(counts.0, counts.1, counts.2), Span::Days(28));
    assert_eq!(picture.headline.score, score);
    assert_eq!(picture.headline.interval.as_deref(), interval);
    assert_eq!(picture.headline.caution.as_deref().unwrap_or(""), caution);
    assert_eq!(picture.headline.range.is_some(), interval.is_some());
}

#[test]
fn nobody_is_not_zero() {
    check_headline((0, 0, 0), "\u{2014}", None, "");
}

#[test]
fn a_few_have_no_score() {
    let caution = "Too few for a score: fewer than 10 answers.";
    check_headline((1, 0, 0), "\u{2014}", None, caution);
    check_headline((9, 0, 0), "\u{2014}", None, caution);
}

#[test]
fn some_are_an_early_signal() {
    check_headline(
        (5, 3, 2),
        "+30",
        Some("95 % interval \u{2212}19 to +65"),
        "Early signal: fewer than 30 answers.",
    );
}

#[test]
fn the_interval_stops_at_the_end_of_the_scale() {
    check_headline(
        (10, 0, 0),
        "+100",
        Some("95 % interval +48 to +100"),
        "Early signal: fewer than 30 answers.",
    );
}

#[test]
fn many_speak_for_themselves() {
    check_headline((50, 30, 20), "+30", Some("95 % interval +14 to +44"), "");
    check_headline(
        (10, 10, 30),
        "\u{2212}40",
        Some("95 % interval \u{2212}59 to \u{2212}16"),
        "",
    );
}

fn check_sentence(n: u64, span: Span, expect: &str) {
    assert_eq!(Picture::new(&report(n, 0, 0), span).sentence, expect);
}

#[test]
fn the_page_is_one_sentence() {
    check_sentence(
        1_284,
        Span::Days(28),
        "1,284 people answered in the last 28 days",
    );
    check_sentence(1, Span::Days(7), "1 person answered in the last 7 days");
    check_sentence(12, Span::All, "12 people answered so far");
    check_sentence(0, Span::Days(7), "Nobody answered in the last 7 days");
    check_sentence(0, Span::All, "No answers yet");
}

fn check_split(counts: (u64, u64, u64), shares: [Option<u32>; 3]) {
    let picture = Picture::new(&report(counts.0, counts.1, counts.2), Span::All);
    assert_eq!(picture.split.map(|s| s.share), shares);
    assert_eq!(
        picture.split.map(|s| s.count),
        [counts.0, counts.1, counts.2]
    );
}

#[test]
fn shares_add_up_and_wait_for_enough_people() {
    check_split((3, 1, 1), [None; 3]);
    check_split((10, 10, 10), [Some(34), Some(33), Some(33)]);
}

#[test]
fn the_response_rate_needs_someone_shown() {
    let mut report = report(5, 3, 2);
    assert_eq!(
        Picture::new(&report, Span::All).response_rate,
        ResponseRate::Unknown
    );
    (report.shown, report.shown_and_answered) = (26, 10);
    assert_eq!(
        Picture::new(&report, Span::All).response_rate,
        ResponseRate::Known {
            percent: "38 %".to_owned(),
            answered: 10,
            shown: 26
        }
    );
}

#[test]
fn the_reading_follows_the_number_of_people() {
    for (n, expect) in [
        (0, Reading::NoAnswers),
        (9, Reading::TooFew),
        (29, Reading::EarlySignal),
        (30, Reading::Firm),
    ] {
        assert_eq!(Picture::new(&report(n, 0, 0), Span::All).reading, expect);
    }
}

#[test]
fn every_score_has_one_group() {
    for score in 0..=10 {
        let (first, length) = Group::of(score).span();
        assert!((first..first + length).contains(&score));
    }
}
