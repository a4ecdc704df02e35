//! Turns pages and stretches of time into links; the URL holds the choice.

use protocol::query::Window;

use crate::node::{Element, el};
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;
use crate::words::say;

/// Which page about performance, over which time. `window` is what the choice came to, when that is known.
pub fn chooser(
    place: &Place,
    chosen: &Chosen,
    window: Option<Window>,
    zone: &Zone,
    now_ms: u64,
) -> Element {
    let is_up = *place == Place::Availability;
    let tab = |to: &Place, label, current: bool| {
        el("a")
            .at("href", to.href(chosen))
            .maybe_at("aria-current", current.then_some("page"))
            .text(label)
    };
    let spans = Chosen::offered(zone, now_ms)
        .into_iter()
        .map(|(offer, label)| {
            el("a")
                .at("href", place.href(&offer))
                .maybe_at("aria-current", chosen.is(&offer, window).then_some("true"))
                .text(label)
        });
    let tabs = el("nav").class("tabs").at("aria-label", say::perf_title());
    let times = el("nav").class("spans").at("aria-label", say::time_span());
    el("div")
        .class("chooser")
        .child(
            tabs.child(tab(&Place::Features, say::perf_features(), !is_up))
                .child(tab(&Place::Availability, say::perf_availability(), is_up)),
        )
        .child(times.all(spans))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at_is_marked() {
        let utc = Zone::new("UTC", |_, _| 0);
        let week = Chosen::parse(Some("7d"));
        let links = chooser(&Place::Availability, &week, None, &utc, 1_795_763_720_000);
        let current = |value| -> Vec<String> {
            let found = links.find("aria-current", value);
            found.iter().map(|link| link.words()).collect()
        };
        assert_eq!(current("page"), ["Availability"]);
        assert_eq!(current("true"), ["7 days"]);
        let month = links.find("href", "performance/availability?window=2026-11");
        assert_eq!(month[0].words(), "This month");
    }
}
