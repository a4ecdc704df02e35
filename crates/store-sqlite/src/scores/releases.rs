//! Turns what a team says about when into rows, and back.

use protocol::query::scores::Release;
use rusqlite::{Connection, params};
use store::{AuditEntry, ProjectId, Span};

use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;
use crate::guards::audit;

/// Releases of a span that are told: more than any picture has room for.
const MAX_TOLD: u32 = 1_000;

/// Releases of a span, the oldest first; of too many the newest.
pub(super) fn of(db: &Connection, project: ProjectId, span: Span) -> Result<Vec<Release>, Fault> {
    let mut select = db.prepare_cached(
        "SELECT number, at_ms, name, note, said_by FROM release
         WHERE project = ?1 AND at_ms >= ?2 AND at_ms < ?3
         ORDER BY at_ms DESC, number DESC LIMIT ?4",
    )?;
    let span = params![
        project.0,
        int_from_u64(span.from_ms),
        int_from_u64(span.to_ms),
        MAX_TOLD
    ];
    let rows = select.query_map(span, |row| {
        Ok(Release {
            id: u64_at(row, 0)?,
            at_ms: u64_at(row, 1)?,
            name: row.get(2)?,
            note: row.get(3)?,
            by: row.get(4)?,
        })
    })?;
    let mut releases = rows.collect::<Result<Vec<_>, _>>()?;
    releases.reverse();
    Ok(releases)
}

pub(super) fn add(
    db: &Connection,
    release: Release,
    mut entry: AuditEntry,
) -> Result<Release, Fault> {
    db.prepare_cached(
        "INSERT INTO release (project, at_ms, name, note, said_by) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        entry.project.0,
        int_from_u64(release.at_ms),
        release.name,
        release.note,
        release.by
    ])?;
    let id = u64::try_from(db.last_insert_rowid()).unwrap_or_default();
    entry.target = id.to_string();
    audit::add(db, &entry)?;
    Ok(Release { id, ..release })
}

pub(super) fn remove(db: &Connection, id: u64, entry: &AuditEntry) -> Result<bool, Fault> {
    let sql = "DELETE FROM release WHERE project = ?1 AND number = ?2";
    let removed = db
        .prepare_cached(sql)?
        .execute(params![entry.project.0, int_from_u64(id)])?;
    if removed > 0 {
        audit::add(db, entry)?;
    }
    Ok(removed > 0)
}
