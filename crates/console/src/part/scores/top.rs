//! Turns kinds of score, and what was dropped of a query, into the lines under the title.

use protocol::query::view::Dropped;

use crate::node::{Element, el, said};
use crate::picture::{kind_of, name_of};
use crate::scores_url::ScoresUrl;
use crate::words::say;

/// Links to the kinds of score that there are, where there is a choice.
pub fn kinds(all: &[String], chosen: &str, url: &ScoresUrl) -> Option<Element> {
    if all.len() < 2 {
        return None;
    }
    let links = all.iter().map(|kind| {
        let href = url.but(|it| {
            it.kind = Some(kind.clone());
            // Scales differ.
            it.set("score", None);
        });
        el("a")
            .at("href", href)
            .maybe_at("aria-current", (kind == chosen).then_some("true"))
            .text(name_of(kind_of(kind)))
    });
    let nav = el("nav")
        .class("spans kinds")
        .at("aria-label", say::scores_kind());
    Some(nav.all(links))
}

/// What the collector did not understand.
pub fn dropped(all: &[Dropped]) -> Option<Element> {
    let names: Vec<_> = all
        .iter()
        .map(|it| format!("{}={}", it.param, it.value))
        .collect();
    let text = say::url_dropped(&names.join(", "));
    (!names.is_empty()).then(|| {
        el("div")
            .class("dropped")
            .at("role", "status")
            .child(said("p", "", text))
    })
}
