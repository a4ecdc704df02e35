//! Turns the budgets in force, or none, into how to write them.

use crate::node::{Element, el, said};
use crate::performance::quantity;

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
        let words = format!("Budgets, version {version}, over {lasting}");
        return said("p", "in-force", words);
    }
    let code = |text| el("code").text(text);
    let what = el("p")
        .text("A budget says how fast a feature must answer, for which share of its requests, and how much of the time it must be available. The first feature whose ")
        .child(code("match"))
        .text(" fits a request owns it; paths may hold ")
        .child(code("*"))
        .text(" for one segment and ")
        .child(code("**"))
        .text(" for any number. ")
        .child(code("within"))
        .text(" is a time with its unit; a ")
        .child(code("target"))
        .text(" of 0.95 means that 5 % may be slower: that is the error budget.");
    let how = el("p")
        .text("Put it in force beside the collector: ")
        .child(code("firsthand budget publish budgets.json"))
        .text(". Pages follow within minutes.");
    el("section")
        .class("teach")
        .child(said("h2", "section-title", "Promise something"))
        .child(what)
        .child(el("pre").at("tabindex", "0").child(code(EXAMPLE)))
        .child(how)
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
