//! Turns a report into a table for people.

use std::fmt::Write;

use latency::Class;
use protocol::budget::{Span, Stage};
use protocol::query::performance::{Health, ObjectiveKind};

use super::evaluate::{FeatureReport, ObjectiveReport, Report};

/// Templates of a feature that is not kept: where to look first.
const MAX_TEMPLATES: usize = 3;

/// The whole report: objectives, worst first, then what was slow, then how much was looked at.
pub(super) fn table(report: &Report) -> String {
    let mut rows = vec![HEAD.map(String::from)];
    for feature in &report.features {
        if feature.objectives.is_empty() {
            rows.push(unbudgeted(feature));
        }
        for (n, objective) in feature.objectives.iter().enumerate() {
            rows.push(row(if n == 0 { &feature.id } else { "" }, objective));
        }
    }
    let mut text = aligned(&rows);
    for feature in &report.features {
        if feature.health == Health::Breached {
            text.push('\n');
            text += &slow(feature);
        }
    }
    text.push('\n');
    text += &summary(report);
    text
}

const HEAD: [&str; 8] = [
    "feature",
    "objective",
    "target",
    "actual",
    "n",
    "bad",
    "left",
    "",
];

fn row(feature: &str, objective: &ObjectiveReport) -> [String; 8] {
    let share = |share: Option<f64>| share.map_or_else(nothing, percent);
    [
        String::from(feature),
        words(objective.kind),
        percent(objective.target),
        share(objective.actual),
        objective.n.to_string(),
        objective.bad.to_string(),
        share(objective.left),
        String::from(health_word(objective.health)),
    ]
}

fn unbudgeted(feature: &FeatureReport) -> [String; 8] {
    let word = health_word(Health::Unbudgeted);
    let mut row = [const { String::new() }; 8];
    row[0].clone_from(&feature.id);
    row[4] = feature.n.to_string();
    row[7] = String::from(word);
    row
}

fn nothing() -> String {
    String::from("-")
}

/// What an objective is about.
pub(super) fn words(kind: ObjectiveKind) -> String {
    match kind {
        ObjectiveKind::Latency { stage, within_ms } => {
            let stage = match stage {
                Stage::Headers => "headers",
                Stage::Body => "body",
            };
            format!("{stage} within {}", Span(u64::from(within_ms)))
        }
        ObjectiveKind::Availability => String::from("available (requests)"),
    }
}

/// How it stands, in a word.
pub(super) const fn health_word(health: Health) -> &'static str {
    match health {
        Health::Breached => "BREACHED",
        Health::Burning => "burning",
        Health::Unknown => "unknown",
        Health::Within => "kept",
        Health::Unbudgeted => "nothing promised",
    }
}

/// To a hundredth, never rounded up: 99.999 % is not 100 %.
pub(super) fn percent(share: f64) -> String {
    let hundredths = (share * 10_000.0 + 1e-6).floor() / 100.0;
    format!("{hundredths} %")
}

/// Columns as wide as they have to be; the first two and the last to the left, numbers to the right.
fn aligned(rows: &[[String; 8]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = width(column);
            let cell = match column {
                0 | 1 | 7 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            };
            line += &cell;
            line += "  ";
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// Where a feature that is not kept was slow or failed.
pub(super) fn slow(feature: &FeatureReport) -> String {
    let mut text = format!("{}:", feature.id);
    if let Some(found) = &feature.percentiles {
        // Writing to a text cannot fail.
        let _ = write!(
            text,
            " p50 {}, p95 {}, p99 {};",
            ms(found.p50),
            ms(found.p95),
            ms(found.p99)
        );
    }
    let ok = Class::Ok.as_str();
    let classes = feature.classes.iter().filter(|(class, _)| **class != ok);
    for (class, n) in classes {
        let _ = write!(text, " {n} {class},");
    }
    let mut text = format!("{}\n", text.trim_end_matches([',', ';', ':']));
    for one in feature.templates.iter().take(MAX_TEMPLATES) {
        let p95 = one.p95_ms.map_or_else(nothing, ms);
        let _ = writeln!(
            text,
            "  {} {}: p95 {p95}, {} of {} over, {} failed",
            one.method, one.template, one.over, one.n, one.failed
        );
    }
    if let Some(slowest) = &feature.slowest {
        let _ = writeln!(
            text,
            "  slowest: {}, {} {} ({} entry {})",
            ms(slowest.ms),
            slowest.method,
            slowest.template,
            slowest.trace,
            slowest.entry
        );
    }
    text
}

/// Milliseconds for people.
pub(super) fn ms(ms: f64) -> String {
    format!("{ms:.0} ms")
}

fn summary(report: &Report) -> String {
    let counts = [Health::Breached, Health::Unknown, Health::Within].map(|health| {
        format!(
            "{} {}",
            report.count(health),
            health_word(health).to_lowercase()
        )
    });
    let left = &report.left_out;
    let mut text = format!(
        "objectives: {}; {} requests in {} {}, {} of no feature",
        counts.join(", "),
        report.requests,
        report.traces.len(),
        if report.traces.len() == 1 {
            "trace"
        } else {
            "traces"
        },
        report.unmatched
    );
    for (n, what) in [
        (left.not_measured, "not measured"),
        (left.redirects, "redirects joined"),
        (left.unreadable, "unreadable"),
    ] {
        if n > 0 {
            let _ = write!(text, ", {n} {what}");
        }
    }
    text.push('\n');
    text
}
