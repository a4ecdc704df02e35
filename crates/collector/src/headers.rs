//! Turns answers into ones that browsers take at their word, and no further than they are meant to go.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::Collector;

/// What the console's page may do: its own files, WebAssembly, its own API. No inline anything, no
/// form that leaves, no frame around it. (`require-trusted-types-for` is not in it: the renderer makes
/// templates of its own static markup by `innerHTML`, and stops in Chromium when that is refused.)
/// `base-uri` is not `'none'`: the page names its base path so, and only its own origin can be named.
pub(crate) const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; \
    base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

/// What every page of ours says beside its policy.
///
/// # Source
///
/// <https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html>
pub(crate) const OF_PAGES: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONSOLE_POLICY),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// What answers of the API say: nothing in them is a page.
pub(crate) const OF_DATA: [(HeaderName, &str); 2] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// A year of https, once it has been seen: only where people reach the console by it for sure.
const HSTS: &str = "max-age=31536000";

/// What every answer says.
pub(crate) async fn harden(
    State(collector): State<Arc<Collector>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    if collector
        .public_url
        .as_ref()
        .is_some_and(|url| url.is_https())
    {
        let hsts = HeaderValue::from_static(HSTS);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts);
    }
    response
}

/// Adds headers that the answer does not have yet.
pub(crate) fn add(response: &mut Response, headers: &[(HeaderName, &'static str)]) {
    for (name, value) in headers {
        let entry = response.headers_mut().entry(name);
        entry.or_insert(HeaderValue::from_static(value));
    }
}
