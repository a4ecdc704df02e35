//! Turns the rows of one response, and of what was done about it, into the whole of it.

use protocol::id::ResponseId;
use protocol::query::inbox::{Answered, ChangeLine, Detail, Score};
use rusqlite::types::Value;
use rusqlite::{Connection, params};
use store::{NewAnswer, NewValue, ProjectId};
use uuid::Uuid;

use super::clause::Clause;
use super::{list, notes, similar};
use crate::convert::{name_of_reaction, name_of_scale, u64_at};
use crate::fault::Fault;
use crate::response::read_response;

const CHANGES: &str = include_str!("../sql/inbox_changes.sql");

pub(super) fn read(
    db: &Connection,
    project: ProjectId,
    id: ResponseId,
) -> Result<Option<Detail>, Fault> {
    let mut clause = Clause::of(project);
    clause.and("response.id = ?", [Value::from(id.0.as_bytes().to_vec())]);
    let Some((number, item)) = list::one(db, &clause)? else {
        return Ok(None);
    };
    let Some(kept) = read_response(db, project, id)? else {
        return Ok(None);
    };
    let (row, missing) = (kept.row, kept.missing);
    let mut attachments = row.attachments;
    attachments.retain(|image| !missing.contains(image));
    let respondent = row.respondent.unwrap_or_default();
    Ok(Some(Detail {
        item,
        version: row.survey.version,
        revision: row.revision,
        complete: row.complete,
        answers: row.answers.into_iter().map(answered).collect(),
        install: kept.install,
        verified: respondent.verified,
        traits: respondent.traits,
        context: row.context,
        latency: row.latency,
        attachments,
        missing,
        changes: changes(db, number)?,
        notes: notes::of(db, number)?,
        others: others(db, number)?,
        similar: similar::to(db, project, number)?,
    }))
}

/// How many others came from the same browser profile, or the same person elsewhere.
fn others(db: &Connection, number: i64) -> Result<u64, Fault> {
    let sql = "SELECT (
            SELECT COUNT(*) FROM response
            WHERE response.project = this.project AND response.install = this.install
                AND response.number <> this.number
        ) + (
            SELECT COUNT(*) FROM response
            WHERE response.project = this.project AND response.respondent <> ''
                AND response.respondent = this.respondent AND response.install <> this.install
        )
        FROM response AS this WHERE number = ?1";
    Ok(db
        .prepare_cached(sql)?
        .query_row([number], |row| u64_at(row, 0))?)
}

fn answered(answer: NewAnswer) -> Answered {
    let mut told = Answered {
        question: answer.question,
        prompt: answer.prompt,
        off_path: answer.off_path,
        ..Answered::default()
    };
    let kind = match answer.value {
        NewValue::Score { scale, points } => {
            let (name, top) = name_of_scale(scale);
            let scale = name.to_owned();
            told.score = Some(Score { scale, points, top });
            name
        }
        NewValue::Text(text) => {
            told.text = Some(text);
            "text"
        }
        NewValue::Choice { options, other } => {
            told.options = options.into_iter().map(|option| option.label).collect();
            told.text = other;
            "choice"
        }
        NewValue::Consent => "consent",
        NewValue::Reaction(reaction) => {
            told.reaction = Some(name_of_reaction(reaction).to_owned());
            "reaction"
        }
        NewValue::Skipped => "skipped",
    };
    kind.clone_into(&mut told.kind);
    told
}

fn changes(db: &Connection, number: i64) -> Result<Vec<ChangeLine>, Fault> {
    let mut select = db.prepare_cached(CHANGES)?;
    let rows = select.query_map(params![number], |row| {
        let field: String = row.get(3)?;
        let value = |column: usize| -> rusqlite::Result<Option<String>> {
            let value: Option<String> = row.get(column)?;
            let id: Option<[u8; 16]> = row.get(column + 2)?;
            Ok(match &*field {
                "duplicate_of" => id.map(|id| Uuid::from_bytes(id).to_string()),
                _ => value,
            })
        };
        Ok(ChangeLine {
            step: u64_at(row, 0)?,
            at_ms: u64_at(row, 1)?,
            actor: row.get(2)?,
            from: value(4)?,
            to: value(5)?,
            field,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
