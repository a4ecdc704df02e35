//! Turns somebody who answered into what is kept about them, for admins whom they have asked.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;
use http_body_util::channel::Channel;
use protocol::outcome::ErrorCode;
use protocol::query::custody::{Erase, Erased, Held, Whom};
use store::{Project, ProjectId, Subject};

use super::body::json_from;
use super::guard::Caller;
use super::query;
use crate::app::Collector;
use crate::custody::{self, CustodyError, ERASED, EXPORTED, Export};
use crate::error::ApiError;

/// Bytes of a request to erase somebody.
const MAX_BYTES: usize = 16 << 10;

/// Pieces of an export that may wait for a slow reader.
const MAX_WAITING: usize = 2;

impl From<CustodyError> for ApiError {
    fn from(error: CustodyError) -> Self {
        match error {
            CustodyError::Store(error) => error.into(),
            error @ CustodyError::File { .. } => Self::internal(&error),
        }
    }
}

fn subject(whom: Whom) -> Result<Subject, ApiError> {
    custody::subject(whom).map_err(|message| ApiError::new(ErrorCode::InvalidParameter, message))
}

/// `GET /api/v1/people/held`.
pub(super) async fn held(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Held>, ApiError> {
    let subject = subject(query(&uri)?)?;
    let held = custody::held(&*collector.store, who.project, subject).await?;
    Ok(Json(held))
}

/// `POST /api/v1/people/erase`.
pub(super) async fn erase(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Json<Erased>, ApiError> {
    let Erase { whom, rewrite } = json_from(request.into_body(), MAX_BYTES).await?;
    let subject = subject(whom)?;
    let erased = custody::erase(
        &*collector.store,
        collector.images.as_ref(),
        who.project,
        subject.clone(),
        collector.clock.now_ms(),
        rewrite,
    )
    .await?;
    let deed = custody::deed(ERASED, &subject, &erased.counts);
    collector.note(&who.actor, deed).await;
    Ok(Json(erased))
}

/// `GET /api/v1/people/export`.
pub(super) async fn export(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Response, ApiError> {
    let subject = subject(query(&uri)?)?;
    let project = project(&collector, who.project).await?;
    let store = Arc::clone(&collector.store);
    let now_ms = collector.clock.now_ms();
    let export = Export::begin(store, project, subject.clone(), now_ms).await?;
    let deed = custody::deed(EXPORTED, &subject, &export.counts);
    // Nothing leaves that the log does not know of.
    collector.store.audit(who.actor.entry(deed, now_ms)).await?;
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"firsthand-export.ndjson\"",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok((headers, body_of(collector, export)).into_response())
}

/// A body that is written while it is read. One that breaks off has no last line.
fn body_of(collector: Arc<Collector>, mut export: Export) -> Body {
    let (mut sender, body) = Channel::<Bytes, CustodyError>::new(MAX_WAITING);
    tokio::spawn(async move {
        loop {
            match export.next(collector.images.as_ref()).await {
                Ok(Some(lines)) => {
                    if sender.send_data(lines.into()).await.is_err() {
                        // Whoever asked has gone.
                        return;
                    }
                }
                Ok(None) => return,
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "an export broke off"
                    );
                    sender.abort(error);
                    return;
                }
            }
        }
    });
    // Whoever compresses it asks once more after the end.
    Body::new(body.fuse())
}

async fn project(collector: &Collector, id: ProjectId) -> Result<Project, ApiError> {
    let projects = collector.store.projects().await?;
    let found = projects.into_iter().find(|project| project.id == id);
    found.ok_or_else(|| ApiError::new(ErrorCode::NotFound, "there is no such project"))
}
