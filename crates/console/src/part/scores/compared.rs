//! Turns two groups into a verdict in words.

use protocol::query::scores::{Compared, Difference, Verdict};
use scores::{Kind, Reading, display};

use crate::node::{Element, el, said};
use crate::picture::value;
use crate::scores_url::{ScoresUrl, Span};
use crate::words::{self, say};

/// What may be said of this group beside another one, and how to look at it otherwise.
pub fn compared(kind: Kind, told: Option<&Compared>, url: &ScoresUrl) -> Option<Element> {
    let Some(told) = told else {
        let can = url.span != Span::All && url.compare.is_some();
        let href = url.but(|it| it.compare = None);
        return can.then(|| link(href, say::compare_on()));
    };
    let class = match told.difference.map(|it| it.verdict) {
        Some(Verdict::Up) => "verdict up",
        Some(Verdict::Down) => "verdict down",
        _ => "verdict same",
    };
    let other = url.but(|it| it.compare = Some(String::from("none")));
    let sentence = said("p", class, sentence(kind, told, url)).at("data-testid", "verdict");
    Some(
        el("div")
            .class("compared")
            .child(sentence)
            .child(link(other, say::compare_off())),
    )
}

fn link(href: String, text: &'static str) -> Element {
    let link = el("a").class("quiet-link").at("href", href);
    link.text(text)
}

fn sentence(kind: Kind, told: &Compared, url: &ScoresUrl) -> String {
    let name = match (told.is_previous, url.span) {
        (true, Span::Days(days)) => say::compare_days(u64::from(days)),
        (true, Span::All) => String::from(say::compare_before()),
        (false, _) => say::compare_view(&told.view),
    };
    let n = told.figure.n;
    if n == 0 {
        return say::compare_nobody(&name);
    }
    let shown = told.figure.score.filter(|_| Reading::of(n).shows_score());
    let score = shown.map_or_else(|| String::from("\u{2014}"), |score| value(kind, score));
    let other = say::compare_other(&words::count(n), &name, &score);
    match told.difference {
        Some(difference) => verdict(kind, &difference, &other),
        None => say::compare_few(&other),
    }
}

fn verdict(kind: Kind, difference: &Difference, other: &str) -> String {
    let by = words::decimal(display::distance(kind, difference.value));
    let [low, high] = [difference.interval.low, difference.interval.high]
        .map(|end| words::decimal(display::difference(kind, end)));
    match difference.verdict {
        Verdict::Up => say::compare_up(&by, &high, &low, other),
        Verdict::Down => say::compare_down(&by, &high, &low, other),
        Verdict::NoDetectableChange => say::compare_same(&high, &low, other),
        Verdict::TooFew => say::compare_few(other),
    }
}

#[cfg(test)]
mod tests {
    use protocol::query::scores::Figure;
    use protocol::query::{Interval, Window};

    use super::*;

    #[track_caller]
    fn check(verdict: Verdict, value: f64, n: u64, expected: &str) {
        let told = Compared {
            is_previous: true,
            view: String::new(),
            window: Window {
                from_ms: 0,
                to_ms: 1,
            },
            figure: Figure {
                n,
                score: Some(29.4),
                ..Figure::default()
            },
            difference: Some(Difference {
                value,
                interval: Interval {
                    low: value - 9.0,
                    high: value + 9.0,
                },
                p: 0.5,
                verdict,
            }),
        };
        let url = ScoresUrl {
            span: Span::Days(28),
            ..ScoresUrl::default()
        };
        let drawn = compared(Kind::Nps, Some(&told), &url).unwrap();
        let found = drawn.find("data-testid", "verdict")[0].words();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_verdict_is_a_sentence() {
        check(
            Verdict::Up,
            13.0,
            170,
            "Up 13 (95 % interval +4 to +22) against the 28 days before: +29, n\u{a0}=\u{a0}170.",
        );
        check(
            Verdict::Down,
            -13.0,
            170,
            "Down 13 (95 % interval \u{2212}22 to \u{2212}4) against the 28 days before: +29, n\u{a0}=\u{a0}170.",
        );
        check(
            Verdict::NoDetectableChange,
            5.0,
            170,
            "No detectable change (95 % interval \u{2212}4 to +14) against the 28 days before: +29, n\u{a0}=\u{a0}170.",
        );
        check(
            Verdict::TooFew,
            5.0,
            4,
            "Too few to compare with the 28 days before: \u{2014}, n\u{a0}=\u{a0}4.",
        );
    }

    #[test]
    fn what_is_not_compared_can_be() {
        let mut url = ScoresUrl {
            span: Span::Days(7),
            compare: Some(String::from("none")),
            ..ScoresUrl::default()
        };
        let offer = compared(Kind::Nps, None, &url).unwrap();
        assert_eq!(offer.find("href", "scores?days=7").len(), 1);
        url.span = Span::All;
        assert!(compared(Kind::Nps, None, &url).is_none());
    }
}
