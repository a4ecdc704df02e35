//! Turns a body into what would become of each of its lines, without a socket and without a store.
//!
//! The steps are those of a request, from `decode` to `enrich`: for fuzzing and for property tests, which make
//! bodies up by the million.

use std::sync::Arc;

use axum::body::Bytes;
use protocol::envelope::Encoding;
use protocol::id::ItemId;
use protocol::outcome::{DiscardReason, ErrorCode};
use protocol::survey::Survey;

use super::enriched_from;
use super::receive::Received;
use crate::sites::SiteView;

/// What arrives in a dry run arrives at this moment; milliseconds since 1970 (UTC).
pub const DRY_RUN_MS: u64 = 1_795_300_000_000;

/// What a line would become: a row with this id, or a refusal.
pub type DryOutcome = Result<ItemId, DiscardReason>;

/// A site that takes bodies and keeps nothing.
#[derive(Clone, Debug)]
pub struct DryRun(Arc<SiteView>);

impl DryRun {
    /// A site whose project has these surveys, each in version 1.
    pub fn new(surveys: Vec<Survey>) -> Self {
        Self(Arc::new(SiteView::detached(surveys)))
    }

    /// One outcome for each line after the header, in their order.
    ///
    /// # Errors
    ///
    /// The code by which a request with this body would be refused as a whole.
    pub fn outcomes(&self, encoding: Encoding, body: &[u8]) -> Result<Vec<DryOutcome>, ErrorCode> {
        let body = Bytes::copy_from_slice(body);
        let received = Received::made_up(Arc::clone(&self.0), encoding, DRY_RUN_MS, body);
        let enriched = enriched_from(&received).map_err(|error| error.code())?;
        let mut rows = enriched.batch.items.iter().map(|item| item.id);
        let outcomes = enriched.refusals.iter().map(|refusal| match refusal {
            Some(refusal) => Some(Err(refusal.reason)),
            None => rows.next().map(Ok),
        });
        Ok(outcomes.flatten().collect())
    }
}
