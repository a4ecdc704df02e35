//! Turns the budgets in force, or none, into how to write them.

use super::common::with_code;
use crate::node::{Element, el, said};
use crate::performance::quantity;
use crate::words::say;

/// What there is to start from: every part of a budget once.
const EXAMPLE: &str = r#"{
  "v": 1,
  "window": "30d",
  "timezone": "UTC",
  "features": [
    {
      "id": "search",
      "name": "Search",
      "match": [{ "method": "GET", "path": "/api/search/**" }],
      "latency": [{ "within": "300ms", "target": 0.95 }],
      "availability": { "target": 0.999 }
    }
  ]
}"#;

/// Which budgets are in force; where there are none, what one says and how to put it in force.
pub fn budgets(version: u32, window_ms: u64) -> Element {
    if version > 0 {
        let lasting = quantity::lasting(window_ms);
        let words = say::budgets_in_force(&lasting, &version.to_string());
        return said("p", "in-force", words);
    }
    let what = say::budgets_what("`**`", "`match`", "`*`", "`target`", "`within`");
    let how = say::budgets_how("`firsthand budget publish budgets.json`");
    el("section")
        .class("teach")
        .child(said("h2", "section-title", say::budgets_title()))
        .child(with_code(&what))
        .child(
            el("pre")
                .at("tabindex", "0")
                .child(el("code").text(EXAMPLE)),
        )
        .child(with_code(&how))
}

#[cfg(test)]
mod tests {
    use super::budgets;

    #[test]
    fn where_nothing_is_promised_it_says_how_to() {
        let lesson = budgets(0, 0).words();
        assert!(lesson.contains("Promise something"), "{lesson}");
        assert!(lesson.contains("\"within\": \"300ms\""), "{lesson}");
    }

    #[test]
    fn what_is_in_force_has_a_version_and_a_window() {
        let words = budgets(3, 30 * 86_400_000).words();
        assert!(words.starts_with("Budgets, version 3, over 30"), "{words}");
    }
}
