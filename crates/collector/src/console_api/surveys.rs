//! Turns definitions into versions that run, and versions into a list.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use protocol::query::{Finding, Published, SurveyEntry, Surveys};
use store::PublishedSurvey;

use super::body::text_from;
use super::guard::Caller;
use crate::app::Collector;
use crate::audit::Deed;
use crate::definitions;
use crate::error::ApiError;

/// Bytes of a definition. Fifty questions in twelve languages have some hundred thousand.
const MAX_DEFINITION_BYTES: usize = 1 << 20;

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
    // Seconds, where a definition has as much of everything as it may have.
    let checked = tokio::task::spawn_blocking(move || definitions::check(&text)).await;
    let checked = checked.map_err(|error| ApiError::internal(&error))?;
    let Some(survey) = checked.survey else {
        return Err(ApiError::invalid_survey(checked.findings));
    };
    if survey.id != id {
        return Err(ApiError::invalid_survey(vec![elsewhere(&id)]));
    }
    let (project, now_ms) = (who.project, collector.clock.now_ms());
    let published = definitions::publish(&*collector.store, project, vec![survey], now_ms).await?;
    let (version, is_new) = published
        .first()
        .map_or((0, false), |one| (one.version, one.is_new));
    if is_new {
        let deed = Deed::new("survey.publish", id.as_str()).with(format!("version {version}"));
        collector.note(&who.actor, deed).await;
    }
    Ok(Json(Published {
        id,
        version,
        is_new,
        findings: checked.findings,
    }))
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
