//! Turns raised alerts into lines that say since when and why.

use protocol::query::performance::{AlertRow, AlertState};

use super::common::when;
use crate::node::{Element, el, said};
use crate::performance::health;
use crate::performance::zone::Zone;
use crate::words::say;

/// The alerts of one feature that are raised now, at most `most` of them; the rest is counted.
pub fn alerts(rows: &[AlertRow], zone: &Zone, most: usize) -> Option<Element> {
    if rows.is_empty() {
        return None;
    }
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by_key(|row| urgency(row.state));
    let more = rows.len().saturating_sub(most);
    let rest = (more > 0).then(|| said("li", "small", say::alerts_more(more as u64)));
    let lines = rows.into_iter().take(most).map(|row| line(row, zone));
    let list = el("ul")
        .class("alerts")
        .at("aria-label", say::alerts_title());
    Some(list.all(lines).maybe(rest))
}

fn line(row: &AlertRow, zone: &Zone) -> Element {
    let class = match row.state {
        AlertState::Page => "alert pages",
        AlertState::Ticket => "alert ticket",
        AlertState::Resolved => "alert resolved",
        AlertState::Unknown => "alert unknown",
    };
    let since = said("span", "small", health::until(row.objective))
        .text(format!("{} ", say::alerts_since()));
    said("li", class, "")
        .at("data-testid", "alert")
        .child(el("strong").text(health::alert(row)))
        .child(since.child(when(row.at_ms, zone.stamp(row.at_ms))))
}

/// Who has to act comes first, what cannot be told any more last.
const fn urgency(state: AlertState) -> u8 {
    match state {
        AlertState::Page => 0,
        AlertState::Ticket => 1,
        AlertState::Unknown => 2,
        AlertState::Resolved => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::performance::example;

    #[test]
    fn the_most_urgent_is_told_and_the_rest_counted() {
        let utc = Zone::new("UTC", |_, _| 0);
        let of = |state| AlertRow {
            state,
            ..example::alert()
        };
        let rows = [AlertState::Unknown, AlertState::Ticket, AlertState::Page].map(of);
        let list = alerts(&rows, &utc, 1).unwrap();
        assert_eq!(list.find("class", "pages").len(), 1);
        assert!(list.words().ends_with("and 2 more alerts"));
        assert_eq!(list.find("datetime", "1970-01-01T00:00:00Z").len(), 1);
        assert!(alerts(&[], &utc, 1).is_none());
    }
}
