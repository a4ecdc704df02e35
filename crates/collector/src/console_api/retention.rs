//! Turns how long the configuration has things kept into a list.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use protocol::query::setup::{Keep, Retention};
use store::{KeepFor, Retention as Sums};

use crate::app::Collector;

/// `GET /api/v1/retention`.
pub(super) async fn read(State(collector): State<Arc<Collector>>) -> Json<Retention> {
    let (sums, keep) = collector.kept;
    Json(told(sums, keep))
}

fn told(sums: Sums, keep: KeepFor) -> Retention {
    let KeepFor {
        responses_ms,
        impressions_ms,
        dismissals_ms,
        attachments_ms,
        vitals_ms,
        dead_letters_ms,
        losses_ms,
        ids_ms,
    } = keep;
    let items = [
        ("keep_responses", responses_ms),
        ("keep_impressions", impressions_ms),
        ("keep_dismissals", dismissals_ms),
        ("keep_attachments", attachments_ms),
        ("keep_vitals", vitals_ms),
        ("keep_dead_letters", dead_letters_ms),
        ("keep_losses", losses_ms),
        ("keep_ids", Some(ids_ms)),
        ("keep_slices", Some(sums.slices_ms)),
        ("keep_minutes", Some(sums.minutes_ms)),
    ];
    let items = items.map(|(key, keep_ms)| Keep {
        key: String::from(key),
        keep_ms,
    });
    Retention {
        items: items.into(),
    }
}
