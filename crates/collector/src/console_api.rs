//! Turns what the console asks into what it is told: `/api/v1`, for people who are signed in.

mod attachments;
mod audit_log;
mod bearer;
mod body;
mod budgets;
mod comments;
mod csv;
mod custody;
mod delivery;
mod guard;
mod inbox;
mod maintenance;
mod oidc;
mod openapi;
mod origin_check;
mod own;
mod password;
mod performance;
mod quota;
mod releases;
mod retention;
mod routes;
mod scores;
mod session;
mod shared;
mod sites;
mod surveys;
mod team;
mod throttle;
mod tokens;
mod views;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, Request};
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use protocol::outcome::ErrorCode;
use serde::de::DeserializeOwned;
use store::Span;
use tower_http::compression::CompressionLayer;

pub use self::openapi::document as openapi_document;
pub(crate) use self::origin_check::check_origin;
use self::password::Passwords;
pub(crate) use self::password::{MIN_PASSWORD_CHARS, hash_password, is_password};
use self::quota::Quota;
pub use self::routes::{ConsoleRoute, Need, console_routes};
pub(crate) use self::team::{is_email, new_link};
use self::throttle::Throttle;
use crate::admission::Buckets;
use crate::app::{Collector, not_found, not_with_this_method};
use crate::assets;
use crate::error::{ApiError, RunError};
use crate::headers;

/// Days that a window may be long: ten years. All time has no number.
const MAX_DAYS: u32 = 3_660;

/// What stands between a stranger and the console.
#[derive(Debug)]
pub(crate) struct Gate {
    passwords: Passwords,
    throttle: Throttle,
    bearers: Quota,
    visits: Quota,
    /// Attempts to sign in by OpenID.
    attempts: Buckets,
}

impl Gate {
    pub(crate) fn new() -> Result<Self, RunError> {
        Ok(Self {
            passwords: Passwords::new()?,
            throttle: Throttle::default(),
            bearers: Quota::new(bearer::PER_TOKEN),
            visits: Quota::new(shared::PER_LINK),
            attempts: Buckets::new(oidc::PER_NETWORK),
        })
    }
}

/// Everything under `/api/v1`.
///
/// What is told is compressed for whoever accepts that: lists shrink to a fourth.
pub(crate) fn routes(collector: &Arc<Collector>) -> Router<Arc<Collector>> {
    routes::guarded(collector)
        .fallback(not_found)
        .method_not_allowed_fallback(not_with_this_method)
        .layer(middleware::from_fn(private))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(own_pages_alone))
}

/// Whether something is compressed is for our own pages to say: another site could learn from the length of an answer
/// what stands in it beside what it put there itself, and somebody who accepts nothing would be told that what
/// was done was refused.
async fn own_pages_alone(mut request: Request, next: Next) -> Response {
    let asked = request.headers_mut();
    let is_own = |site: &HeaderValue| site == "same-origin" || site == "none";
    let is_own = asked.get("sec-fetch-site").is_none_or(is_own);
    let encoding = assets::preferred(asked, false, is_own);
    asked.remove(header::ACCEPT_ENCODING);
    if let Some(encoding) = encoding {
        let encoding = HeaderValue::from_static(encoding);
        asked.insert(header::ACCEPT_ENCODING, encoding);
    }
    next.run(request).await
}

/// Answers are for one person, and nobody on the way shall keep them.
async fn private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let vary = HeaderValue::from_static("Cookie, Authorization");
    headers.insert(header::VARY, vary);
    headers::add(&mut response, &headers::OF_DATA);
    response
}

/// The query, typed; what does not fit is told.
fn query<Q: DeserializeOwned>(uri: &Uri) -> Result<Q, ApiError> {
    let parsed = Query::try_from_uri(uri);
    let Query(query) = parsed
        .map_err(|rejection| ApiError::new(ErrorCode::InvalidParameter, rejection.body_text()))?;
    Ok(query)
}

/// The last `days` days of 24 hours, or all time. This very millisecond is in it.
fn span(days: Option<u32>, now_ms: u64) -> Result<Span, ApiError> {
    let to_ms = now_ms.saturating_add(1);
    let from_ms = match days {
        None => 0,
        Some(days @ 1..=MAX_DAYS) => to_ms.saturating_sub(u64::from(days) * 86_400_000),
        Some(_) => {
            let message = format!("days must be from 1 to {MAX_DAYS}");
            return Err(ApiError::new(ErrorCode::InvalidParameter, message));
        }
    };
    Ok(Span { from_ms, to_ms })
}
