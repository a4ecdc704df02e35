//! Turns outages into a table, the newest first.

use protocol::query::performance::OutageRow;

use super::common::{disclosure, head, number, numbers, scroll, table, when, words};
use crate::node::{Element, el, said};
use crate::performance::zone::Zone;
use crate::performance::{quantity, strip};
use crate::words::{count, say};

/// Outages that are listed before somebody asks for all.
const FIRST: usize = 8;
/// For so long after an outage its sessions still tell of it, in milliseconds: an answer carries what its
/// page met in the ten minutes before.
const AFTER_MS: u64 = 600_000;

/// The outages of the feature `name`; `now_ms` is until when those that last are told.
pub fn outages(outages: &[OutageRow], name: &str, zone: &Zone, now_ms: u64) -> Vec<Element> {
    if outages.is_empty() {
        return Vec::new();
    }
    let (first, rest) = outages.split_at(outages.len().min(FIRST));
    let list = |rows: &[OutageRow], label| {
        let columns = vec![
            words(say::up_start(&zone.name)),
            numbers(say::dist_duration()),
            numbers(say::up_clients()).hint(say::up_clients_what()),
            numbers(say::up_failed()),
            words(say::up_notes()),
            words(say::up_voices()),
        ];
        let rows = rows.iter().map(|outage| row(outage, zone, now_ms));
        scroll(label, table(columns, rows))
    };
    let more = (!rest.is_empty()).then(|| {
        let summary = say::up_before(rest.len() as u64);
        let inside = list(rest, say::up_outages_before(name));
        disclosure("outages", summary, Some(inside))
    });
    let shown = el("div").class("outages");
    let shown = shown.child(list(first, say::up_outages(name)));
    vec![shown.maybe(more)]
}

fn row(outage: &OutageRow, zone: &Zone, now_ms: u64) -> Element {
    let class = if outage.partial { "partial" } else { "" };
    let start = when(outage.from_ms, zone.stamp_s(outage.from_ms));
    el("tr")
        .class(class)
        .at("data-testid", "outage")
        .child(head().child(start))
        .child(number(strip::took(outage, now_ms)))
        .child(number(quantity::share(outage.peak_share)))
        .child(number(count(outage.failed)))
        .child(said("td", "small", strip::notes(outage)))
        .child(el("td").class("small").child(voices(outage, zone, now_ms)))
}

/// The way to what people wrote while it lasted, or soon after.
fn voices(outage: &OutageRow, zone: &Zone, now_ms: u64) -> Element {
    let end = outage.to_ms.unwrap_or(now_ms) + AFTER_MS;
    el("a")
        .at("href", format!("inbox?from={}&to={end}", outage.from_ms))
        .at(
            "aria-label",
            say::up_voices_of(&zone.stamp_s(outage.from_ms)),
        )
        .text(say::up_voices_read())
}
