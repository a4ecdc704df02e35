//! Turns a link to a view, and its password where it takes one, into what a visitor may ask.
//!
//! A visitor comes with the link's key in a header, and stands in for a viewer of a few routes: those that
//! the link's page asks. Whatever view they ask for is narrowed to the one that was shared.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use protocol::id::ResponseId;
use protocol::outcome::ErrorCode;
use protocol::query::access::{Role, Scope};
use protocol::query::view::View;
use protocol::query::views::{OpenShare, SHARE_HEADER, Shared};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{InboxFilter, KeptShare, Person, PersonId};
use uuid::Uuid;

use super::body::json_from;
use super::session::{describe, token_hash};
use crate::app::Collector;
use crate::assets::hex;
use crate::error::ApiError;

/// Bytes of what opens a link.
const MAX_BYTES: usize = 16 << 10;
/// Bytes of an answer to a visitor: some times what a page asks for at once.
const MAX_ANSWER_BYTES: usize = 8 << 20;
/// Responses of one millisecond that are looked through.
const MAX_AT_ONCE: u32 = 200;
const DAY_MS: u64 = 86_400_000;

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
pub(super) async fn allowed(
    collector: &Collector,
    share: &KeptShare,
    (scope, parts): (Scope, &Parts),
) -> Result<Allowed, ApiError> {
    let uri = &parts.uri;
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
            let is_listed = match path.strip_prefix("/inbox/items/") {
                Some(id) => shows(collector, share, id).await?,
                None => path == "/inbox" || asks("/inbox/counts") || asks("/inbox/tags"),
            };
            share.verbatims && is_listed
        }
        _ => false,
    };
    let is_export = path.ends_with("/export");
    if !is_shown || is_export || parts.method != Method::GET {
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
    // Another group of people would be beside what was shared. The last word counts.
    let alone = if path == "/scores" {
        "&compare=none"
    } else {
        ""
    };
    let narrowed = format!("{path}?{query}{alone}").parse();
    narrowed
        .map(Allowed::As)
        .map_err(|error| ApiError::internal(&error))
}

/// Whether one response is among those that a link's view shows.
async fn shows(collector: &Collector, share: &KeptShare, id: &str) -> Result<bool, ApiError> {
    let Ok(id) = id.parse::<ResponseId>() else {
        return Ok(false);
    };
    let Some(detail) = collector.store.inbox_item(share.project, id).await? else {
        return Ok(false);
    };
    let (at_ms, now_ms) = (detail.item.at_ms, collector.clock.now_ms());
    let mut view = View::parse(&share.query, &[], |_| None).view;
    let first_ms = view
        .days
        .take()
        .map(|days| now_ms.saturating_sub(u64::from(days) * DAY_MS));
    view.from_ms = view.from_ms.max(first_ms).max(Some(at_ms));
    view.to_ms = Some(view.to_ms.map_or(at_ms + 1, |to| to.min(at_ms + 1)));
    let filter = InboxFilter {
        project: share.project,
        view,
        now_ms,
    };
    let page = collector.store.inbox(filter, None, MAX_AT_ONCE).await?;
    Ok(page.items.iter().any(|item| item.response == id))
}

/// An answer without whoever gave it, and without what the team says to itself.
pub(super) async fn without_people(answer: Response) -> Result<Response, ApiError> {
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, MAX_ANSWER_BYTES)
        .await
        .map_err(|error| ApiError::internal(&error))?;
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
        // Whatever is no JSON (an image, for instance) is not part of what links show.
        return Err(ApiError::new(
            ErrorCode::Forbidden,
            "this is not shown to visitors",
        ));
    };
    redact(&mut value);
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok(Response::from_parts(parts, Body::from(value.to_string())))
}

fn redact(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["person", "assignee"] {
                // A map by address stays one, and is empty.
                match fields.get_mut(name) {
                    Some(Value::Object(people)) => people.clear(),
                    Some(_) => drop(fields.remove(name)),
                    None => {}
                }
            }
            for (name, value) in fields {
                match (name.as_str(), &mut *value) {
                    (
                        "notes" | "changes" | "similar" | "attachments" | "missing",
                        Value::Array(all),
                    ) => {
                        all.clear();
                    }
                    ("traits" | "context", Value::Object(all)) => all.clear(),
                    ("notes" | "others" | "images", Value::Number(_)) => *value = Value::from(0),
                    ("install", Value::String(id)) => *id = Uuid::nil().to_string(),
                    _ => redact(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}
