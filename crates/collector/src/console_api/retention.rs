//! Turns how long the configuration and admins have things kept into a list, and what admins choose into rows.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::Uri;
use protocol::outcome::ErrorCode;
use protocol::query::setup::{Keep, LEAST_KEEP_MS, MOST_KEEP_MS, NewKeep, Older, Retention};
use serde::Deserialize;
use store::{KeepKind, Moved, StoreError};

use super::body::json_from;
use super::guard::Caller;
use super::query;
use super::sites::overtaken;
use crate::app::Collector;
use crate::audit::Deed;
use crate::error::ApiError;

/// Bytes of what an admin chooses.
const MAX_BYTES: usize = 1 << 10;

/// `GET /api/v1/retention`.
pub(super) async fn read(
    State(collector): State<Arc<Collector>>,
) -> Result<Json<Retention>, ApiError> {
    Ok(Json(told(&collector).await?))
}

async fn told(collector: &Collector) -> Result<Retention, StoreError> {
    let now = collector.kept_now().await?;
    let (sums, keep) = &collector.kept;
    let chosen = KeepKind::ALL.into_iter().map(|kind| Keep {
        key: String::from(kind.as_str()),
        keep_ms: now.lengths.of(kind),
        fixed: keep.fixed.contains(&kind),
        rev: now.chosen.get(&kind).map_or(0, |choice| choice.rev),
    });
    // What the software itself stands on is a matter of whoever runs it.
    let fixed = [
        ("keep_ids", now.lengths.ids_ms),
        ("keep_slices", sums.slices_ms),
        ("keep_minutes", sums.minutes_ms),
    ];
    let fixed = fixed.into_iter().map(|(key, keep_ms)| Keep {
        key: String::from(key),
        keep_ms: Some(keep_ms),
        fixed: true,
        rev: 0,
    });
    Ok(Retention {
        items: chosen.chain(fixed).collect(),
    })
}

fn kind_of(key: &str) -> Result<KeepKind, ApiError> {
    let nothing = || ApiError::new(ErrorCode::NotFound, "nothing of this key is chosen here");
    KeepKind::named(key).ok_or_else(nothing)
}

fn checked(keep_ms: Option<u64>) -> Result<Option<u64>, ApiError> {
    match keep_ms {
        Some(ms) if !(LEAST_KEEP_MS..=MOST_KEEP_MS).contains(&ms) => Err(ApiError::new(
            ErrorCode::InvalidParameter,
            format!(
                "keep_ms must be from {LEAST_KEEP_MS} (1 day) to {MOST_KEEP_MS} (3660 days), or null for good"
            ),
        )),
        _ => Ok(keep_ms),
    }
}

/// `PUT /api/v1/retention/KEY`.
pub(super) async fn choose(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(key): Path<String>,
    request: Request,
) -> Result<Json<Retention>, ApiError> {
    let kind = kind_of(&key)?;
    let NewKeep { rev, keep_ms } = json_from(request.into_body(), MAX_BYTES).await?;
    let keep_ms = checked(keep_ms)?;
    if collector.kept.1.fixed.contains(&kind) {
        let message = format!("{key} is in the configuration of the collector: change it there");
        return Err(ApiError::new(ErrorCode::InvalidParameter, message));
    }
    let was = collector.kept_now().await?.lengths.of(kind);
    let deed = Deed::new("retention.change", key);
    let deed = deed.with(format!("{}, was {}", length(keep_ms), length(was)));
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    match collector
        .store
        .choose_keep(kind, rev, keep_ms, entry)
        .await?
    {
        Moved::Done(_) => Ok(Json(told(&collector).await?)),
        Moved::Missing | Moved::Overtaken(_) => Err(overtaken()),
    }
}

/// For the audit log.
fn length(keep_ms: Option<u64>) -> String {
    match keep_ms {
        None => String::from("for good"),
        Some(ms) if ms % LEAST_KEEP_MS == 0 => format!("{} d", ms / LEAST_KEEP_MS),
        Some(ms) => format!("{ms} ms"),
    }
}

/// Of how long one would like to know.
#[derive(Debug, Deserialize)]
struct Asked {
    keep_ms: u64,
}

/// `GET /api/v1/retention/KEY/older`.
pub(super) async fn older(
    State(collector): State<Arc<Collector>>,
    Path(key): Path<String>,
    uri: Uri,
) -> Result<Json<Older>, ApiError> {
    let kind = kind_of(&key)?;
    let Asked { keep_ms } = query(&uri)?;
    checked(Some(keep_ms))?;
    let now_ms = collector.clock.now_ms();
    let n = collector.store.older(now_ms, kind, keep_ms).await?;
    Ok(Json(Older {
        n,
        before_ms: now_ms.saturating_sub(keep_ms),
    }))
}
