//! Turns what people wrote into lists, whole responses, and steps that change their state.

mod change;
pub(super) mod export;
pub(super) mod notes;
pub(super) mod tags;
pub(super) mod view;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use protocol::id::ResponseId;
use protocol::outcome::ErrorCode;
use protocol::query::custody::Whom;
use protocol::query::inbox::{Assignees, Counts, Detail, Inbox, Timeline};
use store::{InboxCursor, InboxFilter};

pub(super) use self::change::{change, undo};
use self::view::view;
use super::guard::Caller;
use super::query;
use crate::app::Collector;
use crate::budgets::InForce;
use crate::custody::subject;
use crate::error::ApiError;

/// Items a page, unless told.
const DEFAULT_LIMIT: u32 = 50;
/// Items a page at most.
const MAX_LIMIT: u32 = 200;

/// `GET /api/v1/inbox`.
pub(super) async fn list(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Inbox>, ApiError> {
    let query = uri.query().unwrap_or_default();
    let mut parsed = view(&collector, &who, query, &["after", "limit"]).await?;
    let limit = match parsed.others.remove("limit") {
        Some(limit) => limit_from(&limit)?,
        None => DEFAULT_LIMIT,
    };
    let after = parsed.others.remove("after").map(|after| {
        let cursor = cursor_from(&after);
        cursor.ok_or_else(|| invalid("after must be the next of an earlier page"))
    });
    let filter = InboxFilter {
        project: who.project,
        view: parsed.view,
        now_ms: collector.clock.now_ms(),
    };
    let page = collector.store.inbox(filter, after.transpose()?, limit);
    let page = page.await?;
    let zone = InForce::of(&*collector.store, who.project).await?.zone();
    Ok(Json(Inbox {
        items: page.items,
        next: page.next.as_ref().map(text_from),
        dropped: parsed.dropped,
        timezone: zone.name().to_owned(),
    }))
}

/// `GET /api/v1/inbox/items/ID`.
pub(super) async fn item(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
) -> Result<Json<Detail>, ApiError> {
    let found = collector.store.inbox_item(who.project, id_from(&id)?);
    found.await?.map(Json).ok_or_else(missing)
}

/// `GET /api/v1/inbox/counts`.
pub(super) async fn counts(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Counts>, ApiError> {
    let query = uri.query().unwrap_or_default();
    let parsed = view(&collector, &who, query, &[]).await?;
    let filter = InboxFilter {
        project: who.project,
        view: parsed.view,
        now_ms: collector.clock.now_ms(),
    };
    let counts = collector.store.inbox_counts(filter).await?;
    Ok(Json(Counts {
        dropped: parsed.dropped,
        ..counts
    }))
}

/// `GET /api/v1/inbox/assignees`.
pub(super) async fn assignees(
    State(collector): State<Arc<Collector>>,
    who: Caller,
) -> Result<Json<Assignees>, ApiError> {
    let people = collector.store.people(who.project).await?.into_iter();
    let items = people.map(|member| member.email).collect();
    Ok(Json(Assignees { items }))
}

/// `GET /api/v1/people/timeline`.
pub(super) async fn timeline(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Timeline>, ApiError> {
    let whose = subject(query::<Whom>(&uri)?).map_err(invalid)?;
    let items = collector.store.timeline(who.project, whose, MAX_LIMIT);
    let items = items.await?;
    Ok(Json(Timeline { items }))
}

fn id_from(text: &str) -> Result<ResponseId, ApiError> {
    text.parse().map_err(|_| missing())
}

fn missing() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "there is no such response")
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidParameter, message)
}

fn limit_from(text: &str) -> Result<u32, ApiError> {
    let limit = text.parse().ok();
    limit
        .filter(|limit| (1..=MAX_LIMIT).contains(limit))
        .ok_or_else(|| invalid(format!("limit must be from 1 to {MAX_LIMIT}")))
}

/// Time and response, joined by a dot.
fn text_from(cursor: &InboxCursor) -> String {
    format!("{}.{}", cursor.at_ms, cursor.response)
}

fn cursor_from(text: &str) -> Option<InboxCursor> {
    let (at_ms, response) = text.split_once('.')?;
    Some(InboxCursor {
        at_ms: at_ms.parse().ok()?,
        response: response.parse().ok()?,
    })
}
