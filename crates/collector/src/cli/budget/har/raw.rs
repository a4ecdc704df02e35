//! Turns the JSON of one entry into its parts, any of which may be missing.
//!
//! # Source
//!
//! HAR 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>). What begins with `_` is what Chromium,
//! or Playwright, adds to it.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Raw {
    #[serde(default)]
    pub(super) pageref: Option<String>,
    #[serde(default)]
    pub(super) time: Option<f64>,
    pub(super) request: Request,
    #[serde(default)]
    pub(super) response: Option<Response>,
    #[serde(default)]
    pub(super) timings: Option<Timings>,
    #[serde(rename = "_resourceType", default)]
    pub(super) resource_type: Option<String>,
    #[serde(rename = "_fromCache", default)]
    from_cache: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Request {
    #[serde(default)]
    pub(super) method: Option<String>,
    pub(super) url: String,
    #[serde(default)]
    headers: Option<Vec<Header>>,
    #[serde(rename = "postData", default)]
    pub(super) post_data: Option<PostData>,
}

#[derive(Debug, Deserialize)]
struct Header {
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct PostData {
    #[serde(default)]
    pub(super) text: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Response {
    /// -1 or 0 where no answer came.
    #[serde(default)]
    status: Option<f64>,
    #[serde(default)]
    pub(super) content: Option<Content>,
    #[serde(rename = "redirectURL", default)]
    pub(super) redirect_url: Option<String>,
    /// Why there is no answer.
    #[serde(rename = "_error", alias = "_failureText", default)]
    pub(super) error: Option<String>,
    /// Bytes on the network.
    #[serde(rename = "_transferSize", default)]
    transfer_size: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Content {
    #[serde(default)]
    size: Option<f64>,
    #[serde(rename = "mimeType", default)]
    mime: Option<String>,
    #[serde(default)]
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) encoding: Option<String>,
}

/// Milliseconds; -1 or nothing where a phase did not happen or nobody knows.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Timings {
    #[serde(default)]
    blocked: Option<f64>,
    #[serde(default)]
    dns: Option<f64>,
    #[serde(default)]
    connect: Option<f64>,
    #[serde(default)]
    ssl: Option<f64>,
    #[serde(default)]
    send: Option<f64>,
    #[serde(default)]
    wait: Option<f64>,
    #[serde(default)]
    pub(super) receive: Option<f64>,
}

/// Longest duration that is believed: an hour. What is longer is a clock that jumped.
const MAX_MS: f64 = 3_600_000.0;

/// A duration, if it is one.
pub(super) fn known(ms: Option<f64>) -> Option<f64> {
    ms.filter(|ms| (0.0..=MAX_MS).contains(ms))
}

impl Timings {
    /// Milliseconds until the answer began; absent where nobody knows when that was.
    pub(super) fn headers_ms(self) -> Option<f64> {
        let wait = known(self.wait)?;
        // The time for TLS is part of that for connecting, where there is one.
        let connect = known(self.connect).or(known(self.ssl));
        let before = [
            known(self.blocked),
            known(self.dns),
            connect,
            known(self.send),
        ];
        Some(before.into_iter().flatten().sum::<f64>() + wait)
    }
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter().flatten();
        let header = headers.find(|header| header.name.eq_ignore_ascii_case(name))?;
        Some(&header.value)
    }
}

impl Response {
    /// HTTP status; 0 without one.
    pub(super) fn status(&self) -> u16 {
        let status = self.status.unwrap_or_default();
        if (100.0..=999.0).contains(&status) {
            status as u16
        } else {
            0
        }
    }

    pub(super) fn mime(&self) -> &str {
        let mime = self.content.as_ref().and_then(|one| one.mime.as_deref());
        mime.unwrap_or_default()
    }
}

impl Raw {
    /// Whether somebody says so, or nothing came over the network for a body that is there.
    pub(super) fn is_from_cache(&self) -> bool {
        let is_said = match &self.from_cache {
            Some(Value::String(from)) => !from.is_empty(),
            Some(Value::Bool(from)) => *from,
            _ => false,
        };
        let is_free = self.response.as_ref().is_some_and(|response| {
            let size = response.content.as_ref().and_then(|content| content.size);
            response.status() == 200
                && response.transfer_size == Some(0.0)
                && size.is_some_and(|size| size > 0.0)
        });
        is_said || is_free
    }
}
