//! Turns sums into outages and alerts, again and again: what nobody asks for and has to be known.
//!
//! A pass looks at features that something was counted for since the last one. The last hours are
//! scored anew each time, everything that late reports can still change every few minutes; what is
//! older is frozen. Alerts are looked at in every pass, for they end by time alone.

mod alerts;
mod outages;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use store::{ProjectId, Retention, Store};
use tokio::sync::Mutex;

use crate::budgets::InForce;
use crate::clock::Clock;
use crate::error::ApiError;
use crate::query::Asked;

/// Between two passes: a slice.
pub(crate) const EVERY_MS: u64 = protocol::latency::SLICE_MS;

/// Between two looks at everything that late reports can still change.
const THOROUGH_MS: u64 = 5 * 60_000;

/// Finds outages and alerts, and remembers what it has seen.
#[derive(Debug)]
pub struct Evaluator {
    store: Arc<dyn Store>,
    retention: Retention,
    /// Held for the whole of a pass.
    seen: Mutex<Seen>,
}

/// A feature of a project.
type Key = (ProjectId, String);

/// What is owed to a feature that something was counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owed {
    /// A look at its last hours, at once.
    Quick,
    /// A look at all that late reports can change, when that is due: what came may have been late.
    Thorough,
}

/// What a pass leaves to the next.
#[derive(Debug, Default)]
struct Seen {
    /// Of the store's changes.
    mark: u64,
    /// Features that something was counted for.
    owed: BTreeMap<Key, Owed>,
    /// When everything of a feature was looked at.
    thorough_ms: HashMap<Key, u64>,
    /// Projects whose traffic is far below what is usual.
    dark: HashMap<ProjectId, bool>,
}

impl Evaluator {
    /// One that has seen nothing yet.
    pub fn new(store: Arc<dyn Store>, retention: Retention) -> Self {
        Self {
            store,
            retention,
            seen: Mutex::default(),
        }
    }

    /// Looks at what has changed, and keeps what follows. Whatever fails is logged, and looked at
    /// again in the next pass; answers whether nothing did.
    pub async fn pass(&self, now_ms: u64) -> bool {
        let mut seen = self.seen.lock().await;
        let mut all_well = true;
        let mut note = |what: &str, failed: Result<(), ApiError>| {
            if failed.is_err() {
                // The error itself was logged where it was made.
                tracing::warn!(what, "an evaluation is put off");
                all_well = false;
            }
        };
        note("outages", self.score_changed(&mut seen, now_ms).await);
        note("alerts", self.look_at_projects(&mut seen, now_ms).await);
        all_well
    }

    async fn score_changed(&self, seen: &mut Seen, now_ms: u64) -> Result<(), ApiError> {
        let changes = self.store.changes(seen.mark).await?;
        let changed = changes.features.into_iter();
        let changed = changed.map(|one| (one.project, one.feature));
        for key in changed {
            seen.owed.insert(key, Owed::Quick);
        }
        let mut budgets = HashMap::new();
        let owed: Vec<_> = seen.owed.keys().cloned().collect();
        for key in owed {
            let last = seen.thorough_ms.get(&key).copied();
            let is_due = last.is_none_or(|last| now_ms.abs_diff(last) >= THOROUGH_MS);
            if !is_due && seen.owed.get(&key) == Some(&Owed::Thorough) {
                continue;
            }
            let project = key.0;
            if let Entry::Vacant(unread) = budgets.entry(project) {
                unread.insert(InForce::of(&*self.store, project).await?);
            }
            self.score(&budgets[&project], &key, is_due, now_ms).await?;
            if is_due {
                seen.owed.remove(&key);
                seen.thorough_ms.insert(key, now_ms);
            } else {
                seen.owed.insert(key, Owed::Thorough);
            }
        }
        // Only now: what failed is changed still.
        seen.mark = changes.mark;
        Ok(())
    }

    async fn look_at_projects(&self, seen: &mut Seen, now_ms: u64) -> Result<(), ApiError> {
        for project in self.store.projects().await? {
            let project = project.id;
            let asked = Asked::new(Arc::clone(&self.store), project, None, now_ms).await?;
            let changes = alerts::changes(&asked).await?;
            if !changes.is_empty() {
                alerts::log(&changes);
                self.store.put_alerts(project, changes).await?;
            }
            let is_dark = asked.is_dark().await?;
            let was_dark = seen.dark.insert(project, is_dark).unwrap_or(false);
            match (was_dark, is_dark) {
                (false, true) => tracing::warn!(project = project.0, "traffic went dark"),
                (true, false) => tracing::info!(project = project.0, "traffic is back"),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Passes every few seconds, for as long as there is somebody to do it.
pub(crate) async fn evaluate_forever(evaluator: Evaluator, clock: Clock) {
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(EVERY_MS));
    // A pass that took long is followed by a pause, not by those that it kept waiting.
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        evaluator.pass(clock.now_ms()).await;
    }
}
