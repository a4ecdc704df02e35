//! Turns a person, or an age, into rows that are told, and then into rows that are gone.
//!
//! `find` looks through what pages sent for what belongs to somebody, a stretch at a time; `tell`
//! reads it, `take` takes it away with everything that was derived from it, `stones` keeps it from
//! coming back, `views` forgets what the team has saved about them by name, `expire` takes away what is old
//! enough, and `older` counts that beforehand.

mod backups;
mod expire;
mod find;
mod line;
mod older;
mod stones;
mod take;
mod tell;
mod views;

use std::collections::BTreeMap;

use rusqlite::Connection;
use store::{
    Backup, Custody, Erasure, Expired, Held, HeldKey, HeldKind, HeldRow, KeepFor, KeepKind,
    ProjectId, Reply, StoreError, Subject,
};

use self::find::{Found, Sought};
pub(crate) use self::stones::{Gone, Stones, refuse_erased_image};
use crate::SqliteStore;
use crate::fault::Fault;

/// How much later than an erasure something may claim to have happened and still be refused: a
/// sender's clock is not corrected while it is off by less.
const CLOCK_MS: u64 = 60_000;

/// Rows that are taken away in one transaction.
const MAX_TAKEN: usize = 200;

impl Custody for SqliteStore {
    fn held(&self, project: ProjectId, subject: Subject) -> Reply<'_, Held> {
        Box::pin(async move {
            let mut sought = Sought::new(project, subject);
            self.look_around(&mut sought).await?;
            let found = self.look(sought.clone()).await?;
            sought.learn(&found, true);
            self.read("list what is held", move |db| {
                found.into_held(db, &sought, true)
            })
            .await
        })
    }

    fn tell(&self, project: ProjectId, keys: Vec<HeldKey>) -> Reply<'_, Vec<HeldRow>> {
        self.read("tell what is held", move |db| {
            tell::rows(db, project, &keys)
        })
    }

    fn erase(&self, project: ProjectId, subject: Subject, now_ms: u64) -> Reply<'_, Erasure> {
        Box::pin(async move {
            let mut sought = Sought::new(project, subject);
            // Before anything is looked for: what arrives meanwhile is refused.
            self.shut_out(&sought, now_ms).await?;
            self.look_around(&mut sought).await?;
            let mut erasure = Erasure::default();
            let mut first_ms = None;
            loop {
                let found = self.look(sought.clone()).await?;
                sought.learn(&found, false);
                self.shut_out(&sought, now_ms).await?;
                let known = sought.clone();
                let held = self
                    .read("list what is erased", move |db| {
                        found.into_held(db, &known, false)
                    })
                    .await?;
                // Something may have arrived before it was shut out: looks until there is nothing.
                if held.rows.is_empty() {
                    break;
                }
                first_ms = first_ms.into_iter().chain(held.first_ms).min();
                self.take_all(project, held, now_ms, &mut erasure).await?;
            }
            if let Some(person) = sought.person.clone() {
                self.change("forget views that name a person", move |db| {
                    views::forget(db, project, &person, now_ms)
                })
                .await?;
            }
            self.fold().await?;
            erasure.backups = self.backups_since(first_ms).await?;
            Ok(erasure)
        })
    }

    fn rewrite(&self) -> Reply<'_, ()> {
        self.alone("write the file anew", take::rewrite)
    }

    fn expire(&self, now_ms: u64, keep: KeepFor) -> Reply<'_, Expired> {
        self.change("forget what is old", move |db| {
            expire::some(db, now_ms, &keep)
        })
    }

    fn older(&self, now_ms: u64, kind: KeepKind, keep_ms: u64) -> Reply<'_, u64> {
        self.read("count what is old", move |db| {
            older::count(db, now_ms, kind, keep_ms)
        })
    }

    fn note_backup(&self, backup: Backup) -> Reply<'_, ()> {
        self.change("write down a copy", move |db| backups::note(db, &backup))
    }

    fn backups(&self) -> Reply<'_, Vec<Backup>> {
        self.read("list copies", |db| backups::list(db, 0))
    }
}

impl SqliteStore {
    /// Learns which installs and responses belong to somebody.
    async fn look_around(&self, sought: &mut Sought) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            let looking = sought.clone();
            let (more, learned) = self
                .read("look for a person", move |db| {
                    let mut learned = looking;
                    let more = find::learn_some(db, &mut learned, after)?;
                    Ok((more, learned))
                })
                .await?;
            *sought = learned;
            match more {
                Some(row) => after = row,
                None => return Ok(()),
            }
        }
    }

    /// Looks for everything that may belong to somebody.
    async fn look(&self, sought: Sought) -> Result<Found, StoreError> {
        let mut found = Found::default();
        let mut after = 0;
        loop {
            let looking = sought.clone();
            let (more, some) = self
                .read("look for rows of a person", move |db| {
                    let mut some = Found::default();
                    let more = find::find_some(db, &looking, after, &mut some)?;
                    Ok((more, some))
                })
                .await?;
            found.add(some);
            match more {
                Some(row) => after = row,
                None => break,
            }
        }
        self.read("look aside for rows of a person", move |db| {
            find::find_aside(db, &sought, &mut found)?;
            Ok(found)
        })
        .await
    }

    /// Lets nothing in any more that belongs to somebody and happened before now.
    async fn shut_out(&self, sought: &Sought, now_ms: u64) -> Result<(), StoreError> {
        let sought = sought.clone();
        let until_ms = now_ms.saturating_add(CLOCK_MS);
        self.change("shut out what is erased", move |db| {
            stones::shut_out(db, &sought, until_ms)
        })
        .await
    }

    /// Takes away what was found, in transactions that are short.
    async fn take_all(
        &self,
        project: ProjectId,
        held: Held,
        now_ms: u64,
        erasure: &mut Erasure,
    ) -> Result<(), StoreError> {
        let mut counts: BTreeMap<HeldKind, u64> = BTreeMap::new();
        for rows in held.rows.chunks(MAX_TAKEN) {
            let rows = rows.to_vec();
            let taken = self
                .change("erase rows", move |db| {
                    take::erase(db, project, &rows, now_ms)
                })
                .await?;
            for (kind, n) in taken {
                *counts.entry(kind).or_default() += n;
            }
        }
        for (kind, n) in counts {
            *erasure.counts.entry(kind).or_default() += n;
        }
        erasure.attachments.extend(held.attachments);
        Ok(())
    }

    /// Moves the log into the file and empties it.
    async fn fold(&self) -> Result<(), StoreError> {
        self.alone("empty the log", take::fold).await
    }

    /// Copies made since something arrived.
    async fn backups_since(&self, first_ms: Option<u64>) -> Result<Vec<Backup>, StoreError> {
        match first_ms {
            Some(since) => {
                self.read("list copies", move |db| backups::list(db, since))
                    .await
            }
            None => Ok(Vec::new()),
        }
    }

    /// Runs `work` on the writer thread, outside any transaction.
    fn alone<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Reply<'_, T> {
        self.writer.alone(doing, work)
    }
}
