//! Turns attempts by class into a short table: what became of the requests.

use protocol::query::performance::FeatureDetail;

use super::blame::phases;
use super::common::{head, number, section};
use crate::node::{Element, el, said};
use crate::performance::health::{self, Counts};
use crate::performance::quantity;
use crate::words::{count, say};

/// What became of the requests.
pub fn classes(detail: &FeatureDetail) -> Element {
    let classes = health::classes(detail);
    let total = quantity::requests(classes.iter().map(|row| row.2).sum());
    let rows = classes.into_iter().map(|(word, counts, n, share)| {
        let name = head().text(word);
        el("tr")
            .class(tone(counts))
            .child(name.child(said("span", "small", counts.word())))
            .child(number(count(n)))
            .child(said("td", "number small", quantity::share(share)))
    });
    section("classes", "classes-title", say::classes_title())
        .child(said("p", "small", total))
        .child(phases(
            [
                say::classes_outcome(),
                say::perf_requests(),
                say::scores_share(),
            ],
            rows,
        ))
}

const fn tone(counts: Counts) -> &'static str {
    match counts {
        Counts::Kept => "",
        Counts::Slow | Counts::Failed => "bad",
        Counts::Aside => "aside",
    }
}
