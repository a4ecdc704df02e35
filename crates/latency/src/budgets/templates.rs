//! Turns templates of paths into what is wrong with them.

use super::{Code, MAX_PATTERN_BYTES, MAX_TEMPLATES, Report};

pub(super) fn check(templates: &[String], report: &mut Report) {
    let n = templates.len();
    if n > MAX_TEMPLATES {
        let sentence = format!("There are {n} templates, and pages keep at most {MAX_TEMPLATES}.");
        report.say("/templates", Code::TooManyTemplates, sentence);
        return;
    }
    for (n, template) in templates.iter().enumerate() {
        let at = format!("/templates/{n}");
        if let Some(sentence) = fault(template) {
            report.say(at, Code::Template, sentence);
            continue;
        }
        let before = &templates[..n];
        if before.contains(template) {
            report.say(
                at,
                Code::DuplicateTemplate,
                "This template is there already.",
            );
        } else if let Some(other) = before.iter().find(|other| covers(other, template)) {
            let sentence =
                format!("{other} takes every path that this is for: the first that fits is taken.");
            report.say(at, Code::HiddenTemplate, sentence);
        }
    }
}

/// Why it cannot be read.
fn fault(template: &str) -> Option<&'static str> {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let Some(path) = template.strip_prefix('/') else {
        return Some("A template begins with a slash.");
    };
    if template.len() > MAX_PATTERN_BYTES {
        Some("A template has at most 200 bytes.")
    } else if path.contains(['?', '#']) {
        Some("A query or a fragment is dropped before paths are looked at.")
    } else if path.contains('*') {
        Some("In a template :name stands for a segment; stars are for matches.")
    } else if path.contains(|c: char| c.is_whitespace() || c.is_control()) {
        Some("A path has no white space: it is encoded, as %20.")
    } else if !path.is_empty() && path.split('/').any(str::is_empty) {
        Some("Between two slashes is a segment, and none follows the last one.")
    } else if path
        .split('/')
        .filter_map(|segment| segment.strip_prefix(':'))
        .any(|name| !is_name(name))
    {
        Some("The name of a placeholder is made of letters, digits and underscores, such as :id.")
    } else {
        None
    }
}

/// Whether the first fits whatever the second does.
fn covers(wide: &str, narrow: &str) -> bool {
    let fits = |(wide, narrow): (&str, &str)| wide.starts_with(':') || wide == narrow;
    wide.split('/').count() == narrow.split('/').count()
        && wide.split('/').zip(narrow.split('/')).all(fits)
}
