//! Turns the requests of a feature into a table by template, the slowest first.

use protocol::latency::OTHER_TEMPLATE;
use protocol::query::performance::{FeatureDetail, ObjectiveKind, TemplateRow};

use super::common::{head, number, numbers, scroll, section, table, with_code, words};
use crate::node::{Element, el, said};
use crate::performance::quantity;
use crate::words::{count, say};

/// Requests by method and template.
pub fn templates(detail: &FeatureDetail) -> Element {
    let templates = section("templates", "templates-title", say::templates_title());
    if detail.templates.is_empty() {
        return templates.child(said("p", "muted", say::templates_none()));
    }
    let within_ms = detail
        .summary
        .objectives
        .iter()
        .find_map(|one| match one.kind {
            ObjectiveKind::Latency { within_ms, .. } => Some(within_ms),
            ObjectiveKind::Availability => None,
        });
    let mut columns = vec![
        words(say::templates_name()),
        numbers("n").hint(say::perf_counts()),
        numbers("p50"),
        numbers("p95"),
        numbers("p99"),
    ];
    columns.extend(within_ms.map(|ms| {
        let within = say::templates_within(&quantity::threshold(ms));
        numbers(within).hint(say::templates_estimated())
    }));
    columns.push(numbers(say::templates_failed()));
    let rows = detail.templates.iter();
    let rows = rows.map(|one| row(one, within_ms.is_some()));
    templates
        .maybe(other(detail.other_share))
        .child(scroll(say::templates_table(), table(columns, rows)))
}

/// What was too many to be told apart.
fn other(share: Option<f64>) -> Option<Element> {
    let share = quantity::share(share.filter(|share| *share > 0.0)?);
    let told = with_code(&say::templates_other("`max_keys`", &share));
    Some(told.class("caution").at("data-testid", "other"))
}

fn row(row: &TemplateRow, has_within: bool) -> Element {
    let none = || String::from("\u{2014}");
    let percentiles = row.percentiles.map_or_else(
        || [none(), none(), none()],
        |p| [p.p50, p.p95, p.p99].map(quantity::latency),
    );
    let within = || {
        let share = row.within_share.map(|share| quantity::actual(share, 0.5));
        number(share.unwrap_or_else(none))
    };
    let n = match row.n {
        0 => String::from(say::requests_none()),
        n => count(n),
    };
    let failed = if row.failed > 0 {
        "number bad"
    } else {
        "number"
    };
    el("tr")
        .child(head().child(name(&row.method, &row.template)))
        .child(number(n))
        .all(percentiles.map(number))
        .maybe(has_within.then(within))
        .child(said("td", failed, count(row.failed)))
}

/// Method and template, as code; what was too many in words.
pub(super) fn name(method: &str, template: &str) -> Element {
    if template == OTHER_TEMPLATE {
        return said("span", "template", say::perf_rest_small());
    }
    let method = said("span", "method", String::from(method));
    let name = el("code").class("template").child(method);
    name.text(format!(" {template}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::performance::example;

    #[test]
    fn what_was_too_many_is_counted_and_shown() {
        let mut detail = example::detail(vec![]);
        detail.other_share = Some(0.08);
        detail.templates = vec![TemplateRow {
            method: String::from("GET"),
            template: String::from(OTHER_TEMPLATE),
            requests: 8,
            n: 0,
            failed: 3,
            percentiles: None,
            within_share: None,
        }];
        let tree = templates(&detail);
        assert!(
            tree.find("data-testid", "other")[0]
                .words()
                .starts_with("8.0 % of the requests")
        );
        assert!(
            tree.words()
                .ends_with("everything elseno requests\u{2014}\u{2014}\u{2014}\u{2014}3")
        );
        assert_eq!(tree.find("class", "bad").len(), 1);
    }
}
