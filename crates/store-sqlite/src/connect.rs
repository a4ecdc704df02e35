//! Turns a path into connections that are set up for durable writes, or for reads alone.

#[cfg(unix)]
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use store::StoreError;

use crate::fault::Fault;

/// How long a connection waits for another process, `firsthand init` for instance.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Prepared statements that a connection keeps; there are about a hundred in all.
const N_STATEMENTS: usize = 128;

/// A file, and how it is opened. Only tests ask for anything else than [`Ground::of`].
#[derive(Clone, Debug)]
pub struct Ground {
    pub(crate) file: PathBuf,
    vfs: Option<&'static str>,
    synchronous: &'static str,
    log_pages: u32,
}

impl Ground {
    /// The file, on the system's own disk, written so that nothing is lost.
    pub fn of(file: impl Into<PathBuf>) -> Self {
        Self {
            file: file.into(),
            vfs: None,
            // FULL syncs the log at every commit: what was answered survives a power cut. Measured
            // beside NORMAL, group commit makes the difference a few percent.
            synchronous: "FULL",
            // 32 MiB of log: rarer and longer pauses than the default of 8 MiB at this page size.
            log_pages: 4096,
        }
    }

    /// Another file on the same ground, beside this one.
    pub(crate) fn beside(&self, ending: &str) -> Self {
        let mut name = self.file.clone().into_os_string();
        name.push(ending);
        Self {
            file: PathBuf::from(name),
            ..self.clone()
        }
    }

    /// Makes the file, when there is none, so that nobody else on the machine can read it.
    pub(crate) fn make_private(&self) -> std::io::Result<()> {
        match self.vfs {
            Some(_) => Ok(()),
            None => make_private(&self.file),
        }
    }

    pub(crate) fn open(&self, flags: OpenFlags) -> rusqlite::Result<Connection> {
        match self.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(&self.file, flags, vfs),
            None => Connection::open_with_flags(&self.file, flags),
        }
    }
}

/// What tests break to see whether they would notice.
#[cfg(feature = "faults")]
impl Ground {
    /// The file is found through a file system of this name, which the process has registered.
    #[must_use]
    pub fn through(mut self, vfs: &'static str) -> Self {
        self.vfs = Some(vfs);
        self
    }

    /// Another `PRAGMA synchronous` than the one that keeps promises.
    #[must_use]
    pub fn synchronous(mut self, level: &'static str) -> Self {
        self.synchronous = level;
        self
    }

    /// Pages of log after which they move into the file.
    #[must_use]
    pub fn log_pages(mut self, pages: u32) -> Self {
        self.log_pages = pages;
        self
    }
}

/// Opens the one connection that writes, and makes the file when there is none.
pub(crate) fn connect_writer(ground: &Ground) -> Result<Connection, Fault> {
    ground.make_private()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = ground.open(flags)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.set_prepared_statement_cache_capacity(N_STATEMENTS);
    // Counts only for a file without tables, and only before the log is switched on.
    db.pragma_update(None, "page_size", 8192)?;
    switch_on_log(&db)?;
    db.pragma_update(None, "synchronous", ground.synchronous)?;
    // Where fsync alone does not reach the platter (macOS).
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "checkpoint_fullfsync", true)?;
    db.pragma_update(None, "foreign_keys", true)?;
    // What is deleted is overwritten, in this connection's pages and in pages that become free.
    db.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    // KiB: room for the inner pages of the indexes, and more.
    db.pragma_update(None, "cache_size", -64 * 1024)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.pragma_update_and_check(None, "wal_autocheckpoint", ground.log_pages, |_| Ok(()))?;
    // Bytes that the log file may keep after it was emptied.
    db.pragma_update_and_check(None, "journal_size_limit", 64 << 20, |_| Ok(()))?;
    Ok(db)
}

/// Makes the file, when there is none, so that nobody else on the machine can read it. Its log gets
/// the same permissions from the engine.
#[cfg(unix)]
fn make_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    // Closing a file drops the locks that this process holds on it: nobody opens it before.
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut options = std::fs::OpenOptions::new();
    match options.write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Makes nothing: the engine makes the file.
#[cfg(not(unix))]
fn make_private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Switches on the write-ahead log. The engine answers another mode where it cannot, and goes on.
fn switch_on_log(db: &Connection) -> Result<(), Fault> {
    let mode: String = db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode == "wal" {
        return Ok(());
    }
    Err(Fault::Rule(StoreError::Engine {
        doing: "switch on the write-ahead log",
        source: format!("the journal's mode stays {mode}").into(),
    }))
}

/// Opens a connection that cannot write.
pub(crate) fn connect_reader(ground: &Ground) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = ground.open(flags)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.set_prepared_statement_cache_capacity(N_STATEMENTS);
    db.pragma_update(None, "query_only", true)?;
    db.pragma_update(None, "cache_size", -16 * 1024)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(db)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(db: &Connection, pragma: &str, expected: i64) {
        let found: i64 = db
            .pragma_query_value(None, pragma, |row| row.get(0))
            .unwrap();
        assert_eq!(found, expected, "{pragma}");
    }

    #[test]
    fn a_database_without_a_log_is_refused() {
        let db = Connection::open_in_memory().unwrap();
        let refused = switch_on_log(&db);
        assert!(
            matches!(refused, Err(Fault::Rule(StoreError::Engine { .. }))),
            "{refused:?}"
        );
    }

    #[test]
    fn the_writer_syncs_and_readers_cannot_write() {
        let dir = tempfile::tempdir().unwrap();
        let ground = Ground::of(dir.path().join("firsthand.db"));
        let writer = connect_writer(&ground).unwrap();
        check(&writer, "synchronous", 2);
        check(&writer, "fullfsync", 1);
        check(&writer, "foreign_keys", 1);
        check(&writer, "busy_timeout", 5_000);
        check(&writer, "secure_delete", 1);
        let reader = connect_reader(&ground).unwrap();
        check(&reader, "query_only", 1);
        let refused = reader.execute_batch("CREATE TABLE t (a)");
        assert!(refused.is_err(), "{refused:?}");
    }
}
