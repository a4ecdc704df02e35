//! Turns people per score into bars that lead to what they wrote, and into a table for who does not see them.

use scores::Kind;

use super::figures::score_link;
use crate::node::{Element, el, said, svg};
use crate::performance::scale::percent;
use crate::picture::{Group, Picture, ResponseRate};
use crate::scores_url::ScoresUrl;
use crate::words::{self, say};

/// Height of the whole drawing, in pixels; its width is whatever there is.
const HEIGHT: f64 = 190.0;
/// Where the bars stand.
const BASELINE: f64 = 138.0;
/// Height of the highest bar: leaves room for the count above it.
const TALLEST: f64 = 112.0;

/// How many people gave which score, and how many of those asked gave one.
pub fn pictures(picture: &Picture, url: &ScoresUrl) -> Element {
    el("section")
        .class("pictures")
        .at("aria-label", say::scores_by_score())
        .child(histogram(picture.kind, &picture.histogram, url))
        .child(rate(&picture.response_rate, picture.soon.as_deref()))
}

fn histogram(kind: Kind, counts: &[(u8, u64)], url: &ScoresUrl) -> Element {
    let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let place = 1.0 / counts.len().max(1) as f64;
    let bars = (0_u32..).zip(counts);
    let bars = bars.map(|(nth, (score, n))| {
        let height = match n {
            0 => 0.0,
            // One person among thousands is still seen.
            n => (*n as f64 / most as f64 * TALLEST).max(2.0),
        };
        bar(kind, (*score, *n), f64::from(nth) * place, place, height)
    });
    let axis = svg("line").class("axis").at("x1", "0").at("x2", "100%");
    let drawing = svg("svg")
        .at("width", "100%")
        .num("height", HEIGHT)
        .at("aria-hidden", "true")
        .child(axis.num("y1", BASELINE).num("y2", BASELINE))
        .all(bars)
        .all(Group::ALL.map(|group| bracket(kind, group, place)));
    let links = counts.iter().map(|(score, n)| {
        let said = say::scores_bar(&words::people(*n), &score.to_string());
        let link = score_link(url, &score.to_string());
        el("li").child(link.child(el("span").class("visually-hidden").text(said)))
    });
    el("figure")
        .class("histogram")
        .child(said("figcaption", "label", say::scores_by_score()))
        .child(drawing)
        .child(el("ol").class("bar-links").all(links))
}

fn bar(kind: Kind, (score, n): (u8, u64), left: f64, place: f64, height: f64) -> Element {
    let middle = percent(left + place / 2.0);
    let top = BASELINE - height;
    let fill = svg("rect").class("fill").at("rx", "2");
    let fill = fill
        .at("x", percent(left + place * 0.16))
        .at("width", percent(place * 0.68))
        .num("y", top)
        .num("height", height);
    let text = |class: &'static str, y: f64, text: String| {
        let label = svg("text").class(class).at("x", middle.clone()).num("y", y);
        label.at("text-anchor", "middle").text(text)
    };
    let count = (n > 0).then(|| text("count", top - 6.0, words::count(n)));
    svg("g")
        .class(Group::of(kind, score).one())
        .child(fill)
        .maybe(count)
        .child(text("tick", BASELINE + 18.0, score.to_string()))
}

fn bracket(kind: Kind, group: Group, place: f64) -> Element {
    let scores = group.scores(kind);
    let first = f64::from(scores.start() - kind.points().start());
    let length = f64::from(scores.end() - scores.start() + 1);
    let (left, right) = (first * place, (first + length) * place);
    let line = svg("line").class("bracket");
    let line = line
        .at("x1", percent(left + place * 0.16))
        .at("x2", percent(right - place * 0.16))
        .num("y1", BASELINE + 28.0)
        .num("y2", BASELINE + 28.0);
    let name = svg("text").class("group");
    let name = name
        .at("x", percent(f64::midpoint(left, right)))
        .num("y", BASELINE + 46.0)
        .at("text-anchor", "middle");
    svg("g")
        .class(group.one())
        .child(line)
        .child(name.text(group.label(kind)))
}

/// How many of the people who were shown the survey gave a score.
fn rate(rate: &ResponseRate, soon: Option<&str>) -> Element {
    let unknown = || String::from(say::scores_unknown());
    let (value, told) = match rate {
        ResponseRate::Unknown => (unknown(), String::from(say::scores_rate_unknown())),
        ResponseRate::Narrow => (unknown(), String::from(say::scores_rate_narrow())),
        ResponseRate::Known {
            percent,
            answered,
            shown,
        } => {
            let told = say::scores_rate_known(&words::count(*answered), &words::people(*shown));
            (percent.clone(), told)
        }
    };
    el("div")
        .class("response-rate")
        .child(said("h2", "label", say::scores_rate()))
        .child(said("p", "figure", value).at("data-testid", "response-rate"))
        .child(said("p", "muted", told))
        .maybe(soon.map(|text| said("p", "muted soon", String::from(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(counts: &[(u8, u64)]) -> Element {
        histogram(Kind::Nps, counts, &ScoresUrl::default())
    }

    fn heights(of: &Element) -> Vec<f64> {
        let bars = of.find("class", "fill");
        let height = bars.iter().filter_map(|bar| {
            let all = bar.attributes.iter();
            all.clone()
                .find(|(name, _)| *name == "height")?
                .1
                .parse()
                .ok()
        });
        height.collect()
    }

    #[test]
    fn bars_are_to_scale() {
        let counts = [0, 1, 0, 0, 0, 2, 0, 4, 8, 1_600, 800];
        let counts: Vec<(u8, u64)> = (0..).zip(counts).collect();
        let drawn = drawn(&counts);
        let heights = heights(&drawn);
        assert_eq!(heights.len(), 11);
        assert!(heights[0].abs() < 1e-9 && heights[1] > 0.0);
        assert!((heights[9] - 2.0 * heights[10]).abs() < 1e-9);
        assert_eq!(drawn.find("class", "count").len(), 6);
        let names = drawn.find("class", "group").into_iter().map(Element::words);
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["Promoters", "Passives", "Detractors"]
        );
    }

    #[test]
    fn every_bar_is_a_link_that_says_what_it_is() {
        let drawn = drawn(&[(0, 1), (10, 0)]);
        let links = drawn.find("class", "filter");
        assert_eq!(links[0].words(), "0: 1 person. Show what they wrote.");
        assert_eq!(links[1].find("href", "scores?days=all&score=10").len(), 1);
    }

    #[test]
    fn an_unknown_rate_is_not_a_number() {
        for (of, words) in [
            (
                ResponseRate::Unknown,
                "Response rateunknownNobody was shown",
            ),
            (
                ResponseRate::Narrow,
                "Response rateunknownThose who did not",
            ),
        ] {
            let said = rate(&of, None).words();
            assert!(said.starts_with(words), "{said}");
        }
    }
}
