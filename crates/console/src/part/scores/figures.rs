//! Turns a score into the large number with its interval, and people into three lines with a bar each.

use crate::node::{Element, el, said, svg};
use crate::performance::scale::percent;
use crate::picture::{Headline, Picture, Slice};
use crate::scores_url::ScoresUrl;
use crate::words::{self, say};
use scores::{Kind, Reading};

/// The score, how sure it is, beside what it stands, and who gave what.
pub fn figures(picture: &Picture, compared: Option<Element>, url: &ScoresUrl) -> Element {
    el("section")
        .class("figures")
        .at("aria-label", say::scores_score())
        .child(headline(&picture.headline, picture.reading).maybe(compared))
        .child(split(picture.kind, &picture.split, url))
}

/// The score, how sure it is, and where it lies on the scale.
fn headline(told: &Headline, reading: Reading) -> Element {
    let weight = match reading {
        Reading::Firm => "score firm",
        Reading::EarlySignal => "score early",
        Reading::TooFew | Reading::NoAnswers => "score none",
    };
    let margin = told
        .margin
        .clone()
        .map(|margin| said("span", "margin", margin).at("data-testid", "margin"));
    let n = said("span", "n", told.n.clone()).at("data-testid", "n");
    let score = said("span", weight, told.score.clone()).at("data-testid", "score");
    let interval = told.interval.clone();
    let interval =
        interval.map(|text| said("p", "interval-text", text).at("data-testid", "interval"));
    el("div")
        .class("headline")
        .child(said("h2", "label", told.name))
        .child(
            el("p")
                .class("score-line")
                .child(score)
                .maybe(margin)
                .child(n),
        )
        .maybe(interval)
        .maybe(told.range.map(|range| scale(range, told.ends)))
        .maybe(told.caution.clone().map(|text| said("p", "caution", text)))
}

/// Where score and interval lie; the numbers beside it say the same in words.
fn scale([score, low, high]: [f64; 3], ends: [&'static str; 3]) -> Element {
    let line = |x1: &'static str, x2: &'static str, y1: &'static str, y2: &'static str| {
        let line = svg("line").class("axis").at("x1", x1).at("x2", x2);
        line.at("y1", y1).at("y2", y2)
    };
    let label = |x: &'static str, anchor: &'static str, text: &'static str| {
        let label = svg("text").at("x", x).at("y", "40");
        label.at("text-anchor", anchor).text(text)
    };
    let interval = svg("rect").class("interval").at("x", percent(low));
    let interval = interval.at("width", percent(high - low));
    let point = svg("circle").class("point").at("cx", percent(score));
    svg("svg")
        .class("scale")
        .at("width", "100%")
        .at("height", "44")
        .at("aria-hidden", "true")
        .child(line("0", "100%", "14", "14"))
        .child(line("50%", "50%", "8", "20"))
        .child(interval.at("y", "9").at("height", "10").at("rx", "5"))
        .child(point.at("cy", "14").at("r", "5"))
        .child(label("0", "start", ends[0]))
        .child(label("50%", "middle", ends[1]))
        .child(label("100%", "end", ends[2]))
}

/// Who is for, who is in between, who is against; each leads to what they wrote.
fn split(kind: Kind, slices: &[Slice; 3], url: &ScoresUrl) -> Element {
    let total: u64 = slices.iter().map(|slice| slice.count).sum();
    let names = [
        say::scores_group(),
        say::scores_picture(),
        say::scores_share(),
        say::scores_people(),
    ];
    let heads = names.map(|name| el("th").at("scope", "col").text(name));
    el("table")
        .class("split")
        .child(said("caption", "label", say::scores_by_group()))
        .child(
            el("thead")
                .class("visually-hidden")
                .child(el("tr").all(heads)),
        )
        .child(el("tbody").all(slices.iter().map(|slice| row(kind, *slice, total, url))))
}

fn row(kind: Kind, slice: Slice, total: u64, url: &ScoresUrl) -> Element {
    let class = slice.group.one();
    // A count is exact, its percentage is rounded: the bar follows the count.
    let width = slice.count as f64 / total.max(1) as f64;
    let range = said("span", "range", slice.group.range(kind));
    let query = slice.group.query(kind);
    let link = score_link(url, &query).child(el("span").text(slice.group.label(kind)));
    let name = el("th")
        .at("scope", "row")
        .child(link.text(" ").child(range));
    let bar = svg("svg")
        .at("width", "100%")
        .at("height", "10")
        .at("aria-hidden", "true");
    let rect = |class: &'static str, width: String| {
        let rect = svg("rect").class(class).at("width", width);
        rect.at("height", "10").at("rx", "3")
    };
    let bar = bar
        .child(rect("track", String::from("100%")))
        .child(rect("fill", percent(width)));
    let share = slice.share.map(|share| format!("{share} %"));
    el("tr")
        .class(class)
        .at("data-testid", format!("{class}s"))
        .child(name)
        .child(el("td").class("bar").child(bar))
        .child(said("td", "share", share.unwrap_or_default()))
        .child(said("td", "count", words::count(slice.count)))
}

/// A link to what people wrote who gave these scores, and back to all of it.
pub fn score_link(url: &ScoresUrl, query: &str) -> Element {
    let is_on = url.get("score") == Some(query);
    let href = url.but(|it| it.set("score", (!is_on).then_some(query)));
    el("a")
        .class("filter")
        .at("href", href)
        .maybe_at("aria-current", is_on.then_some("true"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::example;
    use crate::scores_url::Span;

    fn drawn(kind: Kind, counts: [u64; 3]) -> Element {
        let picture = Picture::new(&example(kind, counts), Span::Days(28));
        figures(&picture, None, &ScoresUrl::default())
    }

    fn texts(of: &Element, name: &str, value: &str) -> Vec<String> {
        of.find(name, value).iter().map(|it| it.words()).collect()
    }

    #[test]
    fn the_headline_says_score_margin_and_n_in_one_breath() {
        let drawn = drawn(Kind::Nps, [50, 30, 20]);
        assert_eq!(
            texts(&drawn, "class", "score-line"),
            ["+30\u{b1} 15n = 100"]
        );
        let interval = "95 % interval +14 to +44";
        assert_eq!(texts(&drawn, "data-testid", "interval"), [interval]);
    }

    #[test]
    fn a_few_have_no_score_and_no_shares() {
        let drawn = drawn(Kind::Nps, [9, 0, 0]);
        assert_eq!(texts(&drawn, "class", "score-line"), ["\u{2014}n = 9"]);
        assert_eq!(texts(&drawn, "data-testid", "interval"), [""; 0]);
        assert_eq!(
            texts(&drawn, "data-testid", "promoters"),
            ["Promoters 9 to 109"]
        );
    }

    #[test]
    fn the_split_says_shares_and_counts() {
        let drawn = drawn(Kind::Csat, [10, 10, 10]);
        let satisfied = texts(&drawn, "data-testid", "promoters");
        assert_eq!(satisfied, ["Satisfied 4 to 534 %10"]);
        assert_eq!(drawn.find("width", "33.333%").len(), 3);
        let links = drawn.find("href", "scores?days=all&score=4-5");
        assert_eq!(links.len(), 1);
    }

    #[test]
    fn a_group_that_is_looked_at_leads_back() {
        let mut url = ScoresUrl::default();
        url.set("score", Some("0-6"));
        let link = score_link(&url, "0-6");
        assert_eq!(link.find("href", "scores?days=all").len(), 1);
        assert_eq!(link.find("aria-current", "true").len(), 1);
    }
}
