//! Turns a text in one or several languages into what one person reads, and remembers the language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A text as its author writes it: `"Why?"`, or `{"en": "Why?", "de": "Warum?"}` by BCP 47 tag.
///
/// A plain text is in the survey's own language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum LocalText {
    /// In the survey's own language.
    One(String),
    /// In several, by language.
    Many(BTreeMap<String, String>),
}

impl Default for LocalText {
    fn default() -> Self {
        Self::One(String::new())
    }
}

impl From<&str> for LocalText {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}

/// A text in the one language that a person is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Phrase {
    /// The text.
    pub text: String,
    /// BCP 47 tag where it is not in the language of its survey's content; else empty.
    pub language: String,
}

impl From<&str> for Phrase {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            language: String::new(),
        }
    }
}
