//! Turns surveys into versions that never change, and back.

use protocol::survey::Survey;
use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{ProjectId, Publication, PublishedSurvey, StoreError};

use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;

/// Every version of every survey of a project, by id, then by version.
pub(crate) fn read_surveys(
    db: &Connection,
    project: ProjectId,
) -> Result<Vec<PublishedSurvey>, Fault> {
    let mut select = db.prepare_cached(
        "SELECT version, published_ms, definition FROM survey
         WHERE project = ?1 ORDER BY id, version",
    )?;
    let mut rows = select.query([project.0])?;
    let mut surveys = Vec::new();
    while let Some(row) = rows.next()? {
        surveys.push(published_from_row(row)?);
    }
    Ok(surveys)
}

/// Publishes in the order that is given; the transaction around it makes it all or nothing.
pub(crate) fn publish_all(
    db: &Connection,
    project: ProjectId,
    surveys: &[Survey],
    now_ms: u64,
) -> Result<Vec<Publication>, Fault> {
    let published = surveys.iter();
    published
        .map(|survey| publish(db, project, survey, now_ms))
        .collect()
}

fn publish(
    db: &Connection,
    project: ProjectId,
    survey: &Survey,
    now_ms: u64,
) -> Result<Publication, Fault> {
    let newest: Option<PublishedSurvey> = db
        .prepare_cached(
            "SELECT version, published_ms, definition FROM survey
             WHERE project = ?1 AND id = ?2 ORDER BY version DESC LIMIT 1",
        )?
        .query_row(params![project.0, survey.id], |row| {
            Ok(published_from_row(row))
        })
        .optional()?
        .transpose()?;
    let publication = |version, is_new| Publication {
        survey: survey.id.clone(),
        version,
        is_new,
    };
    let version = match newest {
        Some(newest) if newest.survey == *survey => return Ok(publication(newest.version, false)),
        Some(newest) => newest.version + 1,
        None => 1,
    };
    let definition = serde_json::to_string(survey).map_err(unreadable)?;
    db.prepare_cached(
        "INSERT INTO survey (project, id, version, published_ms, definition)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        project.0,
        survey.id,
        version,
        int_from_u64(now_ms),
        definition
    ])?;
    Ok(publication(version, true))
}

fn published_from_row(row: &Row<'_>) -> Result<PublishedSurvey, Fault> {
    let definition: String = row.get(2)?;
    Ok(PublishedSurvey {
        version: row.get(0)?,
        published_ms: u64_at(row, 1)?,
        survey: serde_json::from_str(&definition).map_err(unreadable)?,
    })
}

fn unreadable(error: serde_json::Error) -> Fault {
    Fault::Rule(StoreError::Unreadable {
        what: "a survey",
        source: error.into(),
    })
}
