//! Turns a definition into what the widget shows of it, without keeping anything.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use protocol::query::surveys::MAX_DEFINITION_BYTES;
use protocol::survey::Placement;
use serde::Deserialize;

use crate::app::Collector;
use crate::console_api::body::text_from;
use crate::console_api::guard::Caller;
use crate::console_api::query;
use crate::error::ApiError;

/// How it is to be shown.
#[derive(Deserialize)]
struct How {
    /// BCP 47 tag of what the person reads; the survey's own language unless told.
    #[serde(default)]
    language: String,
}

/// `POST /api/v1/survey-preview`.
///
/// A definition whose checks fail is shown all the same, as long as it can be read.
pub(in crate::console_api) async fn preview(
    State(_): State<Arc<Collector>>,
    _who: Caller,
    uri: Uri,
    request: Request,
) -> Result<Response, ApiError> {
    let how: How = query(&uri)?;
    let text = text_from(request.into_body(), MAX_DEFINITION_BYTES).await?;
    let mut survey = survey::publish::parse(&text).map_err(|found| {
        let findings = found.into_iter().map(crate::definitions::finding);
        ApiError::invalid_survey(findings.collect())
    })?;
    // Over everything else it would keep its author from writing.
    if survey.look.placement == Placement::Modal {
        survey.look.placement = Placement::Popover;
    }
    // Version 0 was never published, so that no answer to it could be kept.
    let content = survey::compile::content(&survey, 0, &how.language);
    let bytes = postcard::to_allocvec(&content).map_err(|error| ApiError::internal(&error))?;
    let octets = [(header::CONTENT_TYPE, "application/octet-stream")];
    Ok((octets, bytes).into_response())
}
