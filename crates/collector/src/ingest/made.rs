//! Turns a body that was made up into the batch that it would have been, had a page sent it then.
//!
//! The steps are those of a request, from `decode` to `enrich`: what is seeded is checked as what arrives is.

use std::sync::Arc;

use axum::body::Bytes;
use protocol::id::BatchId;
use store::{Batch, Signs};

use super::enriched_from;
use super::receive::Received;
use crate::sites::SiteView;

/// A body that a page might have sent.
#[derive(Debug)]
pub(crate) struct Made {
    /// Its envelope's id.
    pub(crate) batch: BatchId,
    /// When it would have arrived; milliseconds since 1970 (UTC).
    pub(crate) received_ms: u64,
    /// What its request would have shown of the sender.
    pub(crate) signs: Signs,
    /// Header and items, a line each.
    pub(crate) body: String,
}

/// The batch of a body.
///
/// # Errors
///
/// Why the body, or the first of its lines that is not possible, would have been refused.
pub(crate) fn batch_of(site: &Arc<SiteView>, key: &str, made: Made) -> Result<Batch, String> {
    let body = Bytes::from(made.body);
    let site = Arc::clone(site);
    let mut received = Received::again(String::from(key), site, made.batch, made.received_ms, body);
    received.signs = made.signs;
    let enriched = enriched_from(&received).map_err(|error| String::from(error.code().as_str()))?;
    match enriched.refusals.iter().flatten().next() {
        Some(refusal) => Err(format!("{}: {}", refusal.reason, refusal.message)),
        None => Ok(enriched.batch),
    }
}
