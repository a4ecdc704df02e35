//! Turns what the console asks into what it is told, under `/api/v1`.
//!
//! | request | answer |
//! |---|---|
//! | `POST /api/v1/session` with [`SignIn`] | [`Session`] and a cookie |
//! | `GET /api/v1/session` | [`Session`] |
//! | `DELETE /api/v1/session` | 204 |
//! | `GET /api/v1/scores/nps?`[`NpsQuery`] | [`NpsReport`] |
//! | `GET /api/v1/comments?`[`CommentsQuery`] | [`Comments`] |

use serde::{Deserialize, Serialize};

use crate::id::ResponseId;
use crate::score::NpsScore;

/// A person signs in to the console.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct Session {
    /// E-mail address of the person.
    pub email: String,
    /// The project's name.
    pub project: String,
    /// Sites that may send, oldest first.
    pub sites: Vec<Site>,
    /// Surveys of the project, by name.
    pub surveys: Vec<SurveySummary>,
}

/// One place that may send: a public key and the origins that may use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Public key, as in `data-site-key`.
    pub key: String,
    /// Origins such as `https://shop.example`, `https://*.shop.example`, `http://localhost:*`.
    pub origins: Vec<String>,
}

/// One survey in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveySummary {
    /// Slug.
    pub id: String,
    /// What the team calls it.
    pub name: String,
    /// Version that is running.
    pub version: u32,
    /// Id and title of its NPS question, when it has one.
    pub nps_question: Option<(String, String)>,
}

/// Which answers: of one survey, given in the last `days` days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NpsQuery {
    /// The survey's slug.
    pub survey: String,
    /// Length of the window that ends now, in days of 24 hours; absent means all time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

/// A stretch of time, from `from_ms` up to but without `to_ms`; milliseconds since 1970 (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Start, inclusive.
    pub from_ms: u64,
    /// End, exclusive.
    pub to_ms: u64,
}

/// The Net Promoter Score of one survey in one window, with all that is needed to check it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Which comments: of one survey, given in the last `days` days, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentsQuery {
    /// The survey's slug.
    pub survey: String,
    /// Length of the window that ends now, in days of 24 hours; absent means all time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Where to go on: [`Comments::next`] of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Comments a page, 1 to 200; 50 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One page of comments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comments {
    /// Newest first.
    pub items: Vec<Comment>,
    /// Cursor of the next page, when there is one.
    pub next: Option<String>,
}

/// What one person wrote, with the score that goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The response that it belongs to.
    pub response: ResponseId,
    /// The question as it was shown.
    pub prompt: String,
    /// What was written.
    pub text: String,
    /// The score given in the same response, if any.
    pub score: Option<NpsScore>,
    /// Origin and path of the page.
    pub page_url: String,
    /// BCP 47 tag of the language that the person was shown.
    pub language: String,
    /// When it was given, corrected for the sender's clock; milliseconds since 1970 (UTC).
    pub at_ms: u64,
}
