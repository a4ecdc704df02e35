//! Turns how long admins have things kept into rows, and back.

use rusqlite::Error::FromSqlConversionFailure;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, params};
use store::{AuditEntry, KeepChoice, KeepKind, Moved};

use crate::convert::int_from_u64;
use crate::fault::Fault;
use crate::guards::audit;

/// Every choice; one of a kind that this build does not know is passed over.
pub(super) fn all(db: &Connection) -> Result<Vec<KeepChoice>, Fault> {
    let found = KeepKind::ALL.into_iter().map(|kind| one(db, kind));
    found.filter_map(Result::transpose).collect()
}

fn one(db: &Connection, kind: KeepKind) -> Result<Option<KeepChoice>, Fault> {
    let found = db
        .prepare_cached("SELECT keep_ms, rev FROM keep WHERE kind = ?1")?
        .query_row([kind.as_str()], |row| {
            let keep_ms: Option<i64> = row.get(0)?;
            // A length that cannot be is no length: read as 0 it would take everything away.
            let keep_ms = keep_ms.map(u64::try_from).transpose();
            Ok(KeepChoice {
                kind,
                keep_ms: keep_ms
                    .map_err(|error| FromSqlConversionFailure(0, Type::Integer, Box::new(error)))?,
                rev: row.get(1)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Keeps a choice of what was known, with its line; the same again is no change.
pub(super) fn choose(
    db: &Connection,
    kind: KeepKind,
    rev: u32,
    keep_ms: Option<u64>,
    entry: &AuditEntry,
) -> Result<Moved<KeepChoice>, Fault> {
    let now = one(db, kind)?;
    match now {
        Some(now) if now.rev != rev => return Ok(Moved::Overtaken(now)),
        Some(now) if now.keep_ms == keep_ms => return Ok(Moved::Done(now)),
        // It never was changed.
        None if rev != 0 => return Ok(Moved::Missing),
        _ => {}
    }
    let chosen = KeepChoice {
        kind,
        keep_ms,
        rev: rev + 1,
    };
    db.prepare_cached(
        "INSERT INTO keep (kind, keep_ms, rev) VALUES (?1, ?2, ?3)
         ON CONFLICT (kind) DO UPDATE SET keep_ms = excluded.keep_ms, rev = excluded.rev",
    )?
    .execute(params![
        kind.as_str(),
        keep_ms.map(int_from_u64),
        chosen.rev
    ])?;
    audit::add(db, entry)?;
    Ok(Moved::Done(chosen))
}
