//! Turns what people set up into rows, and back.

use protocol::survey::Survey;
use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{
    ConsoleSession, Directory, IdentitySecret, NewPerson, Person, PersonId, Project, ProjectId,
    Publication, PublishedSurvey, Reply, Site, StoreError, TokenHash,
};

use crate::SqliteStore;
use crate::convert::{int_from_u64, role_at, u64_at};
use crate::fault::Fault;
use crate::surveys::{publish_all, read_surveys};

impl Directory for SqliteStore {
    fn create_project(&self, name: String, now_ms: u64) -> Reply<'_, ProjectId> {
        self.change("make a project", move |db| {
            db.prepare_cached("INSERT INTO project (name, created_ms) VALUES (?1, ?2)")?
                .execute(params![name, int_from_u64(now_ms)])?;
            Ok(ProjectId(db.last_insert_rowid()))
        })
    }

    fn projects(&self) -> Reply<'_, Vec<Project>> {
        self.read("list projects", |db| {
            let mut select = db.prepare_cached("SELECT id, name FROM project ORDER BY id")?;
            let rows = select.query_map([], |row| {
                Ok(Project {
                    id: ProjectId(row.get(0)?),
                    name: row.get(1)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn put_site(&self, site: Site, now_ms: u64) -> Reply<'_, ()> {
        self.change("keep a site", move |db| put_site(db, &site, now_ms))
    }

    fn site(&self, key: String) -> Reply<'_, Option<Site>> {
        self.read("find a site", move |db| {
            let found = db
                .prepare_cached("SELECT id, key, project FROM site WHERE key = ?1")?
                .query_row([key], site_from_row)
                .optional()?;
            found.map(|site| with_origins(db, site)).transpose()
        })
    }

    fn sites(&self, project: ProjectId) -> Reply<'_, Vec<Site>> {
        self.read("list sites", move |db| {
            let mut select = db.prepare_cached(
                "SELECT id, key, project FROM site WHERE project = ?1 ORDER BY id",
            )?;
            let rows = select.query_map([project.0], site_from_row)?;
            rows.map(|site| with_origins(db, site?)).collect()
        })
    }

    fn site_secret(&self, key: String) -> Reply<'_, Option<IdentitySecret>> {
        self.read("read a secret", move |db| {
            let found: Option<Option<String>> = db
                .prepare_cached(
                    "SELECT identity_secret FROM site
                     WHERE key = ?1 OR id = (SELECT site FROM site_former_key WHERE key = ?1)
                     ORDER BY key <> ?1",
                )?
                .query_row([key], |row| row.get(0))
                .optional()?;
            Ok(found.flatten().map(IdentitySecret))
        })
    }

    fn put_site_secret(&self, key: String, secret: IdentitySecret) -> Reply<'_, bool> {
        self.change("keep a secret", move |db| {
            let changed = db
                .prepare_cached("UPDATE site SET identity_secret = ?2 WHERE key = ?1")?
                .execute(params![key, secret.0])?;
            Ok(changed > 0)
        })
    }

    fn publish_all(
        &self,
        project: ProjectId,
        surveys: Vec<Survey>,
        now_ms: u64,
    ) -> Reply<'_, Vec<Publication>> {
        self.change("publish surveys", move |db| {
            publish_all(db, project, &surveys, now_ms)
        })
    }

    fn surveys(&self, project: ProjectId) -> Reply<'_, Vec<PublishedSurvey>> {
        self.read("read surveys", move |db| read_surveys(db, project))
    }

    fn put_person(&self, person: NewPerson, now_ms: u64) -> Reply<'_, PersonId> {
        self.change("keep a person", move |db| put_person(db, &person, now_ms))
    }

    fn person(&self, email: String) -> Reply<'_, Option<Person>> {
        self.read("find a person", move |db| {
            Ok(db
                .prepare_cached(
                    "SELECT id, project, email, password_hash, role FROM person WHERE email = ?1",
                )?
                .query_row([email.to_lowercase()], |row| person_from_row(row, 0))
                .optional()?)
        })
    }

    fn has_people(&self) -> Reply<'_, bool> {
        self.read("look for people", |db| {
            Ok(db
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM person)")?
                .query_row([], |row| row.get(0))?)
        })
    }

    fn open_session(&self, session: ConsoleSession) -> Reply<'_, ()> {
        self.change("keep a session", move |db| open_session(db, &session))
    }

    fn session(
        &self,
        token: TokenHash,
        now_ms: u64,
    ) -> Reply<'_, Option<(ConsoleSession, Person)>> {
        self.read("find a session", move |db| {
            let mut select = db.prepare_cached(
                "SELECT session.created_ms, session.expires_ms,
                        person.id, person.project, person.email, person.password_hash,
                        person.role
                 FROM session JOIN person ON person.id = session.person
                 WHERE session.token_hash = ?1 AND session.expires_ms > ?2",
            )?;
            let found = select.query_row(params![token.0, int_from_u64(now_ms)], |row| {
                let person = person_from_row(row, 2)?;
                let session = ConsoleSession {
                    token,
                    person: person.id,
                    created_ms: u64_at(row, 0)?,
                    expires_ms: u64_at(row, 1)?,
                };
                Ok((session, person))
            });
            Ok(found.optional()?)
        })
    }

    fn extend_session(&self, token: TokenHash, expires_ms: u64) -> Reply<'_, ()> {
        self.change("extend a session", move |db| {
            db.prepare_cached("UPDATE session SET expires_ms = ?2 WHERE token_hash = ?1")?
                .execute(params![token.0, int_from_u64(expires_ms)])?;
            Ok(())
        })
    }

    fn close_session(&self, token: TokenHash) -> Reply<'_, ()> {
        self.change("end a session", move |db| {
            db.prepare_cached("DELETE FROM session WHERE token_hash = ?1")?
                .execute([token.0])?;
            Ok(())
        })
    }
}

/// Keeps a session, and forgets those that ended before it began.
pub(crate) fn open_session(db: &Connection, session: &ConsoleSession) -> Result<(), Fault> {
    db.prepare_cached("DELETE FROM session WHERE expires_ms <= ?1")?
        .execute([int_from_u64(session.created_ms)])?;
    db.prepare_cached(
        "INSERT INTO session (token_hash, person, created_ms, expires_ms)
         VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        session.token.0,
        session.person.0,
        int_from_u64(session.created_ms),
        int_from_u64(session.expires_ms),
    ])?;
    Ok(())
}

fn put_site(db: &Connection, site: &Site, now_ms: u64) -> Result<(), Fault> {
    // What pages sent by a key that was taken away is of no other site, whoever names it again.
    let was_taken_away: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM site_former_key WHERE key = ?1)")?
        .query_row([&site.key], |row| row.get(0))?;
    if was_taken_away {
        let what = "a site key that was replaced or removed";
        return Err(StoreError::Taken { what }.into());
    }
    db.prepare_cached(
        "INSERT INTO site (key, project, created_ms) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO NOTHING",
    )?
    .execute(params![site.key, site.project.0, int_from_u64(now_ms)])?;
    let (id, project): (i64, i64) = db
        .prepare_cached("SELECT id, project FROM site WHERE key = ?1")?
        .query_row([&site.key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if project != site.project.0 {
        return Err(StoreError::Taken { what: "site key" }.into());
    }
    put_origins(db, id, &site.origins)
}

/// Replaces the origins of a site.
pub(crate) fn put_origins(db: &Connection, site: i64, origins: &[String]) -> Result<(), Fault> {
    db.prepare_cached("DELETE FROM site_origin WHERE site = ?1")?
        .execute([site])?;
    let mut insert =
        db.prepare_cached("INSERT INTO site_origin (site, position, origin) VALUES (?1, ?2, ?3)")?;
    for (position, origin) in (0_u32..).zip(origins) {
        insert.execute(params![site, position, origin])?;
    }
    Ok(())
}

/// A site without its origins, and its row id.
fn site_from_row(row: &Row<'_>) -> rusqlite::Result<(i64, Site)> {
    let site = Site {
        key: row.get(1)?,
        project: ProjectId(row.get(2)?),
        origins: Vec::new(),
    };
    Ok((row.get(0)?, site))
}

pub(crate) fn with_origins(db: &Connection, (id, mut site): (i64, Site)) -> Result<Site, Fault> {
    let mut select =
        db.prepare_cached("SELECT origin FROM site_origin WHERE site = ?1 ORDER BY position")?;
    let rows = select.query_map([id], |row| row.get(0))?;
    site.origins = rows.collect::<Result<_, _>>()?;
    Ok(site)
}

fn put_person(db: &Connection, person: &NewPerson, now_ms: u64) -> Result<PersonId, Fault> {
    let email = person.email.to_lowercase();
    let known: Option<(i64, i64)> = db
        .prepare_cached("SELECT id, project FROM person WHERE email = ?1")?
        .query_row([&email], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match known {
        Some((_, project)) if project != person.project.0 => Err(StoreError::Taken {
            what: "e-mail address",
        }
        .into()),
        Some((id, _)) => {
            db.prepare_cached("UPDATE person SET password_hash = ?2, role = ?3 WHERE id = ?1")?
                .execute(params![id, person.password_hash, person.role.as_str()])?;
            // Whatever let anybody in before lets nobody in any more.
            for sql in [
                "DELETE FROM session WHERE person = ?1",
                "DELETE FROM password_link WHERE person = ?1",
            ] {
                db.prepare_cached(sql)?.execute([id])?;
            }
            Ok(PersonId(id))
        }
        None => {
            db.prepare_cached(
                "INSERT INTO person (project, email, password_hash, created_ms, role)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                person.project.0,
                email,
                person.password_hash,
                int_from_u64(now_ms),
                person.role.as_str(),
            ])?;
            Ok(PersonId(db.last_insert_rowid()))
        }
    }
}

/// A person whose five columns begin at `first`.
pub(crate) fn person_from_row(row: &Row<'_>, first: usize) -> rusqlite::Result<Person> {
    Ok(Person {
        id: PersonId(row.get(first)?),
        project: ProjectId(row.get(first + 1)?),
        email: row.get(first + 2)?,
        password_hash: row.get(first + 3)?,
        role: role_at(row, first + 4)?,
    })
}
