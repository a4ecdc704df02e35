//! Turns the definitions of `examples/surveys` into what somebody can begin a survey with.

use core::fmt::Write as _;

use crate::words::say;

/// A definition to begin with.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// What it is for, for people.
    pub name: fn() -> &'static str,
    /// When it is of use.
    pub what: fn() -> &'static str,
    definition: &'static str,
}

/// Some of the examples, the most usual first.
pub const TEMPLATES: [Template; 6] = [
    Template {
        name: say::survey_template_nps,
        what: say::survey_template_nps_what,
        definition: include_str!("../../../../examples/surveys/nps.json"),
    },
    Template {
        name: say::survey_template_csat,
        what: say::survey_template_csat_what,
        definition: include_str!("../../../../examples/surveys/support-csat.json"),
    },
    Template {
        name: say::survey_template_ces,
        what: say::survey_template_ces_what,
        definition: include_str!("../../../../examples/surveys/setup-ces.json"),
    },
    Template {
        name: say::survey_template_slow,
        what: say::survey_template_slow_what,
        definition: include_str!("../../../../examples/surveys/checkout.json"),
    },
    Template {
        name: say::survey_template_feedback,
        what: say::survey_template_feedback_what,
        definition: include_str!("../../../../examples/surveys/feedback.json"),
    },
    Template {
        name: say::survey_template_news,
        what: say::survey_template_news_what,
        definition: include_str!("../../../../examples/surveys/whats-new.json"),
    },
];

impl Template {
    /// Its slug.
    pub fn id(&self) -> &'static str {
        quoted_after(self.definition, "\"id\": \"").unwrap_or("survey")
    }

    /// The definition under a slug of its own, without the address of its schema on this disk.
    pub fn definition(&self, id: &str) -> String {
        let mut text = String::with_capacity(self.definition.len());
        let mut is_named = false;
        for line in self.definition.lines() {
            if line.trim_start().starts_with("\"$schema\"") {
                continue;
            }
            let old = format!("\"id\": \"{}\"", self.id());
            let line = match is_named {
                false if line.contains(&old) => {
                    is_named = true;
                    line.replacen(&old, &format!("\"id\": \"{id}\""), 1)
                }
                _ => String::from(line),
            };
            // A text takes every line.
            let _ = writeln!(text, "{line}");
        }
        text
    }
}

fn quoted_after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(mark)?;
    rest.split('"').next()
}

/// A slug like `wanted` that nothing has yet: `nps`, `nps-2`, `nps-3`.
pub fn free_id(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut id = String::from(wanted);
    let mut n = 2;
    while is_taken(&id) {
        id = format!("{wanted}-{n}");
        n += 1;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_surveys_under_the_slug_that_is_asked_for() {
        for template in TEMPLATES {
            let text = template.definition("mine");
            let survey: protocol::survey::Survey = serde_json::from_str(&text).unwrap();
            assert_eq!(survey.id, "mine");
            assert_eq!(survey.schema, None);
            assert_ne!(template.id(), "survey");
        }
    }

    #[test]
    fn a_slug_is_free() {
        assert_eq!(free_id("nps", |_| false), "nps");
        assert_eq!(free_id("nps", |id| ["nps", "nps-2"].contains(&id)), "nps-3");
    }
}
