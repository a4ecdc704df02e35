//! Turns times that a team announces into times that no promise covers.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use protocol::limits::is_slug;
use protocol::outcome::ErrorCode;
use protocol::query::performance::{MaintenanceList, NewMaintenance};
use store::{ProjectId, Span};

use super::body::json_from;
use super::guard::Caller;
use crate::app::Collector;
use crate::audit::Deed;
use crate::error::ApiError;

/// How long ago a time may have ended and still be listed: as long as the longest window.
const LISTED_MS: u64 = 90 * DAY_MS;
/// The longest time that can be announced. What takes longer is no maintenance.
const MAX_LENGTH_MS: u64 = 31 * DAY_MS;
/// How far ahead a time can be announced.
const MAX_AHEAD_MS: u64 = 366 * DAY_MS;
const DAY_MS: u64 = 86_400_000;
/// Characters of a note.
const MAX_NOTE_CHARS: usize = 1_000;
/// Bytes of an announcement.
const MAX_BYTES: usize = 16 << 10;

/// `GET /api/v1/maintenance`.
pub(super) async fn list(
    State(collector): State<Arc<Collector>>,
    who: Caller,
) -> Result<Json<MaintenanceList>, ApiError> {
    listed(&collector, who.project).await
}

async fn listed(
    collector: &Collector,
    project: ProjectId,
) -> Result<Json<MaintenanceList>, ApiError> {
    let span = Span {
        from_ms: collector.clock.now_ms().saturating_sub(LISTED_MS),
        to_ms: u64::MAX,
    };
    let items = collector.store.maintenance(project, span).await?;
    Ok(Json(MaintenanceList { items }))
}

/// `POST /api/v1/maintenance`.
pub(super) async fn announce(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Json<MaintenanceList>, ApiError> {
    let new: NewMaintenance = json_from(request.into_body(), MAX_BYTES).await?;
    let now_ms = collector.clock.now_ms();
    check(&new, now_ms)?;
    let (from_ms, to_ms) = (new.from_ms, new.to_ms);
    let deed = Deed::new("maintenance.announce", "");
    let deed = deed.with(format!("from {from_ms} to {to_ms} ms since 1970"));
    let entry = who.actor.entry(deed, now_ms);
    collector.store.announce_noted(new, entry).await?;
    listed(&collector, who.project).await
}

fn check(new: &NewMaintenance, now_ms: u64) -> Result<(), ApiError> {
    let refused = |message: &str| Err(ApiError::new(ErrorCode::InvalidParameter, message));
    if new.from_ms >= new.to_ms {
        return refused("to_ms must be after from_ms");
    }
    if new.to_ms - new.from_ms > MAX_LENGTH_MS {
        return refused("at most 31 days can be announced");
    }
    if new.to_ms > now_ms.saturating_add(MAX_AHEAD_MS) {
        return refused("to_ms must be within a year");
    }
    if new.feature.as_deref().is_some_and(|id| !is_slug(id)) {
        return refused("feature must be the id of a feature, or absent for all");
    }
    if new.note.chars().count() > MAX_NOTE_CHARS {
        return refused("note may have 1000 characters");
    }
    Ok(())
}

/// `DELETE /api/v1/maintenance/ID`.
pub(super) async fn withdraw(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let nothing = || ApiError::new(ErrorCode::NotFound, "there is no such time");
    let id: u64 = id.parse().map_err(|_| nothing())?;
    let deed = Deed::new("maintenance.withdraw", id.to_string());
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    match collector.store.withdraw_noted(id, entry).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(nothing()),
    }
}
