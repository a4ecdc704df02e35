//! Turns one entry of a trace into what is known of a request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use latency::class::{ERROR_ABORT, ERROR_NETWORK, ERROR_NONE, ERROR_PENDING, flag};
use url::Url;

use super::raw::{Raw, Request, Response, Timings, known};

/// An entry that has a request with an address.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) page: Option<String>,
    pub(super) method: String,
    pub(super) url: Url,
    /// What the browser wanted it for: `fetch`, `script`, `document`; empty when nobody says.
    kind: String,
    request: Request,
    response: Response,
    timings: Timings,
    time: Option<f64>,
    is_from_cache: bool,
}

impl Entry {
    /// Reads an entry; absent when it has no request of the web in it.
    pub(super) fn read(json: &str) -> Option<Self> {
        let raw: Raw = serde_json::from_str(json).ok()?;
        let url = Url::parse(&raw.request.url).ok()?;
        if !matches!(url.scheme(), "http" | "https" | "ws" | "wss") {
            return None;
        }
        let is_from_cache = raw.is_from_cache();
        let method = raw.request.method.as_deref().unwrap_or("GET");
        let entry = Self {
            page: raw.pageref,
            method: method.to_ascii_uppercase(),
            url,
            kind: raw.resource_type.unwrap_or_default().to_ascii_lowercase(),
            is_from_cache,
            request: raw.request,
            response: raw.response.unwrap_or_default(),
            timings: raw.timings.unwrap_or_default(),
            time: known(raw.time),
        };
        // An answer of which nobody knows when it came says nothing.
        (entry.status() == 0 || entry.has_time()).then_some(entry)
    }

    fn has_time(&self) -> bool {
        self.time.is_some() || self.timings.headers_ms().is_some()
    }

    /// Whether the SDK would have measured it, by the best that anybody says of what it was for.
    pub(super) fn is_measured(&self) -> bool {
        let asks_first = self.request.header("access-control-request-method");
        if asks_first.is_some() && self.method == "OPTIONS" {
            return false;
        }
        match (self.kind.as_str(), self.request.header("sec-fetch-dest")) {
            (_, Some("iframe" | "frame" | "embed" | "object")) => false,
            ("", Some(dest)) => matches!(dest, "" | "empty" | "document" | "websocket"),
            ("", None) => !self.is_static(),
            (kind, _) => matches!(
                kind,
                "xhr" | "fetch" | "document" | "eventsource" | "websocket" | "ping" | "beacon"
            ),
        }
    }

    /// Pictures, fonts, styles and scripts, where nobody says what they were for.
    fn is_static(&self) -> bool {
        let mime = self.response.mime();
        let parts = ["image/", "font/", "audio/", "video/", "text/css"];
        parts.iter().any(|part| mime.starts_with(part)) || mime.contains("javascript")
    }

    pub(super) fn is_document(&self) -> bool {
        match (self.kind.as_str(), self.request.header("sec-fetch-dest")) {
            (_, Some(dest)) => dest == "document",
            ("", None) => self.response.mime().starts_with("text/html"),
            (kind, None) => kind == "document",
        }
    }

    /// What stands for the method in templates.
    pub(super) fn word(&self) -> &str {
        match self.kind.as_str() {
            "document" => "NAV",
            "eventsource" => "SSE",
            "websocket" => "WS",
            "ping" | "beacon" => "BEACON",
            _ => &self.method,
        }
    }

    /// HTTP status; 0 without one.
    pub(super) fn status(&self) -> u16 {
        self.response.status()
    }

    /// Where it was sent on to.
    pub(super) fn redirect(&self) -> Option<Url> {
        let to = self.response.redirect_url.as_deref()?;
        let is_redirect = matches!(self.status(), 301 | 302 | 303 | 307 | 308);
        if !is_redirect || to.is_empty() {
            return None;
        }
        self.url.join(to).ok()
    }

    /// How it ended without an answer, and what else that says.
    pub(super) fn error(&self) -> (u8, u32) {
        if self.status() > 0 {
            return (ERROR_NONE, 0);
        }
        let error = self.response.error.as_deref().unwrap_or_default();
        let error = error.to_ascii_lowercase();
        let has = |word: &str| error.contains(word);
        if has("abort") || has("cancel") {
            (ERROR_ABORT, 0)
        } else if has("blocked") || has("csp") {
            (ERROR_NETWORK, flag::BLOCKED)
        } else if has("internet_disconnected") || has("offline") {
            (ERROR_NETWORK, flag::OFFLINE)
        } else if error.is_empty() && !self.has_time() {
            (ERROR_PENDING, 0)
        } else {
            (ERROR_NETWORK, 0)
        }
    }

    pub(super) fn flags(&self) -> u32 {
        let cache = if self.is_from_cache { flag::CACHE } else { 0 };
        let stream = if self.is_stream() { flag::STREAM } else { 0 };
        cache | stream
    }

    /// Whether it lasts as long as the page wants it to: its end says nothing about the service.
    fn is_stream(&self) -> bool {
        let mime = self.response.mime();
        matches!(self.kind.as_str(), "eventsource" | "websocket")
            || self.status() == 101
            || mime.starts_with("text/event-stream")
            || mime.contains("ndjson")
    }

    /// All of it, in milliseconds.
    pub(super) fn total_ms(&self) -> f64 {
        let sum = self.timings.headers_ms();
        let sum = sum.map(|ms| ms + known(self.timings.receive).unwrap_or_default());
        sum.or(self.time).unwrap_or_default()
    }

    /// Until the answer began; until the end where there was none.
    pub(super) fn headers_ms(&self) -> f64 {
        if self.status() == 0 {
            return self.time.unwrap_or_else(|| self.total_ms());
        }
        let receive = known(self.timings.receive).unwrap_or_default();
        let rest = self.time.map(|ms| (ms - receive).max(0.0));
        self.timings.headers_ms().or(rest).unwrap_or_default()
    }

    /// Until the answer had been read; absent where that says nothing.
    pub(super) fn body_ms(&self) -> Option<f64> {
        if self.status() == 0 || self.is_stream() {
            return None;
        }
        let receive = known(self.timings.receive)?;
        Some(self.headers_ms() + receive)
    }

    /// What was sent.
    pub(super) fn sent(&self) -> Option<&str> {
        self.request.post_data.as_ref()?.text.as_deref()
    }

    /// What was answered, as far as it was recorded.
    pub(super) fn answered(&self) -> Option<String> {
        let content = self.response.content.as_ref()?;
        let text = content.text.as_ref()?;
        if content.encoding.as_deref() == Some("base64") {
            return String::from_utf8(STANDARD.decode(text).ok()?).ok();
        }
        Some(text.clone())
    }
}
