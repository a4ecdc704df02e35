//! Turns rows into the reply, once the rows are on disk.

use std::time::Duration;

use protocol::outcome::{BatchReply, DiscardReason, ItemError, Outcome};
use store::{Store, StoreError};

use super::enrich::Enriched;
use crate::error::ApiError;
use crate::logs::Seldom;
use crate::metrics::Metrics;

/// How long a sender waits for the disk. What is written after that all the same is a duplicate when
/// it comes again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lines of the log that whoever knows a site key can cause.
static LATE: Seldom = Seldom::new();
static REFUSALS: Seldom = Seldom::new();

/// Has the batch kept, and tells what became of every line.
pub(super) async fn write(
    store: &dyn Store,
    metrics: &Metrics,
    enriched: Enriched,
) -> Result<BatchReply, ApiError> {
    let batch = &enriched.batch;
    let nothing_to_keep =
        batch.items.is_empty() && batch.losses.is_empty() && batch.refused.is_empty();
    let outcomes = if nothing_to_keep {
        Vec::new()
    } else {
        let counting = metrics.waits(&enriched.batch);
        let appended = tokio::time::timeout(PATIENCE, store.append(enriched.batch)).await;
        let appended = appended.map_err(|_| {
            if let Some(unsaid) = LATE.line() {
                tracing::error!(unsaid, "a batch waited more than {PATIENCE:?} for the disk");
            }
            ApiError::nothing_kept()
        })?;
        if let Ok(outcomes) = &appended {
            counting.committed(outcomes);
        }
        appended.map_err(|error| match error {
            // Logged by the store, once for all batches that failed together.
            StoreError::Engine { .. } | StoreError::Disk { .. } => ApiError::nothing_kept(),
            error => error.into(),
        })?
    };
    let mut kept = outcomes.into_iter();
    let mut reply = BatchReply::default();
    for (index, refusal) in (0..).zip(enriched.refusals) {
        let outcome = match refusal {
            Some(refusal) => {
                let error = ItemError(index, refusal.reason, refusal.message);
                reply.err.push(error);
                Outcome::Rejected
            }
            // A store answers every item; one that does not has not said that it was kept.
            None => {
                let outcome = kept.next().unwrap_or(Outcome::Retry);
                reply.err.extend(told_by_store(index, outcome));
                outcome
            }
        };
        reply.r.push(outcome.letter());
    }
    metrics.refused(&reply);
    report(&enriched.key, enriched.attempt, &reply);
    Ok(reply)
}

/// What the sender is told of an item that the store did not keep as it came.
fn told_by_store(index: u32, outcome: Outcome) -> Option<ItemError> {
    let (reason, message) = match outcome {
        Outcome::Conflict => (
            DiscardReason::Conflict,
            "this id came earlier with another body",
        ),
        Outcome::Rejected => (
            DiscardReason::Erased,
            "what this belongs to was erased, and comes back by no delivery",
        ),
        _ => return None,
    };
    Some(ItemError(index, reason, String::from(message)))
}

/// One line a batch, of those with refusals a few. Counts only: what people wrote has no place in a log.
fn report(site: &str, attempt: u32, reply: &BatchReply) {
    let count = |outcome: Outcome| reply.r.chars().filter(|c| *c == outcome.letter()).count();
    let (rejected, conflicts) = (count(Outcome::Rejected), count(Outcome::Conflict));
    let (accepted, duplicates) = (count(Outcome::Accepted), count(Outcome::Duplicate));
    if reply.err.is_empty() {
        tracing::debug!(site, attempt, accepted, duplicates, "batch");
        return;
    }
    let mut reasons: Vec<&str> = reply.err.iter().map(|error| error.1.as_str()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let Some(unsaid) = REFUSALS.line() else {
        return;
    };
    tracing::info!(
        unsaid,
        site,
        attempt,
        accepted,
        duplicates,
        conflicts,
        rejected,
        reasons = reasons.join(" "),
        "batch with refusals"
    );
}
