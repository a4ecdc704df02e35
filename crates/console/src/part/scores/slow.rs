//! Turns scores of people within and over budget into what goes along with waiting, and how sure that is.

use protocol::query::scores::{Figure, Found, Slow, Stratum, Verdict};
use scores::{Kind, Reading, display};

use super::breakdown::{name_of, offered, value_of, whisker};
use crate::node::{Element, el, said};
use crate::part::performance::common::{number, numbers, scroll, table, words};
use crate::picture::{kind_of, value};
use crate::scores_url::ScoresUrl;
use crate::words::{self, count, say};

/// Whether people who waited give other scores; nothing said while it is awaited.
pub fn slow(told: Option<&Slow>, traits: &[String], url: &ScoresUrl) -> Element {
    let title = said("h2", "section-title", say::slow_title()).at("id", "slow-title");
    let section = el("section")
        .class("slow")
        .at("aria-labelledby", "slow-title");
    let Some(told) = told else {
        let head = el("div").class("section-head").child(title);
        return section.child(head).child(el("i").class("block slow-block"));
    };
    let kind = kind_of(&told.kind);
    if told.within.n + told.over.n == 0 {
        let head = el("div").class("section-head").child(title);
        return section
            .child(head)
            .child(said("p", "muted", say::slow_none()));
    }
    let head = el("div")
        .class("section-head")
        .child(title)
        .child(segments(traits, url));
    let what = say::slow_what(&told.over_percent.to_string());
    let groups = [
        (say::slow_within(), &told.within),
        (say::slow_over(), &told.over),
    ];
    section
        .child(head)
        .child(said("p", "muted", what))
        .child(
            el("table")
                .class("by-rows")
                .child(head_row())
                .child(el("tbody").all(groups.map(|(name, figure)| group(kind, name, figure)))),
        )
        .all(verdict(kind, told))
        .child(twin(kind, told))
}

/// By what people are told apart beside their device.
fn segments(traits: &[String], url: &ScoresUrl) -> Element {
    let offered = offered(traits).filter(|by| *by != "device" && *by != "page");
    let none = (None, String::from(say::slow_device_alone()));
    let all = [none].into_iter().chain(offered.map(|by| {
        let name = name_of(&by);
        (Some(by), name)
    }));
    let links = all.map(|(by, name)| {
        let is_on = url.segment == by;
        let href = url.but(|it| it.segment = by);
        el("a")
            .at("href", href)
            .maybe_at("aria-current", is_on.then_some("true"))
            .text(name)
    });
    el("nav")
        .class("spans")
        .at("aria-label", say::slow_segment())
        .all(links)
}

fn head_row() -> Element {
    let names = [
        say::scores_group(),
        say::scores_picture(),
        say::scores_score(),
        "n",
    ];
    let names = names.map(|name| el("th").at("scope", "col").text(name));
    el("thead")
        .class("visually-hidden")
        .child(el("tr").all(names))
}

fn group(kind: Kind, name: &'static str, figure: &Figure) -> Element {
    let known = figure.score.zip(figure.interval);
    let known = known.filter(|_| Reading::of(figure.n).shows_score());
    let score = known.map_or_else(|| String::from("\u{2014}"), |(it, _)| value(kind, it));
    el("tr")
        .child(el("th").at("scope", "row").text(name))
        .child(
            el("td")
                .class("bar")
                .maybe(known.map(|(score, it)| whisker(kind, score, [it.low, it.high]))),
        )
        .child(said("td", "number strong", score))
        .child(said("td", "number muted", count(figure.n)))
}

/// What may be said, and what may not.
fn verdict(kind: Kind, told: &Slow) -> Vec<Element> {
    let Some(found) = &told.found else {
        let [within, over] = told.compared.map(count);
        let text = say::slow_little(&told.needed.to_string(), &over, &within);
        return vec![said("p", "verdict same", text).at("data-testid", "slow-verdict")];
    };
    let class = match found.difference.verdict {
        Verdict::Down => "verdict down",
        Verdict::Up => "verdict up",
        _ => "verdict same",
    };
    let sentence = said("p", class, sentence(kind, found)).at("data-testid", "slow-verdict");
    let pooled = words::decimal(display::difference(kind, found.pooled));
    let misleads = found
        .misleads
        .then(|| said("p", "misleads", say::slow_misleads(&pooled)).at("data-testid", "misleads"));
    let caution = said("p", "small muted", say::slow_caution());
    [sentence]
        .into_iter()
        .chain(misleads)
        .chain([caution])
        .collect()
}

fn sentence(kind: Kind, found: &Found) -> String {
    let difference = &found.difference;
    let by = words::decimal(display::distance(kind, difference.value));
    let [low, high] = [difference.interval.low, difference.interval.high]
        .map(|end| words::decimal(display::difference(kind, end)));
    match difference.verdict {
        Verdict::Down => say::slow_lower(&by, &high, &low),
        Verdict::Up => say::slow_higher(&by, &high, &low),
        Verdict::NoDetectableChange | Verdict::TooFew => say::slow_same(&high, &low),
    }
}

/// Each kind of person by itself.
fn twin(kind: Kind, told: &Slow) -> Element {
    let mut columns = vec![words(say::by_device())];
    columns.extend(told.segment.as_deref().map(|by| words(name_of(by))));
    columns.extend([
        numbers(say::slow_within()),
        numbers("n"),
        numbers(say::slow_over()),
        numbers("n"),
        numbers(say::slow_difference()),
    ]);
    let rows = told
        .strata
        .iter()
        .map(|one| row(kind, told.segment.as_deref(), one));
    let unknown =
        (told.unknown > 0).then(|| said("p", "small muted", say::slow_unknown(told.unknown)));
    el("details")
        .key("slow-table")
        .class("twin")
        .child(el("summary").text(say::slow_table()))
        .child(scroll(say::slow_title(), table(columns, rows)))
        .maybe(unknown)
}

fn row(kind: Kind, segment: Option<&str>, one: &Stratum) -> Element {
    let unknown = || String::from(say::by_unknown());
    let device = one
        .device
        .as_deref()
        .map_or_else(unknown, |it| value_of("device", it));
    let key = segment.map(|by| {
        one.segment
            .as_deref()
            .map_or_else(unknown, |it| value_of(by, it))
    });
    let score = |figure: &Figure| {
        let score = figure.score.map(|it| value(kind, it));
        number(score.unwrap_or_else(|| String::from("\u{2014}")))
    };
    let difference = one
        .difference
        .map(|it| words::decimal(display::difference(kind, it)));
    el("tr")
        .child(el("th").at("scope", "row").text(device))
        .maybe(key.map(|key| el("td").text(key)))
        .child(score(&one.within))
        .child(number(count(one.within.n)))
        .child(score(&one.over))
        .child(number(count(one.over.n)))
        .child(number(
            difference.unwrap_or_else(|| String::from("\u{2014}")),
        ))
}

#[cfg(test)]
mod tests {
    use protocol::query::scores::Difference;
    use protocol::query::{Interval, Window};

    use super::*;

    fn figure(n: u64, score: f64) -> Figure {
        Figure {
            n,
            score: Some(score),
            interval: Some(Interval {
                low: score - 5.0,
                high: score + 5.0,
            }),
            split: [0; 3],
        }
    }

    fn told(found: Option<Found>) -> Slow {
        Slow {
            kind: String::from("nps"),
            window: Window {
                from_ms: 0,
                to_ms: 1,
            },
            over_percent: 10,
            segment: None,
            within: figure(350, 28.6),
            over: figure(340, -20.0),
            unknown: 2,
            strata: vec![Stratum {
                device: Some(String::from("mobile")),
                segment: None,
                within: figure(50, -40.0),
                over: figure(300, -30.0),
                difference: Some(10.0),
            }],
            found,
            needed: 30,
            compared: [350, 12],
            left_out: 0,
            dropped: Vec::new(),
        }
    }

    fn text(told: &Slow, id: &str) -> String {
        let drawn = slow(Some(told), &[], &ScoresUrl::default());
        drawn
            .find("data-testid", id)
            .iter()
            .map(|it| it.words())
            .collect()
    }

    #[test]
    fn what_all_together_would_say_is_warned_of() {
        let found = Found {
            difference: Difference {
                value: 12.46,
                interval: Interval {
                    low: 0.4,
                    high: 23.0,
                },
                p: 0.04,
                verdict: Verdict::Up,
            },
            pooled: -48.57,
            misleads: true,
        };
        let told = told(Some(found));
        let verdict = text(&told, "slow-verdict");
        assert!(
            verdict.contains("associated with scores 12 higher"),
            "{verdict}"
        );
        assert!(!verdict.to_lowercase().contains("because"));
        assert!(text(&told, "misleads").contains("\u{2212}49"));
        let drawn = slow(Some(&told), &[], &ScoresUrl::default());
        assert!(drawn.words().contains("Phone\u{2212}4050\u{2212}30300+10"));
    }

    #[test]
    fn too_few_are_told_and_not_judged() {
        let verdict = text(&told(None), "slow-verdict");
        assert!(verdict.contains("350") && verdict.contains("12") && verdict.contains("30"));
    }

    #[test]
    fn where_nothing_was_measured_it_says_so() {
        let mut none = told(None);
        (none.within, none.over) = (Figure::default(), Figure::default());
        let drawn = slow(Some(&none), &[], &ScoresUrl::default());
        assert!(drawn.find("class", "by-rows").is_empty());
        assert!(drawn.words().contains("budget"));
    }
}
