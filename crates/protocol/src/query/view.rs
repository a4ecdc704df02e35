//! Turns a query string into what is looked at, and back: lists, numbers, exports and links say which
//! answers they are about in this one way.
//!
//! | parameter | meaning |
//! |---|---|
//! | `survey` | slug of one survey or feedback form |
//! | `question` | id of one question that was answered |
//! | `days` | given in the last so many days of 24 hours |
//! | `from`, `to` | given from then, and before then; milliseconds since 1970 (UTC) |
//! | `status` | one or more of [`Status`], with commas between |
//! | `tag` | a tag; more than one: all of them |
//! | `assignee` | `me`, `none`, or an e-mail address |
//! | `score` | first score of the response: `7`, `0-6`, `<=6`, `<7`, `>=9`, `>8` |
//! | `page` | part of the page's address, `*` for anything; after a `=`, the whole path |
//! | `device`, `browser`, `language`, `country`, `version` | where it was given |
//! | `trait.plan` | what the page says about the person |
//! | `has` | one or more of [`Has`], with commas between |
//! | `is` | one or more of [`Aside`]: only what is kept aside for one of these reasons |
//! | `q` | what was typed into a search box: see [`Word`] |
//!
//! Without `is`, nothing that is kept aside is part of a view; what is snoozed is, where words are looked
//! for. What makes no sense is left out and named, see [`Dropped`]. Where one thing is said twice, and it
//! can only be said once, the last one counts.

mod coding;
mod narrow;
mod parts;
mod read;
mod words;

use core::fmt;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::narrow::within_window;
pub use self::parts::{Aside, Assignee, Device, Has, ScoreRange, Status};
pub use self::words::{MAX_WORDS, Word};
use super::delivery::Browser;

/// Which answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Of this survey.
    pub survey: Option<String>,
    /// With an answer to this question.
    pub question: Option<String>,
    /// Given in the last so many days.
    pub days: Option<u32>,
    /// Given from then on; milliseconds since 1970 (UTC).
    pub from_ms: Option<u64>,
    /// Given before then.
    pub to_ms: Option<u64>,
    /// With one of these; any when empty.
    pub status: Vec<Status>,
    /// With all of these.
    pub tags: Vec<String>,
    /// Looked after by them.
    pub assignee: Option<Assignee>,
    /// Whose first score is one of these.
    pub score: Option<ScoreRange>,
    /// From a page whose address has this in it.
    pub page: Option<String>,
    /// From such a machine.
    pub device: Option<Device>,
    /// From such a browser.
    pub browser: Option<Browser>,
    /// Shown in this language.
    pub language: Option<String>,
    /// From this country, where the page said so in `country` of traits or context.
    pub country: Option<String>,
    /// From this version of the product, where the page said so in `version` of traits or context.
    pub version: Option<String>,
    /// By people of whom the page says this.
    pub traits: BTreeMap<String, String>,
    /// With all of these.
    pub has: Vec<Has>,
    /// Kept aside for one of these reasons; not at all when empty.
    pub aside: Vec<Aside>,
    /// In which these were written.
    pub words: Vec<Word>,
}

/// A parameter that made no sense and was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dropped {
    /// Its name, or that of the operator.
    pub param: String,
    /// Its value.
    pub value: String,
    /// Why, by a stable name: `unknown`, `no_such_value`, `not_a_number`, `not_a_day`, `empty_span`,
    /// `nothing_to_find`, `too_many`, `cannot_be_left_out`, `nobody`, `empty`, `of_itself`.
    pub why: String,
}

/// What a query string says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// What is looked at.
    pub view: View,
    /// What made no sense.
    pub dropped: Vec<Dropped>,
    /// Parameters of the names that the caller knows beside those of the view.
    pub others: BTreeMap<String, String>,
}

impl Parsed {
    /// Leaves out what the caller found to make no sense.
    pub fn drop(&mut self, param: &str, value: &str, why: &str) {
        self.dropped.push(Dropped {
            param: param.to_owned(),
            value: value.to_owned(),
            why: why.to_owned(),
        });
    }
}

impl View {
    /// Reads a query string, with or without its question mark. `others` are names that are not the
    /// view's; `day` answers when a day such as `2026-11-01` begins.
    pub fn parse(query: &str, others: &[&str], day: impl Fn(&str) -> Option<u64>) -> Parsed {
        read::parse(query, others, &day)
    }

    /// What is looked for, as somebody would type it.
    pub fn typed(&self) -> String {
        let words: Vec<_> = self.words.iter().map(Word::typed).collect();
        words.join(" ")
    }
}

/// The query string, without its question mark; the same view has one.
impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut query = String::new();
        let mut one = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                coding::push(&mut query, name, &value);
            }
        };
        one("survey", self.survey.clone());
        one("question", self.question.clone());
        one("days", self.days.map(|days| days.to_string()));
        one("from", self.from_ms.map(|ms| ms.to_string()));
        one("to", self.to_ms.map(|ms| ms.to_string()));
        one("status", joined(&self.status));
        for tag in &self.tags {
            one("tag", Some(tag.clone()));
        }
        one("assignee", self.assignee.as_ref().map(Assignee::to_string));
        one("score", self.score.map(|range| range.to_string()));
        one("page", self.page.clone());
        one("device", self.device.map(|device| device.to_string()));
        one("browser", self.browser.map(|it| it.as_str().to_owned()));
        one("language", self.language.clone());
        one("country", self.country.clone());
        one("version", self.version.clone());
        for (key, value) in &self.traits {
            one(&format!("trait.{key}"), Some(value.clone()));
        }
        one("has", joined(&self.has));
        one("is", joined(&self.aside));
        let typed = self.typed();
        one("q", (!typed.is_empty()).then_some(typed));
        f.write_str(&query)
    }
}

fn joined<T: fmt::Display>(all: &[T]) -> Option<String> {
    let names: Vec<_> = all.iter().map(T::to_string).collect();
    (!names.is_empty()).then(|| names.join(","))
}

#[cfg(test)]
mod tests;
