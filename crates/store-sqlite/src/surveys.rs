//! Turns surveys into versions that never change, and back.

use protocol::query::access::Credential;
use protocol::survey::Survey;
use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{ProjectId, Publication, PublishedSurvey, StoreError, VersionRow};

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
        .map(|survey| publish(db, project, survey, now_ms, Made::default()))
        .collect()
}

/// The newest version of a survey; 0 where there is none.
pub(crate) fn newest_version(
    db: &Connection,
    project: ProjectId,
    survey: &str,
) -> Result<u32, Fault> {
    let sql = "SELECT ifnull(MAX(version), 0) FROM survey WHERE project = ?1 AND id = ?2";
    let mut select = db.prepare_cached(sql)?;
    Ok(select.query_row(params![project.0, survey], |row| row.get(0))?)
}

/// Every version of one survey and who made it, the newest first.
pub(crate) fn versions(
    db: &Connection,
    project: ProjectId,
    survey: &str,
) -> Result<Vec<VersionRow>, Fault> {
    let mut select = db.prepare_cached(
        "SELECT version, published_ms, definition, credential, author, restored, source
         FROM survey
         WHERE project = ?1 AND id = ?2 ORDER BY version DESC",
    )?;
    let mut rows = select.query(params![project.0, survey])?;
    let mut versions = Vec::new();
    while let Some(row) = rows.next()? {
        let one = published_from_row(row)?;
        let credential: Option<String> = row.get(3)?;
        let author: Option<String> = row.get(4)?;
        let credential = credential.and_then(|name| Credential::from_name(&name));
        versions.push(VersionRow {
            version: one.version,
            published_ms: one.published_ms,
            by: credential.zip(author),
            restored: row.get(5)?,
            source: row.get(6)?,
            survey: one.survey,
        });
    }
    Ok(versions)
}

/// What is kept of how a version was made.
#[derive(Clone, Copy, Default)]
pub(crate) struct Made<'a> {
    /// By what, and by whom.
    pub(crate) by: Option<(Credential, &'a str)>,
    /// The version that it says the same as.
    pub(crate) restored: Option<u32>,
    /// The definition as it was typed.
    pub(crate) source: Option<&'a str>,
}

/// Makes a survey the next version of its id, unless it is what the newest says already.
pub(crate) fn publish(
    db: &Connection,
    project: ProjectId,
    survey: &Survey,
    now_ms: u64,
    made: Made<'_>,
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
        "INSERT INTO survey (
            project, id, version, published_ms, definition, credential, author, restored, source
        ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        project.0,
        survey.id,
        version,
        int_from_u64(now_ms),
        definition,
        made.by.map(|(credential, _)| credential.as_str()),
        made.by.map(|(_, name)| name),
        made.restored,
        made.source,
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
