//! Turns what this process remembers of a site key into what an integrator needs when nothing arrives.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header;
use protocol::WIRE_VERSION;
use protocol::outcome::{BatchReply, DiscardReason, ErrorCode, Outcome};
use protocol::query::delivery::Reason;
use protocol::query::diag::{Diagnosis, Recent};

use crate::admission::{Params, looked_at_site};
use crate::app::Collector;
use crate::error::ApiError;

/// What became of requests of each site key. Only of keys that exist, so that guessing keys does not
/// fill it.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<HashMap<String, Counts>>);

#[derive(Clone, Debug, Default)]
struct Counts {
    last_ms: u64,
    requests: u64,
    refused: BTreeMap<&'static str, u64>,
    items: BTreeMap<&'static str, u64>,
    rejected: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// A request was answered.
    pub(crate) fn note(&self, key: &str, now_ms: u64, done: Result<&BatchReply, ErrorCode>) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One that is there already costs no text.
        let counts = match keys.get_mut(key) {
            Some(counts) => counts,
            None => keys.entry(key.to_owned()).or_default(),
        };
        counts.last_ms = now_ms;
        match done {
            Err(code) => *counts.refused.entry(code.as_str()).or_default() += 1,
            Ok(reply) => counts.read(reply),
        }
    }

    /// Requests of a key that were refused, by code.
    pub(crate) fn refused(&self, key: &str) -> Vec<Reason> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = keys.get(key).map(|counts| counts.refused.clone());
        drop(keys);
        reasons(refused.unwrap_or_default())
    }

    fn recent(&self, key: &str, since_ms: u64) -> Recent {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = keys.get(key).cloned();
        drop(keys);
        let last_ms = counts.as_ref().map(|counts| counts.last_ms);
        let counts = counts.unwrap_or_default();
        Recent {
            since_ms,
            last_ms,
            requests: counts.requests,
            refused: reasons(counts.refused),
            items: reasons(counts.items),
            rejected: reasons(counts.rejected),
        }
    }
}

impl Counts {
    fn read(&mut self, reply: &BatchReply) {
        self.requests += 1;
        for outcome in Outcome::ALL {
            let letters = reply.r.chars();
            let items = letters.filter(|letter| *letter == outcome.letter()).count();
            if items > 0 {
                *self.items.entry(name(outcome)).or_default() += items as u64;
            }
        }
        for error in &reply.err {
            if error.1 != DiscardReason::Conflict {
                *self.rejected.entry(error.1.as_str()).or_default() += 1;
            }
        }
    }
}

/// The stable name of an outcome.
pub(crate) const fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "accepted",
        Outcome::Duplicate => "duplicate",
        Outcome::Conflict => "conflict",
        Outcome::Rejected => "rejected",
        Outcome::Retry => "retry",
    }
}

fn reasons(counts: BTreeMap<&'static str, u64>) -> Vec<Reason> {
    let counts = counts.into_iter();
    let reasons = counts.map(|(reason, items)| Reason {
        reason: reason.to_owned(),
        items,
    });
    reasons.collect()
}

/// `GET /v1/diag`.
pub(crate) async fn diag(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<Json<Diagnosis>, ApiError> {
    let (parts, _) = request.into_parts();
    let params = Params::from_query(parts.uri.query().unwrap_or_default());
    let key = params.required("k")?;
    let site = looked_at_site(&collector, key, &parts).await?;
    let origin = parts.headers.get(header::ORIGIN);
    let origin = origin.map(|origin| String::from_utf8_lossy(origin.as_bytes()).into_owned());
    Ok(Json(Diagnosis {
        version: String::from(env!("CARGO_PKG_VERSION")),
        wire: WIRE_VERSION,
        now_ms: collector.clock.now_ms(),
        ready: collector.is_ready().await,
        origin_allowed: origin.as_ref().map(|origin| site.allows(origin)),
        origin,
        recent: collector.tally.recent(key, collector.metrics.started_ms),
    }))
}
