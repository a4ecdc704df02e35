//! Turns all features of the project into what the page says and shows of their budgets.

use protocol::query::performance::Performance;

use crate::node::{Element, el, said};
use crate::part::performance::features::{promised, unbudgeted};
use crate::part::performance::vitals::vitals;
use crate::performance::url::Chosen;
use crate::performance::zone::Zone;
use crate::performance::{quantity, sentence};
use crate::words::say;

/// The page in a sentence, and what it is about.
pub(super) fn head(told: &Performance, phrase: &str, zone: &Zone) -> (String, Element) {
    (
        sentence::overview(&told.features, phrase),
        context(told, zone),
    )
}

/// Features, the worst first; then those without a budget, and page loads.
pub(super) fn parts(told: &Performance, chosen: &Chosen, zone: &Zone) -> Vec<Element> {
    let lists = [
        promised(&told.features, chosen, zone),
        unbudgeted(&told.features, chosen),
        vitals(&told.vitals),
    ];
    lists.into_iter().flatten().collect()
}

/// What was counted, when, by whose clock; and what was not.
fn context(told: &Performance, zone: &Zone) -> Element {
    let counted = match told.features.iter().map(|f| f.requests).sum() {
        0 => String::from(say::requests_nothing()),
        n => quantity::requests(n),
    };
    let mut text = say::perf_context_all(&counted, &zone.stretch(told.window));
    if let Some(at_ms) = told.newest_ms {
        text = format!("{text} {}", say::perf_newest(&zone.stamp_s(at_ms)));
    }
    if told.overflow > 0 {
        text = format!("{text} {}", say::perf_overflow(told.overflow));
    }
    let dark = told.dark.then(|| {
        let less = el("strong").text(say::perf_dark());
        let dark = el("span").class("dark").at("role", "status").child(less);
        dark.text(format!(" {}", say::perf_dark_why()))
    });
    said("p", "context", text).maybe(dark)
}
