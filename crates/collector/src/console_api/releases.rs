//! Turns what a team, or what builds for it, says it released into flags on what is shown over time.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri};
use protocol::outcome::ErrorCode;
use protocol::query::scores::{NewRelease, Release, Releases, ReleasesQuery};
use store::Span;

use super::body::json_from;
use super::guard::Caller;
use super::query;
use crate::app::Collector;
use crate::audit::Deed;
use crate::error::ApiError;

/// Characters of a name.
const MAX_NAME_CHARS: usize = 100;
/// Characters of a note.
const MAX_NOTE_CHARS: usize = 1_000;
/// How far ahead a release can be: clocks differ, and no more.
const MAX_AHEAD_MS: u64 = 86_400_000;
/// Bytes of a release.
const MAX_BYTES: usize = 16 << 10;

/// `GET /api/v1/releases`.
pub(super) async fn list(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Releases>, ApiError> {
    let asked: ReleasesQuery = query(&uri)?;
    let span = Span {
        from_ms: asked.from.unwrap_or(0),
        to_ms: asked.to.unwrap_or(u64::MAX),
    };
    let items = collector.store.releases(who.project, span).await?;
    Ok(Json(Releases { items }))
}

/// `POST /api/v1/releases`.
pub(super) async fn add(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Json<Release>, ApiError> {
    let new: NewRelease = json_from(request.into_body(), MAX_BYTES).await?;
    let now_ms = collector.clock.now_ms();
    let release = Release {
        id: 0,
        at_ms: new.at_ms.unwrap_or(now_ms),
        name: new.name.trim().to_owned(),
        note: new.note.trim().to_owned(),
        by: who.actor.name.clone(),
    };
    check(&release, now_ms)?;
    let deed = Deed::new("release.add", "").with(release.name.clone());
    let entry = who.actor.entry(deed, now_ms);
    Ok(Json(collector.store.add_release(release, entry).await?))
}

fn check(release: &Release, now_ms: u64) -> Result<(), ApiError> {
    let refused = |message: &str| Err(ApiError::new(ErrorCode::InvalidParameter, message));
    if !(1..=MAX_NAME_CHARS).contains(&release.name.chars().count()) {
        return refused("name must have 1 to 100 characters");
    }
    if release.note.chars().count() > MAX_NOTE_CHARS {
        return refused("note may have 1000 characters");
    }
    if release.at_ms > now_ms.saturating_add(MAX_AHEAD_MS) {
        return refused("at_ms must be within a day from now");
    }
    Ok(())
}

/// `DELETE /api/v1/releases/ID`.
pub(super) async fn remove(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let nothing = || ApiError::new(ErrorCode::NotFound, "there is no such release");
    let number = id.parse().map_err(|_| nothing())?;
    let deed = Deed::new("release.remove", id);
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    match collector.store.remove_release(number, entry).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(nothing()),
    }
}
