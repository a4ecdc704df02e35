//! Turns scores of people who have something in common into lines that lead to them alone.

use protocol::query::scores::{Breakdown, Row};
use scores::{Kind, Reading};

use crate::node::{Element, el, said, svg};
use crate::performance::scale::percent;
use crate::picture::{kind_of, place, value};
use crate::scores_url::{ALL, ScoresUrl};
use crate::words::{count, say};

/// What people are told apart by unless told.
pub const USUAL: &str = "device";

/// Lines that are shown.
const MOST: usize = 12;

/// What is always there, whatever pages say about people.
const KNOWN: [&str; 7] = [
    "device", "browser", "page", "language", "country", "version", "survey",
];

/// As people call it.
pub fn name_of(by: &str) -> String {
    String::from(match by {
        "device" => say::by_device(),
        "browser" => say::by_browser(),
        "page" => say::by_page(),
        "language" => say::by_language(),
        "country" => say::by_country(),
        "version" => say::by_version(),
        "survey" => say::scores_survey(),
        _ => by.strip_prefix("trait.").unwrap_or(by),
    })
}

/// A value as people call it.
pub fn value_of(by: &str, value: &str) -> String {
    String::from(match (by, value) {
        ("device", "mobile") => say::by_mobile(),
        ("device", "desktop") => say::by_desktop(),
        ("page", path) => path.strip_prefix('=').unwrap_or(path),
        _ => value,
    })
}

/// By what people can be told apart.
pub fn offered(traits: &[String]) -> impl Iterator<Item = String> {
    let known = KNOWN.into_iter().map(String::from);
    // What says so among traits is known by its own name already.
    let others = traits.iter().filter(|name| !KNOWN.contains(&&***name));
    known.chain(others.map(|name| format!("trait.{name}")))
}

/// Scores by one thing that is known of people; nothing said while it is awaited, or cannot be told.
pub fn breakdown(
    told: Option<&Breakdown>,
    is_awaited: bool,
    traits: &[String],
    url: &ScoresUrl,
) -> Element {
    let chosen = url.by.as_deref().unwrap_or(USUAL);
    let title = said("h2", "section-title", say::by_title()).at("id", "by-title");
    let links = offered(traits).map(|by| {
        let name = name_of(&by);
        let is_on = by == chosen;
        let href = url.but(|it| it.by = Some(by));
        el("a")
            .at("href", href)
            .maybe_at("aria-current", is_on.then_some("true"))
            .text(name)
    });
    let links = el("nav")
        .class("spans")
        .at("aria-label", say::by_by())
        .all(links);
    let section = el("section")
        .class("breakdown")
        .at("aria-labelledby", "by-title")
        .child(el("div").class("section-head").child(title).child(links));
    match told.filter(|told| told.by == chosen) {
        Some(told) => section.child(rows(told, url)).maybe(rest(told)),
        None => section.maybe(is_awaited.then(|| el("i").class("block by-block"))),
    }
}

fn rows(told: &Breakdown, url: &ScoresUrl) -> Element {
    let kind = kind_of(&told.kind);
    let heads = [
        name_of(&told.by),
        String::from(say::scores_picture()),
        String::from(say::scores_score()),
        String::from("n"),
        String::from(say::by_against()),
    ];
    let heads = heads.map(|name| el("th").at("scope", "col").text(name));
    let shown = told.rows.iter().take(MOST);
    el("table")
        .class("by-rows")
        .child(
            el("thead")
                .class("visually-hidden")
                .child(el("tr").all(heads)),
        )
        .child(el("tbody").all(shown.map(|one| row(kind, &told.by, one, url))))
}

fn row(kind: Kind, by: &str, row: &Row, url: &ScoresUrl) -> Element {
    let name = match (&row.key, &row.filter) {
        (Some(key), Some((param, value))) => {
            let is_on = url.get(param) == Some(value);
            let href = url.but(|it| match param.as_str() {
                "survey" => it.survey = Some(value.clone()),
                _ => it.set(param, (!is_on).then_some(value)),
            });
            el("a")
                .class("filter")
                .at("href", href)
                .maybe_at("aria-current", is_on.then_some("true"))
                .text(value_of(by, key))
        }
        _ => said("span", "muted", say::by_unknown()),
    };
    let n = row.figure.n;
    let known = row.figure.score.zip(row.figure.interval);
    let known = known.filter(|_| Reading::of(n).shows_score());
    let class = match Reading::of(n) {
        Reading::Firm => "number strong",
        _ => "number muted",
    };
    let score = known.map_or_else(|| String::from("\u{2014}"), |(score, _)| value(kind, score));
    let higher = row.difference.is_some_and(|it| it.value > 0.0);
    let mark = row.stands_out.then(|| match higher {
        true => said("span", "stands up", say::by_higher()),
        false => said("span", "stands down", say::by_lower()),
    });
    el("tr")
        .at("data-testid", "segment")
        .child(el("th").at("scope", "row").child(name))
        .child(
            el("td")
                .class("bar")
                .maybe(known.map(|(score, it)| whisker(kind, score, [it.low, it.high]))),
        )
        .child(said("td", class, score))
        .child(said("td", "number muted", count(n)))
        .child(el("td").class("against").maybe(mark))
}

/// Where a score and its interval lie on the scale.
pub fn whisker(kind: Kind, score: f64, [low, high]: [f64; 2]) -> Element {
    let [at, low, high] = [score, low, high].map(|it| place(kind, it));
    let middle = f64::midpoint(0.0, 1.0);
    let line = svg("line").class("axis").at("x1", "0").at("x2", "100%");
    let zero = svg("line")
        .class("axis")
        .at("x1", percent(middle))
        .at("x2", percent(middle));
    let interval = svg("rect").class("interval").at("x", percent(low));
    let interval = interval.at("width", percent(high - low)).at("y", "5");
    let point = svg("circle").class("point").at("cx", percent(at));
    svg("svg")
        .class("whiskers")
        .at("width", "100%")
        .at("height", "18")
        .at("aria-hidden", "true")
        .child(line.at("y1", "9").at("y2", "9"))
        .child(zero.at("y1", "3").at("y2", "15"))
        .child(interval.at("height", "8").at("rx", "4"))
        .child(point.at("cy", "9").at("r", "4"))
}

fn rest(told: &Breakdown) -> Option<Element> {
    let hidden: u64 = told.rows.iter().skip(MOST).map(|row| row.figure.n).sum();
    let others = hidden + told.others;
    (others > 0).then(|| said("p", "small muted", say::by_others(others)))
}

/// One chip for each thing that the answers have in common; each takes itself away.
pub fn chips(url: &ScoresUrl) -> Option<Element> {
    if url.filters.is_empty() {
        return None;
    }
    let chips = url.filters.iter().map(|(name, value)| {
        let text = match name.as_str() {
            "score" => say::filters_score(&value.replace('-', "\u{2013}")),
            _ => format!("{}: {}", name_of(name), value_of(name, value)),
        };
        let href = url.but(|it| it.set(name, None));
        let link = el("a").class("filter-chip").at("href", href);
        let link = link.text(text.clone());
        let cross = said("span", "cross-mark", "\u{d7}").at("aria-hidden", "true");
        let said = el("span")
            .class("visually-hidden")
            .text(say::filters_remove());
        el("li").child(link.child(said).child(cross))
    });
    let clear = (url.filters.len() > 1).then(|| {
        let href = url.but(|it| it.filters.clear());
        let link = el("a").class("quiet-link").at("href", href);
        el("li").child(link.text(say::filters_clear()))
    });
    let list = el("ul")
        .class("filter-chips")
        .at("aria-label", say::filters_title());
    Some(list.all(chips).maybe(clear))
}

/// The survey of a link; the name of all of them is not one's.
pub fn survey_of(url: &ScoresUrl) -> Option<&str> {
    url.survey.as_deref().filter(|id| *id != ALL)
}

#[cfg(test)]
mod tests {
    use protocol::query::scores::{Difference, Figure, Verdict};
    use protocol::query::{Interval, Window};

    use super::*;

    fn told(n: u64) -> Breakdown {
        let figure = Figure {
            n,
            score: Some(-12.4),
            interval: Some(Interval {
                low: -30.0,
                high: 4.0,
            }),
            split: [0; 3],
        };
        Breakdown {
            kind: String::from("nps"),
            by: String::from("device"),
            window: Window {
                from_ms: 0,
                to_ms: 1,
            },
            total: figure.clone(),
            rows: vec![
                Row {
                    key: Some(String::from("mobile")),
                    filter: Some((String::from("device"), String::from("mobile"))),
                    figure: figure.clone(),
                    difference: Some(Difference {
                        value: -20.0,
                        interval: Interval {
                            low: -30.0,
                            high: -10.0,
                        },
                        p: 0.001,
                        verdict: Verdict::Down,
                    }),
                    stands_out: true,
                },
                Row {
                    key: None,
                    filter: None,
                    figure,
                    difference: None,
                    stands_out: false,
                },
            ],
            others: 3,
            dropped: Vec::new(),
        }
    }

    #[test]
    fn a_line_leads_to_these_people_alone() {
        let drawn = breakdown(Some(&told(40)), false, &[], &ScoresUrl::default());
        let lines = drawn.find("data-testid", "segment");
        assert_eq!(lines[0].words(), "Phone\u{2212}1240lower than the rest");
        assert_eq!(
            lines[0].find("href", "scores?days=all&device=mobile").len(),
            1
        );
        assert_eq!(lines[1].words(), "not known\u{2212}1240");
        assert!(lines[1].find("class", "filter").is_empty());
        assert!(drawn.words().ends_with("3 more people in further lines"));
    }

    #[test]
    fn few_people_have_no_score() {
        let drawn = breakdown(Some(&told(4)), false, &[], &ScoresUrl::default());
        let lines = drawn.find("data-testid", "segment");
        assert!(lines[1].words().ends_with("\u{2014}4"));
        assert!(lines[1].find("class", "whiskers").is_empty());
    }

    #[test]
    fn traits_are_offered_by_their_names() {
        let traits = [String::from("plan")];
        let drawn = breakdown(None, true, &traits, &ScoresUrl::default());
        let link = drawn.find("href", "scores?days=all&by=trait.plan");
        assert_eq!(link[0].words(), "plan");
        assert_eq!(drawn.find("class", "by-block").len(), 1);
        // What cannot be told is not awaited, but there is a way to what can.
        let drawn = breakdown(None, false, &traits, &ScoresUrl::default());
        assert_eq!(drawn.find("class", "by-block").len(), 0);
        assert_eq!(drawn.find("href", "scores?days=all&by=trait.plan").len(), 1);
    }

    #[test]
    fn a_chip_takes_itself_away() {
        let mut url = ScoresUrl::default();
        assert!(chips(&url).is_none());
        url.set("device", Some("mobile"));
        url.set("score", Some("0-6"));
        let drawn = chips(&url).unwrap();
        let chip = drawn.find("href", "scores?days=all&score=0-6");
        assert!(chip[0].words().starts_with("Device: Phone"));
        assert_eq!(
            drawn.find("href", "scores?days=all").len(),
            1,
            "all at once"
        );
    }
}
