//! Turns a survey as its author wrote it into what the widget shows.

use serde::{Deserialize, Serialize};

use crate::config::{DisplayRule, SurveyRule};
use crate::item::SurveyRef;

/// A survey as its author writes, stores and publishes it.
///
/// ```
/// let json = r#"{"id":"nps","name":"Product NPS","language":"en","questions":[
///     {"id":"score","title":"How likely are you to recommend us?","required":true,
///      "kind":{"nps":{"low":"Not at all likely","high":"Extremely likely"}}},
///     {"id":"reason","title":"What is the main reason for your score?",
///      "kind":{"text":{"max_chars":2000}}}],
///     "thanks":{"title":"Thank you"}}"#;
/// let survey: protocol::survey::Survey = serde_json::from_str(json).unwrap();
/// assert_eq!(survey.questions.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Slug, unique in its project: see [`crate::limits::is_slug`].
    pub id: String,
    /// What the team calls it; people who answer never see it.
    pub name: String,
    /// BCP 47 tag of the language that the texts are written in.
    pub language: String,
    /// Asked in this order, one at a time.
    pub questions: Vec<Question>,
    /// Shown after the last question.
    pub thanks: Thanks,
    /// Whether the widget carries the small "Firsthand" mark.
    #[serde(default = "yes")]
    pub mark: bool,
    /// Who sees it, when, how often.
    #[serde(default)]
    pub show: DisplayRule,
}

const fn yes() -> bool {
    true
}

impl Survey {
    /// What the widget is given to show version `version` of this survey.
    pub fn content(&self, version: u32) -> SurveyContent {
        SurveyContent {
            format: CONTENT_FORMAT,
            survey: self.reference(version),
            language: self.language.clone(),
            questions: self.questions.clone(),
            thanks: self.thanks.clone(),
            mark: self.mark,
        }
    }

    /// What the agent is given to decide when to show version `version` of this survey.
    pub fn rule(&self, version: u32) -> SurveyRule {
        SurveyRule {
            survey: self.reference(version),
            show: self.show.clone(),
        }
    }

    fn reference(&self, version: u32) -> SurveyRef {
        SurveyRef {
            id: self.id.clone(),
            version,
        }
    }
}

/// Layout of [`SurveyContent`] as bytes. A widget that reads another number shows nothing.
pub const CONTENT_FORMAT: u8 = 1;

/// What the widget shows: `GET /v1/survey/<id>@<version>?k=<site key>` answers it as `postcard`
/// bytes, immutable; with `.json` at the end, the same for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SurveyContent {
    /// Always first, always [`CONTENT_FORMAT`] for this layout.
    pub format: u8,
    /// Which survey.
    pub survey: SurveyRef,
    /// BCP 47 tag of the texts.
    pub language: String,
    /// Asked in this order.
    pub questions: Vec<Question>,
    /// Shown after the last question.
    pub thanks: Thanks,
    /// Whether to carry the small "Firsthand" mark.
    pub mark: bool,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Slug, unique in its survey. Answers are kept under it, so it outlives every rewording.
    pub id: String,
    /// The question itself, as text.
    pub title: String,
    /// A line below the title.
    #[serde(default)]
    pub description: Option<String>,
    /// Whether the survey goes on only with an answer.
    #[serde(default)]
    pub required: bool,
    /// What can be answered.
    pub kind: QuestionKind,
}

/// What can be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum QuestionKind {
    /// One score from 0 to 10.
    Nps {
        /// What 0 means.
        low: String,
        /// What 10 means.
        high: String,
    },
    /// Free text, several lines.
    Text {
        /// Characters at most, up to [`crate::limits::MAX_TEXT_CHARS`].
        max_chars: u32,
    },
}

/// What is shown after the last question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Thanks {
    /// The headline.
    pub title: String,
    /// A line below it.
    #[serde(default)]
    pub text: Option<String>,
}
