//! Turns rows, and everything that was derived from them, into rows that are gone.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use store::{HeldKey, HeldKind, ProjectId, StoreError};

use super::stones::Key;
use crate::fault::Fault;
use crate::inbox::written;
use crate::shown;

/// How often the log is tried to be emptied; each waits as long as a connection waits for others.
const N_TRIES: usize = 3;

/// Erases rows; answers how many of each kind there still were.
pub(super) fn erase(
    db: &Connection,
    project: ProjectId,
    rows: &[HeldKey],
    now_ms: u64,
) -> Result<BTreeMap<HeldKind, u64>, Fault> {
    let mut counts = BTreeMap::new();
    let key = Key::load(db)?;
    for HeldKey { kind, key: of } in rows {
        let n = match kind {
            HeldKind::Item => match row_of(of) {
                Some(row) => take_item(db, &key, row, Why::Erased, now_ms)?,
                None => false,
            },
            HeldKind::Conflict => take_conflict(db, project, of)?,
            HeldKind::Letter => {
                let sql = "DELETE FROM letter WHERE project = ?1 AND number = ?2";
                let which = params![project.0, row_of(of)];
                db.prepare_cached(sql)?.execute(which)? > 0
            }
            HeldKind::Loss => take_loss(db, project, of)?,
            HeldKind::Response => take_response(db, project, of)?,
            HeldKind::Attachment => {
                let sql = "DELETE FROM attachment WHERE project = ?1 AND id = ?2";
                db.prepare_cached(sql)?.execute(params![project.0, of])? > 0
            }
        };
        *counts.entry(*kind).or_default() += u64::from(n);
    }
    step_back(db)?;
    Ok(counts)
}

/// The number that the key of an item stands for.
pub(super) fn row_of(key: &[u8]) -> Option<i64> {
    key.try_into().ok().map(i64::from_be_bytes)
}

/// Why an item goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Erased,
    Expired,
}

/// Takes away an item and what was made of it alone; its id stays known.
pub(super) fn take_item(
    db: &Connection,
    key: &Key,
    row: i64,
    why: Why,
    now_ms: u64,
) -> Result<bool, Fault> {
    let known = db
        .prepare_cached(
            "SELECT project, id, type, body_hash, at_ms, install FROM item WHERE row = ?1",
        )?
        .query_row([row], |known| {
            Ok((
                ProjectId(known.get(0)?),
                known.get::<_, [u8; 16]>(1)?,
                known.get::<_, String>(2)?,
                known.get::<_, [u8; 32]>(3)?,
                known.get::<_, i64>(4)?,
                known.get::<_, [u8; 16]>(5)?,
            ))
        })
        .optional()?;
    let Some((project, id, kind, body_hash, at_ms, install)) = known else {
        return Ok(false);
    };
    match &*kind {
        "impression" => take_impression(db, project, row, at_ms, install)?,
        "dismissal" => {
            db.prepare_cached("DELETE FROM dismissal WHERE item = ?1")?
                .execute([row])?;
        }
        _ => {}
    }
    let body_hash = (why == Why::Expired).then_some(&body_hash[..]);
    key.mark_item(db, project, &id, body_hash, now_ms)?;
    db.prepare_cached("DELETE FROM item WHERE row = ?1")?
        .execute([row])?;
    Ok(true)
}

/// Has expiry end before the newest row: once that is gone, its number is given again.
pub(super) fn step_back(db: &Connection) -> Result<(), Fault> {
    db.prepare_cached(
        "UPDATE expiry SET row = min(row, (SELECT coalesce(max(row), 0) FROM item))",
    )?
    .execute([])?;
    Ok(())
}

/// Its row begins with the survey, of which a project has few.
fn take_impression(
    db: &Connection,
    project: ProjectId,
    row: i64,
    at_ms: i64,
    install: [u8; 16],
) -> Result<(), Fault> {
    let mut next =
        db.prepare_cached("SELECT min(survey) FROM impression WHERE project = ?1 AND survey > ?2")?;
    let mut delete = db.prepare_cached(
        "DELETE FROM impression
         WHERE project = ?1 AND survey = ?2 AND at_ms = ?3 AND install = ?4 AND item = ?5",
    )?;
    let mut survey = String::new();
    loop {
        let following: Option<String> =
            next.query_row(params![project.0, survey], |found| found.get(0))?;
        let Some(following) = following else {
            return Ok(());
        };
        if delete.execute(params![project.0, following, at_ms, install, row])? > 0 {
            shown::forget_day(db, project, &following, at_ms)?;
            return Ok(());
        }
        survey = following;
    }
}

/// Takes away a response as it stands, with its answers.
/// Its state, tags and notes go with it by reference.
pub(super) fn take_response(db: &Connection, project: ProjectId, id: &[u8]) -> Result<bool, Fault> {
    written::forget(db, project, id)?;
    for sql in [
        "DELETE FROM answer WHERE project = ?1 AND response = ?2",
        "DELETE FROM answer_option WHERE project = ?1 AND response = ?2",
        "DELETE FROM response_attachment WHERE project = ?1 AND response = ?2",
    ] {
        db.prepare_cached(sql)?.execute(params![project.0, id])?;
    }
    let sql = "DELETE FROM response WHERE project = ?1 AND id = ?2";
    Ok(db.prepare_cached(sql)?.execute(params![project.0, id])? > 0)
}

fn take_conflict(db: &Connection, project: ProjectId, key: &[u8]) -> Result<bool, Fault> {
    let Some((id, body_hash)) = key.split_at_checked(16) else {
        return Ok(false);
    };
    let sql = "DELETE FROM conflict WHERE project = ?1 AND id = ?2 AND body_hash = ?3";
    let n = db
        .prepare_cached(sql)?
        .execute(params![project.0, id, body_hash])?;
    Ok(n > 0)
}

fn take_loss(db: &Connection, project: ProjectId, key: &[u8]) -> Result<bool, Fault> {
    let Some((envelope, reason)) = key.split_at_checked(16) else {
        return Ok(false);
    };
    let sql = "DELETE FROM loss WHERE project = ?1 AND envelope = ?2 AND reason = ?3";
    let reason = String::from_utf8_lossy(reason);
    let n = db
        .prepare_cached(sql)?
        .execute(params![project.0, envelope, reason])?;
    Ok(n > 0)
}

/// Moves the log into the file and empties it, so that nothing of what was deleted is left in it.
pub(super) fn fold(db: &Connection) -> Result<(), Fault> {
    for _ in 0..N_TRIES {
        let busy: bool = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if !busy {
            return Ok(());
        }
    }
    Err(Fault::Rule(StoreError::Engine {
        doing: "empty the log",
        source: "somebody reads for a long time; erase again later".into(),
    }))
}

/// Builds every page of the file anew.
///
/// Deleted content is overwritten where it was, but when the engine moves rows between pages it
/// leaves copies in the unused parts of pages: of 30 people who were erased from among 1,500, the id
/// of one could still be found. Only a file that was written anew has none.
///
/// # Source
///
/// `secure_delete` in <https://www.sqlite.org/pragma.html#pragma_secure_delete>, and `rebuildPage` in
/// SQLite's `btree.c`, which clears nothing.
pub(super) fn rewrite(db: &Connection) -> Result<(), Fault> {
    written::rebuild(db)?;
    // As large as everything that is kept: not in memory, and not in another place.
    if let Some(folder) = db.path().and_then(|file| Path::new(file).parent()) {
        let folder = folder.display().to_string();
        db.pragma_update(None, "temp_store_directory", folder)?;
    }
    db.pragma_update(None, "temp_store", "FILE")?;
    let written = db.execute_batch("VACUUM");
    db.pragma_update(None, "temp_store", "MEMORY")?;
    written?;
    fold(db)
}
