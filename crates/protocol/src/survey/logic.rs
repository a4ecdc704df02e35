//! Turns "who answered this goes there" into data.

use serde::{Deserialize, Serialize};

/// One jump: when it holds, that is where the survey goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Id of the question whose answer is looked at; the question that has the rule when absent.
    #[serde(default)]
    pub of: Option<String>,
    /// What its answer must be.
    pub when: Test,
    /// Where the survey goes on.
    pub go: Target,
}

/// What an answer must be. A test that does not fit the kind of question never holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// A score from the first to the second number, both included.
    Between(u8, u8),
    /// A score in this part of its scale.
    Bucket(Bucket),
    /// At least one of these options.
    AnyOf(Vec<String>),
    /// Every one of these options.
    AllOf(Vec<String>),
    /// None of these options, but an answer.
    NoneOf(Vec<String>),
    /// Any answer at all: a score, an option, a text, a ticked box.
    Answered,
    /// Passed over.
    Skipped,
}

/// A part of a scale: 0–6, 7–8, 9–10 of an NPS scale; else below, at and above the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// NPS: 0 to 6.
    #[serde(alias = "detractor")]
    Low,
    /// NPS: 7 and 8. Scales with an even number of steps have none.
    #[serde(alias = "passive")]
    Middle,
    /// NPS: 9 and 10.
    #[serde(alias = "promoter")]
    High,
}

/// Where a survey goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The next question in order; after the last one, the first ending.
    #[default]
    Next,
    /// The question with this id.
    Question(String),
    /// The ending with this id.
    End(String),
}
