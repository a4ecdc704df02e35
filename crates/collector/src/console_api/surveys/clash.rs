//! Turns "somebody was faster" into what is there now beside what was sent.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::outcome::{ErrorBody, ErrorCode};
use protocol::query::surveys::{Clash, Definition, Draft};
use store::{DraftRow, ProjectId};

use super::board::text_of;
use super::check;
use crate::app::Collector;
use crate::error::ApiError;

/// A draft and what is wrong with it.
pub(super) async fn draft_of(row: DraftRow) -> Result<Draft, ApiError> {
    let findings = check(&row.survey, row.text.clone()).await?.findings;
    Ok(Draft {
        text: row.text,
        rev: row.rev,
        base: row.base,
        saved_ms: row.saved_ms,
        author: row.author,
        findings,
    })
}

/// The refusal, with both sides.
pub(super) async fn clash(
    collector: &Collector,
    project: ProjectId,
    id: String,
    yours: Option<String>,
) -> Result<Response, ApiError> {
    let draft = match collector.store.draft(project, id.clone()).await? {
        Some(draft) => Some(draft_of(draft).await?),
        None => None,
    };
    let versions = collector.store.versions(project, id.clone()).await?;
    let newest = versions.first().map(|one| Definition {
        id,
        version: one.version,
        text: text_of(one),
    });
    let clash = Clash {
        error: ErrorBody {
            code: ErrorCode::Conflict,
            message: String::from("somebody was faster; nothing was changed, both sides are here"),
        },
        draft,
        newest,
        yours,
    };
    Ok((StatusCode::CONFLICT, Json(clash)).into_response())
}
