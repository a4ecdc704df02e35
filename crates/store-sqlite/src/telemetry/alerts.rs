//! Turns changes of alerts into rows, and back.

use protocol::budget::{Severity, Stage};
use protocol::query::performance::{AlertState, ObjectiveKind};
use rusqlite::{Connection, Row, params};
use store::{AlertChange, ProjectId};

use super::sums::unreadable;
use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;

const STAGES: [(&str, Stage); 2] = [("headers", Stage::Headers), ("body", Stage::Body)];

const SEVERITIES: [(&str, Severity); 2] = [("page", Severity::Page), ("ticket", Severity::Ticket)];

const STATES: [(&str, AlertState); 4] = [
    ("page", AlertState::Page),
    ("ticket", AlertState::Ticket),
    ("resolved", AlertState::Resolved),
    ("unknown", AlertState::Unknown),
];

const COLUMNS: &str =
    "at_ms, feature, stage, within_ms, severity, long_ms, short_ms, state, burn FROM alert";

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> &'static str {
    let named = names.iter().find(|(_, known)| known == value);
    named.map_or("", |(name, _)| name)
}

fn value_of<T: Copy>(names: &[(&str, T)], name: &str) -> Result<T, Fault> {
    let named = names.iter().find(|(known, _)| *known == name);
    named.map(|(_, value)| *value).ok_or_else(unreadable)
}

pub(super) fn put(db: &Connection, project: ProjectId, change: &AlertChange) -> Result<(), Fault> {
    let (stage, within_ms) = match &change.objective {
        ObjectiveKind::Latency { stage, within_ms } => (name_of(&STAGES, stage), *within_ms),
        ObjectiveKind::Availability => ("", 0),
    };
    db.prepare_cached(
        "INSERT INTO alert (project, at_ms, feature, stage, within_ms, severity, long_ms, short_ms,
             state, burn)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        project.0,
        int_from_u64(change.at_ms),
        change.feature,
        stage,
        within_ms,
        name_of(&SEVERITIES, &change.severity),
        int_from_u64(change.long_ms),
        int_from_u64(change.short_ms),
        name_of(&STATES, &change.state),
        change.burn,
    ])?;
    Ok(())
}

pub(super) fn read_states(db: &Connection, project: ProjectId) -> Result<Vec<AlertChange>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE id IN (
             SELECT max(id) FROM alert WHERE project = ?1
             GROUP BY feature, stage, within_ms, severity, long_ms, short_ms
         )"
    );
    read(db, &sql, project, 0)
}

pub(super) fn read_newest(
    db: &Connection,
    project: ProjectId,
    limit: u32,
) -> Result<Vec<AlertChange>, Fault> {
    let sql = format!("SELECT {COLUMNS} WHERE project = ?1 ORDER BY at_ms DESC, id DESC LIMIT ?2");
    read(db, &sql, project, limit)
}

/// Reads what `sql` selects; a limit it may do without.
fn read(
    db: &Connection,
    sql: &str,
    project: ProjectId,
    limit: u32,
) -> Result<Vec<AlertChange>, Fault> {
    let mut select = db.prepare_cached(sql)?;
    let mut rows = match select.parameter_count() {
        1 => select.query([project.0])?,
        _ => select.query(params![project.0, limit])?,
    };
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(change_from_row(row)?);
    }
    Ok(changes)
}

fn change_from_row(row: &Row<'_>) -> Result<AlertChange, Fault> {
    let text = |column| row.get::<_, String>(column);
    let stage = text(2)?;
    let objective = if stage.is_empty() {
        ObjectiveKind::Availability
    } else {
        ObjectiveKind::Latency {
            stage: value_of(&STAGES, &stage)?,
            within_ms: row.get(3)?,
        }
    };
    Ok(AlertChange {
        at_ms: u64_at(row, 0)?,
        feature: text(1)?,
        objective,
        severity: value_of(&SEVERITIES, &text(4)?)?,
        long_ms: u64_at(row, 5)?,
        short_ms: u64_at(row, 6)?,
        state: value_of(&STATES, &text(7)?)?,
        burn: row.get(8)?,
    })
}
