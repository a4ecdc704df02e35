//! Turns a change that somebody asks for into another state of responses, and back.
//!
//! Which responses are meant is written into a temporary table first; everything after that is a
//! statement for all of them.

mod field;

use protocol::id::ResponseId;
use protocol::query::inbox::Change;
use protocol::query::view::Status;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use store::{AuditEntry, InboxStep, Meant, ProjectId, Stepped};

use self::field::{Edit, Field, apply};
use super::clause::Clause;
use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;
use crate::guards::audit;

/// Responses that one step changes at most. Others who write wait for it: measured, two seconds.
pub(super) const AT_MOST: u64 = 100_000;

pub(super) fn change(db: &Connection, step: &InboxStep) -> Result<Stepped, Fault> {
    let project = step.entry.project;
    let matched = choose(db, project, &step.meant)?;
    if matched > AT_MOST {
        return Ok(Stepped::TooMany { at_most: AT_MOST });
    }
    if step.expect.is_some_and(|expected| expected != matched) {
        return Ok(Stepped::Other { matched });
    }
    if let Some(rev) = step.rev {
        let other = "SELECT 1 FROM chosen JOIN response USING (number) WHERE rev <> ?1";
        if db.prepare_cached(other)?.exists([rev])? {
            return Ok(Stepped::Faster);
        }
    }
    let Some(edits) = edits(db, project, &step.change)? else {
        return Ok(Stepped::Missing);
    };
    let number = begin(db, &step.entry)?;
    for edit in &edits {
        apply(db, project, number, edit, None)?;
    }
    end(db, number, matched, &step.entry)
}

pub(super) fn undo(db: &Connection, step: u64, entry: &AuditEntry) -> Result<Stepped, Fault> {
    let (project, undone) = (entry.project, int_from_u64(step));
    let known = "SELECT 1 FROM triage_step WHERE number = ?1 AND project = ?2";
    if !db
        .prepare_cached(known)?
        .exists(params![undone, project.0])?
    {
        return Ok(Stepped::Missing);
    }
    let groups = db
        .prepare_cached(
            "SELECT DISTINCT field, subject, before, after FROM triage_change WHERE step = ?1",
        )?
        .query_map([undone], |row| {
            let field: String = row.get(0)?;
            let back = Edit {
                // The column takes no other word.
                field: Field::from_name(&field).unwrap_or(Field::Status),
                subject: row.get(1)?,
                value: row.get(2)?,
            };
            Ok((back, row.get(3)?))
        })?
        .collect::<Result<Vec<(Edit, Option<String>)>, _>>()?;
    let number = begin(db, entry)?;
    for (back, after) in &groups {
        empty(db)?;
        db.prepare_cached(
            "INSERT INTO chosen (number) SELECT response FROM triage_change
             WHERE step = ?1 AND field = ?2 AND subject = ?3 AND before IS ?4 AND after IS ?5",
        )?
        .execute(params![
            undone,
            back.field.as_str(),
            back.subject,
            back.value,
            after
        ])?;
        apply(db, project, number, back, Some(after))?;
    }
    let matched = changed_by(db, undone)?;
    end(db, number, matched, entry)
}

/// Begins a step, which is told with every change that it makes.
fn begin(db: &Connection, entry: &AuditEntry) -> Result<i64, Fault> {
    db.prepare_cached("INSERT INTO triage_step (project, at_ms, actor) VALUES (?1, ?2, ?3)")?
        .execute(params![
            entry.project.0,
            int_from_u64(entry.at_ms),
            entry.actor
        ])?;
    Ok(db.last_insert_rowid())
}

/// Tells the audit log, unless nothing has changed.
fn end(db: &Connection, step: i64, matched: u64, entry: &AuditEntry) -> Result<Stepped, Fault> {
    let changed = changed_by(db, step)?;
    if changed == 0 {
        let sql = "DELETE FROM triage_step WHERE number = ?1";
        db.prepare_cached(sql)?.execute([step])?;
        return Ok(Stepped::Done {
            matched,
            changed,
            step: None,
        });
    }
    let mut entry = entry.clone();
    let between = if entry.detail.is_empty() { "" } else { ", " };
    entry
        .detail
        .push_str(&format!("{between}{changed} changed"));
    audit::add(db, &entry)?;
    Ok(Stepped::Done {
        matched,
        changed,
        step: u64::try_from(step).ok(),
    })
}

fn changed_by(db: &Connection, step: i64) -> Result<u64, Fault> {
    let sql = "SELECT COUNT(DISTINCT response) FROM triage_change WHERE step = ?1";
    Ok(db
        .prepare_cached(sql)?
        .query_row([step], |row| u64_at(row, 0))?)
}

fn empty(db: &Connection) -> Result<(), Fault> {
    db.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS chosen (number INTEGER PRIMARY KEY) STRICT;
         DELETE FROM chosen;",
    )?;
    Ok(())
}

/// Writes down which responses are meant, and answers how many; with more than one step can change, one
/// more than that.
fn choose(db: &Connection, project: ProjectId, meant: &Meant) -> Result<u64, Fault> {
    empty(db)?;
    match meant {
        Meant::Ids(ids) => {
            let mut insert = db.prepare_cached(
                "INSERT OR IGNORE INTO chosen (number)
                 SELECT number FROM response WHERE project = ?1 AND id = ?2",
            )?;
            for id in ids {
                insert.execute(params![project.0, id.0.as_bytes()])?;
            }
        }
        Meant::All(filter) => {
            let clause = Clause::of_filter(filter);
            let sql = format!(
                "INSERT INTO chosen (number) SELECT number FROM response WHERE {} LIMIT {}",
                clause.sql(),
                AT_MOST + 1
            );
            db.prepare_cached(&sql)?
                .execute(params_from_iter(clause.values))?;
        }
    }
    let count = "SELECT COUNT(*) FROM chosen";
    Ok(db
        .prepare_cached(count)?
        .query_row([], |row| u64_at(row, 0))?)
}

/// What a change is made of; nothing when it names what is not there.
fn edits(db: &Connection, project: ProjectId, change: &Change) -> Result<Option<Vec<Edit>>, Fault> {
    let one = |field, value| Some(vec![Edit::new(field, value)]);
    Ok(match change {
        Change::Status(status) => one(Field::Status, Some(status.as_str().to_owned())),
        Change::Assignee(None) => one(Field::Assignee, None),
        Change::Assignee(Some(email)) => {
            let email = email.to_lowercase();
            let known = "SELECT 1 FROM person WHERE project = ?1 AND email = ?2";
            let is_known = db
                .prepare_cached(known)?
                .exists(params![project.0, email])?;
            if is_known {
                one(Field::Assignee, Some(email))
            } else {
                None
            }
        }
        Change::Snooze(until) => {
            let until = until.map(|until| int_from_u64(until).to_string());
            one(Field::Snooze, until)
        }
        Change::Archived(is) => one(Field::Archived, is.then(|| String::from("1"))),
        Change::DuplicateOf(original) => {
            let Some(number) = number_of(db, project, *original)? else {
                return Ok(None);
            };
            // Nothing is its own duplicate.
            db.prepare_cached("DELETE FROM chosen WHERE number = ?1")?
                .execute([number])?;
            let status = Status::Duplicate.as_str().to_owned();
            Some(vec![
                Edit::new(Field::DuplicateOf, Some(number.to_string())),
                Edit::new(Field::Status, Some(status)),
            ])
        }
        Change::AddTag(name) => Some(vec![Edit::tag(name, true)]),
        Change::RemoveTag(name) => Some(vec![Edit::tag(name, false)]),
    })
}

fn number_of(db: &Connection, project: ProjectId, id: ResponseId) -> Result<Option<i64>, Fault> {
    let sql = "SELECT number FROM response WHERE project = ?1 AND id = ?2";
    let mut select = db.prepare_cached(sql)?;
    let found = select.query_row(params![project.0, id.0.as_bytes()], |row| row.get(0));
    Ok(found.optional()?)
}
