//! Turns what is being typed into a draft that is kept, whatever is wrong with it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use protocol::limits::is_slug;
use protocol::outcome::ErrorCode;
use protocol::query::surveys::{Kept, MAX_DEFINITION_BYTES, NewDraft};
use serde::Deserialize;
use serde_json::Value;
use store::{Authored, NewDraftRow};

use super::clash::clash;
use super::{check, missing};
use crate::app::Collector;
use crate::audit::Deed;
use crate::console_api::body::json_from;
use crate::console_api::guard::Caller;
use crate::console_api::query;
use crate::error::ApiError;

/// Characters of a name that a list shows.
const MAX_NAME_CHARS: usize = 200;

/// `PUT /api/v1/surveys/ID/draft`.
pub(in crate::console_api) async fn save(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    if !is_slug(&id) {
        let message = "the id must be a slug: lower-case letters, digits and hyphens";
        return Err(ApiError::new(ErrorCode::InvalidParameter, message));
    }
    // As JSON a text may have twice its bytes and more: line breaks and quotes.
    let asked: NewDraft = json_from(request.into_body(), 3 * MAX_DEFINITION_BYTES).await?;
    if asked.text.len() > MAX_DEFINITION_BYTES {
        let message = format!("a definition may have {MAX_DEFINITION_BYTES} bytes");
        return Err(ApiError::new(ErrorCode::BodyTooLarge, message));
    }
    let findings = check(&id, asked.text.clone()).await?.findings;
    let errors = findings.iter().filter(|one| one.is_error).count();
    let read: Value = serde_json::from_str(&asked.text).unwrap_or_default();
    let name = read.get("name").and_then(Value::as_str).map(str::trim);
    let name = name.filter(|name| !name.is_empty());
    let deed = Deed::new("survey.draft", id.as_str());
    let draft = NewDraftRow {
        name: name.map(|name| name.chars().take(MAX_NAME_CHARS).collect()),
        feedback: read.pointer("/kind/feedback").is_some(),
        survey: id.clone(),
        text: asked.text,
        errors: u32::try_from(errors).unwrap_or(u32::MAX),
        rev: asked.rev,
        base: asked.base,
        entry: who.actor.entry(deed, collector.clock.now_ms()),
    };
    let yours = draft.text.clone();
    match collector.store.save_draft(draft).await? {
        Authored::Done(kept) => Ok(Json(Kept {
            rev: kept.rev,
            base: kept.base,
            saved_ms: kept.saved_ms,
            findings,
        })
        .into_response()),
        Authored::Clash => clash(&collector, who.project, id, Some(yours)).await,
        Authored::Missing => Err(missing()),
    }
}

/// Which draft is meant.
#[derive(Deserialize)]
struct Which {
    rev: u64,
}

/// `DELETE /api/v1/surveys/ID/draft`.
pub(in crate::console_api) async fn forget(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, ApiError> {
    let which: Which = query(&uri)?;
    let deed = Deed::new("survey.discard", id.as_str());
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    let forgotten = collector.store.drop_draft(id.clone(), which.rev, entry);
    match forgotten.await? {
        Authored::Done(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Authored::Clash => clash(&collector, who.project, id, None).await,
        Authored::Missing => Err(missing()),
    }
}
