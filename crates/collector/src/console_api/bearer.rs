//! Turns `Authorization: Bearer …` into an API token that works, so often and no more.

use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use protocol::outcome::ErrorCode;
use store::ApiToken;

use super::session::token_hash;
use crate::admission::Rate;
use crate::app::Collector;
use crate::error::ApiError;

/// How every secret of a token begins: for people who find one, and for scanners of repositories.
pub(super) const PREFIX: &str = "fh_token_";
/// Uses within five minutes are one: each that is noted is a write.
const TOUCH_AFTER_MS: u64 = 5 * 60_000;

/// Enough for a dashboard that draws itself anew, and too little to read everything by the minute.
pub(super) const PER_TOKEN: Rate = Rate {
    per_second: 10,
    burst: 60,
};

/// The secret that a request came with, if it is one of ours: proxies send tokens of their own.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = given.split_once(' ')?;
    let secret = secret.trim();
    let is_ours = scheme.eq_ignore_ascii_case("bearer") && secret.starts_with(PREFIX);
    is_ours.then_some(secret)
}

/// The token with this secret.
pub(super) async fn token_of(
    collector: &Arc<Collector>,
    parts: &Parts,
    secret: &str,
) -> Result<ApiToken, ApiError> {
    let now_ms = collector.clock.now_ms();
    let bearers = &collector.gate.bearers;
    if let Some(network) = collector
        .turnstile
        .network(&parts.headers, &parts.extensions)
    {
        bearers.of_network(network, now_ms)?;
    }
    let found = collector.store.api_token(token_hash(secret), now_ms);
    let token = found.await?.ok_or_else(|| {
        let message = "there is no such token, or it was revoked, or it has ended";
        ApiError::new(ErrorCode::NotSignedIn, message)
    })?;
    bearers.of_secret(token.id, now_ms)?;
    let is_long_ago = |used_ms| now_ms.saturating_sub(used_ms) >= TOUCH_AFTER_MS;
    if token.used_ms.is_none_or(is_long_ago) {
        // When it was used is nothing that a request should fail for.
        if let Err(error) = collector.store.touch_api_token(token.id, now_ms).await {
            tracing::warn!(%error, token = token.id, "the use of a token is not noted");
        }
    }
    Ok(token)
}
