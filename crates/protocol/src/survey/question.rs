//! Turns what is asked into shapes, generic over texts: all languages for authors, one for a reader.

use serde::{Deserialize, Serialize};

use super::{Rule, Target};

/// One question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Question<T> {
    /// Slug, unique in its survey. Answers are kept under it, so it outlives every rewording.
    pub id: String,
    /// The question itself, as text. `{{other_question|otherwise}}` is replaced by an earlier answer.
    pub title: T,
    /// A line below the title.
    #[serde(default)]
    pub description: Option<T>,
    /// Whether the survey goes on only with an answer.
    #[serde(default)]
    pub required: bool,
    /// What can be answered.
    pub kind: QuestionKind<T>,
    /// Where an answer leads: the first rule that holds wins.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Where it leads when no rule holds.
    #[serde(default)]
    pub otherwise: Target,
    /// What the button that goes on says; the widget's own word when absent.
    #[serde(default)]
    pub button: Option<T>,
}

/// What can be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum QuestionKind<T> {
    /// One score from 0 to 10.
    Nps {
        /// What 0 means.
        low: T,
        /// What 10 means.
        high: T,
    },
    /// Free text.
    Text {
        /// Characters at most, up to [`crate::limits::MAX_TEXT_CHARS`].
        max_chars: u32,
        /// Characters at least, when anything is written.
        #[serde(default)]
        min_chars: u32,
        /// What the text has to be.
        #[serde(default)]
        format: TextFormat,
        /// One line instead of several.
        #[serde(default)]
        short: bool,
    },
    /// How satisfied: 1 to 5, 5 is best.
    Csat {
        /// What 1 means.
        low: T,
        /// What 5 means.
        high: T,
        /// How the five are drawn.
        #[serde(default)]
        look: ScaleLook,
    },
    /// How easy: 1 to 7, 7 is easiest.
    Ces {
        /// What 1 means.
        low: T,
        /// What 7 means.
        high: T,
    },
    /// From 1 to `max`, `max` is best.
    Rating {
        /// 2 to 10.
        max: u8,
        /// What 1 means.
        low: T,
        /// What `max` means.
        high: T,
        /// How the steps are drawn.
        #[serde(default)]
        look: ScaleLook,
    },
    /// One of several options.
    SingleChoice(Choice<T>),
    /// Any of several options.
    MultipleChoice(Choice<T>),
    /// One box to tick; required, it has to be ticked.
    Consent {
        /// What the person agrees to.
        label: T,
    },
    /// Nothing is asked: an announcement. The title and the description are what it says.
    Statement {
        /// Shown above the text.
        #[serde(default)]
        image: Option<Image<T>>,
        /// Shown below the text.
        #[serde(default)]
        link: Option<Link<T>>,
        /// Whether the person can react with one tap.
        #[serde(default)]
        reactions: bool,
    },
}

impl<T: Default> Default for QuestionKind<T> {
    fn default() -> Self {
        Self::Statement {
            image: None,
            link: None,
            reactions: false,
        }
    }
}

/// What a text answer has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TextFormat {
    /// Anything.
    #[default]
    Any,
    /// An address that mail can be sent to.
    Email,
    /// An address of the web, with its scheme.
    Url,
    /// A decimal number.
    Number,
}

/// How the steps of a scale are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScaleLook {
    /// Digits.
    #[default]
    Numbers,
    /// Stars, filled up to the chosen one.
    Stars,
    /// Faces, for scales of 2 to 7 steps.
    Emoji,
}

/// Options to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Choice<T> {
    /// 2 to [`crate::limits::MAX_OPTIONS`], in this order unless shuffled.
    pub options: Vec<ChoiceOption<T>>,
    /// Label of an option with a text field of its own; its id is [`super::OTHER`].
    #[serde(default)]
    pub other: Option<T>,
    /// Label of an option that excludes all others; its id is [`super::NONE`].
    #[serde(default)]
    pub none: Option<T>,
    /// Whether each person gets an order of their own; `other` and `none` stay last.
    #[serde(default)]
    pub shuffle: bool,
    /// Of a multiple choice, options at least, when any is chosen; 0 is no limit.
    #[serde(default)]
    pub min: u8,
    /// Of a multiple choice, options at most; 0 is no limit.
    #[serde(default)]
    pub max: u8,
}

/// One option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChoiceOption<T> {
    /// Slug, unique in its question; neither `other` nor `none`.
    pub id: String,
    /// What the person reads.
    pub label: T,
}

/// One tap in answer to an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// Thumbs up.
    Up,
    /// Thumbs down.
    Down,
    /// A heart.
    Heart,
}

/// An image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Image<T> {
    /// `https` address.
    pub url: String,
    /// What it shows, for people who do not see it; empty when it only decorates.
    pub alt: T,
}

/// A link to somewhere else; it opens in a tab of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Link<T> {
    /// `https`, `http` or `mailto` address.
    pub url: String,
    /// What it says.
    pub label: T,
}

/// What is shown before the first question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Intro<T> {
    /// The headline.
    pub title: T,
    /// Below it.
    #[serde(default)]
    pub text: Option<T>,
    /// What the button says; the widget's own word for "Start" when absent.
    #[serde(default)]
    pub button: Option<T>,
}

/// What is shown after the last question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ending<T> {
    /// Slug, unique among the endings.
    pub id: String,
    /// The headline.
    pub title: T,
    /// Below it.
    #[serde(default)]
    pub text: Option<T>,
    /// A link to go on with.
    #[serde(default)]
    pub link: Option<Link<T>>,
    /// Address that the page goes to once the answers are kept; same origin, or `https`.
    #[serde(default)]
    pub redirect: Option<String>,
}
