//! Turns the slowest attempts into a table with what is needed to find them elsewhere.

use protocol::query::performance::{ExemplarRow, FeatureDetail};

use super::common::{head, numbers, scroll, section, table, when, words};
use super::templates::name;
use crate::node::{Element, el, said};
use crate::performance::zone::Zone;
use crate::performance::{health, quantity};
use crate::words::say;

/// The slowest attempts.
pub fn exemplars(detail: &FeatureDetail, zone: &Zone) -> Element {
    let exemplars = section("exemplars", "exemplars-title", say::slowest_title());
    if detail.exemplars.is_empty() {
        return exemplars.child(said("p", "muted", say::slowest_none()));
    }
    let columns = vec![
        numbers(say::slowest_took()),
        words(say::slowest_when(&zone.name)),
        words(say::classes_outcome()),
        words(say::slowest_template()),
        words(say::slowest_trace()),
    ];
    let rows = detail.exemplars.iter().map(|exemplar| row(exemplar, zone));
    exemplars.child(scroll(say::slowest_title(), table(columns, rows)))
}

fn row(row: &ExemplarRow, zone: &Zone) -> Element {
    let word = health::class_word(&row.class);
    let outcome = match row.status {
        0 => word,
        status => format!("{word}, {status}"),
    };
    let trace = match row.trace.is_empty() {
        true => said("span", "muted", say::slowest_no_trace()),
        false => said("code", "trace", row.trace.clone()),
    };
    let took = head()
        .class("number")
        .text(quantity::latency(f64::from(row.ms)));
    let at = when(row.at_ms, zone.stamp_s(row.at_ms));
    el("tr")
        .child(took)
        .child(el("td").class("nowrap").child(at))
        .child(said("td", "nowrap", outcome))
        .child(el("td").child(name(&row.method, &row.template)))
        .child(el("td").child(trace))
}
