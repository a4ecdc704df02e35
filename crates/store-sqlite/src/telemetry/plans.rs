//! Turns what people promise and announce into rows, and back.

use protocol::query::performance::{Maintenance, NewMaintenance};
use rusqlite::{Connection, Row, params};
use serde_json::Value;
use store::{AuditEntry, BudgetsPublication, BudgetsVersion, Moved, ProjectId, Span, StoreError};

use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;
use crate::guards::audit;

pub(super) fn publish(
    db: &Connection,
    project: ProjectId,
    document: &str,
    now_ms: u64,
) -> Result<BudgetsPublication, Fault> {
    let said = said(document)?;
    let mut version = 1;
    if let Some(newest) = read_budgets(db, project)?.pop() {
        if self::said(&newest.document)? == said {
            return Ok(BudgetsPublication {
                version: newest.version,
                is_new: false,
            });
        }
        version = newest.version + 1;
    }
    db.prepare_cached(
        "INSERT INTO budgets (project, version, published_ms, document) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![project.0, version, int_from_u64(now_ms), document])?;
    Ok(BudgetsPublication {
        version,
        is_new: true,
    })
}

/// Publishes, if the version in force is the one that is known; with a line for the audit log.
pub(crate) fn publish_from(
    db: &Connection,
    known: Option<u32>,
    document: &str,
    mut entry: AuditEntry,
) -> Result<Moved<BudgetsPublication>, Fault> {
    let version: u32 = db
        .prepare_cached("SELECT ifnull(max(version), 0) FROM budgets WHERE project = ?1")?
        .query_row([entry.project.0], |row| row.get(0))?;
    if known.is_some_and(|known| known != version) {
        return Ok(Moved::Overtaken(BudgetsPublication {
            version,
            is_new: false,
        }));
    }
    let published = publish(db, entry.project, document, entry.at_ms)?;
    if published.is_new {
        entry.detail = format!("version {}", published.version);
        audit::add(db, &entry)?;
    }
    Ok(Moved::Done(published))
}

/// What a document says, whatever its spaces and the order of its keys.
fn said(document: &str) -> Result<Value, Fault> {
    serde_json::from_str(document).map_err(|error| {
        Fault::Rule(StoreError::Unreadable {
            what: "a document of budgets",
            source: error.into(),
        })
    })
}

pub(super) fn read_budgets(
    db: &Connection,
    project: ProjectId,
) -> rusqlite::Result<Vec<BudgetsVersion>> {
    db.prepare_cached(
        "SELECT version, published_ms, document FROM budgets WHERE project = ?1 ORDER BY version",
    )?
    .query_map([project.0], |row| {
        Ok(BudgetsVersion {
            version: row.get(0)?,
            published_ms: u64_at(row, 1)?,
            document: row.get(2)?,
        })
    })?
    .collect()
}

pub(crate) fn announce(
    db: &Connection,
    project: ProjectId,
    new: NewMaintenance,
) -> Result<Maintenance, Fault> {
    db.prepare_cached(
        "INSERT INTO maintenance (project, from_ms, to_ms, feature, note)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        project.0,
        int_from_u64(new.from_ms),
        int_from_u64(new.to_ms),
        new.feature,
        new.note,
    ])?;
    Ok(Maintenance {
        id: u64::try_from(db.last_insert_rowid()).unwrap_or(0),
        from_ms: new.from_ms,
        to_ms: new.to_ms,
        feature: new.feature,
        note: new.note,
    })
}

pub(super) fn read_maintenance(
    db: &Connection,
    project: ProjectId,
    span: Span,
) -> rusqlite::Result<Vec<Maintenance>> {
    db.prepare_cached(
        "SELECT id, from_ms, to_ms, feature, note FROM maintenance
         WHERE project = ?1 AND to_ms > ?2 AND from_ms < ?3 ORDER BY from_ms DESC, id DESC",
    )?
    .query_map(
        params![
            project.0,
            int_from_u64(span.from_ms),
            int_from_u64(span.to_ms)
        ],
        maintenance_from_row,
    )?
    .collect()
}

fn maintenance_from_row(row: &Row<'_>) -> rusqlite::Result<Maintenance> {
    Ok(Maintenance {
        id: u64_at(row, 0)?,
        from_ms: u64_at(row, 1)?,
        to_ms: u64_at(row, 2)?,
        feature: row.get(3)?,
        note: row.get(4)?,
    })
}

/// Forgets what was announced, and answers whether there was anything.
pub(crate) fn withdraw(db: &Connection, project: ProjectId, id: u64) -> Result<bool, Fault> {
    let gone = db
        .prepare_cached("DELETE FROM maintenance WHERE project = ?1 AND id = ?2")?
        .execute(params![project.0, int_from_u64(id)])?;
    Ok(gone > 0)
}
