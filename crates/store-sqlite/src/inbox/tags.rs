//! Turns names that a team gives into rows, and two of them into one.

use protocol::query::inbox::Tag;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, params};
use store::{Amended, AuditEntry, ProjectId};

use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;
use crate::guards::audit;

const TAG: &str = "SELECT number, name, (
        SELECT COUNT(*) FROM response_tag JOIN response ON response.number = response_tag.response
        WHERE response_tag.tag = tag.number AND response.hidden = 0
    ) FROM tag";

fn tag_from_row(row: &Row<'_>) -> rusqlite::Result<Tag> {
    Ok(Tag {
        id: u64_at(row, 0)?,
        name: row.get(1)?,
        responses: u64_at(row, 2)?,
    })
}

pub(super) fn list(db: &Connection, project: ProjectId) -> Result<Vec<Tag>, Fault> {
    let mut select = db.prepare_cached(&format!("{TAG} WHERE project = ?1 ORDER BY name"))?;
    let rows = select.query_map([project.0], tag_from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn put(db: &Connection, name: &str, entry: &AuditEntry) -> Result<Tag, Fault> {
    let project = entry.project.0;
    let made = db
        .prepare_cached(
            "INSERT INTO tag (project, name, created_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (project, name) DO NOTHING",
        )?
        .execute(params![project, name, int_from_u64(entry.at_ms)])?;
    if made > 0 {
        audit::add(db, entry)?;
    }
    let mut select = db.prepare_cached(&format!("{TAG} WHERE project = ?1 AND name = ?2"))?;
    Ok(select.query_row(params![project, name], tag_from_row)?)
}

pub(super) fn rename(
    db: &Connection,
    tag: u64,
    name: &str,
    entry: &AuditEntry,
) -> Result<Amended, Fault> {
    let sql = "UPDATE tag SET name = ?3 WHERE number = ?1 AND project = ?2";
    let which = params![int_from_u64(tag), entry.project.0, name];
    match db.prepare_cached(sql)?.execute(which) {
        Ok(0) => Ok(Amended::Missing),
        Ok(_) => {
            audit::add(db, entry)?;
            Ok(Amended::Done)
        }
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Ok(Amended::Taken)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn remove(db: &Connection, tag: u64, entry: &AuditEntry) -> Result<Amended, Fault> {
    if !exists(db, tag, entry.project)? {
        return Ok(Amended::Missing);
    }
    grow(db, int_from_u64(tag))?;
    forget(db, int_from_u64(tag))?;
    audit::add(db, entry)?;
    Ok(Amended::Done)
}

pub(super) fn merge(
    db: &Connection,
    from: u64,
    into: u64,
    entry: &AuditEntry,
) -> Result<Option<u64>, Fault> {
    let project = entry.project;
    if from == into || !exists(db, from, project)? || !exists(db, into, project)? {
        return Ok(None);
    }
    let (from, into) = (int_from_u64(from), int_from_u64(into));
    grow(db, from)?;
    let moved = db
        .prepare_cached(
            "INSERT OR IGNORE INTO response_tag (response, tag)
             SELECT response, ?2 FROM response_tag WHERE tag = ?1",
        )?
        .execute([from, into])?;
    forget(db, from)?;
    audit::add(db, entry)?;
    Ok(Some(moved as u64))
}

fn exists(db: &Connection, tag: u64, project: ProjectId) -> Result<bool, Fault> {
    let sql = "SELECT 1 FROM tag WHERE number = ?1 AND project = ?2";
    let mut select = db.prepare_cached(sql)?;
    let found = select.query_row(params![int_from_u64(tag), project.0], |_| Ok(()));
    Ok(found.optional()?.is_some())
}

/// Whoever has seen them has seen another state.
fn grow(db: &Connection, tag: i64) -> Result<(), Fault> {
    db.prepare_cached(
        "UPDATE response SET rev = rev + 1
         WHERE number IN (SELECT response FROM response_tag WHERE tag = ?1)",
    )?
    .execute([tag])?;
    Ok(())
}

/// Responses lose it by reference.
fn forget(db: &Connection, tag: i64) -> Result<(), Fault> {
    db.prepare_cached("DELETE FROM tag WHERE number = ?1")?
        .execute([tag])?;
    Ok(())
}
