//! Turns a link to a view, and its password where it takes one, into what a visitor may ask.
//!
//! A visitor comes with the link's key in a header, and stands in for a viewer of a few routes: those that
//! the link's page asks. `allowed` narrows whatever view they ask for to the one that was shared, and `redact`
//! leaves out of an answer what they are not told.

mod allowed;
mod redact;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use protocol::outcome::ErrorCode;
use protocol::query::Session;
use protocol::query::access::Role;
use protocol::query::view::{Parsed, View};
use protocol::query::views::{OpenShare, SHARE_HEADER, Shared};
use sha2::{Digest, Sha256};
use store::{KeptShare, Person, PersonId};

pub(super) use self::allowed::{Allowed, allowed};
pub(super) use self::redact::without_people;
use super::body::json_from;
use super::session::{describe, token_hash};
use crate::admission::Rate;
use crate::app::Collector;
use crate::assets::hex;
use crate::error::ApiError;

/// Enough for a team that opens a page at once, and too little to read everything by the minute.
pub(super) const PER_LINK: Rate = Rate {
    per_second: 20,
    burst: 120,
};
/// Bytes of what opens a link.
const MAX_BYTES: usize = 16 << 10;
/// How a page says all surveys together: no slug has it.
const ALL_SURVEYS: &str = "*";

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
    let share = kept(&collector, &parts, &asked.token).await?;
    check_password(&collector, &parts, &share, asked.password).await?;
    let session = as_visitor(&collector, &share).await?;
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

/// The project as whoever has the link sees it: with those surveys alone that its page is about.
async fn as_visitor(collector: &Collector, share: &KeptShare) -> Result<Session, ApiError> {
    let visitor = Person {
        id: PersonId(0),
        project: share.project,
        email: String::new(),
        password_hash: String::new(),
        role: Role::Viewer,
    };
    let mut session = describe(collector, &visitor).await?;
    session.sites.clear();
    if page_of(share) == "performance" {
        session.surveys.clear();
    } else if let Some(held) = held(share, &[]).view.survey {
        session.surveys.retain(|survey| survey.id == held);
    }
    Ok(session)
}

/// What a link holds. `others` are names beside those of a view.
fn held(share: &KeptShare, others: &[&str]) -> Parsed {
    let mut held = View::parse(&share.query, others, |_| None);
    held.view.survey.take_if(|survey| survey == ALL_SURVEYS);
    held
}

/// The first part of the path of its page.
fn page_of(share: &KeptShare) -> &str {
    share.page.split('/').next().unwrap_or_default()
}

/// The link with this token, where it works. Asking for one costs a read: so often and no more.
async fn kept(collector: &Collector, parts: &Parts, token: &str) -> Result<KeptShare, ApiError> {
    let now_ms = collector.clock.now_ms();
    let visits = &collector.gate.visits;
    if let Some(network) = collector
        .turnstile
        .network(&parts.headers, &parts.extensions)
    {
        visits.of_network(network, now_ms)?;
    }
    let found = collector.store.share(token_hash(token), now_ms);
    let share = found.await?.ok_or_else(gone)?;
    visits.of_secret(share.id, now_ms)?;
    Ok(share)
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
pub(super) async fn share_of(
    collector: &Collector,
    parts: &Parts,
    given: &str,
) -> Result<KeptShare, ApiError> {
    let token = given.split('.').next().unwrap_or_default();
    let share = kept(collector, parts, token).await?;
    // Compared as hashes: how far a guess was right cannot be told from how long it took.
    let is_right = token_hash(given) == token_hash(&key(token, &share));
    if is_right { Ok(share) } else { Err(gone()) }
}
