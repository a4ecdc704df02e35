//! Turns questions about budgets and availability into queries, and their results into answers.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use protocol::query::performance::{
    Alerts, Availability, FeatureDetail, Performance, PerformanceQuery, UNMATCHED,
};

use super::guard::Caller;
use super::query;
use crate::app::Collector;
use crate::error::ApiError;
use crate::query::{Asked, MAX_ALERTS, alert_row};

async fn asked(collector: &Collector, who: &Caller, uri: &Uri) -> Result<Asked, ApiError> {
    let asked: PerformanceQuery = query(uri)?;
    let (project, now_ms) = (who.project, collector.clock.now_ms());
    let store = Arc::clone(&collector.store);
    Asked::new(store, project, asked.window.as_deref(), now_ms).await
}

/// `GET /api/v1/performance`.
pub(super) async fn performance(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Performance>, ApiError> {
    let asked = asked(&collector, &who, &uri).await?;
    Ok(Json(asked.performance().await?))
}

/// `GET /api/v1/performance/features/ID`.
pub(super) async fn feature(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Json<FeatureDetail>, ApiError> {
    let asked = asked(&collector, &who, &uri).await?;
    let id = if id == UNMATCHED { "" } else { id.as_str() };
    Ok(Json(asked.feature(id).await?))
}

/// `GET /api/v1/performance/availability`.
pub(super) async fn availability(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Availability>, ApiError> {
    let asked = asked(&collector, &who, &uri).await?;
    Ok(Json(asked.availability().await?))
}

/// `GET /api/v1/alerts`.
pub(super) async fn alerts(
    State(collector): State<Arc<Collector>>,
    who: Caller,
) -> Result<Json<Alerts>, ApiError> {
    let changes = collector.store.alerts(who.project, MAX_ALERTS);
    let items = changes.await?.into_iter().map(alert_row).collect();
    Ok(Json(Alerts { items }))
}
