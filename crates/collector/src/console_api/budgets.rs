//! Turns a document of budgets into the version that is in force, and back.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use protocol::outcome::ErrorCode;
use protocol::query::Finding;
use protocol::query::performance::{BudgetsEntry, PublishedBudgets};
use serde::Deserialize;
use store::Moved;

use super::body::text_from;
use super::guard::Caller;
use super::query;
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

/// Which version a document came from.
#[derive(Debug, Default, Deserialize)]
struct Base {
    base: Option<u32>,
}

/// `PUT /api/v1/budgets`.
pub(super) async fn publish(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Json<PublishedBudgets>, ApiError> {
    let Base { base } = query(request.uri())?;
    let text = text_from(request.into_body(), MAX_BUDGETS_BYTES).await?;
    let findings = budgets::check(&text).map_err(ApiError::invalid_budgets)?;
    let deed = Deed::new("budgets.publish", "budgets");
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    let moved = collector.store.publish_budgets_from(base, text, entry);
    let Moved::Done(published) = moved.await? else {
        let message = "another version is in force by now; nothing was published";
        return Err(ApiError::new(ErrorCode::Conflict, message));
    };
    Ok(Json(PublishedBudgets {
        version: published.version,
        is_new: published.is_new,
        findings,
    }))
}

/// `POST /api/v1/budgets/check`.
pub(super) async fn check(_: Caller, request: Request) -> Result<Json<Vec<Finding>>, ApiError> {
    let text = text_from(request.into_body(), MAX_BUDGETS_BYTES).await?;
    Ok(Json(match budgets::check(&text) {
        Ok(findings) | Err(findings) => findings,
    }))
}
