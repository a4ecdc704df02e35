//! Turns the audit log into pages, newest first.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use protocol::outcome::ErrorCode;
use protocol::query::access::{Audit, AuditLine, AuditQuery};

use super::guard::Caller;
use super::query;
use crate::app::Collector;
use crate::error::ApiError;

/// Lines a page, unless told.
const DEFAULT_LIMIT: u32 = 50;
/// Lines a page at most.
const MAX_LIMIT: u32 = 200;

/// `GET /api/v1/audit`.
pub(super) async fn audit(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Audit>, ApiError> {
    let invalid = |message: String| ApiError::new(ErrorCode::InvalidParameter, message);
    let asked: AuditQuery = query(&uri)?;
    let limit = asked.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(invalid(format!("limit must be from 1 to {MAX_LIMIT}")));
    }
    let before = asked.after.map(|after| {
        let read = after.parse::<u64>();
        read.map_err(|_| invalid(String::from("after must be the next of an earlier page")))
    });
    // One more than asked for tells whether there is another page.
    let found = collector
        .store
        .audit_log(who.project, before.transpose()?, limit + 1);
    let mut lines = found.await?;
    let has_more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    let next = lines
        .last()
        .filter(|_| has_more)
        .map(|(id, _)| id.to_string());
    let line = |(id, entry): (u64, store::AuditEntry)| AuditLine {
        id,
        at_ms: entry.at_ms,
        credential: entry.credential,
        actor: entry.actor,
        action: entry.action,
        target: entry.target,
        detail: entry.detail,
    };
    Ok(Json(Audit {
        items: lines.into_iter().map(line).collect(),
        next,
    }))
}
