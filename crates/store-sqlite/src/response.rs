//! Turns the rows of one response back into the whole of it.

use protocol::id::{AttachmentId, InstallId, ResponseId};
use protocol::item::SurveyRef;
use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{
    KeptResponse, NewAnswer, NewOption, NewValue, ProjectId, Respondent, ResponseRow, StoreError,
};

use crate::convert::{latency_at, reaction_from_name, score_from, texts_at, u64_at, uuid_at};
use crate::fault::Fault;

pub(crate) fn read_response(
    db: &Connection,
    project: ProjectId,
    id: ResponseId,
) -> Result<Option<KeptResponse>, Fault> {
    let found = db
        .prepare_cached(
            "SELECT install, at_ms, survey, version, feedback, revision, complete, page_url,
                    language, respondent, respondent_verified, respondent_traits, context, latency
             FROM response WHERE project = ?1 AND id = ?2",
        )?
        .query_row(params![project.0, id.0.as_bytes()], |row| {
            kept_from_row(row, id)
        })
        .optional()?;
    let Some(mut kept) = found else {
        return Ok(None);
    };
    kept.row.answers = answers_of(db, project, id)?;
    for (attachment, is_there) in attachments_of(db, project, id)? {
        kept.row.attachments.push(attachment);
        if !is_there {
            kept.missing.push(attachment);
        }
    }
    Ok(Some(kept))
}

/// A response without its answers and images.
fn kept_from_row(row: &Row<'_>, response: ResponseId) -> rusqlite::Result<KeptResponse> {
    let respondent: Option<String> = row.get(9)?;
    let respondent = match respondent {
        Some(id) => Some(Respondent {
            id,
            verified: row.get(10)?,
            traits: texts_at(row, 11)?,
        }),
        None => None,
    };
    Ok(KeptResponse {
        install: InstallId(uuid_at(row, 0)?),
        at_ms: u64_at(row, 1)?,
        row: ResponseRow {
            survey: SurveyRef {
                id: row.get(2)?,
                version: row.get(3)?,
            },
            feedback: row.get(4)?,
            response,
            revision: row.get(5)?,
            complete: row.get(6)?,
            answers: Vec::new(),
            page_url: row.get(7)?,
            language: row.get(8)?,
            respondent,
            attachments: Vec::new(),
            context: texts_at(row, 12)?,
            latency: latency_at(row, 13)?,
        },
        missing: Vec::new(),
    })
}

fn answers_of(
    db: &Connection,
    project: ProjectId,
    response: ResponseId,
) -> Result<Vec<NewAnswer>, Fault> {
    let mut select = db.prepare_cached(
        "SELECT position, question, prompt, off_path, kind, score, top, text, reaction
         FROM answer WHERE project = ?1 AND response = ?2 ORDER BY position",
    )?;
    let mut rows = select.query(params![project.0, response.0.as_bytes()])?;
    let mut answers = Vec::new();
    while let Some(row) = rows.next()? {
        let options = options_of(db, project, response, row.get(0)?)?;
        answers.push(NewAnswer {
            question: row.get(1)?,
            prompt: row.get(2)?,
            off_path: row.get(3)?,
            value: value_from_row(row, options)?,
        });
    }
    Ok(answers)
}

fn value_from_row(row: &Row<'_>, options: Vec<NewOption>) -> Result<NewValue, Fault> {
    let kind: String = row.get(4)?;
    let text: Option<String> = row.get(7)?;
    let reaction: Option<String> = row.get(8)?;
    let value = match kind.as_str() {
        "text" => text.map(NewValue::Text),
        "choice" => Some(NewValue::Choice {
            options,
            other: text,
        }),
        "consent" => Some(NewValue::Consent),
        "reaction" => reaction
            .and_then(|name| reaction_from_name(&name))
            .map(NewValue::Reaction),
        "skipped" => Some(NewValue::Skipped),
        scale => score_from(scale, row.get(5)?, row.get(6)?),
    };
    value.ok_or_else(|| {
        Fault::Rule(StoreError::Unreadable {
            what: "an answer",
            source: format!("there is no answer of the kind {kind:?}").into(),
        })
    })
}

fn options_of(
    db: &Connection,
    project: ProjectId,
    response: ResponseId,
    position: u32,
) -> rusqlite::Result<Vec<NewOption>> {
    let mut select = db.prepare_cached(
        "SELECT option, label FROM answer_option
         WHERE project = ?1 AND response = ?2 AND position = ?3 ORDER BY nth",
    )?;
    let which = params![project.0, response.0.as_bytes(), position];
    let rows = select.query_map(which, |row| {
        Ok(NewOption {
            id: row.get(0)?,
            label: row.get(1)?,
        })
    })?;
    rows.collect()
}

/// The images that a response names, each with whether it is there.
fn attachments_of(
    db: &Connection,
    project: ProjectId,
    response: ResponseId,
) -> rusqlite::Result<Vec<(AttachmentId, bool)>> {
    let mut select = db.prepare_cached(
        "SELECT attachment, EXISTS (
             SELECT 1 FROM attachment
             WHERE attachment.id = named.attachment AND attachment.project = named.project
         )
         FROM response_attachment AS named
         WHERE project = ?1 AND response = ?2 ORDER BY nth",
    )?;
    let rows = select.query_map(params![project.0, response.0.as_bytes()], |row| {
        Ok((AttachmentId(uuid_at(row, 0)?), row.get(1)?))
    })?;
    rows.collect()
}
