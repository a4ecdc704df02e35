//! Turns a request and what its route needs into somebody who may, or into a refusal.
//!
//! Runs before every handler of `/api/v1`, in this order: whether another page sent it, who it is,
//! what they may do. Handlers take [`Caller`] or [`SignedIn`] from what this found, and cannot get
//! either in another way.

use std::fmt;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use protocol::outcome::ErrorCode;
use protocol::query::access::{Credential, Role, Scope};
use store::{ApiToken, ConsoleSession, KeptShare, Person, ProjectId};

use super::bearer::{bearer, token_of};
use super::origin_check::check_origin;
use super::routes::Need;
use super::session::session_of;
use super::shared::{self, Allowed};
use crate::app::Collector;
use crate::audit::Actor;
use crate::error::ApiError;

/// What stands before one route.
#[derive(Clone)]
pub(super) struct Guard {
    pub(super) collector: Arc<Collector>,
    pub(super) need: Need,
}

/// Lets those through who may.
pub(super) async fn guard(
    State(Guard { collector, need }): State<Guard>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    match need {
        Need::Anyone => check_page(&collector, &parts)?,
        Need::Person(least) => {
            if bearer(&parts.headers).is_some() {
                let message = "this is for people, and no token reaches it";
                return Err(ApiError::new(ErrorCode::Forbidden, message));
            }
            let_person_in(&collector, &mut parts, least).await?;
        }
        Need::Scoped(least, scope) => match bearer(&parts.headers).map(String::from) {
            Some(secret) => {
                let token = token_of(&collector, &parts, &secret).await?;
                check_role(token.role, least)?;
                check_scope(&token, scope)?;
                parts.extensions.insert(Caller::token(&token));
            }
            None => match shared::key_of(&parts.headers).map(String::from) {
                Some(key) => {
                    let share = shared::share_of(&collector, &parts, &key).await?;
                    match shared::allowed(&collector, &share, (scope, &parts)).await? {
                        Allowed::As(uri) => parts.uri = uri,
                        Allowed::With(answer) => return Ok(*answer),
                    }
                    parts.extensions.insert(Caller::visitor(&share));
                    let path = String::from(parts.uri.path());
                    let answer = next.run(Request::from_parts(parts, body)).await;
                    return shared::without_people(answer, (&share, &path)).await;
                }
                None => let_person_in(&collector, &mut parts, least).await?,
            },
        },
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// Whether a request that changes something came from our own page.
///
/// Not asked of one with a token: browsers add cookies by themselves, and tokens never.
fn check_page(collector: &Collector, parts: &Parts) -> Result<(), ApiError> {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    check_origin(&parts.headers, collector.public_url.as_ref())
}

async fn let_person_in(
    collector: &Arc<Collector>,
    parts: &mut Parts,
    least: Role,
) -> Result<(), ApiError> {
    check_page(collector, parts)?;
    let signed_in = session_of(collector, &parts.headers).await?;
    check_role(signed_in.person.role, least)?;
    parts.extensions.insert(Caller::person(&signed_in.person));
    parts.extensions.insert(signed_in);
    Ok(())
}

fn check_scope(token: &ApiToken, scope: Scope) -> Result<(), ApiError> {
    if token.scopes.contains(&scope) {
        return Ok(());
    }
    let message = format!("this takes the scope {scope}, which the token does not have");
    Err(ApiError::new(ErrorCode::Forbidden, message))
}

fn check_role(role: Role, least: Role) -> Result<(), ApiError> {
    if role >= least {
        return Ok(());
    }
    let message =
        format!("this takes the role {least}, and yours is {role}; an admin can change it");
    Err(ApiError::new(ErrorCode::Forbidden, message))
}

/// Somebody, or something, that the guard let through.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// What they may see.
    pub(crate) project: ProjectId,
    /// Who they are, for the audit log.
    pub(crate) actor: Actor,
}

impl Caller {
    /// Somebody with a session.
    pub(super) fn person(person: &Person) -> Self {
        Self::new(person.project, Credential::Session, &person.email)
    }

    /// Somebody with a link to a view. They change nothing.
    fn visitor(share: &KeptShare) -> Self {
        Self::new(share.project, Credential::Link, &share.name)
    }

    fn token(token: &ApiToken) -> Self {
        Self::new(token.project, Credential::Token, &token.name)
    }

    fn new(project: ProjectId, credential: Credential, name: &str) -> Self {
        let actor = Actor {
            project,
            credential,
            name: String::from(name),
        };
        Self { project, actor }
    }
}

/// A person with a session, where the route is for people alone.
#[derive(Clone)]
pub(super) struct SignedIn {
    pub(super) person: Person,
    pub(super) session: ConsoleSession,
    /// What the cookie says; only its hash is stored.
    pub(super) token: String,
}

// The token must not reach a log by way of `{:?}`.
impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        found(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        found(parts)
    }
}

/// What the guard left; nothing where the table says that anyone may.
fn found<T: Clone + Send + Sync + 'static>(parts: &Parts) -> Result<T, ApiError> {
    let found = parts.extensions.get::<T>().cloned();
    found.ok_or_else(|| ApiError::new(ErrorCode::NotSignedIn, "sign in first"))
}
