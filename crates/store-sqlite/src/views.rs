//! Turns saved views and links to views into rows, and back.

use rusqlite::{OptionalExtension, Row, params};
use store::{AuditEntry, KeptShare, KeptView, PersonId, ProjectId, Reply, TokenHash, Views};

use crate::SqliteStore;
use crate::convert::{int_from_u64, u64_at};
use crate::guards::audit;

const SHARE: &str =
    "id, project, token_hash, name, page, query, verbatims, password_hash, by_email,
     created_ms, expires_ms, revoked_ms, opened, opened_ms";

impl Views for SqliteStore {
    fn saved_views(&self, project: ProjectId, person: PersonId) -> Reply<'_, Vec<KeptView>> {
        self.read("list saved views", move |db| {
            let mut select = db.prepare_cached(
                "SELECT id, project, owner, name, page, query, by_email, created_ms FROM saved_view
                 WHERE project = ?1 AND (owner IS NULL OR owner = ?2)
                 ORDER BY name COLLATE NOCASE, id",
            )?;
            let rows = select.query_map(params![project.0, person.0], view_from_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn save_view(&self, view: KeptView, entry: AuditEntry) -> Reply<'_, u64> {
        self.change("save a view", move |db| {
            let owner = view.owner.map(|owner| owner.0);
            db.prepare_cached(
                "DELETE FROM saved_view
                 WHERE project = ?1 AND coalesce(owner, 0) = coalesce(?2, 0) AND name = ?3",
            )?
            .execute(params![view.project.0, owner, view.name])?;
            db.prepare_cached(
                "INSERT INTO saved_view (project, owner, name, page, query, by_email, created_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                view.project.0,
                owner,
                view.name,
                view.page,
                view.query,
                view.by,
                int_from_u64(view.created_ms)
            ])?;
            let id = u64::try_from(db.last_insert_rowid()).unwrap_or(0);
            audit::add(db, &entry)?;
            Ok(id)
        })
    }

    fn forget_view(&self, id: u64, entry: AuditEntry) -> Reply<'_, bool> {
        self.change("forget a view", move |db| {
            let gone = db
                .prepare_cached("DELETE FROM saved_view WHERE id = ?1 AND project = ?2")?
                .execute(params![int_from_u64(id), entry.project.0])?;
            if gone > 0 {
                audit::add(db, &entry)?;
            }
            Ok(gone > 0)
        })
    }

    fn put_share(&self, share: KeptShare, entry: AuditEntry) -> Reply<'_, u64> {
        self.change("keep a link to a view", move |db| {
            db.prepare_cached(
                "INSERT INTO share (project, token_hash, name, page, query, verbatims, password_hash,
                     by_email, created_ms, expires_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                share.project.0,
                share.token.0,
                share.name,
                share.page,
                share.query,
                share.verbatims,
                share.password_hash,
                share.by,
                int_from_u64(share.created_ms),
                share.expires_ms.map(int_from_u64),
            ])?;
            let id = u64::try_from(db.last_insert_rowid()).unwrap_or(0);
            audit::add(db, &entry)?;
            Ok(id)
        })
    }

    fn shares(&self, project: ProjectId) -> Reply<'_, Vec<KeptShare>> {
        self.read("list links to views", move |db| {
            let mut select = db.prepare_cached(&format!(
                "SELECT {SHARE} FROM share WHERE project = ?1 ORDER BY id DESC"
            ))?;
            let rows = select.query_map([project.0], share_from_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn share(&self, token: TokenHash, now_ms: u64) -> Reply<'_, Option<KeptShare>> {
        self.read("find a link to a view", move |db| {
            let mut select = db.prepare_cached(&format!(
                "SELECT {SHARE} FROM share WHERE token_hash = ?1 AND revoked_ms IS NULL
                 AND (expires_ms IS NULL OR expires_ms > ?2)"
            ))?;
            let found = select.query_row(params![token.0, int_from_u64(now_ms)], share_from_row);
            Ok(found.optional()?)
        })
    }

    fn note_opened(&self, id: u64, now_ms: u64) -> Reply<'_, ()> {
        self.change("note that a link was opened", move |db| {
            db.prepare_cached(
                "UPDATE share SET opened = opened + 1, opened_ms = ?2 WHERE id = ?1",
            )?
            .execute(params![int_from_u64(id), int_from_u64(now_ms)])?;
            Ok(())
        })
    }

    fn revoke_share(&self, id: u64, entry: AuditEntry) -> Reply<'_, bool> {
        self.change("take back a link to a view", move |db| {
            let changed = db
                .prepare_cached(
                    "UPDATE share SET revoked_ms = ?3
                     WHERE id = ?1 AND project = ?2 AND revoked_ms IS NULL",
                )?
                .execute(params![
                    int_from_u64(id),
                    entry.project.0,
                    int_from_u64(entry.at_ms)
                ])?;
            if changed > 0 {
                audit::add(db, &entry)?;
            }
            Ok(changed > 0)
        })
    }
}

fn view_from_row(row: &Row<'_>) -> rusqlite::Result<KeptView> {
    let owner: Option<i64> = row.get(2)?;
    Ok(KeptView {
        id: u64_at(row, 0)?,
        project: ProjectId(row.get(1)?),
        owner: owner.map(PersonId),
        name: row.get(3)?,
        page: row.get(4)?,
        query: row.get(5)?,
        by: row.get(6)?,
        created_ms: u64_at(row, 7)?,
    })
}

fn share_from_row(row: &Row<'_>) -> rusqlite::Result<KeptShare> {
    Ok(KeptShare {
        id: u64_at(row, 0)?,
        project: ProjectId(row.get(1)?),
        token: TokenHash(row.get(2)?),
        name: row.get(3)?,
        page: row.get(4)?,
        query: row.get(5)?,
        verbatims: row.get(6)?,
        password_hash: row.get(7)?,
        by: row.get(8)?,
        created_ms: u64_at(row, 9)?,
        expires_ms: ms_at(row, 10)?,
        revoked_ms: ms_at(row, 11)?,
        opened: u64_at(row, 12)?,
        opened_ms: ms_at(row, 13)?,
    })
}

fn ms_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    let ms: Option<i64> = row.get(column)?;
    Ok(ms.map(|ms| u64::try_from(ms).unwrap_or(0)))
}
