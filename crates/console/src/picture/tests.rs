//! Turns reports into pictures and checks what a reader would be told.

use std::collections::BTreeMap;

use protocol::query::scores::{Bucket, Figure, Reach, Scores};
use protocol::query::{Interval, Window};
use scores::{Kind, Reading, Score};

use super::*;

pub(super) fn report(kind: Kind, counts: [u64; 3]) -> Scores {
    let mut histogram = [0; 11];
    for (group, n) in kind.groups().into_iter().zip(counts) {
        histogram[usize::from(*group.end())] = n;
    }
    let score = Score::new(kind, histogram);
    let total = Figure {
        n: score.n(),
        score: score.value(),
        interval: score.interval().map(|i| Interval {
            low: i.low,
            high: i.high,
        }),
        split: score.split(),
    };
    let window = Window {
        from_ms: 0,
        to_ms: 4 * 86_400_000,
    };
    let points = (0_u8..).zip(histogram);
    let points: BTreeMap<u8, u64> = points.filter(|(s, _)| kind.points().contains(s)).collect();
    Scores {
        kind: kind.as_str().to_owned(),
        question: None,
        window,
        timezone: "UTC".to_owned(),
        trend: vec![Bucket {
            from_ms: 0,
            to_ms: window.to_ms,
            complete: true,
            figure: total.clone(),
        }],
        total,
        histogram: points,
        reach: Some(Reach::default()),
        compared: None,
        step: "day".to_owned(),
        aside: BTreeMap::new(),
        releases: Vec::new(),
        traits: Vec::new(),
        dropped: Vec::new(),
    }
}

fn nps(promoters: u64, passives: u64, detractors: u64) -> Scores {
    report(Kind::Nps, [promoters, passives, detractors])
}

fn check_headline(counts: (u64, u64, u64), score: &str, interval: Option<&str>, caution: &str) {
    let picture = Picture::new(&nps(counts.0, counts.1, counts.2), Span::Days(28));
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
    assert_eq!(Picture::new(&nps(n, 0, 0), span).sentence, expect);
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
    let picture = Picture::new(&nps(counts.0, counts.1, counts.2), Span::All);
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
    let mut report = nps(5, 3, 2);
    assert_eq!(
        Picture::new(&report, Span::All).response_rate,
        ResponseRate::Unknown
    );
    report.reach = Some(Reach {
        shown: 26,
        answered: 10,
        days_to_firm: Some(5),
    });
    let soon = "5 more days until 30 people have answered, as it goes now.";
    assert_eq!(Picture::new(&report, Span::All).soon.as_deref(), Some(soon));
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
        assert_eq!(Picture::new(&nps(n, 0, 0), Span::All).reading, expect);
    }
}

#[test]
fn every_score_has_one_group() {
    for kind in Kind::ALL {
        for score in kind.points() {
            assert!(Group::of(kind, score).scores(kind).contains(&score));
        }
    }
    assert_eq!(Group::Top.query(Kind::Nps), "9-10");
    assert_eq!(Group::Middle.query(Kind::Csat), "3");
}

#[test]
fn every_kind_has_its_unit() {
    let csat = Picture::new(&report(Kind::Csat, [60, 20, 20]), Span::All).headline;
    assert_eq!(
        (&*csat.score, csat.margin.as_deref()),
        ("60 %", Some("\u{b1} 9"))
    );
    assert_eq!(csat.interval.as_deref(), Some("95 % interval 50 % to 69 %"));
    let ces = Picture::new(&report(Kind::Ces, [60, 20, 20]), Span::All).headline;
    assert_eq!(
        (&*ces.score, ces.margin.as_deref()),
        ("5.6", Some("\u{b1} 0.3"))
    );
}
