//! Turns an age into rows of people that are gone, a few at a time.

use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use store::{Expired, HeldKind, KeepFor, ProjectId, Step};

use super::line::Named;
use super::stones::Key;
use super::take::{Why, step_back, take_item, take_response};
use crate::attachments::attachment_from_row;
use crate::convert::{DAY_MS, int_from_u64, u64_at};
use crate::fault::Fault;

/// Items that are looked at for one kind in one step.
const MAX_LOOKED_AT: usize = 2_000;

/// Rows of one kind that one step takes away.
const MAX_TAKEN: usize = 500;

/// How long one step goes on taking items away, before it commits. Measured: writers beside it wait
/// about as long again for the commit.
const MAX_TIME: Duration = Duration::from_millis(20);

/// One step, in the order in which things depend on each other.
pub(super) fn some(db: &Connection, now_ms: u64, keep: &KeepFor) -> Result<Expired, Fault> {
    let mut expired = Expired::default();
    let until = Instant::now() + MAX_TIME;
    for (kind, keep_ms) in [
        ("impression", keep.impressions_ms),
        ("dismissal", keep.dismissals_ms),
        ("response", keep.responses_ms),
    ] {
        if let Some(before_ms) = before(now_ms, keep_ms) {
            items(db, kind, before_ms, now_ms, until, &mut expired)?;
        }
    }
    for (kind, table, keep_ms) in [
        (HeldKind::Conflict, "conflict", keep.dead_letters_ms),
        (HeldKind::Loss, "loss", keep.losses_ms),
    ] {
        if let Some(before_ms) = before(now_ms, keep_ms) {
            aside(db, kind, table, before_ms, &mut expired)?;
        }
    }
    if let Some(before_ms) = before(now_ms, keep.attachments_ms) {
        attachments(db, before_ms, &mut expired)?;
    }
    if let Some(before_ms) = before(now_ms, keep.vitals_ms) {
        let sql = "DELETE FROM latency_vital WHERE hour < ?1";
        let hour = int_from_u64(before_ms / Step::Hour.ms());
        expired.vitals = db.prepare_cached(sql)?.execute([hour])? as u64;
    }
    ids(db, now_ms.saturating_sub(keep.ids_ms), &mut expired)?;
    Ok(expired)
}

/// What arrived before this is too old; nothing is, when it is kept for good.
fn before(now_ms: u64, keep_ms: Option<u64>) -> Option<u64> {
    keep_ms.map(|keep_ms| now_ms.saturating_sub(keep_ms))
}

/// Items lie in order of arrival: looks on from where the last step ended, up to the first that is
/// young enough. One from a time when our clock was ahead is passed over.
fn items(
    db: &Connection,
    kind: &str,
    before_ms: u64,
    now_ms: u64,
    until: Instant,
    expired: &mut Expired,
) -> Result<(), Fault> {
    let key = Key::load(db)?;
    let mut mark = mark_of(db, kind)?;
    let mut select = db.prepare_cached(
        "SELECT row, type, received_ms FROM item WHERE row > ?1 ORDER BY row LIMIT ?2",
    )?;
    let looked_at = select
        .query_map(params![mark, MAX_LOOKED_AT as i64], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, u64_at(row, 2)?))
        })?
        .collect::<Result<Vec<(i64, String, u64)>, _>>()?;
    let (mut taken, mut is_done) = (0, looked_at.len() < MAX_LOOKED_AT);
    for (row, found, received_ms) in looked_at {
        if (before_ms..=now_ms).contains(&received_ms) {
            is_done = true;
            break;
        }
        if taken == MAX_TAKEN || Instant::now() > until {
            is_done = false;
            break;
        }
        mark = row;
        if found == kind && received_ms < before_ms {
            if kind == "response" {
                response_of(db, row, expired)?;
            }
            taken += usize::from(take_item(db, &key, row, Why::Expired, now_ms)?);
        }
    }
    expired.more |= !is_done;
    *expired.counts.entry(HeldKind::Item).or_default() += taken as u64;
    db.prepare_cached(
        "INSERT INTO expiry (kind, row) VALUES (?1, ?2)
         ON CONFLICT (kind) DO UPDATE SET row = excluded.row",
    )?
    .execute(params![kind, mark])?;
    step_back(db)
}

/// The row of `item` up to which nothing of this kind is left to look at.
pub(super) fn mark_of(db: &Connection, kind: &str) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT coalesce(max(row), 0) FROM expiry WHERE kind = ?1")?
        .query_row([kind], |row| row.get(0))
}

/// Takes away the response that stands on an item, with its images.
fn response_of(db: &Connection, row: i64, expired: &mut Expired) -> Result<(), Fault> {
    let (project, item, line) = db
        .prepare_cached("SELECT project, id, line FROM item WHERE row = ?1")?
        .query_row([row], |row| {
            let line: String = row.get(2)?;
            Ok((ProjectId(row.get(0)?), row.get::<_, [u8; 16]>(1)?, line))
        })?;
    let Some(response) = Named::from_line(&line).response else {
        return Ok(());
    };
    let id = response.0.as_bytes();
    let is_standing = db
        .prepare_cached("SELECT 1 FROM response WHERE project = ?1 AND id = ?2 AND item = ?3")?
        .exists(params![project.0, id, item])?;
    if !is_standing {
        // A later revision has taken its place.
        return Ok(());
    }
    let images = db
        .prepare_cached(
            "DELETE FROM attachment WHERE project = ?1 AND id IN (
                 SELECT attachment FROM response_attachment WHERE project = ?1 AND response = ?2
             )
             RETURNING id, project, mime, bytes, sha256, sent_sha256, created_ms, path",
        )?
        .query_map(params![project.0, id], attachment_from_row)?
        .collect::<Result<Vec<_>, _>>()?;
    *expired.counts.entry(HeldKind::Attachment).or_default() += images.len() as u64;
    expired.attachments.extend(images);
    let n = u64::from(take_response(db, project, id)?);
    *expired.counts.entry(HeldKind::Response).or_default() += n;
    Ok(())
}

/// What lies aside, in order of arrival.
fn aside(
    db: &Connection,
    kind: HeldKind,
    table: &str,
    before_ms: u64,
    expired: &mut Expired,
) -> Result<(), Fault> {
    let sql = format!(
        "DELETE FROM {table} WHERE rowid IN (
             SELECT rowid FROM (SELECT rowid, received_ms FROM {table} ORDER BY rowid LIMIT ?2)
             WHERE received_ms < ?1
         )"
    );
    let n = db
        .prepare_cached(&sql)?
        .execute(params![int_from_u64(before_ms), MAX_TAKEN as i64])?;
    expired.more |= n == MAX_TAKEN;
    *expired.counts.entry(kind).or_default() += n as u64;
    Ok(())
}

fn attachments(db: &Connection, before_ms: u64, expired: &mut Expired) -> Result<(), Fault> {
    let images = db
        .prepare_cached(
            "DELETE FROM attachment WHERE id IN (
                 SELECT id FROM attachment WHERE created_ms < ?1 ORDER BY created_ms LIMIT ?2
             )
             RETURNING id, project, mime, bytes, sha256, sent_sha256, created_ms, path",
        )?
        .query_map(
            params![int_from_u64(before_ms), MAX_TAKEN as i64],
            attachment_from_row,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    expired.more |= images.len() == MAX_TAKEN;
    *expired.counts.entry(HeldKind::Attachment).or_default() += images.len() as u64;
    expired.attachments.extend(images);
    Ok(())
}

/// Ids of what went long enough ago.
fn ids(db: &Connection, before_ms: u64, expired: &mut Expired) -> Result<(), Fault> {
    let n = db
        .prepare_cached(
            "DELETE FROM gone WHERE (project, id) IN (
                 SELECT project, id FROM gone WHERE day < ?1 LIMIT ?2
             )",
        )?
        .execute(params![int_from_u64(before_ms / DAY_MS), MAX_TAKEN as i64])?;
    expired.more |= n == MAX_TAKEN;
    expired.ids = n as u64;
    Ok(())
}
