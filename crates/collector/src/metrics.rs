//! Turns what passes through this process into counters that only ever grow while it lives.
//!
//! Counted here and not read from the store: a scrape then costs nothing, and a counter that begins
//! anew with the process is what both Prometheus and OTLP expect. `text` and `otlp` write them
//! down together with where each promise stands, which is computed as for the console: `endpoint` answers the one, `export` sends the other.

mod counted;
mod endpoint;
mod export;
mod families;
mod otlp;
mod standing;
mod text;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use latency::Histogram;
use protocol::item::ItemType;
use protocol::outcome::{BatchReply, DiscardReason, Outcome};
use store::{Batch, Body, LatencyRow, ProjectId};

pub(crate) use self::counted::Counted;
pub(crate) use self::endpoint::{count_requests, metrics};
pub use self::export::ExportError;
pub(crate) use self::export::export_forever;
pub(crate) use self::standing::Standing;

/// Features of one project that are told apart. More can only come from somebody who makes names
/// up, and each is a dozen series wherever they are scraped to.
const MAX_FEATURES: usize = 200;

/// Counters of one process.
#[derive(Debug)]
pub(crate) struct Metrics {
    /// When they all were 0; milliseconds since 1970 (UTC).
    pub(crate) started_ms: u64,
    counts: Mutex<Counts>,
}

/// What is counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Items that were read, by type and outcome.
    pub(crate) items: BTreeMap<(&'static str, &'static str), u64>,
    /// Items that were refused, by reason.
    pub(crate) refused: BTreeMap<&'static str, u64>,
    /// Requests by status.
    pub(crate) requests: BTreeMap<u16, u64>,
    /// Batches that wait for their commit.
    pub(crate) waiting: u64,
    /// How long batches waited for their commit, the queue included.
    pub(crate) commits: Histogram,
    /// What reports of latency said, by project and feature.
    pub(crate) features: BTreeMap<(ProjectId, String), Counted>,
}

/// A batch that waits for its commit, and what it will have added then. Whoever gives up waiting
/// drops it.
#[derive(Debug)]
pub(crate) struct Waiting<'a> {
    metrics: &'a Metrics,
    since: Instant,
    project: ProjectId,
    /// One for each item of the batch.
    items: Vec<(ItemType, Option<Box<LatencyRow>>)>,
}

impl Waiting<'_> {
    /// The store has kept it, with these outcomes.
    pub(crate) fn committed(mut self, outcomes: &[Outcome]) {
        let tenths = self.since.elapsed().as_micros() / 100;
        let mut counts = self.metrics.lock();
        counts
            .commits
            .record(u32::try_from(tenths).unwrap_or(u32::MAX));
        for ((kind, report), outcome) in self.items.drain(..).zip(outcomes) {
            let key = (kind.as_str(), name(*outcome));
            *counts.items.entry(key).or_default() += 1;
            if let (Some(report), Outcome::Accepted) = (report, outcome) {
                counts.add_report(self.project, &report);
            }
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut counts = self.metrics.lock();
        counts.waiting = counts.waiting.saturating_sub(1);
    }
}

impl Metrics {
    pub(crate) fn new(started_ms: u64) -> Self {
        Self {
            started_ms,
            counts: Mutex::default(),
        }
    }

    /// Everything as it is now.
    pub(crate) fn read(&self) -> Counts {
        self.lock().clone()
    }

    /// A request was answered.
    pub(crate) fn answered(&self, status: u16) {
        *self.lock().requests.entry(status).or_default() += 1;
    }

    /// A batch is handed to the store.
    pub(crate) fn waits(&self, batch: &Batch) -> Waiting<'_> {
        self.lock().waiting += 1;
        let items = batch.items.iter().map(|item| match &item.body {
            Body::Latency(row) => (ItemType::Latency, Some(row.clone())),
            body => (body.kind(), None),
        });
        Waiting {
            metrics: self,
            since: Instant::now(),
            project: batch.project,
            items: items.collect(),
        }
    }

    /// A batch was answered.
    pub(crate) fn refused(&self, reply: &BatchReply) {
        let mut counts = self.lock();
        for error in &reply.err {
            // What the store has refused is an outcome, counted with its type.
            if !matches!(error.1, DiscardReason::Conflict | DiscardReason::Erased) {
                *counts.refused.entry(error.1.as_str()).or_default() += 1;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn add_report(&mut self, project: ProjectId, report: &LatencyRow) {
        for feature in &report.features {
            let known = self.features.keys().filter(|key| key.0 == project).count();
            let key = (project, feature.id.clone());
            let key = if known < MAX_FEATURES || self.features.contains_key(&key) {
                key
            } else {
                (project, String::new())
            };
            self.features.entry(key).or_default().add(feature);
        }
    }
}

const fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "accepted",
        Outcome::Duplicate => "duplicate",
        Outcome::Conflict => "conflict",
        Outcome::Rejected => "rejected",
        Outcome::Retry => "retry",
    }
}
