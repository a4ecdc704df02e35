//! Turns what is being written into rows that know what they went on from.

use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{AuditEntry, Authored, DraftRow, NewDraftRow, ProjectId};

use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;
use crate::guards::audit;
use crate::surveys::newest_version;

/// Between two lines of the audit log about one draft by one person.
const QUIET_MS: u64 = 60 * 60 * 1000;

const SELECT: &str =
    "SELECT survey, text, name, feedback, errors, rev, base, saved_ms, author, noted_ms
    FROM survey_draft WHERE project = ?1";

fn draft_from_row(row: &Row<'_>) -> rusqlite::Result<DraftRow> {
    Ok(DraftRow {
        survey: row.get(0)?,
        text: row.get(1)?,
        name: row.get(2)?,
        feedback: row.get(3)?,
        errors: row.get(4)?,
        rev: u64_at(row, 5)?,
        base: row.get(6)?,
        saved_ms: u64_at(row, 7)?,
        author: row.get(8)?,
    })
}

pub(super) fn all(db: &Connection, project: ProjectId) -> Result<Vec<DraftRow>, Fault> {
    let mut select = db.prepare_cached(&format!("{SELECT} ORDER BY survey"))?;
    let rows = select.query_map([project.0], draft_from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn one(
    db: &Connection,
    project: ProjectId,
    survey: &str,
) -> Result<Option<DraftRow>, Fault> {
    Ok(noted(db, project, survey)?.map(|(draft, _)| draft))
}

/// The draft, and when the audit log was last told of it.
fn noted(
    db: &Connection,
    project: ProjectId,
    survey: &str,
) -> Result<Option<(DraftRow, u64)>, Fault> {
    let mut select = db.prepare_cached(&format!("{SELECT} AND survey = ?2"))?;
    let found = select.query_row(params![project.0, survey], |row| {
        Ok((draft_from_row(row)?, u64_at(row, 9)?))
    });
    Ok(found.optional()?)
}

pub(super) fn save(db: &Connection, new: NewDraftRow) -> Result<Authored<DraftRow>, Fault> {
    let entry = new.entry;
    let (project, now_ms) = (entry.project, entry.at_ms);
    let before = noted(db, project, &new.survey)?;
    let rev = before.as_ref().map_or(0, |(draft, _)| draft.rev);
    if rev != new.rev {
        return Ok(Authored::Clash);
    }
    let newest = newest_version(db, project, &new.survey)?;
    // Nobody knows less than whoever they go on from, and nobody what is not there.
    let base = match (&before, new.base) {
        (Some((draft, _)), known) => draft.base.max(known.unwrap_or(0)),
        (None, known) => known.unwrap_or(newest),
    };
    let noted_ms = before.and_then(|(draft, noted_ms)| {
        let is_news = draft.author != entry.actor || now_ms >= noted_ms + QUIET_MS;
        (!is_news).then_some(noted_ms)
    });
    if noted_ms.is_none() {
        audit::add(db, &entry)?;
    }
    let draft = DraftRow {
        survey: new.survey,
        text: new.text,
        name: new.name,
        feedback: new.feedback,
        errors: new.errors,
        // Above every number that a draft of this survey had before, for as long as clocks go forward.
        rev: now_ms.max(rev + 1),
        base: base.min(newest),
        saved_ms: now_ms,
        author: entry.actor,
    };
    write(db, project, &draft, noted_ms.unwrap_or(now_ms))?;
    Ok(Authored::Done(draft))
}

fn write(
    db: &Connection,
    project: ProjectId,
    draft: &DraftRow,
    noted_ms: u64,
) -> Result<(), Fault> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO survey_draft (
            project, survey, text, name, feedback, errors, rev, base, saved_ms, author, noted_ms
        ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        project.0,
        draft.survey,
        draft.text,
        draft.name,
        draft.feedback,
        draft.errors,
        int_from_u64(draft.rev),
        draft.base,
        int_from_u64(draft.saved_ms),
        draft.author,
        int_from_u64(noted_ms),
    ])?;
    Ok(())
}

pub(super) fn forget(
    db: &Connection,
    survey: &str,
    rev: u64,
    entry: &AuditEntry,
) -> Result<Authored<()>, Fault> {
    let Some(draft) = one(db, entry.project, survey)? else {
        return Ok(Authored::Missing);
    };
    if draft.rev != rev {
        return Ok(Authored::Clash);
    }
    take(db, entry.project, survey)?;
    audit::add(db, entry)?;
    Ok(Authored::Done(()))
}

/// Takes a draft away, whatever its state.
pub(super) fn take(db: &Connection, project: ProjectId, survey: &str) -> Result<(), Fault> {
    let sql = "DELETE FROM survey_draft WHERE project = ?1 AND survey = ?2";
    db.prepare_cached(sql)?
        .execute(params![project.0, survey])?;
    Ok(())
}
