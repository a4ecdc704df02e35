//! Turns another value of one field into rows that have it, and lines that say so.

use rusqlite::{Connection, OptionalExtension, params};
use store::ProjectId;

use crate::fault::Fault;

/// What of a response's state can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Status,
    Assignee,
    Snooze,
    Archived,
    DuplicateOf,
    Tag,
}

impl Field {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Assignee => "assignee",
            Self::Snooze => "snooze",
            Self::Archived => "archived",
            Self::DuplicateOf => "duplicate_of",
            Self::Tag => "tag",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [
            Self::Status,
            Self::Assignee,
            Self::Snooze,
            Self::Archived,
            Self::DuplicateOf,
            Self::Tag,
        ]
        .into_iter()
        .find(|field| field.as_str() == name)
    }

    /// What it is, as text. `?6` is the name of a tag, `?7` the project.
    const fn current(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Assignee => "(SELECT email FROM person WHERE person.id = assignee)",
            Self::Snooze => "CAST(snooze_until_ms AS TEXT)",
            Self::Archived => "CASE WHEN hidden & 2 THEN '1' END",
            Self::DuplicateOf => "CAST(duplicate_of AS TEXT)",
            Self::Tag => {
                "(SELECT ?6 FROM response_tag JOIN tag ON tag.number = response_tag.tag
                  WHERE response_tag.response = response.number
                      AND tag.project = ?7 AND tag.name = ?6)"
            }
        }
    }

    /// What makes it the text `?1`.
    const fn set(self) -> &'static str {
        match self {
            Self::Status => "status = ?1, hidden = (hidden & ~1) | (?1 = 'spam'),",
            Self::Assignee => "assignee = (SELECT id FROM person WHERE email = ?1),",
            Self::Snooze => "snooze_until_ms = CAST(?1 AS INTEGER),",
            Self::Archived => "hidden = (hidden & ~2) | iif(?1 IS NULL, 0, 2),",
            // The number of one that is gone is never given again.
            Self::DuplicateOf => {
                "duplicate_of = (
                     SELECT number FROM response AS original
                     WHERE original.number = CAST(?1 AS INTEGER)
                 ),"
            }
            // In another table; `?1` has to be somewhere.
            Self::Tag => "status = iif(?1 IS NULL, status, status),",
        }
    }
}

/// Another value of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) field: Field,
    /// Name of a tag; otherwise empty.
    pub(super) subject: String,
    /// Absent for nothing.
    pub(super) value: Option<String>,
}

impl Edit {
    pub(super) fn new(field: Field, value: Option<String>) -> Self {
        Self {
            field,
            subject: String::new(),
            value,
        }
    }

    pub(super) fn tag(name: &str, has: bool) -> Self {
        Self {
            field: Field::Tag,
            subject: name.to_owned(),
            value: has.then(|| name.to_owned()),
        }
    }
}

/// Gives those that are chosen another value: those that have another one, and, where it says so, those
/// that still have the value `only`.
pub(super) fn apply(
    db: &Connection,
    project: ProjectId,
    step: i64,
    edit: &Edit,
    only: Option<&Option<String>>,
) -> Result<(), Fault> {
    let current = edit.field.current();
    let noted = format!(
        "INSERT INTO triage_change (response, step, field, subject, before, after)
         SELECT number, ?1, ?2, ?6, {current}, ?3 FROM response
         WHERE number IN (SELECT number FROM chosen) AND ?7 = project
             AND {current} IS NOT ?3 AND (NOT ?4 OR {current} IS ?5)"
    );
    let field = edit.field.as_str();
    db.prepare_cached(&noted)?.execute(params![
        step,
        field,
        edit.value,
        only.is_some(),
        only.cloned().flatten(),
        edit.subject,
        project.0,
    ])?;
    if edit.field == Field::Tag {
        set_tag(db, project, step, edit)?;
    }
    let set = format!(
        "UPDATE response SET {} rev = rev + 1
         WHERE number IN (SELECT number FROM chosen)
             AND EXISTS (
                 SELECT 1 FROM triage_change
                 WHERE response = response.number AND step = ?2 AND field = ?3 AND subject = ?4
             )",
        edit.field.set()
    );
    db.prepare_cached(&set)?
        .execute(params![edit.value, step, field, edit.subject])?;
    Ok(())
}

/// Gives or takes a tag; one that is not there is made when it is given.
fn set_tag(db: &Connection, project: ProjectId, step: i64, edit: &Edit) -> Result<(), Fault> {
    let name = &edit.subject;
    let find = "SELECT number FROM tag WHERE project = ?1 AND name = ?2";
    let known: Option<i64> = db
        .prepare_cached(find)?
        .query_row(params![project.0, name], |row| row.get(0))
        .optional()?;
    let sql = match edit.value {
        Some(_) => {
            "INSERT OR IGNORE INTO response_tag (response, tag)
             SELECT response, ?1 FROM triage_change
             WHERE step = ?2 AND field = 'tag' AND subject = ?3
                 AND response IN (SELECT number FROM chosen)"
        }
        None => {
            "DELETE FROM response_tag WHERE tag = ?1 AND response IN (
                 SELECT response FROM triage_change
                 WHERE step = ?2 AND field = 'tag' AND subject = ?3
                     AND response IN (SELECT number FROM chosen)
             )"
        }
    };
    let tag = match (known, &edit.value) {
        (Some(tag), _) => tag,
        (None, None) => return Ok(()),
        (None, Some(_)) => {
            let make = "INSERT INTO tag (project, name, created_ms)
                        SELECT ?1, ?2, at_ms FROM triage_step WHERE number = ?3";
            db.prepare_cached(make)?
                .execute(params![project.0, name, step])?;
            db.last_insert_rowid()
        }
    };
    db.prepare_cached(sql)?.execute(params![tag, step, name])?;
    Ok(())
}
