//! Turns a database that is in use into a file that holds one moment of it.

use std::path::Path;
use std::time::Duration;

use protocol::id::AttachmentId;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use store::StoreError;

use crate::connect::{Ground, connect_reader};
use crate::fault::{Fault, named};
use crate::job::in_transaction;

/// Pages that are copied at a time, 8 MiB.
const STEP: i32 = 1024;

/// How long the new file may be held by somebody who looks at it, a virus scanner for instance.
const PATIENCE: Duration = Duration::from_secs(5);

/// Copies the database `from`, which may be in use, to the new file `to`, and returns when that is on
/// disk. Whoever writes meanwhile goes on; the copy has nothing of it.
///
/// The copy is one file without a log, so that it can be read where nothing can be written.
///
/// # Errors
///
/// [`StoreError::Taken`] when there is a file at `to`, [`StoreError::Engine`] when there is none at
/// `from` or the disk is full; what there is at `to` then is no database.
pub fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    if to.exists() {
        let what = "the place of the copy";
        return Err(StoreError::Taken { what });
    }
    copy_on(&Ground::of(from), &Ground::of(to)).map_err(|e| named("copy the database", e))
}

/// As [`copy`], on any ground; what there is already is replaced.
pub(crate) fn copy_on(from: &Ground, to: &Ground) -> Result<(), Fault> {
    let source = connect_reader(from)?;
    let mut copy = connect_copy(to)?;
    // One moment: without this, every commit of others would make it begin anew.
    source.execute_batch("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1")?;
    let backup = Backup::new(&source, &mut copy)?;
    loop {
        match backup.step(STEP)? {
            StepResult::Done => break,
            StepResult::More => {}
            // Both are ours alone, and somebody has had them for longer than we wait.
            _ => return Err(std::io::Error::from(std::io::ErrorKind::ResourceBusy).into()),
        }
    }
    drop(backup);
    // The first page says that there is a log.
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Forgets images in a copy that nobody has opened yet, because their files were gone before they
/// were copied.
///
/// # Errors
///
/// [`StoreError::Engine`] when the file cannot be written.
pub fn forget_in_copy(copy: &Path, gone: &[AttachmentId]) -> Result<(), StoreError> {
    let forget = || -> Result<(), Fault> {
        let mut db = connect_copy(&Ground::of(copy))?;
        in_transaction(&mut db, TransactionBehavior::Immediate, |db| {
            let mut delete = db.prepare("DELETE FROM attachment WHERE id = ?1")?;
            for id in gone {
                delete.execute([id.0.as_bytes()])?;
            }
            Ok(())
        })
    };
    forget().map_err(|e| named("forget images in the copy", e))
}

fn connect_copy(to: &Ground) -> Result<Connection, Fault> {
    to.make_private()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = to.open(flags)?;
    db.busy_timeout(PATIENCE)?;
    // Syncs the folder too once the journal is gone.
    db.pragma_update(None, "synchronous", "EXTRA")?;
    db.pragma_update(None, "fullfsync", true)?;
    Ok(db)
}
