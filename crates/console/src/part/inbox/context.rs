//! Turns where something was said, by whom and after what waiting into lines, most of which are filters.

use protocol::latency::LatencyContext;
use protocol::query::SurveySummary;
use protocol::query::delivery::Browser;
use protocol::query::inbox::Detail;
use protocol::query::view::View;

use crate::inbox::names;
use crate::inbox::url::link;
use crate::node::{Element, Text, el, said};
use crate::performance::quantity;
use crate::words::say;

/// On the card, and not behind a hover.
pub(super) fn context(detail: &Detail, surveys: &[SurveySummary]) -> Element {
    let item = &detail.item;
    let mut lines = Vec::new();
    if let Some(latency) = &detail.latency {
        lines.push(line(say::inbox_waited(), waited(latency)));
    }
    lines.push(line(say::inbox_page(), page(&item.page_url)));
    let name = names::survey(surveys, &item.survey);
    let name = say::inbox_version_of(&name, &detail.version.to_string());
    let with = only(|view| view.survey = Some(item.survey.clone()));
    lines.push(line(say::scores_survey(), filter(&with, name)));
    let family = Browser::ALL.into_iter();
    if let Some(family) = { family }.find(|one| one.as_str() == item.browser) {
        let with = only(|view| view.browser = Some(family));
        let name = names::browser(family.as_str());
        lines.push(line(say::inbox_browser(), filter(&with, name)));
    }
    let with = only(|view| view.language = Some(item.language.clone()));
    lines.push(line(
        say::language_title(),
        filter(&with, item.language.clone()),
    ));
    lines.extend(person(detail));
    lines.extend(facts(detail));
    el("section")
        .class("inbox-context")
        .at("aria-label", say::inbox_context())
        .child(el("dl").all(lines))
}

/// A view of nothing but this filter.
fn only(set: impl FnOnce(&mut View)) -> View {
    let mut view = View::default();
    set(&mut view);
    view
}

fn line(name: impl Into<Text>, what: Element) -> Element {
    el("div").child(el("dt").text(name)).child(what)
}

/// A value that leads to all that have it.
fn filter(with: &View, words: String) -> Element {
    let link = el("a")
        .class("as-filter")
        .at("href", link(with, None))
        .text(words);
    el("dd").child(link)
}

/// Anyone can send any text as an address: only what a browser opens as a page becomes a link.
fn page(url: &str) -> Element {
    let is_page = url.starts_with("https://") || url.starts_with("http://");
    let shown = match is_page {
        true => el("a")
            .at("href", String::from(url))
            .at("target", "_blank")
            .at("rel", "noopener noreferrer nofollow"),
        false => el("span"),
    };
    let with = only(|view| view.page = Some(String::from(names::place(url))));
    let these = el("a").class("small").at("href", link(&with, None));
    el("dd")
        .child(shown.text(String::from(url)))
        .text(" ")
        .child(these.text(say::inbox_only_these()))
}

fn person(detail: &Detail) -> Option<Element> {
    let id = detail.item.person.clone()?;
    let sure = match detail.verified {
        true => say::inbox_verified(),
        false => say::inbox_not_verified(),
    };
    let what = el("dd")
        .text(id)
        .text(" ")
        .child(said("span", "muted small", sure));
    Some(line(say::inbox_person(), what))
}

/// What the page said of the person, and what the person agreed to attach. Country and version are
/// filters of their own, wherever they come from.
fn facts(detail: &Detail) -> Vec<Element> {
    let traits = detail.traits.iter().map(|fact| (fact, true));
    let context = detail.context.iter().map(|fact| (fact, false));
    let one = |((key, value), is_trait): ((&String, &String), bool)| {
        let mut with = View::default();
        match (key.as_str(), is_trait) {
            ("country", _) => with.country = Some(value.clone()),
            ("version", _) => with.version = Some(value.clone()),
            (_, true) => drop(with.traits.insert(key.clone(), value.clone())),
            (_, false) => return line(key.clone(), el("dd").text(value.clone())),
        }
        line(key.clone(), filter(&with, value.clone()))
    };
    traits.chain(context).map(one).collect()
}

/// What this person had waited for by then.
fn waited(latency: &LatencyContext) -> Element {
    let n = u64::from(latency.requests);
    let p75 = latency
        .p75_ms
        .map(|ms| say::inbox_p75(&quantity::latency(f64::from(ms))));
    let over = (latency.budgeted > 0).then(|| {
        let class = if latency.over_budget > 0 {
            "over"
        } else {
            "within"
        };
        let budgeted = latency.budgeted.to_string();
        said(
            "span",
            class,
            say::inbox_over(u64::from(latency.over_budget), &budgeted),
        )
    });
    let worst = latency.worst.as_ref().map(|id| {
        let href = format!("performance/features/{}", encoded(id));
        let link = el("a").at("href", href).text(id.clone());
        el("span").text(say::inbox_worst()).text(" ").child(link)
    });
    let failed = u64::from(latency.recent_failures);
    let failures = (failed > 0).then(|| said("span", "over", say::inbox_failures(failed)));
    el("dd")
        .class("inbox-waited")
        .child(el("span").text(p75.unwrap_or_else(|| String::from(say::health_unknown()))))
        .maybe(over)
        .maybe(worst)
        .maybe(failures)
        .child(said("span", "muted", say::requests(n)))
}

fn encoded(text: &str) -> String {
    let mut to = String::new();
    crate::view_url::escape(text, &mut to);
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_said_with_what_was_over() {
        let mut latency = LatencyContext {
            requests: 12,
            p75_ms: Some(640),
            budgeted: 10,
            over_budget: 3,
            worst: Some("check out".into()),
            recent_failures: 0,
        };
        let told = waited(&latency);
        assert!(told.words().contains("within 640 ms"), "{}", told.words());
        assert_eq!(told.find("class", "over").len(), 1);
        let href = "performance/features/check%20out";
        assert_eq!(told.find("href", href).len(), 1);
        (latency.over_budget, latency.p75_ms) = (0, None);
        let told = waited(&latency);
        assert!(
            told.words().starts_with("Unknown0 of 10"),
            "{}",
            told.words()
        );
        assert_eq!(told.find("class", "within").len(), 1);
    }

    #[test]
    fn only_addresses_of_pages_are_links() {
        assert_eq!(
            page("javascript:alert(1)").find("target", "_blank").len(),
            0
        );
        assert_eq!(
            page("https://shop.example/a")
                .find("target", "_blank")
                .len(),
            1
        );
    }
}
