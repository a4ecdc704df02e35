//! Turns questions of the console into requests to its collector, and replies into answers or errors.

use core::fmt;

use gloo_net::http::{Method, Request, RequestBuilder, Response};
use protocol::outcome::{ErrorCode, ErrorReply};
use protocol::query::access::{Providers, UseLink};
use protocol::query::scores::Scores;
use protocol::query::views::SHARE_HEADER;
use protocol::query::{Comments, Session, SignIn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::AbortSignal;

use crate::browser::encode;
use crate::visit;
use crate::words::say;

/// How long the collector may take: ten times what a query should, short enough to still be there.
const TIMEOUT_MS: u32 = 10_000;
/// Comments a page.
const COMMENTS: u32 = 30;

/// Why there is no answer. Its text says what happened, [`ApiError::advice`] what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiError {
    /// No reply at all: no network, no collector, or none in time.
    Unreachable,
    /// There is no session, or it has ended.
    NotSignedIn,
    /// E-mail and password do not belong together.
    WrongCredentials,
    /// Too many attempts to sign in.
    TooManyAttempts {
        /// Seconds to wait, where the collector said.
        retry_after_s: Option<u32>,
    },
    /// There is nothing by this name.
    NotFound,
    /// A link to choose a password that leads nowhere any more.
    LinkExpired,
    /// Somebody else was faster: how things are stands in the reply.
    Conflict(
        /// The reply.
        String,
    ),
    /// Any other refusal.
    Refused {
        /// HTTP status.
        status: u16,
        /// What the collector said, empty where it said nothing that can be read.
        message: String,
    },
    /// A reply that is not of this version's shape.
    Unreadable,
}

impl core::error::Error for ApiError {}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => say::error_unreachable(),
            Self::NotSignedIn => say::error_not_signed_in(),
            Self::WrongCredentials => say::error_wrong_credentials(),
            Self::TooManyAttempts { .. } => say::error_too_many(),
            Self::NotFound => say::error_not_found(),
            Self::LinkExpired => say::error_link_expired(),
            Self::Conflict(_) => say::error_conflict(),
            Self::Unreadable => say::error_unreadable(),
            Self::Refused { status, message } => {
                return f.write_str(&say::error_refused(message, &status.to_string()));
            }
        })
    }
}

impl ApiError {
    /// What an unsuccessful reply means, from its status, `Retry-After` and body.
    pub fn from_reply(status: u16, retry_after: Option<&str>, body: &str) -> Self {
        let reply: Option<ErrorReply> = serde_json::from_str(body).ok();
        match (reply.as_ref().map(|r| r.error.code), status) {
            (Some(ErrorCode::WrongCredentials), _) => Self::WrongCredentials,
            (Some(ErrorCode::TooManyAttempts), _) => Self::TooManyAttempts {
                retry_after_s: retry_after.and_then(|s| s.trim().parse().ok()),
            },
            (Some(ErrorCode::LinkExpired), _) => Self::LinkExpired,
            (Some(ErrorCode::Conflict), _) => Self::Conflict(String::from(body)),
            (_, 401) => Self::NotSignedIn,
            (Some(ErrorCode::NotFound), _) => Self::NotFound,
            // What stands before a collector that is down answers for it.
            (None, 502..=504) => Self::Unreachable,
            (_, _) => Self::Refused {
                status,
                message: reply.map(|r| r.error.message).unwrap_or_default(),
            },
        }
    }

    /// What the reader can do about it.
    pub fn advice(&self) -> String {
        String::from(match self {
            Self::Unreachable => say::advice_unreachable(),
            Self::NotSignedIn => say::advice_not_signed_in(),
            Self::WrongCredentials => say::advice_wrong_credentials(),
            Self::TooManyAttempts { retry_after_s } => match retry_after_s {
                Some(seconds) => return say::advice_wait(u64::from(*seconds)),
                None => say::advice_wait_minute(),
            },
            Self::NotFound => say::advice_not_found(),
            Self::LinkExpired => say::advice_link_expired(),
            Self::Conflict(_) => say::advice_conflict(),
            Self::Refused { .. } => say::advice_refused(),
            Self::Unreadable => say::advice_unreadable(),
        })
    }
}

/// Asks who is signed in.
///
/// # Errors
/// [`ApiError::NotSignedIn`] when nobody is; any other when there was no usable answer.
pub async fn session() -> Result<Session, ApiError> {
    get("api/v1/session").await
}

/// Asks by whom else than by a password people can be told here.
///
/// # Errors
/// When there was no usable answer.
pub async fn providers() -> Result<Providers, ApiError> {
    get("api/v1/oidc").await
}

/// Signs in; the session cookie is the browser's to keep.
///
/// # Errors
/// [`ApiError::WrongCredentials`], [`ApiError::TooManyAttempts`], or no usable answer.
pub async fn sign_in(credentials: &SignIn) -> Result<Session, ApiError> {
    let request = timed(Request::post("api/v1/session")).json(credentials);
    decode(send(request).await?).await
}

/// Chooses a password by a link.
///
/// # Errors
/// [`ApiError::LinkExpired`], a refused password, or no usable answer.
pub async fn use_link(asked: &UseLink) -> Result<(), ApiError> {
    let request = timed(Request::post("api/v1/password-link")).json(asked);
    send(request).await.map(|_| ())
}

/// Ends the session.
///
/// # Errors
/// When there was no usable answer; a session that had ended already is not an error.
pub async fn sign_out() -> Result<(), ApiError> {
    match send(timed(Request::delete("api/v1/session")).build()).await {
        Ok(_) | Err(ApiError::NotSignedIn) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Asks for scores.
///
/// # Errors
/// [`ApiError::NotFound`] when there is no such survey; any other when there was no usable answer.
pub async fn scores(query: &str) -> Result<Scores, ApiError> {
    below(&format!("scores?{query}")).await
}

/// Asks whatever is at `path` below the base of the API.
///
/// # Errors
/// When there was no usable answer.
pub async fn below<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    get(&format!("api/v1/{path}")).await
}

/// Asks for one page of comments, newest first, going on at `after`.
///
/// # Errors
/// As [`scores()`].
pub async fn comments(view: &str, after: Option<&str>) -> Result<Comments, ApiError> {
    let mut url = format!("api/v1/comments?{view}&limit={COMMENTS}");
    if let Some(after) = after {
        url.push_str("&after=");
        url.push_str(&encode(after));
    }
    get(&url).await
}

/// How something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Tell what is there.
    Get,
    /// Do something.
    Post,
    /// Put this in the place of what is there.
    Put,
    /// Take it away.
    Delete,
}

/// Asks in this way for what is at `url`, relative to the console's base; `body` is JSON. Answers with the
/// text of the reply.
///
/// # Errors
/// [`ApiError::Conflict`] when somebody was faster; any other when there was no usable answer.
pub async fn ask(verb: Verb, url: &str, body: Option<String>) -> Result<String, ApiError> {
    let request = timed(match verb {
        Verb::Get => Request::get(url),
        Verb::Post => Request::post(url),
        Verb::Put => Request::put(url),
        Verb::Delete => Request::delete(url),
    });
    let request = match body {
        Some(body) => request
            .header("Content-Type", "application/json")
            .body(body),
        None => request.build(),
    };
    let reply = send(request).await?;
    reply.text().await.map_err(|_| ApiError::Unreachable)
}

/// Reads the text of a reply.
///
/// # Errors
/// [`ApiError::Unreadable`] when it has another shape.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    serde_json::from_str(text).map_err(|_| ApiError::Unreadable)
}

/// Asks for the text of whatever is at `url`, relative to the console's base.
///
/// # Errors
/// When there was no usable answer.
pub async fn text(url: &str) -> Result<String, ApiError> {
    ask(Verb::Get, url, None).await
}

/// Sends something that changes what the collector keeps, as JSON where there is any, and answers the text of the reply.
///
/// # Errors
/// A refusal, or no usable answer.
pub async fn change(method: Method, url: &str, body: Option<String>) -> Result<String, ApiError> {
    change_within(TIMEOUT_MS, method, url, body).await
}

/// As [`change`], with another number of milliseconds in which an answer is awaited.
///
/// # Errors
/// The same.
pub async fn change_within(
    ms: u32,
    method: Method,
    url: &str,
    body: Option<String>,
) -> Result<String, ApiError> {
    let request = RequestBuilder::new(url).method(method);
    let request = request.abort_signal(Some(&AbortSignal::timeout_with_u32(ms)));
    let request = match body {
        Some(body) => request
            .header("Content-Type", "application/json")
            .body(body),
        None => request.build(),
    };
    let reply = send(request).await?;
    reply.text().await.map_err(|_| ApiError::Unreachable)
}

/// Asks for what is at `url`, relative to the console's base.
///
/// # Errors
/// When there was no usable answer.
pub async fn get<T: DeserializeOwned>(url: &str) -> Result<T, ApiError> {
    // All kinds of answers share the code that asks; only reading is each one's own.
    read(&text(url).await?)
}

/// Sends `body` to `url`, relative to the console's base, and reads what comes back.
///
/// # Errors
/// As [`ask`].
pub async fn post<B: Serialize, T: DeserializeOwned>(url: &str, body: &B) -> Result<T, ApiError> {
    read(&ask(Verb::Post, url, json(body)).await?)
}

/// Puts `body` in the place of what is at `url`, relative to the console's base.
///
/// # Errors
/// As [`ask`].
pub async fn put<B: Serialize>(url: &str, body: &B) -> Result<(), ApiError> {
    ask(Verb::Put, url, json(body)).await.map(|_| ())
}

/// Takes away what is at `url`, relative to the console's base.
///
/// # Errors
/// When there was no usable answer.
pub async fn delete(url: &str) -> Result<(), ApiError> {
    ask(Verb::Delete, url, None).await.map(|_| ())
}

/// A body. What we send always is JSON.
pub fn json(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).ok()
}

/// Sends `body` and answers the status with what the collector said: of a success, of a conflict, or of
/// what cannot be published. The last two say more than an error can hold.
///
/// # Errors
/// For every other status, and when there was no usable answer.
pub async fn exchange(request: RequestBuilder, body: String) -> Result<(u16, String), ApiError> {
    let request = timed(request)
        .body(body)
        .map_err(|_| ApiError::Unreachable)?;
    let reply = request.send().await.map_err(|_| ApiError::Unreachable)?;
    let (status, is_said) = (
        reply.status(),
        reply.ok() || matches!(reply.status(), 409 | 422),
    );
    let said = reply.text().await.map_err(|_| ApiError::Unreachable)?;
    if is_said {
        return Ok((status, said));
    }
    Err(ApiError::from_reply(status, None, &said))
}

/// What the collector answers with bytes, or the text of why it does not.
///
/// # Errors
/// As [`exchange`].
pub async fn bytes(request: RequestBuilder, body: String) -> Result<Option<Vec<u8>>, ApiError> {
    let request = timed(request)
        .body(body)
        .map_err(|_| ApiError::Unreachable)?;
    let reply = request.send().await.map_err(|_| ApiError::Unreachable)?;
    if reply.ok() {
        return reply
            .binary()
            .await
            .map(Some)
            .map_err(|_| ApiError::Unreachable);
    }
    match reply.status() {
        422 => Ok(None),
        status => Err(ApiError::from_reply(
            status,
            None,
            &reply.text().await.unwrap_or_default(),
        )),
    }
}

fn timed(request: RequestBuilder) -> RequestBuilder {
    // Whoever has a link to a view comes with its key, and with nothing else.
    let request = match visit::key() {
        Some(key) => request.header(SHARE_HEADER, &key),
        None => request,
    };
    request.abort_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS)))
}

async fn send(request: Result<Request, gloo_net::Error>) -> Result<Response, ApiError> {
    // What cannot even be built never reaches the collector either.
    let request = request.map_err(|_| ApiError::Unreachable)?;
    let response = request.send().await.map_err(|_| ApiError::Unreachable)?;
    if response.ok() {
        return Ok(response);
    }
    let retry_after = response.headers().get("Retry-After");
    let body = response.text().await.unwrap_or_default();
    Err(ApiError::from_reply(
        response.status(),
        retry_after.as_deref(),
        &body,
    ))
}

async fn decode<T: DeserializeOwned>(response: Response) -> Result<T, ApiError> {
    response.json().await.map_err(|_| ApiError::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, code: &str, expect: &ApiError) {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"why"}}}}"#);
        assert_eq!(&ApiError::from_reply(status, Some("30"), &body), expect);
    }

    #[test]
    fn codes_say_what_happened() {
        check(401, "not_signed_in", &ApiError::NotSignedIn);
        check(401, "wrong_credentials", &ApiError::WrongCredentials);
        check(404, "not_found", &ApiError::NotFound);
        let wait = ApiError::TooManyAttempts {
            retry_after_s: Some(30),
        };
        assert_eq!(wait.advice(), "Wait 30 seconds, then try again.");
        check(429, "too_many_attempts", &wait);
        let body = r#"{"error":{"code":"conflict","message":"why"}}"#;
        check(409, "conflict", &ApiError::Conflict(body.to_owned()));
        let refused = ApiError::Refused {
            status: 500,
            message: "why".to_owned(),
        };
        assert_eq!(refused.to_string(), "The collector refused (500): why");
        check(500, "internal", &refused);
    }

    #[test]
    fn a_status_is_enough_where_the_body_is_someone_elses() {
        let from = |status| ApiError::from_reply(status, None, "<html>");
        assert_eq!(from(401), ApiError::NotSignedIn);
        assert_eq!(from(502), ApiError::Unreachable);
        assert_eq!(
            from(404),
            ApiError::Refused {
                status: 404,
                message: String::new()
            }
        );
    }
}
