//! Turns people, their roles, links and sessions into rows, and back.

use protocol::query::access::Role;
use rusqlite::{Connection, OptionalExtension, params};
use store::{
    AuditEntry, Changed, ConsoleSession, Member, PasswordLink, Person, PersonId, ProjectId,
    StoreError, TokenHash,
};

use super::audit;
use crate::convert::{int_from_u64, role_at, u64_at};
use crate::directory::person_from_row;
use crate::fault::Fault;

pub(super) fn list(db: &Connection, project: ProjectId) -> Result<Vec<Member>, Fault> {
    let mut select = db.prepare_cached(
        "SELECT id, email, role, created_ms, password_hash <> '' FROM person
         WHERE project = ?1 ORDER BY email",
    )?;
    let rows = select.query_map([project.0], |row| {
        Ok(Member {
            id: PersonId(row.get(0)?),
            email: row.get(1)?,
            role: role_at(row, 2)?,
            created_ms: u64_at(row, 3)?,
            has_password: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds somebody who has no password, at the time and in the project of `entry`; `false` where the address is
/// taken.
pub(crate) fn add(
    db: &Connection,
    entry: &AuditEntry,
    email: &str,
    role: Role,
) -> Result<bool, Fault> {
    let made = db
        .prepare_cached(
            "INSERT INTO person (project, email, password_hash, created_ms, role)
             VALUES (?1, ?2, '', ?3, ?4) ON CONFLICT (email) DO NOTHING",
        )?
        .execute(params![
            entry.project.0,
            email,
            int_from_u64(entry.at_ms),
            role.as_str()
        ])?;
    Ok(made > 0)
}

pub(super) fn invite(
    db: &Connection,
    email: &str,
    role: Role,
    link: PasswordLink,
    entry: &AuditEntry,
) -> Result<PersonId, Fault> {
    if !add(db, entry, email, role)? {
        let what = "e-mail address";
        return Err(StoreError::Taken { what }.into());
    }
    let person = PersonId(db.last_insert_rowid());
    put_link(db, person, link)?;
    audit::add(db, entry)?;
    Ok(person)
}

pub(super) fn change_role(
    db: &Connection,
    person: PersonId,
    role: Role,
    entry: &AuditEntry,
) -> Result<Changed, Fault> {
    let change = || {
        db.prepare_cached("UPDATE person SET role = ?2 WHERE id = ?1")?
            .execute(params![person.0, role.as_str()])?;
        end_sessions(db, person)
    };
    unless_last(db, person, role < Role::Admin, entry, change)
}

pub(super) fn remove(
    db: &Connection,
    person: PersonId,
    entry: &AuditEntry,
) -> Result<Changed, Fault> {
    // Sessions and link go with the row.
    let change = || {
        db.prepare_cached("DELETE FROM person WHERE id = ?1")?
            .execute([person.0])?;
        Ok(())
    };
    unless_last(db, person, true, entry, change)
}

pub(super) fn relink(
    db: &Connection,
    person: PersonId,
    link: PasswordLink,
    entry: &AuditEntry,
) -> Result<Changed, Fault> {
    unless_last(db, person, false, entry, || put_link(db, person, link))
}

/// Makes a change of a person of the entry's project and adds the entry, unless there is no such
/// person, or they are the last admin and would be one no more.
fn unless_last(
    db: &Connection,
    person: PersonId,
    is_admin_no_more: bool,
    entry: &AuditEntry,
    change: impl FnOnce() -> Result<(), Fault>,
) -> Result<Changed, Fault> {
    let found: Option<bool> = db
        .prepare_cached(
            "SELECT role = 'admin' AND password_hash <> '' FROM person
             WHERE id = ?1 AND project = ?2",
        )?
        .query_row(params![person.0, entry.project.0], |row| row.get(0))
        .optional()?;
    match found {
        None => return Ok(Changed::Missing),
        Some(true) if is_admin_no_more && !has_other_admin(db, person, entry.project)? => {
            return Ok(Changed::LastAdmin);
        }
        Some(_) => {}
    }
    change()?;
    audit::add(db, entry)?;
    Ok(Changed::Done)
}

/// Whether somebody else can sign in and decide.
fn has_other_admin(db: &Connection, but: PersonId, project: ProjectId) -> Result<bool, Fault> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM person WHERE project = ?1 AND id <> ?2
                 AND role = 'admin' AND password_hash <> '')",
        )?
        .query_row(params![project.0, but.0], |row| row.get(0))?)
}

fn put_link(db: &Connection, person: PersonId, link: PasswordLink) -> Result<(), Fault> {
    db.prepare_cached(
        "INSERT INTO password_link (person, token_hash, expires_ms) VALUES (?1, ?2, ?3)
         ON CONFLICT (person) DO UPDATE
         SET token_hash = excluded.token_hash, expires_ms = excluded.expires_ms",
    )?
    .execute(params![
        person.0,
        link.token.0,
        int_from_u64(link.expires_ms)
    ])?;
    Ok(())
}

pub(super) fn linked(
    db: &Connection,
    token: TokenHash,
    now_ms: u64,
) -> Result<Option<Person>, Fault> {
    Ok(db
        .prepare_cached(
            "SELECT person.id, project, email, password_hash, role
             FROM password_link JOIN person ON person.id = password_link.person
             WHERE token_hash = ?1 AND expires_ms > ?2",
        )?
        .query_row(params![token.0, int_from_u64(now_ms)], |row| {
            person_from_row(row, 0)
        })
        .optional()?)
}

pub(super) fn use_link(
    db: &Connection,
    token: TokenHash,
    password_hash: &str,
    entry: &AuditEntry,
) -> Result<bool, Fault> {
    // Read again: of two who come with one link, one is too late.
    let Some(person) = linked(db, token, entry.at_ms)? else {
        return Ok(false);
    };
    set_password(db, person.id, password_hash)?;
    audit::add(db, entry)?;
    Ok(true)
}

/// Sets a password; whatever let anybody in before lets nobody in any more.
pub(super) fn set_password(db: &Connection, person: PersonId, hash: &str) -> Result<(), Fault> {
    db.prepare_cached("UPDATE person SET password_hash = ?2 WHERE id = ?1")?
        .execute(params![person.0, hash])?;
    db.prepare_cached("DELETE FROM password_link WHERE person = ?1")?
        .execute([person.0])?;
    end_sessions(db, person)
}

fn end_sessions(db: &Connection, person: PersonId) -> Result<(), Fault> {
    db.prepare_cached("DELETE FROM session WHERE person = ?1")?
        .execute([person.0])?;
    Ok(())
}

pub(super) fn end_other_sessions(
    db: &Connection,
    person: PersonId,
    keep: TokenHash,
) -> Result<u64, Fault> {
    let ended = db
        .prepare_cached("DELETE FROM session WHERE person = ?1 AND token_hash <> ?2")?
        .execute(params![person.0, keep.0])?;
    Ok(ended as u64)
}

pub(super) fn sessions(
    db: &Connection,
    person: PersonId,
    now_ms: u64,
) -> Result<Vec<ConsoleSession>, Fault> {
    let mut select = db.prepare_cached(
        "SELECT token_hash, created_ms, expires_ms FROM session
         WHERE person = ?1 AND expires_ms > ?2 ORDER BY created_ms DESC, token_hash",
    )?;
    let rows = select.query_map(params![person.0, int_from_u64(now_ms)], |row| {
        Ok(ConsoleSession {
            token: TokenHash(row.get(0)?),
            person,
            created_ms: u64_at(row, 1)?,
            expires_ms: u64_at(row, 2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
