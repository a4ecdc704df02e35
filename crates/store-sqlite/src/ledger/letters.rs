//! Turns what was refused into letters, as many as somebody could read, and back.

use protocol::id::{InstallId, ItemId};
use protocol::outcome::DiscardReason;
use rusqlite::{Connection, params};
use store::{Aside, Batch, Fate, Letter, LetterSum, LettersFilter, ProjectId, Refused};

use super::Accounts;
use crate::convert::{int_from_u64, u64_at, uuid_at};
use crate::custody::Stones;

/// Letters of one reason and project. Whoever publishes what was missing finds these; more of the
/// same kind would say nothing new.
const MAX_LETTERS: i64 = 2_000;
/// Bytes of their lines: 16 MiB.
const MAX_BYTES: i64 = 16 << 20;

/// Keeps what was refused of a batch, unless it belongs to what was erased. What comes again is
/// neither kept nor counted again.
pub(crate) fn append_refused(
    db: &Connection,
    batch: &Batch,
    stones: &Stones,
    erased_until: Option<u64>,
    accounts: &mut Accounts,
) -> rusqlite::Result<()> {
    for refused in &batch.refused {
        if stones.hide(db, batch, erased_until, &refused.line)? {
            let reason = DiscardReason::Erased.as_str().to_owned();
            accounts.count(batch, Fate::Rejected(reason), 1);
            continue;
        }
        if append(db, batch, refused)? {
            make_room(db, batch.project, refused.reason.as_str())?;
            let fate = Fate::Rejected(refused.reason.as_str().to_owned());
            accounts.count(batch, fate, 1);
        }
    }
    Ok(())
}

/// Keeps one; whether it was new.
fn append(db: &Connection, batch: &Batch, refused: &Refused) -> rusqlite::Result<bool> {
    let inserted = db
        .prepare_cached(
            "INSERT INTO letter (
                 project, reason, received_ms, install, hash, site_key, message, header, line, is_cut
             )
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (project, hash) DO NOTHING",
        )?
        .execute(params![
            batch.project.0,
            refused.reason.as_str(),
            int_from_u64(batch.received_ms),
            batch.sender.install.0.as_bytes(),
            refused.hash,
            batch.site_key,
            refused.message,
            batch.header,
            refused.line,
            refused.is_cut,
        ])?;
    Ok(inserted > 0)
}

/// Has the oldest of a reason go while there are too many.
fn make_room(db: &Connection, project: ProjectId, reason: &str) -> rusqlite::Result<()> {
    let mut too_many = db.prepare_cached(
        "SELECT letters > ?3 OR bytes > ?4 FROM letter_sum WHERE project = ?1 AND reason = ?2",
    )?;
    let mut oldest = db.prepare_cached(
        "DELETE FROM letter WHERE number = (
             SELECT min(number) FROM letter WHERE project = ?1 AND reason = ?2
         )",
    )?;
    let limits = params![project.0, reason, MAX_LETTERS, MAX_BYTES];
    let mut gone = 0;
    while too_many.query_row(limits, |row| row.get(0))? {
        gone += oldest.execute(params![project.0, reason])?;
    }
    if gone > 0 {
        dropped(db, project, reason, gone)?;
    }
    Ok(())
}

fn dropped(
    db: &Connection,
    project: ProjectId,
    reason: &str,
    letters: usize,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE letter_sum SET dropped = dropped + ?3 WHERE project = ?1 AND reason = ?2",
    )?
    .execute(params![project.0, reason, int_from_u64(letters as u64)])?;
    Ok(())
}

/// Has letters go that came before some time.
pub(super) fn expire(db: &Connection, before_ms: u64) -> rusqlite::Result<u64> {
    let before = int_from_u64(before_ms);
    let old = db
        .prepare_cached(
            "SELECT project, reason, count(*) FROM letter WHERE received_ms < ?1 GROUP BY 1, 2",
        )?
        .query_map([before], |row| {
            Ok((
                ProjectId(row.get(0)?),
                row.get::<_, String>(1)?,
                row.get(2)?,
            ))
        })?
        .collect::<Result<Vec<(_, _, i64)>, _>>()?;
    for (project, reason, letters) in old {
        dropped(db, project, &reason, usize::try_from(letters).unwrap_or(0))?;
    }
    let gone = db
        .prepare_cached("DELETE FROM letter WHERE received_ms < ?1")?
        .execute([before])?;
    Ok(gone as u64)
}

pub(super) fn discard(
    db: &Connection,
    project: ProjectId,
    numbers: &[u64],
) -> rusqlite::Result<u64> {
    let mut delete = db.prepare_cached("DELETE FROM letter WHERE project = ?1 AND number = ?2")?;
    let mut gone = 0;
    for number in numbers {
        gone += delete.execute([project.0, int_from_u64(*number)])?;
    }
    Ok(gone as u64)
}

pub(super) fn list(db: &Connection, filter: &LettersFilter) -> rusqlite::Result<Vec<Letter>> {
    let mut select = db.prepare_cached(
        "SELECT number, project, received_ms, reason, message, install, site_key, header, line, is_cut
         FROM letter
         WHERE project = ?1 AND (?2 IS NULL OR reason = ?2) AND number > ?3
         ORDER BY number LIMIT ?4",
    )?;
    let which = params![
        filter.project.0,
        filter.reason,
        int_from_u64(filter.after),
        filter.limit
    ];
    let letters = select.query_map(which, |row| {
        Ok(Letter {
            number: u64_at(row, 0)?,
            project: ProjectId(row.get(1)?),
            received_ms: u64_at(row, 2)?,
            reason: row.get(3)?,
            message: row.get(4)?,
            install: InstallId(uuid_at(row, 5)?),
            site_key: row.get(6)?,
            header: row.get(7)?,
            line: row.get(8)?,
            is_cut: row.get(9)?,
        })
    })?;
    letters.collect()
}

pub(super) fn sums(db: &Connection, project: ProjectId) -> rusqlite::Result<Vec<LetterSum>> {
    let mut select = db.prepare_cached(
        "SELECT reason, letters, bytes, dropped FROM letter_sum
         WHERE project = ?1 AND (letters > 0 OR dropped > 0) ORDER BY reason",
    )?;
    let sums = select.query_map([project.0], |row| {
        Ok(LetterSum {
            reason: row.get(0)?,
            letters: u64_at(row, 1)?,
            bytes: u64_at(row, 2)?,
            dropped: u64_at(row, 3)?,
        })
    })?;
    sums.collect()
}

/// What was kept aside, beside what is kept under the same id.
pub(super) fn asides(
    db: &Connection,
    project: ProjectId,
    limit: u32,
) -> rusqlite::Result<Vec<Aside>> {
    let mut select = db.prepare_cached(
        "SELECT aside.id, aside.received_ms, aside.install, aside.line, item.line
         FROM conflict AS aside
         LEFT JOIN item ON item.project = aside.project AND item.id = aside.id
         WHERE aside.project = ?1
         ORDER BY aside.received_ms, aside.id, aside.body_hash LIMIT ?2",
    )?;
    let asides = select.query_map(params![project.0, limit], |row| {
        Ok(Aside {
            id: ItemId(uuid_at(row, 0)?),
            received_ms: u64_at(row, 1)?,
            install: InstallId(uuid_at(row, 2)?),
            line: row.get(3)?,
            kept: row.get(4)?,
        })
    })?;
    asides.collect()
}
