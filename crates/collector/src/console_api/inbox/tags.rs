//! Turns names that a team gives into tags, and two of them into one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use protocol::outcome::ErrorCode;
use protocol::query::inbox::{Merge, Merged, NewTag, Tag, Tags};
use store::Amended;

use super::change::tag_from;
use crate::app::Collector;
use crate::audit::Deed;
use crate::console_api::body::json_from;
use crate::console_api::guard::Caller;
use crate::error::ApiError;

/// Bytes of a body that names a tag or two.
const MAX_BYTES: usize = 4_096;

/// `GET /api/v1/inbox/tags`.
pub(in crate::console_api) async fn list(
    State(collector): State<Arc<Collector>>,
    who: Caller,
) -> Result<Json<Tags>, ApiError> {
    let items = collector.store.tags(who.project).await?;
    Ok(Json(Tags { items }))
}

/// `POST /api/v1/inbox/tags`.
pub(in crate::console_api) async fn make(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Json<Tag>, ApiError> {
    let asked: NewTag = json_from(request.into_body(), MAX_BYTES).await?;
    let name = tag_from(&asked.name)?;
    let deed = Deed::new("tag.make", name.clone());
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    Ok(Json(collector.store.put_tag(name, entry).await?))
}

/// `PUT /api/v1/inbox/tags/ID`.
pub(in crate::console_api) async fn rename(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let asked: NewTag = json_from(request.into_body(), MAX_BYTES).await?;
    let (tag, name) = (number(&id)?, tag_from(&asked.name)?);
    let deed = Deed::new("tag.rename", id).with(format!("to {name}"));
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    amended(collector.store.rename_tag(tag, name, entry).await?)
}

/// `DELETE /api/v1/inbox/tags/ID`.
pub(in crate::console_api) async fn remove(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let tag = number(&id)?;
    let entry = who
        .actor
        .entry(Deed::new("tag.remove", id), collector.clock.now_ms());
    amended(collector.store.remove_tag(tag, entry).await?)
}

/// `POST /api/v1/inbox/tags/merge`.
pub(in crate::console_api) async fn merge(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Json<Merged>, ApiError> {
    let Merge { from, into } = json_from(request.into_body(), MAX_BYTES).await?;
    let deed = Deed::new("tag.merge", from.to_string()).with(format!("into {into}"));
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    let moved = collector.store.merge_tags(from, into, entry).await?;
    let moved = moved.ok_or_else(missing)?;
    Ok(Json(Merged { moved }))
}

fn number(id: &str) -> Result<u64, ApiError> {
    id.parse().map_err(|_| missing())
}

fn missing() -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        "there is no such tag, or no second one",
    )
}

fn amended(amended: Amended) -> Result<StatusCode, ApiError> {
    match amended {
        Amended::Done => Ok(StatusCode::NO_CONTENT),
        Amended::Taken => {
            let message = "another tag has this name; merge them instead";
            Err(ApiError::new(ErrorCode::NameTaken, message))
        }
        Amended::Missing | Amended::NotYours => Err(missing()),
    }
}
