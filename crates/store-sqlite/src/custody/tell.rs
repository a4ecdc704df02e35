//! Turns rows about somebody into names and values that they can read.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Params, params};
use store::{HeldKey, HeldKind, HeldRow, HeldValue, ProjectId};
use uuid::Uuid;

use super::take::row_of;
use crate::fault::Fault;

const ITEM: &str =
    "SELECT id, type, seq, at_ms, sent_wall_ms, age_ms, clock_offset_ms, received_ms,
        install, session, boot, sdk, line
    FROM item WHERE project = ?1 AND row = ?2";

const CONFLICT: &str = "SELECT id, received_ms, install, line
    FROM conflict WHERE project = ?1 AND id = ?2 AND body_hash = ?3";

// Not every line that was refused is JSON.
const LETTER: &str =
    "SELECT received_ms, install, site_key, reason, message, header AS refused_header,
        line AS refused_line
    FROM letter WHERE project = ?1 AND number = ?2";

const LOSS: &str = "SELECT envelope, reason, count, install, received_ms
    FROM loss WHERE project = ?1 AND envelope = ?2 AND reason = ?3";

const RESPONSE: &str = "SELECT id, install, at_ms, survey, version, feedback, revision, complete,
        page_url, language, respondent, respondent_verified, respondent_traits, context, latency, (
            SELECT json_group_array(json_object(
                'question', question, 'prompt', prompt, 'kind', kind, 'off_path', off_path,
                'score', score, 'top', top, 'text', text, 'reaction', reaction, 'options', (
                    SELECT json_group_array(json_object('id', option, 'label', label) ORDER BY nth)
                    FROM answer_option AS chosen
                    WHERE chosen.project = answer.project AND chosen.response = answer.response
                        AND chosen.position = answer.position
                )
            ) ORDER BY position)
            FROM answer WHERE answer.project = response.project AND answer.response = response.id
        ) AS answers, browser, hidden, status, (
            SELECT json_group_array(tag.name ORDER BY tag.name)
            FROM response_tag JOIN tag ON tag.number = response_tag.tag
            WHERE response_tag.response = response.number
        ) AS tags, (
            SELECT json_group_array(json_object('at_ms', at_ms, 'text', text) ORDER BY number)
            FROM note WHERE note.response = response.number
        ) AS notes
    FROM response WHERE project = ?1 AND id = ?2";

const ATTACHMENT: &str = "SELECT id, mime, bytes, sha256, sent_sha256, created_ms, path
    FROM attachment WHERE project = ?1 AND id = ?2";

/// Columns whose text is JSON.
const JSON: [&str; 7] = [
    "line",
    "respondent_traits",
    "context",
    "latency",
    "answers",
    "tags",
    "notes",
];

pub(super) fn rows(
    db: &Connection,
    project: ProjectId,
    keys: &[HeldKey],
) -> Result<Vec<HeldRow>, Fault> {
    let mut told = Vec::with_capacity(keys.len());
    for HeldKey { kind, key } in keys {
        let fields = match kind {
            HeldKind::Item => fields(db, ITEM, params![project.0, row_of(key)]),
            HeldKind::Conflict => {
                let (id, body_hash) = key.split_at_checked(16).unwrap_or_default();
                fields(db, CONFLICT, params![project.0, id, body_hash])
            }
            HeldKind::Letter => fields(db, LETTER, params![project.0, row_of(key)]),
            HeldKind::Loss => {
                let (envelope, reason) = key.split_at_checked(16).unwrap_or_default();
                let reason = String::from_utf8_lossy(reason);
                fields(db, LOSS, params![project.0, envelope, reason])
            }
            HeldKind::Response => fields(db, RESPONSE, params![project.0, key]),
            HeldKind::Attachment => fields(db, ATTACHMENT, params![project.0, key]),
        }?;
        told.extend(fields.map(|fields| HeldRow {
            kind: *kind,
            fields,
        }));
    }
    Ok(told)
}

/// The columns of the one row that a statement finds.
fn fields(
    db: &Connection,
    sql: &str,
    which: impl Params,
) -> Result<Option<Vec<(String, HeldValue)>>, Fault> {
    let mut select = db.prepare_cached(sql)?;
    let names: Vec<String> = select.column_names().map(String::from).collect();
    let mut rows = select.query(which)?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let mut fields = Vec::with_capacity(names.len());
    for (nth, name) in names.into_iter().enumerate() {
        if let Some(value) = value(&name, row.get_ref(nth)?) {
            fields.push((name, value));
        }
    }
    Ok(Some(fields))
}

fn value(name: &str, column: ValueRef<'_>) -> Option<HeldValue> {
    match column {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(HeldValue::Number(number)),
        ValueRef::Real(number) => Some(HeldValue::Text(number.to_string())),
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text).into_owned();
            Some(if JSON.contains(&name) {
                HeldValue::Json(text)
            } else {
                HeldValue::Text(text)
            })
        }
        ValueRef::Blob(bytes) => Some(HeldValue::Text(match Uuid::from_slice(bytes) {
            Ok(id) => id.to_string(),
            Err(_) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        })),
    }
}
