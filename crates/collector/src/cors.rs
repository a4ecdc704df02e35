//! Turns answers under `/v1` into ones that a page on another origin may read.
//!
//! Every origin may read every answer, refusals too: a page has to be able to tell its developer
//! that its origin is not on the list. What it may *do* is decided before, by the site's list.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What a page may read beside the body: when to come back, and how often.
const EXPOSED: &str = "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset";

/// Adds the headers, and answers preflights itself. Ours cause none; those of hosts that wrap
/// `fetch` and add a header do.
pub(crate) async fn cors(request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = if request.method() == Method::OPTIONS {
        preflight(request.headers())
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    if let Some(origin) = origin {
        headers.insert("timing-allow-origin", origin.clone());
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        // Without this a page cannot see when to come back.
        let exposed = HeaderValue::from_static(EXPOSED);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let anyone = HeaderValue::from_static("cross-origin");
    headers.insert("cross-origin-resource-policy", anyone);
    // Never `no-store`: Chromium then gives keepalive budget back late, or never.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    response
}

fn preflight(asked: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    let methods = HeaderValue::from_static("GET, POST");
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    if let Some(wanted) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    // Two hours, the most that Chromium keeps.
    let age = HeaderValue::from_static("7200");
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, age);
    response
}
