//! Turns what admins decide about people into rows, and people into a list.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use protocol::outcome::ErrorCode;
use protocol::query::access::{Invitation, Invited, NewRole, People, PersonEntry};
use store::{Changed, Member, PasswordLink, PersonId, StoreError};

use super::body::json_from;
use super::guard::Caller;
use super::session::token_hash;
use crate::app::Collector;
use crate::assets::hex;
use crate::audit::Deed;
use crate::error::ApiError;

/// How long a link works: over a weekend.
pub(crate) const LINK_MS: u64 = 3 * 86_400_000;
/// Bytes of what an admin decides.
const MAX_BYTES: usize = 16 << 10;
/// Characters of an e-mail address.
///
/// # Source
///
/// <https://www.rfc-editor.org/errata/eid1690> to RFC 3696.
const MAX_EMAIL_CHARS: usize = 254;

/// Whether it looks like an e-mail address. Whether it is one shows when somebody writes to it.
pub(crate) fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && text.chars().count() <= MAX_EMAIL_CHARS
}

/// The secret of a new link, and what is kept of it.
pub(crate) fn new_link(now_ms: u64) -> Result<(String, PasswordLink), getrandom::Error> {
    let mut random = [0; 32];
    getrandom::fill(&mut random)?;
    let secret = format!("fh_link_{}", hex(&random));
    let link = PasswordLink {
        token: token_hash(&secret),
        expires_ms: now_ms + LINK_MS,
    };
    Ok((secret, link))
}

/// What is told of a link. Behind `#`, where no server and no log ever sees it.
fn told(collector: &Collector, id: PersonId, secret: &str, link: PasswordLink) -> Invited {
    let base = collector.base_path.with_slash();
    Invited {
        id: id.0,
        link: format!("{base}password#{secret}"),
        expires_ms: link.expires_ms,
    }
}

/// `GET /api/v1/team`.
pub(super) async fn list(
    State(collector): State<Arc<Collector>>,
    who: Caller,
) -> Result<Json<People>, ApiError> {
    let members = collector.store.people(who.project).await?;
    let items = members.into_iter().map(|member| PersonEntry {
        id: member.id.0,
        email: member.email,
        role: member.role,
        created_ms: member.created_ms,
        has_password: member.has_password,
    });
    Ok(Json(People {
        items: items.collect(),
    }))
}

/// `POST /api/v1/team`.
pub(super) async fn invite(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Json<Invited>, ApiError> {
    let Invitation { email, role } = json_from(request.into_body(), MAX_BYTES).await?;
    let email = email.trim().to_lowercase();
    if !is_email(&email) {
        let message = "email must be an e-mail address";
        return Err(ApiError::new(ErrorCode::InvalidParameter, message));
    }
    let now_ms = collector.clock.now_ms();
    let (secret, link) = new_link(now_ms).map_err(|error| ApiError::internal(&error))?;
    let deed = Deed::new("person.invite", email.as_str()).with(format!("role {role}"));
    let entry = who.actor.entry(deed, now_ms);
    let invited = collector.store.invite(email, role, link, entry).await;
    let id = invited.map_err(|error| match error {
        StoreError::Taken { .. } => {
            let message = "somebody has this e-mail address already";
            ApiError::new(ErrorCode::AddressTaken, message)
        }
        error => error.into(),
    })?;
    Ok(Json(told(&collector, id, &secret, link)))
}

/// `POST /api/v1/team/ID/password-link`.
pub(super) async fn link(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
) -> Result<Json<Invited>, ApiError> {
    let member = member(&collector, &who, &id).await?;
    let now_ms = collector.clock.now_ms();
    let (secret, link) = new_link(now_ms).map_err(|error| ApiError::internal(&error))?;
    let entry = who
        .actor
        .entry(Deed::new("password.link", member.email), now_ms);
    done(collector.store.put_link(member.id, link, entry).await?)?;
    Ok(Json(told(&collector, member.id, &secret, link)))
}

/// `PUT /api/v1/team/ID/role`.
pub(super) async fn change_role(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let NewRole { role } = json_from(request.into_body(), MAX_BYTES).await?;
    let member = member(&collector, &who, &id).await?;
    let deed = Deed::new("person.role", member.email).with(format!("{} to {role}", member.role));
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    done(collector.store.change_role(member.id, role, entry).await?)
}

/// `DELETE /api/v1/team/ID`.
pub(super) async fn remove(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let member = member(&collector, &who, &id).await?;
    let deed = Deed::new("person.remove", member.email).with(format!("role {}", member.role));
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    done(collector.store.remove_person(member.id, entry).await?)
}

async fn member(collector: &Collector, who: &Caller, id: &str) -> Result<Member, ApiError> {
    let members = collector.store.people(who.project).await?;
    let mut members = members.into_iter();
    let found = members.find(|member| member.id.0.to_string() == id);
    found.ok_or_else(nobody)
}

fn nobody() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "there is no such person")
}

fn done(changed: Changed) -> Result<StatusCode, ApiError> {
    match changed {
        Changed::Done => Ok(StatusCode::NO_CONTENT),
        Changed::Missing => Err(nobody()),
        Changed::LastAdmin => {
            let message = "this is the last admin; make somebody else one first";
            Err(ApiError::new(ErrorCode::LastAdmin, message))
        }
    }
}
