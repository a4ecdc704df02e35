//! Turns a report into XML as `JUnit` writes it: a suite a feature, a case an objective.

use std::fmt::Write;

use protocol::query::performance::Health;

use super::evaluate::{FeatureReport, ObjectiveReport, Report};
use super::table::{percent, slow, words};

/// The whole report. What is unknown was skipped, or failed where that is asked for.
pub(super) fn junit(report: &Report, fail_unknown: bool) -> String {
    let breached = report.count(Health::Breached);
    let unknown = report.count(Health::Unknown);
    let kept = report.count(Health::Within);
    let (failures, skipped) = counts(breached, unknown, fail_unknown);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "<testsuites name=\"firsthand budget check\" tests=\"{}\" failures=\"{failures}\" \
         skipped=\"{skipped}\" errors=\"0\">",
        breached + unknown + kept,
    );
    for feature in &report.features {
        if !feature.objectives.is_empty() {
            text += &suite(feature, fail_unknown);
        }
    }
    text += "</testsuites>\n";
    text
}

const fn counts(breached: usize, unknown: usize, fail_unknown: bool) -> (usize, usize) {
    if fail_unknown {
        (breached + unknown, 0)
    } else {
        (breached, unknown)
    }
}

fn suite(feature: &FeatureReport, fail_unknown: bool) -> String {
    let count = |health| {
        let objectives = feature.objectives.iter();
        objectives.filter(|one| one.health == health).count()
    };
    let (failures, skipped) = counts(
        count(Health::Breached),
        count(Health::Unknown),
        fail_unknown,
    );
    let id = escaped(&feature.id);
    let mut text = format!(
        "  <testsuite name=\"{id}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\" \
         errors=\"0\">\n",
        feature.objectives.len(),
    );
    for objective in &feature.objectives {
        text += &case(&id, objective, fail_unknown);
    }
    if feature.health == Health::Breached {
        let said = escaped_lines(&slow(feature));
        let _ = writeln!(text, "    <system-out>{said}</system-out>");
    }
    text += "  </testsuite>\n";
    text
}

fn case(id: &str, objective: &ObjectiveReport, fail_unknown: bool) -> String {
    let what = words(objective.kind);
    let name = escaped(&format!("{} {what}", percent(objective.target)));
    let open = format!("    <testcase classname=\"{id}\" name=\"{name}\"");
    let said = match (objective.health, objective.actual) {
        (Health::Unknown, _) | (_, None) => String::from("no request in the traces says anything"),
        (_, Some(actual)) => format!(
            "{} of {} requests were bad: {} {what}, and {} were promised",
            objective.bad,
            objective.n,
            percent(actual),
            percent(objective.target)
        ),
    };
    let said = escaped(&said);
    match objective.health {
        Health::Breached => {
            format!("{open}>\n      <failure message=\"{said}\"/>\n    </testcase>\n")
        }
        Health::Unknown if fail_unknown => {
            format!("{open}>\n      <failure message=\"{said}\"/>\n    </testcase>\n")
        }
        Health::Unknown => {
            format!("{open}>\n      <skipped message=\"{said}\"/>\n    </testcase>\n")
        }
        _ => format!("{open}/>\n"),
    }
}

/// As the value of an attribute. Control characters are in no XML.
fn escaped(text: &str) -> String {
    escaped_lines(&text.replace('\n', " "))
}

fn escaped_lines(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            c if c.is_control() && c != '\n' => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
