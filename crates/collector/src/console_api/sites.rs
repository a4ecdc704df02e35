//! Turns what admins decide about sites and the project into rows, while pages use them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use protocol::outcome::ErrorCode;
use protocol::query::setup::{
    EndKey, FormerKey, MAX_KEY_HOURS, MAX_NAME_CHARS, MAX_ORIGINS, NewKey, NewSite, ProjectEdit,
    SiteEdit, SiteEntry, Sites,
};
use store::{Moved, Site, SiteChange};

use super::body::json_from;
use super::guard::Caller;
use crate::app::Collector;
use crate::assets::hex;
use crate::audit::Deed;
use crate::error::ApiError;
use crate::origin::OriginPattern;

const HOUR_MS: u64 = 3_600_000;
/// Bytes of what an admin decides.
const MAX_BYTES: usize = 64 << 10;
/// Random bytes of a key.
const KEY_BYTES: usize = 12;

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidParameter, message.into())
}

fn nothing() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "there is no such site")
}

/// Of two who change one thing, for the second.
pub(super) fn overtaken() -> ApiError {
    let message = "somebody has changed it meanwhile; nothing was changed";
    ApiError::new(ErrorCode::Conflict, message)
}

/// `GET /api/v1/sites`.
pub(super) async fn list(
    State(collector): State<Arc<Collector>>,
    who: Caller,
) -> Result<Json<Sites>, ApiError> {
    let entries = collector.store.site_entries(who.project).await?;
    let items = entries.into_iter().map(|entry| told(&collector, entry));
    Ok(Json(Sites {
        items: items.collect(),
    }))
}

fn told(collector: &Collector, entry: store::SiteEntry) -> SiteEntry {
    let now_ms = collector.clock.now_ms();
    let former = entry.former.into_iter();
    SiteEntry {
        refused: collector.tally.refused(&entry.key),
        id: entry.id,
        key: entry.key,
        name: entry.name,
        origins: entry.origins,
        rev: entry.rev,
        created_ms: entry.created_ms,
        first_ms: entry.first_ms,
        last_ms: entry.last_ms,
        former: former
            .filter(|former| former.until_ms > now_ms)
            .map(|former| FormerKey {
                key: former.key,
                until_ms: former.until_ms,
            })
            .collect(),
    }
}

fn checked_name(name: &str) -> Result<String, ApiError> {
    let name = name.trim();
    if (1..=MAX_NAME_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(String::from(name));
    }
    Err(invalid(format!(
        "name must have 1 to {MAX_NAME_CHARS} characters, all on one line"
    )))
}

/// Origins without repetition, each of which is one.
fn checked_origins(origins: Vec<String>) -> Result<Vec<String>, ApiError> {
    if !(1..=MAX_ORIGINS).contains(&origins.len()) {
        return Err(invalid(format!(
            "origins must name 1 to {MAX_ORIGINS} of them"
        )));
    }
    let mut checked: Vec<String> = Vec::with_capacity(origins.len());
    for (nth, origin) in origins.into_iter().enumerate() {
        let origin = String::from(origin.trim());
        if let Err(error) = origin.parse::<OriginPattern>() {
            // It comes from outside: quoted, and short.
            let origin: String = origin.chars().take(100).collect();
            return Err(invalid(format!("origins/{nth}: {origin:?}: {error}")));
        }
        if !checked.contains(&origin) {
            checked.push(origin);
        }
    }
    Ok(checked)
}

fn new_key() -> Result<String, ApiError> {
    let mut random = [0; KEY_BYTES];
    getrandom::fill(&mut random).map_err(|error| ApiError::internal(&error))?;
    Ok(format!("fh_{}", hex(&random)))
}

/// `POST /api/v1/sites`.
pub(super) async fn add(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Json<SiteEntry>, ApiError> {
    let NewSite { name, origins } = json_from(request.into_body(), MAX_BYTES).await?;
    let name = checked_name(&name)?;
    let site = Site {
        key: new_key()?,
        project: who.project,
        origins: checked_origins(origins)?,
    };
    let deed = Deed::new("site.add", name.as_str());
    let deed = deed.with(format!("{}, {}", site.key, site.origins.join(" ")));
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    let made = collector.store.add_site(site, name, entry).await?;
    Ok(Json(told(&collector, made)))
}

/// `PUT /api/v1/sites/ID`.
pub(super) async fn edit(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<SiteEntry>, ApiError> {
    let asked: SiteEdit = json_from(request.into_body(), MAX_BYTES).await?;
    let change = SiteChange::Describe {
        name: checked_name(&asked.name)?,
        origins: checked_origins(asked.origins)?,
    };
    changed(&collector, &who, &id, asked.rev, change).await
}

/// `POST /api/v1/sites/ID/key`.
pub(super) async fn replace_key(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<SiteEntry>, ApiError> {
    let NewKey { rev, hours } = json_from(request.into_body(), MAX_BYTES).await?;
    if hours > MAX_KEY_HOURS {
        return Err(invalid(format!("hours must be from 0 to {MAX_KEY_HOURS}")));
    }
    let change = SiteChange::Key {
        key: new_key()?,
        until_ms: collector.clock.now_ms() + u64::from(hours) * HOUR_MS,
    };
    changed(&collector, &who, &id, rev, change).await
}

/// `POST /api/v1/sites/ID/end-key`.
pub(super) async fn end_key(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<SiteEntry>, ApiError> {
    let EndKey { rev, key } = json_from(request.into_body(), MAX_BYTES).await?;
    let change = SiteChange::EndFormer { key };
    changed(&collector, &who, &id, rev, change).await
}

async fn changed(
    collector: &Collector,
    who: &Caller,
    id: &str,
    rev: u32,
    change: SiteChange,
) -> Result<Json<SiteEntry>, ApiError> {
    let site = found(collector, who, id).await?;
    let deed = deed(&site, &change);
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    let moved = collector.store.change_site(site.id, rev, change, entry);
    match moved.await? {
        Moved::Done(now) => Ok(Json(told(collector, now))),
        Moved::Missing => Err(nothing()),
        Moved::Overtaken(_) => Err(overtaken()),
    }
}

/// The line for the audit log.
fn deed(site: &store::SiteEntry, change: &SiteChange) -> Deed {
    let target = called(site);
    match change {
        SiteChange::Describe { name, origins } => {
            Deed::new("site.change", target).with(format!("{name}, {}", origins.join(" ")))
        }
        SiteChange::Key { key, until_ms } => Deed::new("site.key", target).with(format!(
            "{} to {key}; the old one ends at {until_ms} ms since 1970",
            site.key
        )),
        SiteChange::EndFormer { key } => Deed::new("site.end_key", target).with(key.as_str()),
    }
}

/// Its name, or its key while it has none.
fn called(site: &store::SiteEntry) -> &str {
    match site.name.as_str() {
        "" => &site.key,
        name => name,
    }
}

async fn found(
    collector: &Collector,
    who: &Caller,
    id: &str,
) -> Result<store::SiteEntry, ApiError> {
    let entries = collector.store.site_entries(who.project).await?;
    let mut entries = entries.into_iter();
    let site = entries.find(|entry| entry.id.to_string() == id);
    site.ok_or_else(nothing)
}

/// `DELETE /api/v1/sites/ID`.
pub(super) async fn remove(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let site = found(&collector, &who, &id).await?;
    let deed = Deed::new("site.remove", called(&site)).with(site.key.as_str());
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    match collector.store.remove_site(site.id, entry).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(nothing()),
    }
}

/// `PUT /api/v1/project`.
pub(super) async fn rename_project(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let ProjectEdit { known, name } = json_from(request.into_body(), MAX_BYTES).await?;
    let name = checked_name(&name)?;
    let deed = Deed::new("project.rename", name.as_str()).with(format!("from {known}"));
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    match collector.store.rename_project(known, name, entry).await? {
        Moved::Done(_) => Ok(StatusCode::NO_CONTENT),
        Moved::Missing => Err(ApiError::new(
            ErrorCode::NotFound,
            "there is no such project",
        )),
        Moved::Overtaken(_) => Err(overtaken()),
    }
}
