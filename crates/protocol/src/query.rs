//! Turns what the console asks into what it is told, under `/api/v1`.
//!
//! | request | answer |
//! |---|---|
//! | `POST /api/v1/session` with [`SignIn`] | [`Session`] and a cookie |
//! | `GET /api/v1/session` | [`Session`] |
//! | `DELETE /api/v1/session` | 204 |
//! | `GET /api/v1/scores/nps?`[`NpsQuery`] | [`NpsReport`] |
//! | `GET /api/v1/comments?`view and [`CommentsQuery`] | [`Comments`] |
//! | `GET /api/v1/attachments/<id>` | the image |
//! | `GET /api/v1/surveys` | [`Surveys`] |
//! | `PUT /api/v1/surveys/<id>` with a [`Survey`] | [`Published`], or 422 and [`Refused`] |
//! | `GET /api/v1/delivery?`[`delivery::DeliveryQuery`] | [`delivery::Delivery`] |
//!
//! What is asked about latency and availability is in [`performance`], about people and what they may
//! do in [`access`], about what is kept about somebody who answered in [`custody`], about what people wrote
//! in [`inbox`], about scores in [`scores`], how sites are set up in [`setup`], about writing and running surveys
//! in [`surveys`]. Which answers something is about is a [`view`].

pub mod access;
pub mod custody;
pub mod delivery;
pub mod diag;
pub mod inbox;
pub mod performance;
pub mod scores;
pub mod setup;
pub mod surveys;
pub mod view;
pub mod views;

use serde::{Deserialize, Serialize};

use crate::id::{AttachmentId, ResponseId};
use crate::outcome::ErrorBody;
use crate::score::NpsScore;
use crate::survey::Survey;

/// A person signs in to the console.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// E-mail address, compared without case.
    pub email: String,
    /// Password.
    pub password: String,
}

impl core::fmt::Debug for SignIn {
    // A password must not reach a log by way of `{:?}`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SignIn")
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}

/// Who is signed in, and what there is to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// E-mail address of the person.
    pub email: String,
    /// What the person may do.
    pub role: access::Role,
    /// The project's name.
    pub project: String,
    /// IANA name of the project's time zone.
    #[serde(default = "utc")]
    pub timezone: String,
    /// Sites that may send, oldest first.
    pub sites: Vec<Site>,
    /// Surveys of the project, by name.
    pub surveys: Vec<SurveySummary>,
}

fn utc() -> String {
    String::from("UTC")
}

/// One place that may send: a public key and the origins that may use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Site {
    /// Public key, as in `data-site-key`.
    pub key: String,
    /// Origins such as `https://shop.example`, `https://*.shop.example`, `http://localhost:*`.
    pub origins: Vec<String>,
}

/// One survey in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SurveySummary {
    /// Slug.
    pub id: String,
    /// What the team calls it.
    pub name: String,
    /// Version that is running.
    pub version: u32,
    /// Whether it waits for people who have something to say, instead of asking by itself.
    pub is_feedback: bool,
    /// Id and title of its NPS question, when it is no feedback form and has one.
    pub nps_question: Option<(String, String)>,
    /// The first question of each kind of score, when it is no feedback form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<scores::Scored>,
}

/// Which answers: of one survey, given in the last `days` days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NpsQuery {
    /// The survey's slug.
    pub survey: String,
    /// Length of the window that ends now, in days of 24 hours; absent means all time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

/// A stretch of time, from `from_ms` up to but without `to_ms`; milliseconds since 1970 (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    /// Start, inclusive.
    pub from_ms: u64,
    /// End, exclusive.
    pub to_ms: u64,
}

/// The Net Promoter Score of one survey in one window, with all that is needed to check it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NpsReport {
    /// The survey's slug.
    pub survey: String,
    /// When the counted answers were given.
    pub window: Window,
    /// People per score, 0 to 10: the latest answer of each person in the window.
    pub histogram: [u64; 11],
    /// People who gave a score: the sum of `histogram`.
    pub n: u64,
    /// People who gave 9 or 10.
    pub promoters: u64,
    /// People who gave 7 or 8.
    pub passives: u64,
    /// People who gave 0 to 6.
    pub detractors: u64,
    /// `100 * (promoters - detractors) / n`, unrounded; absent when nobody answered.
    pub score: Option<f64>,
    /// 95 % interval by the adjusted Wald method, clamped to -100..=100; absent when nobody answered.
    pub interval: Option<Interval>,
    /// People who were shown the survey in the window.
    pub shown: u64,
    /// People who were shown the survey in the window and gave a score in it.
    pub shown_and_answered: u64,
}

/// A range that holds the true value with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Which comments, newest first, beside the [`view::View`] that they are in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentsQuery {
    /// `nps`, `csat` or `ces`: of which kind the score has to be that the view names. Unless told, the one
    /// that the inbox shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where to go on: [`Comments::next`] of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Comments a page, 1 to 200; 50 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One page of comments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comments {
    /// Newest first.
    pub items: Vec<Comment>,
    /// Cursor of the next page, when there is one.
    pub next: Option<String>,
    /// What of the query made no sense.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<view::Dropped>,
}

/// What one person wrote, in words or beside the options of a choice, with the score that goes with
/// it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comment {
    /// Slug of the survey.
    pub survey: String,
    /// The response that it belongs to.
    pub response: ResponseId,
    /// The question as it was shown.
    pub prompt: String,
    /// What was written.
    pub text: String,
    /// The NPS score given in the same response, if any.
    pub score: Option<NpsScore>,
    /// Images of the response that have arrived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentId>,
    /// Origin and path of the page.
    pub page_url: String,
    /// BCP 47 tag of the language that the person was shown.
    pub language: String,
    /// When it was given, corrected for the sender's clock; milliseconds since 1970 (UTC).
    pub at_ms: u64,
}

/// Every survey and feedback form of the project, by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Surveys {
    /// In the version that runs.
    pub items: Vec<SurveyEntry>,
}

/// One survey, in the version that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SurveyEntry {
    /// Its version.
    pub version: u32,
    /// When that was published; milliseconds since 1970 (UTC).
    pub published_ms: u64,
    /// The survey as its author wrote it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub survey: Survey,
}

/// What became of a survey that was to be published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Published {
    /// Its slug.
    pub id: String,
    /// The version that runs now.
    pub version: u32,
    /// Whether this made it; false when nothing had changed.
    pub is_new: bool,
    /// What is worth a second look, though it runs.
    pub findings: Vec<Finding>,
}

/// Why a survey cannot be published: an error reply with all that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refused {
    /// The code, and a sentence.
    pub error: ErrorBody,
    /// What is wrong, and what is worth a second look.
    pub findings: Vec<Finding>,
}

/// One thing about a survey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// Whether it keeps the survey from being published.
    pub is_error: bool,
    /// Where, as a JSON pointer into the definition (RFC 6901).
    pub pointer: String,
    /// What, by a stable name.
    pub code: String,
    /// What, as a sentence.
    pub message: String,
}
