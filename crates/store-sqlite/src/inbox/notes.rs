//! Turns what a team says to itself about a response into rows, and back.

use protocol::id::ResponseId;
use protocol::query::inbox::Note;
use rusqlite::{Connection, OptionalExtension, params};
use store::{Amended, AuditEntry};

use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;
use crate::guards::audit;

/// Notes of a response, the oldest first.
pub(super) fn of(db: &Connection, response: i64) -> Result<Vec<Note>, Fault> {
    let mut select = db.prepare_cached(
        "SELECT number, author, at_ms, edited_ms, text FROM note
         WHERE response = ?1 ORDER BY number",
    )?;
    let rows = select.query_map([response], |row| {
        let edited: Option<i64> = row.get(3)?;
        Ok(Note {
            id: u64_at(row, 0)?,
            author: row.get(1)?,
            at_ms: u64_at(row, 2)?,
            edited_ms: edited.and_then(|at| u64::try_from(at).ok()),
            text: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn add(
    db: &Connection,
    response: ResponseId,
    text: String,
    entry: &AuditEntry,
) -> Result<Option<Note>, Fault> {
    let added = db
        .prepare_cached(
            "INSERT INTO note (response, author, at_ms, text)
             SELECT number, ?3, ?4, ?5 FROM response WHERE project = ?1 AND id = ?2",
        )?
        .execute(params![
            entry.project.0,
            response.0.as_bytes(),
            entry.actor,
            int_from_u64(entry.at_ms),
            text
        ])?;
    if added == 0 {
        return Ok(None);
    }
    let id = u64::try_from(db.last_insert_rowid()).unwrap_or_default();
    audit::add(db, entry)?;
    Ok(Some(Note {
        id,
        author: entry.actor.clone(),
        at_ms: entry.at_ms,
        edited_ms: None,
        text,
    }))
}

pub(super) fn edit(
    db: &Connection,
    note: u64,
    text: &str,
    entry: &AuditEntry,
) -> Result<Amended, Fault> {
    let sql = "UPDATE note SET text = ?2, edited_ms = ?3 WHERE number = ?1";
    amend(db, note, entry, |number| {
        let values = params![number, text, int_from_u64(entry.at_ms)];
        db.prepare_cached(sql)?.execute(values)
    })
}

pub(super) fn remove(db: &Connection, note: u64, entry: &AuditEntry) -> Result<Amended, Fault> {
    amend(db, note, entry, |number| {
        let sql = "DELETE FROM note WHERE number = ?1";
        db.prepare_cached(sql)?.execute([number])
    })
}

/// Changes a note if it is there, and whoever asks wrote it.
fn amend(
    db: &Connection,
    note: u64,
    entry: &AuditEntry,
    change: impl FnOnce(i64) -> rusqlite::Result<usize>,
) -> Result<Amended, Fault> {
    let number = int_from_u64(note);
    let author: Option<String> = db
        .prepare_cached(
            "SELECT author FROM note JOIN response ON response.number = note.response
             WHERE note.number = ?1 AND response.project = ?2",
        )?
        .query_row(params![number, entry.project.0], |row| row.get(0))
        .optional()?;
    match author {
        None => Ok(Amended::Missing),
        Some(author) if author != entry.actor => Ok(Amended::NotYours),
        Some(_) => {
            change(number)?;
            audit::add(db, entry)?;
            Ok(Amended::Done)
        }
    }
}
