//! Turns copies of the file into rows that say where they are.

use rusqlite::{Connection, params};
use store::Backup;

use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;

pub(super) fn note(db: &Connection, backup: &Backup) -> Result<(), Fault> {
    db.prepare_cached(
        "INSERT INTO backup (path, made_ms) VALUES (?1, ?2)
         ON CONFLICT (path) DO UPDATE SET made_ms = excluded.made_ms",
    )?
    .execute(params![backup.path, int_from_u64(backup.made_ms)])?;
    Ok(())
}

/// Copies that were made at this time or later, the oldest first.
pub(super) fn list(db: &Connection, since_ms: u64) -> Result<Vec<Backup>, Fault> {
    let mut select = db.prepare_cached(
        "SELECT path, made_ms FROM backup WHERE made_ms >= ?1 ORDER BY made_ms, path",
    )?;
    let rows = select.query_map([int_from_u64(since_ms)], |row| {
        Ok(Backup {
            path: row.get(0)?,
            made_ms: u64_at(row, 1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
