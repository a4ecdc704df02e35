//! Turns what was promised into what was kept of it, and what is left of its error budget.

use protocol::query::performance::ObjectiveReport;

use super::health_mark::mark;
use crate::node::{Element, Text, el, said, svg};
use crate::performance::scale::percent;
use crate::performance::{health, quantity};
use crate::words::say;

/// The objectives of one feature, one line each.
pub fn objectives(reports: &[ObjectiveReport]) -> Element {
    el("ul").class("objectives").all(reports.iter().map(line))
}

fn line(report: &ObjectiveReport) -> Element {
    let name = health::name(report.health);
    let known = match report.actual {
        Some(_) => "strong",
        None => "strong muted",
    };
    let estimated = report.estimated.then(|| {
        said("span", "small", say::goal_estimated()).at("title", say::goal_estimated_why())
    });
    el("li")
        .class(format!("objective {name}"))
        .child(
            said("p", "promise", "")
                .child(mark(report.health))
                .child(said("span", "visually-hidden", health::word(report.health)).text(": "))
                .text(health::objective(report.kind, report.target)),
        )
        .child(
            column("kept", say::perf_kept())
                .child(told(known, "actual", health::actual(report)))
                .child(told("small", "n", health::counted(report)))
                .maybe(estimated),
        )
        .child(
            column("left", say::perf_error_budget())
                .child(told("strong", "left", health::budget(report)))
                .child(budget_bar(report.left, name))
                .child(told("small", "bad", health::broken(report))),
        )
        .child(
            column("burn", say::perf_burn())
                .child(told("strong", "burn", burn(report)))
                .maybe(health::gone_in(report).map(|when| said("span", "small", when))),
        )
}

fn burn(report: &ObjectiveReport) -> String {
    match report.burn {
        Some(burn) => quantity::multiple(burn),
        None if report.target >= 1.0 => String::from("\u{2014}"),
        None => String::from(say::goal_unknown()),
    }
}

fn column(class: &'static str, name: &'static str) -> Element {
    el("p").class(class).child(said("span", "column", name))
}

/// Something that is told, and by what name tests find it.
pub fn told(class: &'static str, testid: &'static str, text: impl Into<Text>) -> Element {
    said("span", class, text).at("data-testid", testid)
}

/// What is left of an error budget as a thin bar; full and in alarm when all of it is used, hatched
/// when that is unknown.
pub fn budget_bar(left: Option<f64>, name: &'static str) -> Element {
    let Some(left) = left else {
        return el("i")
            .class("budget-bar hatched")
            .at("aria-hidden", "true");
    };
    let width = if left < 0.0 { 1.0 } else { left.min(1.0) };
    let bar = |class, width: String| {
        let bar = svg("rect").class(class).at("width", width);
        bar.at("height", "5").at("rx", "2.5")
    };
    svg("svg")
        .class(format!("budget-bar {name}"))
        .at("width", "100%")
        .at("height", "5")
        .at("aria-hidden", "true")
        .child(bar("track", percent(1.0)))
        .child(bar("fill", percent(width)))
}

#[cfg(test)]
mod tests {
    use protocol::query::performance::{Health, ObjectiveKind};

    use super::*;
    use crate::performance::example;

    #[test]
    fn what_nobody_knows_is_neither_green_nor_a_number() {
        let unknown = ObjectiveReport {
            kind: ObjectiveKind::Availability,
            target: 0.999,
            health: Health::Unknown,
            burn: None,
            ..example::objective(0, 0)
        };
        let tree = objectives(&[unknown]);
        let told = |testid| tree.find("data-testid", testid)[0].words();
        assert_eq!(told("actual"), "unknown");
        assert_eq!(told("n"), "nothing known");
        assert_eq!(told("left"), "unknown");
        assert_eq!(told("burn"), "unknown");
        assert_eq!(tree.find("class", "hatched").len(), 1);
        assert!(tree.find("class", "within").is_empty() && tree.find("class", "fill").is_empty());
        assert!(tree.words().starts_with("Unknown: 99.9 % available"));
    }

    #[test]
    fn a_budget_that_is_used_up_is_a_full_bar_and_says_how_much() {
        let tree = objectives(&[ObjectiveReport {
            health: Health::Breached,
            ..example::objective(1_000, 66)
        }]);
        assert_eq!(tree.find("data-testid", "left")[0].words(), "132 % used");
        let bar = tree.find("class", "breached");
        assert!(
            bar.iter()
                .any(|bar| !bar.find("width", "100.000%").is_empty())
        );
        assert_eq!(tree.find("data-testid", "n")[0].words(), "n = 1,000");
    }
}
