//! Turns lines of the audit log into rows that never change, and back.

use protocol::query::access::Credential;
use rusqlite::{Connection, Row, params};
use store::{AuditEntry, ProjectId};

use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;

pub(crate) fn add(db: &Connection, entry: &AuditEntry) -> Result<(), Fault> {
    db.prepare_cached(
        "INSERT INTO audit (project, at_ms, credential, actor, action, target, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        entry.project.0,
        int_from_u64(entry.at_ms),
        entry.credential.as_str(),
        entry.actor,
        entry.action,
        entry.target,
        entry.detail,
    ])?;
    Ok(())
}

pub(super) fn read(
    db: &Connection,
    project: ProjectId,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<(u64, AuditEntry)>, Fault> {
    let mut select = db.prepare_cached(
        "SELECT id, project, at_ms, credential, actor, action, target, detail FROM audit
         WHERE project = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
    )?;
    let before = before.map_or(i64::MAX, int_from_u64);
    let rows = select.query_map(params![project.0, before, limit], entry_from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn entry_from_row(row: &Row<'_>) -> rusqlite::Result<(u64, AuditEntry)> {
    let credential: String = row.get(3)?;
    let entry = AuditEntry {
        project: ProjectId(row.get(1)?),
        at_ms: u64_at(row, 2)?,
        // The column takes no other word.
        credential: Credential::from_name(&credential).unwrap_or(Credential::None),
        actor: row.get(4)?,
        action: row.get(5)?,
        target: row.get(6)?,
        detail: row.get(7)?,
    };
    Ok((u64_at(row, 0)?, entry))
}
