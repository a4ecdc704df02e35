//! Turns sites and their keys into rows, and back.

use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{AuditEntry, FormerKey, Moved, ProjectId, Site, SiteChange, SiteEntry, StoreError};

use crate::convert::{int_from_u64, u64_at};
use crate::directory::{put_origins, with_origins};
use crate::fault::Fault;
use crate::guards::audit;

const COLUMNS: &str = "SELECT id, key, name, rev, created_ms, first_ms, last_ms FROM site";

pub(super) fn list(db: &Connection, project: ProjectId) -> Result<Vec<SiteEntry>, Fault> {
    let mut select = db.prepare_cached(&format!("{COLUMNS} WHERE project = ?1 ORDER BY id"))?;
    let rows = select.query_map([project.0], entry_from_row)?;
    rows.map(|entry| whole(db, entry?)).collect()
}

fn find(db: &Connection, project: ProjectId, id: i64) -> Result<Option<SiteEntry>, Fault> {
    let found = db
        .prepare_cached(&format!("{COLUMNS} WHERE project = ?1 AND id = ?2"))?
        .query_row([project.0, id], entry_from_row)
        .optional()?;
    found.map(|entry| whole(db, entry)).transpose()
}

/// A site without its origins and former keys.
fn entry_from_row(row: &Row<'_>) -> rusqlite::Result<SiteEntry> {
    let time = |column: usize| row.get::<_, Option<i64>>(column);
    Ok(SiteEntry {
        id: row.get(0)?,
        key: row.get(1)?,
        name: row.get(2)?,
        origins: Vec::new(),
        rev: row.get(3)?,
        created_ms: u64_at(row, 4)?,
        first_ms: time(5)?.map(|ms| ms.max(0) as u64),
        last_ms: time(6)?.map(|ms| ms.max(0) as u64),
        former: Vec::new(),
    })
}

fn whole(db: &Connection, mut entry: SiteEntry) -> Result<SiteEntry, Fault> {
    let bare = Site {
        key: String::new(),
        project: ProjectId(0),
        origins: Vec::new(),
    };
    entry.origins = with_origins(db, (entry.id, bare))?.origins;
    let mut select = db.prepare_cached(
        "SELECT key, until_ms FROM site_former_key WHERE site = ?1 ORDER BY until_ms DESC, key",
    )?;
    let rows = select.query_map([entry.id], |row| {
        Ok(FormerKey {
            key: row.get(0)?,
            until_ms: u64_at(row, 1)?,
        })
    })?;
    entry.former = rows.collect::<Result<_, _>>()?;
    Ok(entry)
}

pub(super) fn in_use(db: &Connection, key: &str, now_ms: u64) -> Result<Option<Site>, Fault> {
    let found: Option<(i64, i64)> = db
        .prepare_cached(
            "SELECT id, project FROM site WHERE key = ?1
             UNION ALL
             SELECT id, project FROM site_former_key AS former JOIN site ON site.id = former.site
             WHERE former.key = ?1 AND until_ms > ?2",
        )?
        .query_row(params![key, int_from_u64(now_ms)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let site = found.map(|(id, project)| {
        let site = Site {
            key: String::from(key),
            project: ProjectId(project),
            origins: Vec::new(),
        };
        with_origins(db, (id, site))
    });
    site.transpose()
}

/// Refuses a key that is or was one of a site.
fn check_free(db: &Connection, key: &str) -> Result<(), Fault> {
    let is_taken: bool = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM site WHERE key = ?1)
                 OR EXISTS (SELECT 1 FROM site_former_key WHERE key = ?1)",
        )?
        .query_row([key], |row| row.get(0))?;
    if is_taken {
        return Err(StoreError::Taken { what: "site key" }.into());
    }
    Ok(())
}

pub(super) fn add(
    db: &Connection,
    site: &Site,
    name: &str,
    entry: &AuditEntry,
) -> Result<SiteEntry, Fault> {
    check_free(db, &site.key)?;
    db.prepare_cached("INSERT INTO site (key, project, created_ms, name) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            site.key,
            site.project.0,
            int_from_u64(entry.at_ms),
            name
        ])?;
    let id = db.last_insert_rowid();
    put_origins(db, id, &site.origins)?;
    audit::add(db, entry)?;
    let made = find(db, site.project, id)?;
    made.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

pub(super) fn change(
    db: &Connection,
    id: i64,
    rev: u32,
    change: &SiteChange,
    entry: &AuditEntry,
) -> Result<Moved<SiteEntry>, Fault> {
    let before = match find(db, entry.project, id)? {
        None => return Ok(Moved::Missing),
        Some(now) if now.rev != rev => return Ok(Moved::Overtaken(now)),
        Some(now) => now,
    };
    match change {
        SiteChange::Describe { name, origins } => {
            db.prepare_cached("UPDATE site SET name = ?2 WHERE id = ?1")?
                .execute(params![id, name])?;
            put_origins(db, id, origins)?;
        }
        SiteChange::Key { key, until_ms } => {
            check_free(db, key)?;
            db.prepare_cached("UPDATE site SET key = ?2 WHERE id = ?1")?
                .execute(params![id, key])?;
            db.prepare_cached(
                "INSERT INTO site_former_key (key, site, until_ms) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![before.key, id, int_from_u64(*until_ms)])?;
        }
        SiteChange::EndFormer { key } => {
            db.prepare_cached(
                "UPDATE site_former_key SET until_ms = min(until_ms, ?3) WHERE key = ?1 AND site = ?2",
            )?
            .execute(params![key, id, int_from_u64(entry.at_ms)])?;
        }
    }
    db.prepare_cached("UPDATE site SET rev = rev + 1 WHERE id = ?1")?
        .execute([id])?;
    audit::add(db, entry)?;
    Ok(find(db, entry.project, id)?.map_or(Moved::Missing, Moved::Done))
}

pub(super) fn remove(db: &Connection, id: i64, entry: &AuditEntry) -> Result<bool, Fault> {
    let Some(site) = find(db, entry.project, id)? else {
        return Ok(false);
    };
    // What pages of it still send must never be taken for another site's.
    db.prepare_cached("INSERT INTO site_former_key (key, site, until_ms) VALUES (?1, NULL, 0)")?
        .execute([site.key])?;
    db.prepare_cached("DELETE FROM site WHERE id = ?1")?
        .execute([id])?;
    audit::add(db, entry)?;
    Ok(true)
}
