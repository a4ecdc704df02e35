//! Turns one file into a [`store::Store`]: SQLite with one writer thread, group commit and readers.
//!
//! Everything that writes goes through one queue to one thread (`writer`), which commits what waits
//! together and answers only when the commit is on disk: write-ahead log, `synchronous=FULL`. Reads
//! run beside it on threads of their own (`readers`), each with a read-only connection. The rest are
//! statements: `append` writes a batch, `ledger` what became of it, `answers`, `response` and `attachments` read, `scores` counts, `shown` whom surveys were shown to, `inbox`
//! keeps and changes what a team does about it, `directory`, `surveys` and
//! `authoring` set up, `custody` lets go of what is kept about people.

mod answers;
mod append;
mod attachments;
mod authoring;
mod connect;
mod convert;
mod copy;
mod custody;
mod directory;
mod fault;
mod guards;
mod inbox;
mod inspect;
mod job;
mod ledger;
mod migrate;
mod readers;
mod response;
mod scores;
mod setup;
mod shown;
mod surveys;
mod telemetry;
mod views;
mod writer;

use std::path::Path;

use rusqlite::Connection;
use store::{Reply, Store, StoreError};

pub use crate::connect::Ground;
use crate::connect::{connect_reader, connect_writer};
pub use crate::copy::{copy, forget_in_copy};
use crate::fault::{Fault, named};
pub use crate::inspect::{Flaw, Inspection, KeptImage, images_in, inspect};
use crate::readers::Readers;
use crate::writer::Writer;

/// Threads that read. More would only compete for the same two or four cores with ingest.
const N_READERS: usize = 3;

/// A store in one SQLite file.
///
/// Dropping it writes what was taken before, and waits for that.
#[derive(Debug)]
pub struct SqliteStore {
    // Dropped in this order: the last connection removes the log, and only the writer's can.
    readers: Readers,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the file, or makes it, and brings its layout up to date.
    ///
    /// Several processes may have one file open; each waits up to five seconds for the others.
    ///
    /// # Errors
    ///
    /// [`StoreError::NewerLayout`] when a newer build has written the file, [`StoreError::Engine`]
    /// when it cannot be opened or is not a database.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        Self::open_on(&Ground::of(file))
    }

    /// As [`SqliteStore::open`], on any ground.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn open_on(ground: &Ground) -> Result<Self, StoreError> {
        let mut writer = connect_writer(ground).map_err(|e| named("open the file", e))?;
        migrate::migrate(&mut writer, ground).map_err(|e| named("update the layout", e))?;
        let readers = (0..N_READERS)
            .map(|_| connect_reader(ground))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| named("open the file for reading", e.into()))?;
        Ok(Self {
            writer: Writer::start(writer).map_err(|e| named("start the writer", e))?,
            readers: Readers::start(readers).map_err(|e| named("start the readers", e))?,
        })
    }

    /// Runs `change` in a transaction of its own on the writer thread.
    fn change<T: Send + 'static>(
        &self,
        doing: &'static str,
        change: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Reply<'_, T> {
        self.writer.change(doing, change)
    }

    /// Runs `read` on a reader thread; everything that it reads is of one moment.
    fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Reply<'_, T> {
        self.readers.read(doing, read)
    }
}

impl Store for SqliteStore {
    fn probe(&self, now_ms: u64) -> Reply<'_, ()> {
        self.change("write a probe", move |db| {
            let sql = "INSERT INTO probe (id, at_ms) VALUES (1, ?1)
                       ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms";
            db.prepare_cached(sql)?
                .execute([convert::int_from_u64(now_ms)])?;
            Ok(())
        })
    }

    fn close(&self) -> Reply<'_, ()> {
        self.writer.close()
    }
}
