//! Turns what people promise and announce into rows, and back.

use protocol::query::performance::{Maintenance, NewMaintenance};
use rusqlite::{Connection, Row, params};
use serde_json::Value;
use store::{BudgetsPublication, BudgetsVersion, ProjectId, Span, StoreError};

use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;

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

pub(super) fn announce(
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
