//! Turns letters into items, where the reason for which they were refused has gone away.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use protocol::id::BatchId;
use protocol::outcome::Outcome;
use store::{Letter, LettersFilter, ProjectId, Store};

use super::enriched_from;
use super::receive::Received;
use crate::clock::Clock;
use crate::error::RunError;
use crate::sites::Sites;

/// Letters that are read at once.
const PAGE: u32 = 200;

/// What became of letters that were tried again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// On disk now.
    pub accepted: u64,
    /// On disk since before: sent again by their page, for instance.
    pub duplicate: u64,
    /// Kept aside, as their id is that of another item.
    pub conflict: u64,
    /// Still letters, by the code for which they are refused today.
    pub refused: BTreeMap<String, u64>,
    /// Still letters: their line is not whole, or their site is gone.
    pub skipped: u64,
}

/// Tries letters again: takes each apart as if it had just come, at the time at which it did. What is
/// kept is no letter any more.
///
/// # Errors
///
/// When the store cannot read or write; what was replayed until then stays replayed.
pub async fn replay(
    store: Arc<dyn Store>,
    clock: &Clock,
    project: ProjectId,
    reason: Option<String>,
) -> Result<Replayed, RunError> {
    let sites = Sites::new(Arc::clone(&store), clock.clone());
    let mut replayed = Replayed::default();
    let mut filter = LettersFilter {
        project,
        reason,
        after: 0,
        limit: PAGE,
    };
    loop {
        let letters = store.letters(filter.clone()).await?;
        let Some(last) = letters.last() else {
            return Ok(replayed);
        };
        filter.after = last.number;
        let mut settled = Vec::new();
        for letter in letters {
            let number = letter.number;
            if one(&*store, &sites, letter, &mut replayed).await? {
                settled.push(number);
            }
        }
        store.discard_letters(project, settled).await?;
    }
}

/// Tries one; whether it is no letter any more.
async fn one(
    store: &dyn Store,
    sites: &Sites,
    letter: Letter,
    replayed: &mut Replayed,
) -> Result<bool, RunError> {
    let site = sites.find(&letter.site_key).await?;
    let Some(site) = site.filter(|_| !letter.is_cut) else {
        replayed.skipped += 1;
        return Ok(false);
    };
    let body = Bytes::from(format!("{}\n{}", letter.header, letter.line));
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(RunError::Random)?;
    let batch = BatchId::new(letter.received_ms, &random);
    let received = Received::again(letter.site_key, site, batch, letter.received_ms, body);
    let Ok(enriched) = enriched_from(&received) else {
        // A header that this build does not take any more.
        replayed.skipped += 1;
        return Ok(false);
    };
    if let Some(refusal) = enriched.refusals.iter().flatten().next() {
        let code = refusal.reason.as_str().to_owned();
        *replayed.refused.entry(code).or_default() += 1;
        return Ok(false);
    }
    let mut batch = enriched.batch;
    // Counted when it came.
    batch.losses.clear();
    let outcomes = store.append(batch).await?;
    let count = match outcomes.first() {
        Some(Outcome::Accepted) => &mut replayed.accepted,
        Some(Outcome::Duplicate) => &mut replayed.duplicate,
        Some(Outcome::Conflict) => &mut replayed.conflict,
        _ => return Ok(false),
    };
    *count += 1;
    Ok(true)
}
