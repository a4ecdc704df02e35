//! Turns what the configuration and admins say into how long each kind of thing is kept, and into what is gone.

use std::collections::BTreeMap;

use store::{KeepChoice, KeepFor, KeepKind, LedgerRetention, StoreError};

use crate::app::Collector;
use crate::error::RunError;

/// How long what is kept now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// As the configuration says; else as an admin chose; else by default.
    pub(crate) lengths: KeepFor,
    /// What admins chose, whether or not the configuration says otherwise.
    pub(crate) chosen: BTreeMap<KeepKind, KeepChoice>,
}

impl Collector {
    /// How long what is kept now.
    pub(crate) async fn kept_now(&self) -> Result<Kept, StoreError> {
        let chosen = self.store.keep_choices().await?;
        let keep = &self.kept.1;
        let mut lengths = keep.lengths;
        for choice in chosen.iter().filter(|one| !keep.fixed.contains(&one.kind)) {
            lengths.set(choice.kind, choice.keep_ms);
        }
        let chosen = chosen.into_iter().map(|one| (one.kind, one)).collect();
        Ok(Kept { lengths, chosen })
    }

    /// Takes away what is kept no longer: what was accounted for, and what belongs to people.
    ///
    /// # Errors
    ///
    /// [`RunError::Store`] when a step failed; those before it stay done.
    pub async fn let_go(&self, now_ms: u64) -> Result<(), RunError> {
        let keep = self.kept_now().await?.lengths;
        let accounts = LedgerRetention {
            letters_ms: keep.dead_letters_ms.unwrap_or(u64::MAX),
            ..LedgerRetention::default()
        };
        match self.store.prune_ledger(now_ms, accounts).await {
            Ok(rows) => tracing::debug!(rows, "what was accounted for was forgotten"),
            Err(error) => tracing::warn!(%error, "what was accounted for stays for another hour"),
        }
        self.expire().await?;
        Ok(())
    }
}
