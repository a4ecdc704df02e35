//! Turns pages with their filters into saved views and links, and a link into what it shows.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use protocol::outcome::ErrorCode;
use protocol::query::access::Role;
use protocol::query::view::{Assignee, View};
use protocol::query::views::{
    MadeShare, NewSavedView, NewShare, PAGES, SHARED_PAGES, SavedView, SavedViews, Share, Shares,
};
use store::{KeptShare, KeptView, Person};

use super::body::json_from;
use super::guard::{Caller, SignedIn};
use super::password::check_new;
use super::session::token_hash;
use crate::app::Collector;
use crate::assets::hex;
use crate::audit::Deed;
use crate::budgets::InForce;
use crate::error::ApiError;
use crate::query::window::day_begins_ms;

/// Bytes of what is saved or shared, query and password included.
const MAX_BYTES: usize = 16 << 10;
/// Characters of a name.
const MAX_NAME_CHARS: usize = 80;
/// Bytes of a query string: what every browser and proxy still takes.
const MAX_QUERY_BYTES: usize = 2_000;
/// Bytes of a path.
const MAX_PAGE_BYTES: usize = 200;
/// Days that a link may work.
const MAX_SHARE_DAYS: u32 = 365;
const DAY_MS: u64 = 86_400_000;
/// Views of one person.
const MAX_VIEWS: usize = 200;
/// Links of one project that work.
const MAX_SHARES: usize = 500;

/// `GET /api/v1/views`.
pub(super) async fn list(
    State(collector): State<Arc<Collector>>,
    who: SignedIn,
) -> Result<Json<SavedViews>, ApiError> {
    let (project, person) = (who.person.project, who.person.id);
    let views = collector.store.saved_views(project, person).await?;
    Ok(Json(SavedViews {
        items: views.into_iter().map(told).collect(),
    }))
}

fn told(view: KeptView) -> SavedView {
    SavedView {
        id: view.id,
        name: view.name,
        page: view.page,
        query: view.query,
        team: view.owner.is_none(),
        by: view.by,
        created_ms: view.created_ms,
    }
}

/// `POST /api/v1/views`.
pub(super) async fn save(
    State(collector): State<Arc<Collector>>,
    who: SignedIn,
    caller: Caller,
    request: Request,
) -> Result<Json<SavedView>, ApiError> {
    let asked: NewSavedView = json_from(request.into_body(), MAX_BYTES).await?;
    let name = checked(&asked.name, &asked.page, &asked.query, &PAGES)?;
    if asked.team && who.person.role < Role::Responder {
        let message = "a view for everybody takes the role responder";
        return Err(ApiError::new(ErrorCode::Forbidden, message));
    }
    check_place(&collector, &who.person, &name, asked.team).await?;
    let now_ms = collector.clock.now_ms();
    let mut view = KeptView {
        id: 0,
        project: who.person.project,
        owner: (!asked.team).then_some(who.person.id),
        name,
        page: asked.page,
        query: plain(&asked.query),
        by: who.person.email,
        created_ms: now_ms,
    };
    let whose = if asked.team { "for everybody" } else { "own" };
    let deed = Deed::new("view.save", view.name.as_str()).with(whose);
    let kept = collector
        .store
        .save_view(view.clone(), caller.actor.entry(deed, now_ms));
    view.id = kept.await?;
    Ok(Json(told(view)))
}

/// Whether there is room for another view of this name: the one that it replaces is theirs to replace.
async fn check_place(
    collector: &Collector,
    person: &Person,
    name: &str,
    team: bool,
) -> Result<(), ApiError> {
    let views = collector.store.saved_views(person.project, person.id);
    let views = views.await?;
    let is_it = |view: &&KeptView| view.owner.is_none() == team && view.name == name;
    if let Some(before) = views.iter().find(is_it) {
        return check_owner(person, before.owner.is_some(), &before.by);
    }
    let theirs = views.iter().filter(|view| view.by == person.email);
    match theirs.count() < MAX_VIEWS {
        true => Ok(()),
        false => Err(too_many(&format!("{MAX_VIEWS} saved views"))),
    }
}

fn too_many(what: &str) -> ApiError {
    let message = format!("there are {what} already; take some away first");
    ApiError::new(ErrorCode::TooManyAtOnce, message)
}

/// `DELETE /api/v1/views/ID`.
pub(super) async fn forget(
    State(collector): State<Arc<Collector>>,
    who: SignedIn,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let nothing = || ApiError::new(ErrorCode::NotFound, "there is no such view");
    let (project, person) = (who.person.project, who.person.id);
    let views = collector.store.saved_views(project, person).await?;
    let mut views = views.into_iter();
    let view = views
        .find(|view| view.id.to_string() == id)
        .ok_or_else(nothing)?;
    check_owner(&who.person, view.owner.is_some(), &view.by)?;
    let deed = Deed::new("view.forget", view.name);
    let entry = caller.actor.entry(deed, collector.clock.now_ms());
    match collector.store.forget_view(view.id, entry).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(nothing()),
    }
}

/// What is everybody's is replaced and taken away by whoever made it, or by a manager.
fn check_owner(person: &Person, is_own: bool, by: &str) -> Result<(), ApiError> {
    if is_own || by == person.email || person.role >= Role::Manager {
        return Ok(());
    }
    let message = "somebody else made this; a manager can replace it or take it away";
    Err(ApiError::new(ErrorCode::Forbidden, message))
}

/// `GET /api/v1/shares`.
pub(super) async fn shares(
    State(collector): State<Arc<Collector>>,
    who: SignedIn,
) -> Result<Json<Shares>, ApiError> {
    let shares = collector.store.shares(who.person.project).await?;
    Ok(Json(Shares {
        items: shares.into_iter().map(told_share).collect(),
    }))
}

fn told_share(share: KeptShare) -> Share {
    Share {
        id: share.id,
        name: share.name,
        page: share.page,
        query: share.query,
        verbatims: share.verbatims,
        has_password: share.password_hash.is_some(),
        by: share.by,
        created_ms: share.created_ms,
        expires_ms: share.expires_ms,
        revoked_ms: share.revoked_ms,
        opened: share.opened,
        opened_ms: share.opened_ms,
    }
}

/// `POST /api/v1/shares`.
pub(super) async fn share(
    State(collector): State<Arc<Collector>>,
    who: SignedIn,
    caller: Caller,
    request: Request,
) -> Result<Json<MadeShare>, ApiError> {
    let asked: NewShare = json_from(request.into_body(), MAX_BYTES).await?;
    let name = checked(&asked.name, &asked.page, &asked.query, &SHARED_PAGES)?;
    let days = asked.days;
    if days.is_some_and(|days| !(1..=MAX_SHARE_DAYS).contains(&days)) {
        return Err(invalid(format!("days must be from 1 to {MAX_SHARE_DAYS}")));
    }
    if first_part(&asked.page) == "inbox" && !asked.verbatims {
        let message = "the inbox is what people wrote: share it with verbatims, or share scores";
        return Err(invalid(String::from(message)));
    }
    check_room(&collector, &who.person).await?;
    let query = held(&collector, &who.person, &asked.query).await?;
    let password_hash = match asked.password {
        Some(password) => {
            check_new(&password)?;
            Some(collector.gate.passwords.hash(password).await?)
        }
        None => None,
    };
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|error| ApiError::internal(&error))?;
    let token = hex(&random);
    let now_ms = collector.clock.now_ms();
    let mut share = KeptShare {
        id: 0,
        project: who.person.project,
        token: token_hash(&token),
        name,
        page: asked.page,
        query,
        verbatims: asked.verbatims,
        password_hash,
        by: who.person.email,
        created_ms: now_ms,
        expires_ms: days.map(|days| now_ms + u64::from(days) * DAY_MS),
        revoked_ms: None,
        opened: 0,
        opened_ms: None,
    };
    let deed = Deed::new("share.make", share.name.as_str()).with(share.page.clone());
    let kept = collector
        .store
        .put_share(share.clone(), caller.actor.entry(deed, now_ms));
    share.id = kept.await?;
    Ok(Json(MadeShare {
        share: told_share(share),
        token,
    }))
}

/// Whether there is room for another link.
async fn check_room(collector: &Collector, person: &Person) -> Result<(), ApiError> {
    let now_ms = collector.clock.now_ms();
    let shares = collector.store.shares(person.project).await?;
    let works = |share: &&KeptShare| {
        share.revoked_ms.is_none() && share.expires_ms.is_none_or(|end_ms| end_ms > now_ms)
    };
    match shares.iter().filter(works).count() < MAX_SHARES {
        true => Ok(()),
        false => Err(too_many(&format!("{MAX_SHARES} links that work"))),
    }
}

/// `DELETE /api/v1/shares/ID`.
pub(super) async fn revoke(
    State(collector): State<Arc<Collector>>,
    who: SignedIn,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let nothing = || ApiError::new(ErrorCode::NotFound, "there is no such link that works");
    let shares = collector.store.shares(who.person.project).await?;
    let mut shares = shares.into_iter();
    let share = shares
        .find(|share| share.id.to_string() == id)
        .ok_or_else(nothing)?;
    check_owner(&who.person, false, &share.by)?;
    let deed = Deed::new("share.revoke", share.name);
    let entry = caller.actor.entry(deed, collector.clock.now_ms());
    match collector.store.revoke_share(share.id, entry).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(nothing()),
    }
}

/// The name without blanks around it, where name, page and query can be kept.
fn checked(name: &str, page: &str, query: &str, pages: &[&str]) -> Result<String, ApiError> {
    let name = name.trim();
    let is_name = (1..=MAX_NAME_CHARS).contains(&name.chars().count());
    if !is_name || name.chars().any(char::is_control) {
        return Err(invalid(format!(
            "name must have 1 to {MAX_NAME_CHARS} characters"
        )));
    }
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"/-_.".contains(&b);
    let is_page = page.len() <= MAX_PAGE_BYTES
        && page.bytes().all(is_plain)
        && !page.split('/').any(|part| part == "..")
        && pages.contains(&first_part(page));
    if !is_page {
        return Err(invalid(format!("page must be one of {}", pages.join(", "))));
    }
    if query.len() > MAX_QUERY_BYTES || query.chars().any(char::is_control) {
        return Err(invalid(format!("query may have {MAX_QUERY_BYTES} bytes")));
    }
    Ok(String::from(name))
}

fn first_part(page: &str) -> &str {
    page.split('/').next().unwrap_or_default()
}

fn plain(query: &str) -> String {
    String::from(query.strip_prefix('?').unwrap_or(query))
}

fn invalid(message: String) -> ApiError {
    ApiError::new(ErrorCode::InvalidParameter, message)
}

/// A query as it holds for visitors: days in words are milliseconds, and "me" is whoever shares it.
async fn held(collector: &Collector, person: &Person, query: &str) -> Result<String, ApiError> {
    let zone = InForce::of(&*collector.store, person.project).await?.zone();
    let mut view = View::parse(query, &[], |day| day_begins_ms(day, zone)).view;
    if view.assignee == Some(Assignee::Me) {
        view.assignee = Some(Assignee::Person(person.email.clone()));
    }
    Ok(view.with_rest_of(query))
}
