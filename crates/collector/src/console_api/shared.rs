//! Turns a link to a view, and its password where it takes one, into what a visitor may ask.
//!
//! A visitor comes with the link's key in a header, and stands in for a viewer of a few routes: those that
//! the link's page asks. Whatever view they ask for is narrowed to the one that was shared.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{IntoResponse, Response};
use protocol::outcome::ErrorCode;
use protocol::query::access::{Role, Scope};
use protocol::query::view::View;
use protocol::query::views::{OpenShare, SHARE_HEADER, Shared};
use sha2::{Digest, Sha256};
use store::{KeptShare, Person, PersonId};

use super::body::json_from;
use super::session::{describe, token_hash};
use crate::app::Collector;
use crate::assets::hex;
use crate::error::ApiError;

/// Bytes of what opens a link.
const MAX_BYTES: usize = 16 << 10;

fn gone() -> ApiError {
    let message = "this link leads nowhere: it has ended, or was taken back";
    ApiError::new(ErrorCode::NotFound, message)
}

/// `POST /api/v1/shared`.
pub(super) async fn open(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<Json<Shared>, ApiError> {
    let (parts, body) = request.into_parts();
    let asked: OpenShare = json_from(body, MAX_BYTES).await?;
    let now_ms = collector.clock.now_ms();
    let found = collector.store.share(token_hash(&asked.token), now_ms);
    let share = found.await?.ok_or_else(gone)?;
    check_password(&collector, &parts, &share, asked.password).await?;
    let visitor = Person {
        id: PersonId(0),
        project: share.project,
        email: String::new(),
        password_hash: String::new(),
        role: Role::Viewer,
    };
    let mut session = describe(&collector, &visitor).await?;
    session.sites.clear();
    if let Err(error) = collector.store.note_opened(share.id, now_ms).await {
        tracing::warn!(%error, share = share.id, "the opening of a link is not noted");
    }
    Ok(Json(Shared {
        key: key(&asked.token, &share),
        name: share.name,
        page: share.page,
        query: share.query,
        verbatims: share.verbatims,
        expires_ms: share.expires_ms,
        session,
    }))
}

/// Whether the password is the link's. Guesses are slowed down, by link and by network.
async fn check_password(
    collector: &Collector,
    parts: &Parts,
    share: &KeptShare,
    password: Option<String>,
) -> Result<(), ApiError> {
    let Some(hash) = share.password_hash.clone() else {
        return Ok(());
    };
    let wrong = || ApiError::new(ErrorCode::WrongCredentials, "this link takes its password");
    let password = password.ok_or_else(wrong)?;
    let throttle = &collector.gate.throttle;
    let network = collector
        .turnstile
        .network(&parts.headers, &parts.extensions);
    let name = format!("share {}", share.id);
    let attempt = throttle
        .admit(&name, network, collector.clock.now_ms())
        .map_err(ApiError::too_many_attempts)?;
    match collector.gate.passwords.check(password, Some(hash)).await {
        Ok(true) => {
            throttle.forgive(&attempt);
            Ok(())
        }
        Ok(false) => Err(wrong()),
        Err(error) => {
            throttle.take_back(&attempt);
            Err(error)
        }
    }
}

/// What proves later that the link was opened: its token, and where it takes a password something that only
/// whoever knew it was told.
fn key(token: &str, share: &KeptShare) -> String {
    match &share.password_hash {
        None => String::from(token),
        Some(hash) => format!(
            "{token}.{}",
            hex(&Sha256::digest(format!("{token} {hash}")))
        ),
    }
}

/// The key that a request comes with.
pub(super) fn key_of(headers: &HeaderMap) -> Option<&str> {
    headers.get(SHARE_HEADER)?.to_str().ok()
}

/// The link that a key opens, where it works.
pub(super) async fn share_of(collector: &Collector, given: &str) -> Result<KeptShare, ApiError> {
    let token = given.split('.').next().unwrap_or_default();
    let found = collector
        .store
        .share(token_hash(token), collector.clock.now_ms());
    let share = found.await?.ok_or_else(gone)?;
    // Compared as hashes: how far a guess was right cannot be told from how long it took.
    let is_right = token_hash(given) == token_hash(&key(token, &share));
    if is_right { Ok(share) } else { Err(gone()) }
}

/// What a request for a visitor becomes.
#[derive(Debug)]
pub(super) enum Allowed {
    /// It goes on, with this address.
    As(Uri),
    /// It is answered at once.
    With(Box<Response>),
}

/// Whether a link shows what a request asks for, and how much of it.
pub(super) fn allowed(
    share: &KeptShare,
    method: &Method,
    scope: Scope,
    uri: &Uri,
) -> Result<Allowed, ApiError> {
    let page = share.page.split('/').next().unwrap_or_default();
    let path = uri.path();
    let asks = |part: &str| path == part || path.starts_with(&format!("{part}/"));
    let is_words = asks("/comments") || path.ends_with("/comments");
    let is_shown = match (page, scope) {
        ("performance", Scope::Performance) => true,
        ("scores", Scope::Answers) => asks("/scores") || is_words,
        // What came out when is drawn beside scores.
        ("scores", Scope::Performance) => path == "/releases",
        ("inbox", Scope::Answers) => {
            share.verbatims && (path == "/inbox" || asks("/inbox/counts") || asks("/inbox/tags"))
        }
        _ => false,
    };
    let is_export = path.ends_with("/export");
    if !is_shown || is_export || *method != Method::GET {
        let message = "this is not part of what the link shows";
        return Err(ApiError::new(ErrorCode::Forbidden, message));
    }
    if is_words && !share.verbatims {
        let nothing = serde_json::json!({ "items": [], "next": null, "dropped": [] });
        let nothing = Json(nothing).into_response();
        return Ok(Allowed::With(Box::new(nothing)));
    }
    if scope != Scope::Answers {
        return Ok(Allowed::As(uri.clone()));
    }
    let query = View::narrowed_query(&share.query, uri.query().unwrap_or_default());
    let narrowed = format!("{path}?{query}").parse();
    narrowed
        .map(Allowed::As)
        .map_err(|error| ApiError::internal(&error))
}
