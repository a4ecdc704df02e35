//! Turns definitions into drafts and versions that run, and versions into lists.

pub(super) mod board;
mod clash;
pub(super) mod draft;
pub(super) mod preview;
pub(super) mod reach;
pub(super) mod running;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use protocol::outcome::ErrorCode;
use protocol::query::surveys::MAX_DEFINITION_BYTES;
use protocol::query::{Finding, Published, SurveyEntry, Surveys};
use store::PublishedSurvey;

use super::body::text_from;
use super::guard::Caller;
use crate::app::Collector;
use crate::definitions::{self, Checked};
use crate::error::ApiError;

/// `GET /api/v1/surveys`.
pub(super) async fn list(
    State(collector): State<Arc<Collector>>,
    who: Caller,
) -> Result<Json<Surveys>, ApiError> {
    let published = collector.store.surveys(who.project).await?;
    Ok(Json(Surveys {
        items: newest(published),
    }))
}

/// The version of each survey that runs. Takes them sorted by id, then by version.
fn newest(published: Vec<PublishedSurvey>) -> Vec<SurveyEntry> {
    let mut newest: Vec<SurveyEntry> = Vec::new();
    for one in published {
        if newest
            .last()
            .is_some_and(|last| last.survey.id == one.survey.id)
        {
            newest.pop();
        }
        newest.push(SurveyEntry {
            version: one.version,
            published_ms: one.published_ms,
            survey: one.survey,
        });
    }
    newest
}

/// `PUT /api/v1/surveys/ID`.
pub(super) async fn publish(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<Published>, ApiError> {
    let text = text_from(request.into_body(), MAX_DEFINITION_BYTES).await?;
    let checked = check(&id, text).await?;
    let Some(survey) = checked.survey else {
        return Err(ApiError::invalid_survey(checked.findings));
    };
    let (store, now_ms) = (&*collector.store, collector.clock.now_ms());
    let mut published =
        definitions::publish_anyway(store, &who.actor, vec![survey], now_ms).await?;
    let one = published.pop();
    let (version, is_new) = one.map_or((0, false), |one| (one.version, one.is_new));
    Ok(Json(Published {
        id,
        version,
        is_new,
        findings: checked.findings,
    }))
}

/// Looks for everything that is wrong with a definition of the survey at an address.
async fn check(id: &str, text: String) -> Result<Checked, ApiError> {
    // Seconds, where a definition has as much of everything as it may have.
    let checked = tokio::task::spawn_blocking(move || definitions::check(&text)).await;
    let mut checked = checked.map_err(|error| ApiError::internal(&error))?;
    if checked.survey.as_ref().is_some_and(|one| one.id != id) {
        checked.survey = None;
        checked.findings.insert(0, elsewhere(id));
    }
    Ok(checked)
}

fn missing() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "there is no such survey")
}

fn elsewhere(id: &str) -> Finding {
    let id: String = id.chars().take(64).collect();
    Finding {
        is_error: true,
        pointer: String::from("/id"),
        code: String::from("id_elsewhere"),
        message: format!("The address names the survey {id:?}, the definition another."),
    }
}
