//! Turns somebody who answered into what is kept about them, told whole or taken away whole.
//!
//! The command line and the console do the same by these functions. Images are files beside the
//! store: they go before the rows that name them, so that an erasure that was cut off and is done
//! again misses none.

mod export;

use std::collections::BTreeMap;
use std::io;

use protocol::limits::MAX_PERSON_ID_CHARS;
use protocol::query::custody::{Copy, Erased, Held, Whom};
use store::{Attachment, Erasure, Expired, HeldKind, ProjectId, Store, StoreError, Subject};

pub(crate) use self::export::Export;
use crate::app::Collector;
use crate::attachments::Folder;
use crate::audit::Deed;
use crate::error::RunError;

/// What the audit log calls an erasure.
pub(crate) const ERASED: &str = "answerer.erase";
/// What the audit log calls an export.
pub(crate) const EXPORTED: &str = "answerer.export";

/// Why something about somebody could not be told or taken away.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CustodyError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be removed or read.
    #[error("the file of an image cannot be {done}: {source}")]
    File {
        /// What was to be done to it.
        done: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

/// Whom it is about, when exactly one is named.
pub(crate) fn subject(whom: Whom) -> Result<Subject, &'static str> {
    let subject = match whom {
        Whom {
            install: Some(install),
            person: None,
            response: None,
        } => Subject::Install(install),
        Whom {
            install: None,
            person: Some(person),
            response: None,
        } => {
            if !(1..=MAX_PERSON_ID_CHARS).contains(&person.chars().count()) {
                return Err("the id of a person has 1 to 256 characters");
            }
            Subject::Person(person)
        }
        Whom {
            install: None,
            person: None,
            response: Some(response),
        } => Subject::Response(response),
        _ => return Err("name exactly one of install, person and response"),
    };
    Ok(subject)
}

/// The line for the audit log: by which kind of id and how much, never whose.
pub(crate) fn deed(
    action: &'static str,
    subject: &Subject,
    counts: &BTreeMap<String, u64>,
) -> Deed {
    let by = match subject {
        Subject::Install(_) => "somebody, by install",
        Subject::Person(_) => "somebody, by person",
        Subject::Response(_) => "somebody, by response",
    };
    let counts = counts.iter().map(|(kind, n)| format!("{n} {kind}"));
    Deed::new(action, by).with(counts.collect::<Vec<_>>().join(", "))
}

/// Counts what is kept about somebody.
pub(crate) async fn held(
    store: &dyn Store,
    project: ProjectId,
    subject: Subject,
) -> Result<Held, CustodyError> {
    let held = store.held(project, subject).await?;
    let counts = held.counts();
    Ok(Held {
        counts: named(counts),
        first_ms: held.first_ms,
    })
}

/// Takes away everything that is kept about somebody: files, rows, and what was left of them.
pub(crate) async fn erase(
    store: &dyn Store,
    folder: Option<&Folder>,
    project: ProjectId,
    subject: Subject,
    now_ms: u64,
    rewrite: bool,
) -> Result<Erased, CustodyError> {
    let held = store.held(project, subject.clone()).await?;
    remove_files(folder, &held.attachments).await?;
    let erasure = store.erase(project, subject, now_ms).await?;
    // Also those that arrived meanwhile, or are only perhaps theirs.
    remove_files(folder, &erasure.attachments).await?;
    let rewritten = rewrite && is_rewritten(store).await;
    Ok(told(erasure, rewritten))
}

/// Writes the store anew, and answers whether that went well: everything is erased already, and an
/// answer that says otherwise would only hide how much it was.
async fn is_rewritten(store: &dyn Store) -> bool {
    let written = store.rewrite().await;
    if let Err(error) = &written {
        let error: &dyn std::error::Error = error;
        tracing::error!(
            error,
            "what was erased may be left in unused parts of the database"
        );
    }
    written.is_ok()
}

fn told(erasure: Erasure, rewritten: bool) -> Erased {
    let backups = erasure.backups.into_iter().map(|backup| Copy {
        path: backup.path,
        made_ms: backup.made_ms,
    });
    Erased {
        counts: named(erasure.counts),
        rewritten,
        backups: backups.collect(),
    }
}

fn named(counts: BTreeMap<HeldKind, u64>) -> BTreeMap<String, u64> {
    let counts = counts.into_iter().filter(|(_, n)| *n > 0);
    counts
        .map(|(kind, n)| (String::from(kind.as_str()), n))
        .collect()
}

/// Removes the files of images. One that is not there is no error.
async fn remove_files(folder: Option<&Folder>, images: &[Attachment]) -> Result<(), CustodyError> {
    let Some(folder) = folder else {
        return Ok(());
    };
    // Not while an upload puts one in its place.
    let _turn = folder.turn().await;
    for image in images {
        let removed = folder.remove(&image.path).await;
        removed.map_err(|source| CustodyError::File {
            done: "removed",
            source,
        })?;
    }
    Ok(())
}

impl Collector {
    /// Takes away what is old enough: rows in steps between which others are written, then the files
    /// that they named. Answers how much it was, without naming images.
    ///
    /// # Errors
    ///
    /// [`RunError::Store`] when a step failed; those before it stay done.
    pub async fn expire(&self) -> Result<Expired, RunError> {
        let mut all = Expired::default();
        loop {
            // Asked anew before each step: an admin may think better of it.
            let keep = self.kept_now().await?.lengths;
            let step = self.store.expire(self.clock.now_ms(), keep).await?;
            for (kind, n) in step.counts.into_iter().filter(|(_, n)| *n > 0) {
                *all.counts.entry(kind).or_default() += n;
            }
            all.vitals += step.vitals;
            all.ids += step.ids;
            let removed = remove_files(self.images.as_ref(), &step.attachments).await;
            if let Err(error) = removed {
                tracing::warn!(%error, "a file stays until somebody looks for strays");
            }
            if !step.more {
                break;
            }
        }
        if all != Expired::default() {
            tracing::info!(counts = ?all.counts, vitals = all.vitals, "what is old enough is gone");
        }
        Ok(all)
    }
}
