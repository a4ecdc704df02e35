//! Turns what an author does into requests, and replies into what is there now: theirs, or somebody else's.

use gloo_net::http::Request;
use protocol::query::surveys::{
    Board, Clash, Desk, Kept, NewDraft, NewState, Publish, Reach, Rollback,
};
use protocol::query::{Finding, Published, Refused};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::{self, ApiError};
use crate::browser::encode;
use crate::scores_url::Span;

/// What became of a change.
#[derive(Clone, Debug)]
pub enum Told<T> {
    /// It was made.
    Done(T),
    /// Somebody was faster; both sides are here.
    Clash(Box<Clash>),
    /// It cannot be published, and why.
    Refused(Vec<Finding>),
}

/// Asks for every survey.
///
/// # Errors
/// When there was no usable answer.
pub async fn board(span: Span) -> Result<Board, ApiError> {
    let days = span.days().map(|days| format!("?days={days}"));
    let text = api::text(&format!("api/v1/survey-board{}", days.unwrap_or_default())).await?;
    read(&text)
}

/// Asks for one survey.
///
/// # Errors
/// [`ApiError::NotFound`] where there is none; any other when there was no usable answer.
pub async fn desk(id: &str) -> Result<Desk, ApiError> {
    read(&api::text(&at(id, "")).await?)
}

/// Asks for the definition of one version.
///
/// # Errors
/// As [`desk`].
pub async fn definition(id: &str, version: u32) -> Result<String, ApiError> {
    api::text(&at(id, &format!("/export?version={version}"))).await
}

/// Saves what was typed.
///
/// # Errors
/// When there was no usable answer.
pub async fn save(id: &str, draft: &NewDraft) -> Result<Told<Kept>, ApiError> {
    let request = Request::put(&at(id, "/draft"));
    told(api::exchange(request, json(draft)).await?)
}

/// Forgets what was typed.
///
/// # Errors
/// When there was no usable answer.
pub async fn discard(id: &str, rev: u64) -> Result<Told<()>, ApiError> {
    let request = Request::delete(&at(id, &format!("/draft?rev={rev}")));
    let (status, text) = api::exchange(request, String::new()).await?;
    match status {
        409 => told((status, text)),
        _ => Ok(Told::Done(())),
    }
}

/// Publishes what was saved.
///
/// # Errors
/// When there was no usable answer.
pub async fn publish(id: &str, what: Publish) -> Result<Told<Published>, ApiError> {
    let request = Request::post(&at(id, "/publish"));
    told(api::exchange(request, json(&what)).await?)
}

/// Publishes an older version anew.
///
/// # Errors
/// When there was no usable answer.
pub async fn roll_back(id: &str, what: Rollback) -> Result<Told<Published>, ApiError> {
    let request = Request::post(&at(id, "/rollback"));
    told(api::exchange(request, json(&what)).await?)
}

/// Stops a survey, or lets it go on.
///
/// # Errors
/// When there was no usable answer, or somebody was faster.
pub async fn pause(id: &str, paused: bool) -> Result<(), ApiError> {
    let request = Request::put(&at(id, "/state"));
    let what = NewState {
        paused,
        was_paused: !paused,
    };
    match api::exchange(request, json(&what)).await? {
        (409 | 422, text) => Err(ApiError::from_reply(409, None, &text)),
        _ => Ok(()),
    }
}

/// Asks who would have seen a definition; nothing where it cannot be read.
///
/// # Errors
/// When there was no usable answer.
pub async fn reach(text: String) -> Result<Option<Reach>, ApiError> {
    match api::exchange(Request::post("api/v1/survey-reach"), text).await? {
        (200, text) => read(&text).map(Some),
        _ => Ok(None),
    }
}

/// Asks for what the widget shows of a definition; nothing where it cannot be read.
///
/// # Errors
/// When there was no usable answer.
pub async fn preview(text: String, language: &str) -> Result<Option<Vec<u8>>, ApiError> {
    let url = format!("api/v1/survey-preview?language={}", encode(language));
    api::bytes(Request::post(&url), text).await
}

fn at(id: &str, rest: &str) -> String {
    format!("api/v1/surveys/{}{rest}", encode(id))
}

/// Numbers and texts, which always can be written.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    serde_json::from_str(text).map_err(|_| ApiError::Unreadable)
}

fn told<T: DeserializeOwned>((status, text): (u16, String)) -> Result<Told<T>, ApiError> {
    match status {
        409 => read(&text).map(|clash| Told::Clash(Box::new(clash))),
        422 => read::<Refused>(&text).map(|refused| Told::Refused(refused.findings)),
        _ => read(&text).map(Told::Done),
    }
}
