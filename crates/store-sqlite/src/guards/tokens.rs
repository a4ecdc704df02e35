//! Turns API tokens into rows, and back.

use protocol::query::access::Scope;
use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{ApiToken, AuditEntry, ProjectId, TokenHash};

use super::audit;
use crate::convert::{int_from_u64, role_at, u64_at};
use crate::fault::Fault;

const COLUMNS: &str = "id, project, token_hash, prefix, name, role, scopes, created_ms, expires_ms,
     used_ms, revoked_ms";

pub(super) fn put(db: &Connection, token: &ApiToken, entry: &AuditEntry) -> Result<u64, Fault> {
    db.prepare_cached(
        "INSERT INTO api_token
             (project, token_hash, prefix, name, role, scopes, created_ms, expires_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        token.project.0,
        token.token.0,
        token.prefix,
        token.name,
        token.role.as_str(),
        text_from_scopes(&token.scopes),
        int_from_u64(token.created_ms),
        token.expires_ms.map(int_from_u64),
    ])?;
    let id = u64::try_from(db.last_insert_rowid()).unwrap_or(0);
    audit::add(db, entry)?;
    Ok(id)
}

pub(super) fn list(db: &Connection, project: ProjectId) -> Result<Vec<ApiToken>, Fault> {
    let mut select = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM api_token WHERE project = ?1 ORDER BY id DESC"
    ))?;
    let rows = select.query_map([project.0], token_from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn find(
    db: &Connection,
    token: TokenHash,
    now_ms: u64,
) -> Result<Option<ApiToken>, Fault> {
    let mut select = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM api_token WHERE token_hash = ?1 AND revoked_ms IS NULL
         AND (expires_ms IS NULL OR expires_ms > ?2)"
    ))?;
    let found = select.query_row(params![token.0, int_from_u64(now_ms)], token_from_row);
    Ok(found.optional()?)
}

pub(super) fn touch(db: &Connection, id: u64, now_ms: u64) -> Result<(), Fault> {
    db.prepare_cached("UPDATE api_token SET used_ms = ?2 WHERE id = ?1")?
        .execute(params![int_from_u64(id), int_from_u64(now_ms)])?;
    Ok(())
}

pub(super) fn revoke(db: &Connection, id: u64, entry: &AuditEntry) -> Result<bool, Fault> {
    let changed = db
        .prepare_cached(
            "UPDATE api_token SET revoked_ms = ?3
             WHERE id = ?1 AND project = ?2 AND revoked_ms IS NULL",
        )?
        .execute(params![
            int_from_u64(id),
            entry.project.0,
            int_from_u64(entry.at_ms)
        ])?;
    if changed > 0 {
        audit::add(db, entry)?;
    }
    Ok(changed > 0)
}

fn text_from_scopes(scopes: &[Scope]) -> String {
    let names: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
    names.join(" ")
}

fn token_from_row(row: &Row<'_>) -> rusqlite::Result<ApiToken> {
    let scopes: String = row.get(6)?;
    Ok(ApiToken {
        id: u64_at(row, 0)?,
        project: ProjectId(row.get(1)?),
        token: TokenHash(row.get(2)?),
        prefix: row.get(3)?,
        name: row.get(4)?,
        role: role_at(row, 5)?,
        // A scope of a newer build reaches nothing here.
        scopes: scopes.split(' ').filter_map(Scope::from_name).collect(),
        created_ms: u64_at(row, 7)?,
        expires_ms: ms_at(row, 8)?,
        used_ms: ms_at(row, 9)?,
        revoked_ms: ms_at(row, 10)?,
    })
}

fn ms_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    let ms: Option<i64> = row.get(column)?;
    Ok(ms.map(|ms| u64::try_from(ms).unwrap_or(0)))
}
