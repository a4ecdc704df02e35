//! Turns what an evaluation found into outages with revisions, and back.

use rusqlite::{Connection, Row, params};
use store::{HourScore, Outage, OutageRow, ProjectId, Scoring, Span, Step};

use super::place::{start_ms, steps_in};
use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;

/// An outage that is there already.
struct Known {
    id: i64,
    outage: Outage,
}

pub(super) fn put(db: &Connection, scoring: &Scoring) -> Result<(), Fault> {
    let mut replaced = Vec::new();
    let mut found = scoring.outages.clone();
    for known in read_since(db, scoring)? {
        if known.outage.from_ms >= scoring.since_ms {
            replaced.push(known);
        } else {
            grow(db, &known, scoring.since_ms, &mut found)?;
        }
    }
    for outage in &found {
        match replaced
            .iter()
            .position(|known| overlap(&known.outage, outage))
        {
            Some(at) => update(db, &replaced.swap_remove(at), outage)?,
            None => insert(db, scoring, outage)?,
        }
    }
    for known in replaced {
        db.prepare_cached("DELETE FROM outage WHERE id = ?1")?
            .execute([known.id])?;
    }
    put_hours(db, scoring)
}

/// Outages that may be changed.
fn read_since(db: &Connection, scoring: &Scoring) -> rusqlite::Result<Vec<Known>> {
    db.prepare_cached(
        "SELECT from_ms, to_ms, partial, peak_share, failed, id FROM outage
         WHERE project = ?1 AND feature = ?2 AND (to_ms IS NULL OR to_ms > ?3)
         ORDER BY from_ms",
    )?
    .query_map(
        params![
            scoring.project.0,
            scoring.feature,
            int_from_u64(scoring.since_ms)
        ],
        |row| {
            Ok(Known {
                outage: outage_from_row(row)?,
                id: row.get(5)?,
            })
        },
    )?
    .collect()
}

/// Continues an outage that began before anything was scored anew: with the one that begins there,
/// which is the same, or with its end.
fn grow(
    db: &Connection,
    known: &Known,
    since_ms: u64,
    found: &mut Vec<Outage>,
) -> Result<(), Fault> {
    let continues =
        |outage: &Outage| outage.partial == known.outage.partial && outage.from_ms <= since_ms;
    let mut grown = known.outage.clone();
    if let Some(at) = found.iter().position(continues) {
        let rest = found.remove(at);
        grown.to_ms = rest.to_ms;
        grown.peak_share = grown.peak_share.max(rest.peak_share);
        // Parts of both are the same attempts; nobody knows which.
        grown.failed = grown.failed.max(rest.failed);
    } else if grown.to_ms.is_none() {
        grown.to_ms = Some(since_ms);
    }
    update(db, known, &grown)
}

/// Whether both are the same outage, scored twice.
fn overlap(one: &Outage, other: &Outage) -> bool {
    let starts_in = |a: &Outage, b: &Outage| b.to_ms.is_none_or(|end| a.from_ms < end);
    one.partial == other.partial
        && (one.from_ms == other.from_ms || starts_in(one, other) && starts_in(other, one))
}

fn update(db: &Connection, known: &Known, outage: &Outage) -> Result<(), Fault> {
    if known.outage == *outage {
        return Ok(());
    }
    db.prepare_cached(
        "UPDATE outage SET from_ms = ?2, to_ms = ?3, peak_share = ?4, failed = ?5,
             revision = revision + 1
         WHERE id = ?1",
    )?
    .execute(params![
        known.id,
        int_from_u64(outage.from_ms),
        outage.to_ms.map(int_from_u64),
        outage.peak_share,
        int_from_u64(outage.failed),
    ])?;
    Ok(())
}

fn insert(db: &Connection, scoring: &Scoring, outage: &Outage) -> Result<(), Fault> {
    db.prepare_cached(
        "INSERT INTO outage
             (project, feature, from_ms, to_ms, partial, peak_share, failed, revision)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)",
    )?
    .execute(params![
        scoring.project.0,
        scoring.feature,
        int_from_u64(outage.from_ms),
        outage.to_ms.map(int_from_u64),
        outage.partial,
        outage.peak_share,
        int_from_u64(outage.failed),
    ])?;
    Ok(())
}

fn put_hours(db: &Connection, scoring: &Scoring) -> Result<(), Fault> {
    let mut insert = db.prepare_cached(
        "INSERT INTO hour_score (project, feature, hour, known_ms, ratio_down_ms)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (project, feature, hour) DO UPDATE
         SET known_ms = excluded.known_ms, ratio_down_ms = excluded.ratio_down_ms",
    )?;
    for score in &scoring.hours {
        insert.execute(params![
            scoring.project.0,
            scoring.feature,
            int_from_u64(score.start_ms / Step::Hour.ms()),
            int_from_u64(score.known_ms),
            int_from_u64(score.ratio_down_ms),
        ])?;
    }
    Ok(())
}

pub(super) fn read_outages(
    db: &Connection,
    project: ProjectId,
    feature: Option<&str>,
    span: Span,
) -> rusqlite::Result<Vec<OutageRow>> {
    db.prepare_cached(
        "SELECT from_ms, to_ms, partial, peak_share, failed, feature, revision FROM outage
         WHERE project = ?1 AND (?2 IS NULL OR feature = ?2)
             AND from_ms < ?4 AND (to_ms IS NULL OR to_ms > ?3)
         ORDER BY from_ms DESC, id DESC",
    )?
    .query_map(
        params![
            project.0,
            feature,
            int_from_u64(span.from_ms),
            int_from_u64(span.to_ms)
        ],
        |row| {
            Ok(OutageRow {
                outage: outage_from_row(row)?,
                feature: row.get(5)?,
                revision: row.get(6)?,
            })
        },
    )?
    .collect()
}

/// An outage whose five columns come first.
fn outage_from_row(row: &Row<'_>) -> rusqlite::Result<Outage> {
    let to_ms: Option<i64> = row.get(1)?;
    Ok(Outage {
        from_ms: u64_at(row, 0)?,
        to_ms: to_ms.map(|to_ms| u64::try_from(to_ms).unwrap_or(0)),
        partial: row.get(2)?,
        peak_share: row.get(3)?,
        failed: u64_at(row, 4)?,
    })
}

pub(super) fn read_hours(
    db: &Connection,
    project: ProjectId,
    feature: &str,
    span: Span,
) -> rusqlite::Result<Vec<HourScore>> {
    let hours = steps_in(span, Step::Hour);
    db.prepare_cached(
        "SELECT hour, known_ms, ratio_down_ms FROM hour_score
         WHERE project = ?1 AND feature = ?2 AND hour >= ?3 AND hour < ?4 ORDER BY hour",
    )?
    .query_map(
        params![
            project.0,
            feature,
            int_from_u64(hours.start),
            int_from_u64(hours.end)
        ],
        |row| {
            Ok(HourScore {
                start_ms: start_ms(u64_at(row, 0)?, Step::Hour),
                known_ms: u64_at(row, 1)?,
                ratio_down_ms: u64_at(row, 2)?,
            })
        },
    )?
    .collect()
}
