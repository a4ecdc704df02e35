//! Turns a change that somebody made into a line of the audit log.
//!
//! Whatever changes something under `/api/v1` calls [`Collector::note`] once it is done, or, where a
//! function of the store takes an entry with the change, hands it [`Actor::entry`] so that both are
//! kept in one transaction. Commands beside the collector call [`note_command`].

use protocol::query::access::Credential;
use store::{AuditEntry, ProjectId, Store, StoreError};

use crate::app::Collector;

/// Who changes something, and what they came with.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) project: ProjectId,
    pub(crate) credential: Credential,
    /// An e-mail address, or the name of a token.
    pub(crate) name: String,
}

/// What was done, to what. None of it may be a secret, what an end user wrote, or who an end user is:
/// the log outlives erasure.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    /// A stable name: what kind of thing, a dot, what was done to it.
    pub(crate) action: &'static str,
    /// An id or a name.
    pub(crate) target: String,
    /// What else there is to say, such as `version 3`; may be empty.
    pub(crate) detail: String,
}

impl Deed {
    pub(crate) fn new(action: &'static str, target: impl Into<String>) -> Self {
        Self {
            action,
            target: target.into(),
            detail: String::new(),
        }
    }

    #[must_use]
    pub(crate) fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

impl Actor {
    /// The line that says so, for the store to keep with the change itself.
    pub(crate) fn entry(&self, deed: Deed, at_ms: u64) -> AuditEntry {
        AuditEntry {
            project: self.project,
            at_ms,
            credential: self.credential,
            actor: self.name.clone(),
            action: String::from(deed.action),
            target: deed.target,
            detail: deed.detail,
        }
    }
}

impl Collector {
    /// Notes a change that is kept already.
    ///
    /// One that cannot be noted is told to the log of the process instead: the change stands, and
    /// saying that it failed would have it made again.
    pub(crate) async fn note(&self, who: &Actor, deed: Deed) {
        let entry = who.entry(deed, self.clock.now_ms());
        if let Err(error) = self.store.audit(entry.clone()).await {
            tracing::error!(%error, ?entry, "a change is not in the audit log");
        }
    }
}

/// Whoever runs a command beside the collector. They can also write the file of the store, so there is
/// nobody to name.
pub(crate) fn command(project: ProjectId) -> Actor {
    Actor {
        project,
        credential: Credential::CommandLine,
        name: String::from("firsthand"),
    }
}

/// What every new project begins with, which nobody wrote.
pub(crate) fn itself(project: ProjectId) -> Actor {
    Actor {
        credential: Credential::None,
        ..command(project)
    }
}

/// Notes what a command has changed.
pub(crate) async fn note_command(
    store: &dyn Store,
    project: ProjectId,
    deed: Deed,
    now_ms: u64,
) -> Result<(), StoreError> {
    store.audit(command(project).entry(deed, now_ms)).await
}
