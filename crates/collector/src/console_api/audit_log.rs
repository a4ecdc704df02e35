//! Turns the audit log into pages, newest first, and into files.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;
use http_body_util::channel::Channel;
use protocol::outcome::ErrorCode;
use protocol::query::access::{Audit, AuditLine, AuditNames, AuditQuery};
use store::{AuditFilter, StoreError};

use super::csv::cell_of;
use super::guard::Caller;
use super::{query, span};
use crate::app::Collector;
use crate::audit::Deed;
use crate::error::ApiError;

/// Lines a page, unless told.
const DEFAULT_LIMIT: u32 = 50;
/// Lines a page at most.
const MAX_LIMIT: u32 = 200;
/// Pieces of a file that wait for whoever reads slowly.
const MAX_WAITING: usize = 4;
/// The first line of CSV.
const COLUMNS: &str = "id,at_ms,credential,actor,action,target,detail\r\n";

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidParameter, message.into())
}

fn filter(
    collector: &Collector,
    who: &Caller,
    asked: &AuditQuery,
) -> Result<AuditFilter, ApiError> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    Ok(AuditFilter {
        project: who.project,
        actor: given(&asked.actor),
        action: given(&asked.action),
        text: given(&asked.q),
        span: span(asked.days, collector.clock.now_ms())?,
    })
}

/// `GET /api/v1/audit`.
pub(super) async fn audit(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Audit>, ApiError> {
    let asked: AuditQuery = query(&uri)?;
    let limit = asked.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(invalid(format!("limit must be from 1 to {MAX_LIMIT}")));
    }
    let before = asked.after.as_ref().map(|after| {
        let read = after.parse::<u64>();
        read.map_err(|_| invalid("after must be the next of an earlier page"))
    });
    let before = before.transpose()?;
    let filter = filter(&collector, &who, &asked)?;
    let (items, next) = page(&collector, filter, before, limit).await?;
    Ok(Json(Audit {
        items,
        next: next.map(|id| id.to_string()),
    }))
}

/// So many lines, and where the next begin.
async fn page(
    collector: &Collector,
    filter: AuditFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<(Vec<AuditLine>, Option<u64>), StoreError> {
    // One more than asked for tells whether there is another page.
    let found = collector.store.audit_lines(filter, before, limit + 1);
    let mut lines = found.await?;
    let has_more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    let next = lines.last().filter(|_| has_more).map(|(id, _)| *id);
    let line = |(id, entry): (u64, store::AuditEntry)| AuditLine {
        id,
        at_ms: entry.at_ms,
        credential: entry.credential,
        actor: entry.actor,
        action: entry.action,
        target: entry.target,
        detail: entry.detail,
    };
    Ok((lines.into_iter().map(line).collect(), next))
}

/// `GET /api/v1/audit/names`.
pub(super) async fn names(
    State(collector): State<Arc<Collector>>,
    who: Caller,
) -> Result<Json<AuditNames>, ApiError> {
    let names = collector.store.audit_names(who.project).await?;
    Ok(Json(AuditNames {
        actors: names.actors,
        actions: names.actions,
    }))
}

/// `GET /api/v1/audit/export`.
pub(super) async fn export(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Response, ApiError> {
    let asked: AuditQuery = query(&uri)?;
    let (is_csv, kind, file) = match asked.format.as_deref() {
        None | Some("csv") => (true, "text/csv; charset=utf-8", "firsthand-audit.csv"),
        Some("ndjson") => (false, "application/x-ndjson", "firsthand-audit.ndjson"),
        Some(_) => return Err(invalid("format must be csv or ndjson")),
    };
    let filter = filter(&collector, &who, &asked)?;
    let deed = Deed::new("audit.export", if is_csv { "csv" } else { "ndjson" });
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    // Nothing leaves that the log does not know of.
    collector.store.audit(entry).await?;
    let disposition = format!("attachment; filename=\"{file}\"");
    let disposition = HeaderValue::try_from(disposition)
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, body_of(collector, filter, is_csv)).into_response())
}

/// A body that is written while it is read. One that breaks off is no whole answer to any client.
fn body_of(collector: Arc<Collector>, filter: AuditFilter, is_csv: bool) -> Body {
    let (mut sender, body) = Channel::<Bytes, StoreError>::new(MAX_WAITING);
    tokio::spawn(async move {
        let mut before = None;
        let mut text = String::from(if is_csv { COLUMNS } else { "" });
        loop {
            match page(&collector, filter.clone(), before, MAX_LIMIT).await {
                Ok((lines, next)) => {
                    for line in &lines {
                        write(line, is_csv, &mut text);
                    }
                    before = next;
                }
                Err(error) => {
                    let told = &error as &dyn std::error::Error;
                    tracing::error!(error = told, "an export broke off");
                    sender.abort(error);
                    return;
                }
            }
            let piece = std::mem::take(&mut text);
            // Whoever asked may have gone.
            if sender.send_data(piece.into()).await.is_err() || before.is_none() {
                return;
            }
        }
    });
    // Whoever compresses it asks once more after the end.
    Body::new(body.fuse())
}

fn write(line: &AuditLine, is_csv: bool, to: &mut String) {
    if !is_csv {
        // Texts and numbers, which always can be written.
        to.push_str(&serde_json::to_string(line).unwrap_or_default());
        to.push('\n');
        return;
    }
    let cells = [
        &line.id.to_string(),
        &line.at_ms.to_string(),
        line.credential.as_str(),
        &line.actor,
        &line.action,
        &line.target,
        &line.detail,
    ];
    let cells: Vec<_> = cells.iter().map(|cell| cell_of(cell)).collect();
    to.push_str(&cells.join(","));
    to.push_str("\r\n");
}
