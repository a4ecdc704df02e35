//! Turns drafts and older versions into the version that runs, and running surveys into paused ones.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use protocol::query::surveys::{NewState, Paused, Publish, Rollback};
use protocol::query::{Finding, Published};
use store::{Authored, Expect, Release};

use super::board::text_of;
use super::clash::clash;
use super::{check, missing};
use crate::app::Collector;
use crate::audit::Deed;
use crate::console_api::body::json_from;
use crate::console_api::guard::Caller;
use crate::definitions;
use crate::error::ApiError;

/// Bytes of what says which version is meant.
const MAX_BYTES: usize = 1 << 10;

/// `POST /api/v1/surveys/ID/publish`.
pub(in crate::console_api) async fn publish(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    let asked: Publish = json_from(request.into_body(), MAX_BYTES).await?;
    let draft = collector.store.draft(who.project, id.clone()).await?;
    let draft = draft.ok_or_else(missing)?;
    if draft.rev != asked.rev {
        return clash(&collector, who.project, id, None).await;
    }
    let checked = check(&id, draft.text.clone()).await?;
    let Some(survey) = checked.survey else {
        return Err(ApiError::invalid_survey(checked.findings));
    };
    let mut release = definitions::release(&who.actor, survey, collector.clock.now_ms());
    release.source = Some(draft.text);
    release.expect = Some(Expect {
        base: asked.base,
        rev: Some(asked.rev),
    });
    made(&collector, &who, id, release, checked.findings).await
}

/// `POST /api/v1/surveys/ID/rollback`.
pub(in crate::console_api) async fn roll_back(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    let asked: Rollback = json_from(request.into_body(), MAX_BYTES).await?;
    let versions = collector.store.versions(who.project, id.clone()).await?;
    let old = versions.iter().find(|one| one.version == asked.version);
    let old = old.ok_or_else(missing)?;
    // What was good for an older build need not be for this one.
    let checked = check(&id, text_of(old)).await?;
    let Some(survey) = checked.survey else {
        return Err(ApiError::invalid_survey(checked.findings));
    };
    let mut release = definitions::release(&who.actor, survey, collector.clock.now_ms());
    release.source.clone_from(&old.source);
    release.restored = Some(old.version);
    release.entry.detail = format!(", as version {}", old.version);
    release.expect = Some(Expect {
        base: asked.base,
        rev: None,
    });
    made(&collector, &who, id, release, checked.findings).await
}

async fn made(
    collector: &Collector,
    who: &Caller,
    id: String,
    release: Release,
    findings: Vec<Finding>,
) -> Result<Response, ApiError> {
    let published = definitions::publish(&*collector.store, vec![release]).await?;
    let Some(one) = published.and_then(|mut all| all.pop()) else {
        return clash(collector, who.project, id, None).await;
    };
    Ok(Json(Published {
        id,
        version: one.version,
        is_new: one.is_new,
        findings,
    })
    .into_response())
}

/// `PUT /api/v1/surveys/ID/state`.
pub(in crate::console_api) async fn pause(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    let asked: NewState = json_from(request.into_body(), MAX_BYTES).await?;
    let action = if asked.paused {
        "survey.pause"
    } else {
        "survey.resume"
    };
    let deed = Deed::new(action, id.as_str());
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    let done = collector
        .store
        .pause(id.clone(), asked.paused, asked.was_paused, entry);
    match done.await? {
        Authored::Done(()) => Ok(Json(Paused {
            paused: asked.paused,
        })
        .into_response()),
        Authored::Clash => clash(&collector, who.project, id, None).await,
        Authored::Missing => Err(missing()),
    }
}
