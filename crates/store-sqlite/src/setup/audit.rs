//! Turns a filter into lines of the audit log.

use rusqlite::{Connection, params};
use store::{AuditEntry, AuditFilter, AuditNames, ProjectId};

use crate::convert::int_from_u64;
use crate::fault::Fault;
use crate::guards::audit::entry_from_row;

/// Names that people choose from.
const MAX_NAMES: u32 = 200;

pub(super) fn lines(
    db: &Connection,
    filter: &AuditFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<(u64, AuditEntry)>, Fault> {
    // The name of a kind ends where the dot after it begins; `/` is what follows a dot.
    let mut select = db.prepare_cached(
        "SELECT id, project, at_ms, credential, actor, action, target, detail FROM audit
         WHERE project = ?1 AND id < ?2
             AND (?3 IS NULL OR actor = ?3)
             AND (?4 IS NULL OR action = ?4 OR (action > ?4 || '.' AND action < ?4 || '/'))
             AND (?5 IS NULL OR instr(lower(target || char(10) || detail), lower(?5)) > 0)
             AND at_ms >= ?6 AND at_ms < ?7
         ORDER BY id DESC LIMIT ?8",
    )?;
    let which = params![
        filter.project.0,
        before.map_or(i64::MAX, int_from_u64),
        filter.actor,
        filter.action,
        filter.text,
        int_from_u64(filter.span.from_ms),
        int_from_u64(filter.span.to_ms),
        limit,
    ];
    let rows = select.query_map(which, entry_from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn names(db: &Connection, project: ProjectId) -> Result<AuditNames, Fault> {
    let of = |sql: &str| -> Result<Vec<String>, Fault> {
        let mut select = db.prepare_cached(sql)?;
        let rows = select.query_map(params![project.0, MAX_NAMES], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    Ok(AuditNames {
        actors: of("SELECT DISTINCT actor FROM audit WHERE project = ?1 ORDER BY 1 LIMIT ?2")?,
        actions: of("SELECT DISTINCT action FROM audit WHERE project = ?1 ORDER BY 1 LIMIT ?2")?,
    })
}
