//! Turns what people ask about their own sessions and their own password into answers.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::outcome::ErrorCode;
use protocol::query::access::{Credential, NewPassword, OwnSession, Sessions, UseLink};
use store::TokenHash;

use super::body::json_from;
use super::guard::{Caller, SignedIn};
use super::password::check_new;
use super::session::{self, IDLE_MS, MAX_SIGN_IN_BYTES};
use crate::app::Collector;
use crate::assets::hex;
use crate::audit::{Actor, Deed};
use crate::error::ApiError;

/// Names a session: some bytes of a hash of 256 random bits, which lead nowhere.
fn id_of(token: TokenHash) -> String {
    hex(&token.0[..8])
}

/// `GET /api/v1/sessions`.
pub(super) async fn sessions(
    State(collector): State<Arc<Collector>>,
    who: SignedIn,
) -> Result<Json<Sessions>, ApiError> {
    let now_ms = collector.clock.now_ms();
    let found = collector.store.sessions(who.person.id, now_ms).await?;
    let own = |session: store::ConsoleSession| OwnSession {
        id: id_of(session.token),
        is_this: session.token == who.session.token,
        created_ms: session.created_ms,
        used_ms: session
            .expires_ms
            .saturating_sub(IDLE_MS)
            .max(session.created_ms),
        expires_ms: session.expires_ms,
    };
    Ok(Json(Sessions {
        items: found.into_iter().map(own).collect(),
    }))
}

/// `DELETE /api/v1/sessions/ID`.
pub(super) async fn end_session(
    State(collector): State<Arc<Collector>>,
    who: SignedIn,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let now_ms = collector.clock.now_ms();
    let found = collector.store.sessions(who.person.id, now_ms).await?;
    let mut found = found.into_iter().map(|session| session.token);
    let token = found
        .find(|token| id_of(*token) == id)
        .ok_or_else(|| ApiError::new(ErrorCode::NotFound, "you have no such session"))?;
    collector.store.close_session(token).await?;
    collector
        .note(&caller.actor, Deed::new("session.end", id))
        .await;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/v1/sessions`.
pub(super) async fn end_others(
    State(collector): State<Arc<Collector>>,
    who: SignedIn,
    caller: Caller,
) -> Result<StatusCode, ApiError> {
    let ended = collector
        .store
        .end_other_sessions(who.person.id, who.session.token);
    let ended = ended.await?;
    let deed = Deed::new("session.end", "all others").with(ended.to_string());
    collector.note(&caller.actor, deed).await;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/v1/password`.
pub(super) async fn change_password(
    State(collector): State<Arc<Collector>>,
    who: SignedIn,
    caller: Caller,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let asked: NewPassword = json_from(body, MAX_SIGN_IN_BYTES).await?;
    check_new(&asked.new)?;
    // Whoever sits at somebody's open browser has to guess as slowly as everybody else.
    session::admitted(&collector, &parts, &who.person.email, asked.current).await?;
    let hash = collector.gate.passwords.hash(asked.new).await?;
    let (session, token) = session::begin(&collector, who.person.id)?;
    let deed = Deed::new("password.change", who.person.email.as_str());
    let entry = caller.actor.entry(deed, session.created_ms);
    collector
        .store
        .change_password(hash, session, entry)
        .await?;
    let cookie = session::cookie(&collector, &parts.headers, &token, IDLE_MS);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// `POST /api/v1/password-link`. Signs nobody in: whoever chose a password knows it.
pub(super) async fn use_link(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let gone = || {
        let message = "the link was used, replaced, or has ended; ask an admin for another";
        ApiError::new(ErrorCode::LinkExpired, message)
    };
    let asked: UseLink = json_from(request.into_body(), MAX_SIGN_IN_BYTES).await?;
    check_new(&asked.password)?;
    let token = session::token_hash(&asked.link);
    let now_ms = collector.clock.now_ms();
    let person = collector
        .store
        .link(token, now_ms)
        .await?
        .ok_or_else(gone)?;
    let hash = collector.gate.passwords.hash(asked.password).await?;
    let who = Actor {
        project: person.project,
        credential: Credential::Link,
        name: person.email.clone(),
    };
    let entry = who.entry(Deed::new("password.change", person.email), now_ms);
    let used = collector.store.use_link(token, hash, entry).await?;
    used.then_some(StatusCode::NO_CONTENT).ok_or_else(gone)
}
