//! Turns somebody as an OpenID provider names them into a person.

use protocol::query::access::Role;
use rusqlite::{Connection, OptionalExtension, params};
use store::{AuditEntry, Identity, Person};

use crate::directory::person_from_row;
use crate::fault::Fault;
use crate::guards::{audit, people};

pub(super) fn identified(
    db: &Connection,
    who: &Identity,
    join: Option<&AuditEntry>,
    mut tie: AuditEntry,
) -> Result<Option<Person>, Fault> {
    if let Some(person) = known(db, who)? {
        return Ok(Some(person));
    }
    // An address may be given to somebody else at the provider: whoever came first keeps it here.
    let invited = db
        .prepare_cached(
            "SELECT id, project, email, password_hash, role FROM person
             WHERE email = ?1 AND NOT EXISTS (
                 SELECT 1 FROM person_identity WHERE person = person.id AND issuer = ?2
             )",
        )?
        .query_row(params![who.email, who.issuer], |row| {
            person_from_row(row, 0)
        })
        .optional()?;
    match (invited, join) {
        (Some(person), _) => {
            tie.project = person.project;
            audit::add(db, &tie)?;
        }
        (None, Some(entry)) if let_in(db, who, entry)? => {}
        (None, _) => return Ok(None),
    }
    db.prepare_cached(
        "INSERT INTO person_identity (issuer, subject, person)
         SELECT ?1, ?2, id FROM person WHERE email = ?3",
    )?
    .execute(params![who.issuer, who.subject, who.email])?;
    known(db, who)
}

/// Makes somebody whom nobody invited a viewer, unless the address is taken.
fn let_in(db: &Connection, who: &Identity, entry: &AuditEntry) -> Result<bool, Fault> {
    let is_new = people::add(db, entry, &who.email, Role::Viewer)?;
    if is_new {
        audit::add(db, entry)?;
    }
    Ok(is_new)
}

/// Whoever came by this identity before.
fn known(db: &Connection, who: &Identity) -> Result<Option<Person>, Fault> {
    Ok(db
        .prepare_cached(
            "SELECT person.id, project, email, password_hash, role
             FROM person_identity JOIN person ON person.id = person_identity.person
             WHERE issuer = ?1 AND subject = ?2",
        )?
        .query_row(params![who.issuer, who.subject], |row| {
            person_from_row(row, 0)
        })
        .optional()?)
}
