//! Turns a document of budgets into the version that is in force, and back.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use protocol::query::performance::{BudgetsEntry, PublishedBudgets};

use super::body::text_from;
use super::guard::Caller;
use crate::app::Collector;
use crate::audit::Deed;
use crate::budgets::{self, InForce};
use crate::error::ApiError;

/// Bytes of a document. Hundreds of features have some ten thousand.
const MAX_BUDGETS_BYTES: usize = 1 << 20;

/// `GET /api/v1/budgets`.
pub(super) async fn read(
    State(collector): State<Arc<Collector>>,
    who: Caller,
) -> Result<Json<BudgetsEntry>, ApiError> {
    let in_force = InForce::of(&*collector.store, who.project).await?;
    Ok(Json(BudgetsEntry {
        version: in_force.version,
        published_ms: in_force.published_ms,
        budgets: in_force.budgets,
    }))
}

/// `PUT /api/v1/budgets`.
pub(super) async fn publish(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Json<PublishedBudgets>, ApiError> {
    let text = text_from(request.into_body(), MAX_BUDGETS_BYTES).await?;
    let findings = budgets::check(&text).map_err(ApiError::invalid_budgets)?;
    let (project, now_ms) = (who.project, collector.clock.now_ms());
    let published = collector.store.publish_budgets(project, text, now_ms);
    let published = published.await?;
    if published.is_new {
        let detail = format!("version {}", published.version);
        let deed = Deed::new("budgets.publish", "budgets").with(detail);
        collector.note(&who.actor, deed).await;
    }
    Ok(Json(PublishedBudgets {
        version: published.version,
        is_new: published.is_new,
        findings,
    }))
}
