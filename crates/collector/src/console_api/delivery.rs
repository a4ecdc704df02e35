//! Turns "what became of everything that pages sent" into counts, over whole hours.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use protocol::limits::ITEM_TTL_DAYS;
use protocol::query::delivery::{Delivery, DeliveryFilter, DeliveryQuery};

use super::guard::Caller;
use super::{query, span};
use crate::app::Collector;
use crate::error::ApiError;
use crate::query::delivery;

const HOUR_MS: u64 = 3_600_000;

/// Days of the window when nobody says otherwise.
const DAYS: u32 = 7;

/// A page load that was silent for longer sends no more: its SDK gives up after the time to live of an
/// item, and a day is for clocks.
const SETTLED_MS: u64 = (ITEM_TTL_DAYS + 1) * 24 * HOUR_MS;

/// `GET /api/v1/delivery`.
pub(super) async fn read(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Delivery>, ApiError> {
    let asked: DeliveryQuery = query(&uri)?;
    let now_ms = collector.clock.now_ms();
    let mut span = span(Some(asked.days.unwrap_or(DAYS)), now_ms)?;
    // Counts are by the hour.
    span.from_ms -= span.from_ms % HOUR_MS;
    let settled_ms = now_ms.saturating_sub(SETTLED_MS);
    let sums = collector
        .store
        .delivery(who.project, span, settled_ms)
        .await?;
    let letters = collector.store.letter_sums(who.project).await?;
    let filter = DeliveryFilter {
        from_ms: span.from_ms,
        to_ms: span.to_ms,
        browser: asked.browser,
        bots: asked.bots.unwrap_or(false),
    };
    Ok(Json(delivery(filter, sums, letters)))
}
