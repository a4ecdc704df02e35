//! Turns a survey as its author wrote it into what the widget shows.

mod content;
mod display;
mod logic;
mod look;
mod question;

use serde::{Deserialize, Serialize};

use crate::text::LocalText;

pub use content::{CONTENT_FORMAT, FeedbackParts, SurveyContent};
pub use display::{
    Again, Device, DisplayRule, EventTest, Filter, Trigger, UrlTest, ValueTest, Wait, Waits,
};
pub use logic::{Bucket, Rule, Target, Test};
pub use look::{Colors, Corner, Look, Palette, Placement};
pub use question::{
    Choice, ChoiceOption, Ending, Image, Intro, Link, Question, QuestionKind, Reaction, ScaleLook,
    TextFormat,
};

/// Id of the answer that a person writes beside the options.
pub const OTHER: &str = "other";
/// Id of the answer that none of the options fits.
pub const NONE: &str = "none";

/// A survey, or a feedback form, as its author writes, stores and publishes it.
///
/// ```
/// let json = r#"{"id":"nps","name":"Product NPS","language":"en","questions":[
///     {"id":"score","title":"How likely are you to recommend us?","required":true,
///      "kind":{"nps":{"low":"Not at all likely","high":"Extremely likely"}}},
///     {"id":"reason","title":{"en":"What is the main reason?","de":"Was ist der Grund?"},
///      "kind":{"text":{"max_chars":2000}}}],
///     "endings":[{"id":"thanks","title":"Thank you"}]}"#;
/// let survey: protocol::survey::Survey = serde_json::from_str(json).unwrap();
/// assert_eq!(survey.questions.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Where an editor finds the schema of this file; nobody else reads it.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Slug, unique in its project: see [`crate::limits::is_slug`].
    pub id: String,
    /// What the team calls it; people who answer never see it.
    pub name: String,
    /// Whether it asks by itself, or waits for people who have something to say.
    #[serde(default)]
    pub kind: SurveyKind,
    /// BCP 47 tag of the language that plain texts are written in.
    pub language: String,
    /// Further languages: every text must have each of them before the survey may run.
    #[serde(default)]
    pub languages: Vec<String>,
    /// What happens to people who read none of these languages.
    #[serde(default)]
    pub otherwise: MissingLanguage,
    /// Shown before the first question.
    #[serde(default)]
    pub intro: Option<Intro<LocalText>>,
    /// Asked in this order, unless their rules jump.
    pub questions: Vec<Question<LocalText>>,
    /// Shown at the end: the first, unless a rule names another.
    pub endings: Vec<Ending<LocalText>>,
    /// Where and in which colours it appears.
    #[serde(default)]
    pub look: Look,
    /// Who sees it, when, how often.
    #[serde(default)]
    pub show: DisplayRule,
}

/// Whether a survey asks by itself, or waits for people who have something to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SurveyKind {
    /// Shown when its rule says so.
    #[default]
    Survey,
    /// Opened by the person only.
    Feedback(Feedback),
}

/// What a feedback form has beside its questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Feedback {
    /// Whether a screenshot can be added.
    pub screenshot: bool,
    /// Whether the person is asked to attach what the browser knows: address, browser, window.
    pub context: bool,
    /// What opens it, beside `openFeedback` and `attachTo`.
    pub launcher: Launcher,
    /// What the launcher says; the widget's own word for "Feedback" when absent.
    pub label: Option<LocalText>,
}

impl Default for Feedback {
    fn default() -> Self {
        Self {
            screenshot: true,
            context: true,
            launcher: Launcher::default(),
            label: None,
        }
    }
}

/// What opens a feedback form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Launcher {
    /// The page's own doing.
    #[default]
    Page,
    /// A button in the form's corner of the window.
    Button,
    /// A tab at the side of the window.
    Tab,
}

/// What happens to people who read none of a survey's languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MissingLanguage {
    /// They see it in the survey's own language.
    #[default]
    Fallback,
    /// They do not see it.
    Hide,
}
