//! Turns one version of a survey in one language into the bytes that the widget reads.

use serde::{Deserialize, Serialize};

use super::{Ending, Intro, Look, Question};
use crate::item::SurveyRef;
use crate::text::Phrase;

/// Layout of [`SurveyContent`] as bytes. A widget that reads another number shows nothing. The facade asks for it by the
/// same number, in `library.ts`: the answer is cached for a year.
pub const CONTENT_FORMAT: u8 = 2;

/// What the widget shows: `GET /v1/survey/<id>@<version>?k=<site key>&l=<language>` answers it as
/// `postcard` bytes, immutable; with `.json` at the end, the same for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SurveyContent {
    /// Always first, always [`CONTENT_FORMAT`] for this layout.
    pub format: u8,
    /// Which survey.
    pub survey: SurveyRef,
    /// BCP 47 tag of the texts that name no other.
    pub language: String,
    /// What a feedback form has beside its questions; absent for a survey.
    pub feedback: Option<FeedbackParts>,
    /// Shown before the first question.
    pub intro: Option<Intro<Phrase>>,
    /// Asked in this order, unless their rules jump.
    pub questions: Vec<Question<Phrase>>,
    /// Shown at the end; the first is the usual one.
    pub endings: Vec<Ending<Phrase>>,
    /// Where and in which colours it appears; every colour that follows from another is filled in.
    pub look: Look,
}

/// What a feedback form has beside its questions, as the widget needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FeedbackParts {
    /// Whether a screenshot can be added.
    pub screenshot: bool,
    /// Whether the person is asked to attach what the browser knows.
    pub context: bool,
}
