//! Turns what admins decide about API tokens into secrets that are told once, and into a list.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use protocol::outcome::ErrorCode;
use protocol::query::access::{MadeToken, NewToken, TokenEntry, Tokens};
use store::ApiToken;

use super::MAX_DAYS;
use super::bearer::PREFIX;
use super::body::json_from;
use super::guard::Caller;
use super::session::token_hash;
use crate::app::Collector;
use crate::assets::hex;
use crate::audit::Deed;
use crate::error::ApiError;

/// Characters of a name.
const MAX_NAME_CHARS: usize = 100;
/// Bytes of what an admin decides.
const MAX_BYTES: usize = 16 << 10;
/// Digits of a secret that are shown in lists: enough to tell a few tokens apart, and 224 bits less
/// than it takes to use one.
const SHOWN_DIGITS: usize = 8;
const DAY_MS: u64 = 86_400_000;

/// `GET /api/v1/tokens`.
pub(super) async fn list(
    State(collector): State<Arc<Collector>>,
    who: Caller,
) -> Result<Json<Tokens>, ApiError> {
    let tokens = collector.store.api_tokens(who.project).await?;
    Ok(Json(Tokens {
        items: tokens.into_iter().map(entry).collect(),
    }))
}

fn entry(token: ApiToken) -> TokenEntry {
    TokenEntry {
        id: token.id,
        name: token.name,
        prefix: token.prefix,
        role: token.role,
        scopes: token.scopes,
        created_ms: token.created_ms,
        expires_ms: token.expires_ms,
        used_ms: token.used_ms,
        revoked_ms: token.revoked_ms,
    }
}

/// `POST /api/v1/tokens`.
pub(super) async fn make(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Json<MadeToken>, ApiError> {
    let asked: NewToken = json_from(request.into_body(), MAX_BYTES).await?;
    let asked = checked(asked)?;
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|error| ApiError::internal(&error))?;
    let secret = format!("{PREFIX}{}", hex(&random));
    let created_ms = collector.clock.now_ms();
    let names: Vec<_> = asked.scopes.iter().map(|scope| scope.as_str()).collect();
    let detail = format!("role {}, scopes {}", asked.role, names.join(" "));
    let deed = Deed::new("token.make", asked.name.as_str()).with(detail);
    let mut token = ApiToken {
        id: 0,
        project: who.project,
        token: token_hash(&secret),
        prefix: secret.chars().take(PREFIX.len() + SHOWN_DIGITS).collect(),
        name: asked.name,
        role: asked.role,
        scopes: asked.scopes,
        created_ms,
        expires_ms: asked.days.map(|days| created_ms + u64::from(days) * DAY_MS),
        used_ms: None,
        revoked_ms: None,
    };
    let kept = collector
        .store
        .put_api_token(token.clone(), who.actor.entry(deed, created_ms));
    token.id = kept.await?;
    Ok(Json(MadeToken {
        token: entry(token),
        secret,
    }))
}

fn checked(mut asked: NewToken) -> Result<NewToken, ApiError> {
    let refused = |message: String| Err(ApiError::new(ErrorCode::InvalidParameter, message));
    asked.name = String::from(asked.name.trim());
    let n_chars = asked.name.chars().count();
    if !(1..=MAX_NAME_CHARS).contains(&n_chars) {
        return refused(format!("name must have 1 to {MAX_NAME_CHARS} characters"));
    }
    asked.scopes.sort_unstable();
    asked.scopes.dedup();
    if asked.scopes.is_empty() {
        return refused(String::from("scopes must name at least one"));
    }
    if asked
        .days
        .is_some_and(|days| !(1..=MAX_DAYS).contains(&days))
    {
        return refused(format!("days must be from 1 to {MAX_DAYS}"));
    }
    Ok(asked)
}

/// `DELETE /api/v1/tokens/ID`.
pub(super) async fn revoke(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let tokens = collector.store.api_tokens(who.project).await?;
    let mut tokens = tokens.into_iter();
    let nothing = || ApiError::new(ErrorCode::NotFound, "there is no such token that works");
    let token = tokens
        .find(|token| token.id.to_string() == id)
        .ok_or_else(nothing)?;
    let deed = Deed::new("token.revoke", token.name).with(token.prefix);
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    if collector.store.revoke_api_token(token.id, entry).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(nothing())
    }
}
