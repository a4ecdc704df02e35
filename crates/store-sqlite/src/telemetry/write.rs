//! Turns sums of one commit into changed rows: each is read, added to and written once.

use std::collections::BTreeMap;

use latency::Histogram;
use rusqlite::{Connection, OptionalExtension, params};
use store::{Distribution, ProjectId, Step};

use super::counts::Counts;
use super::cover::Floors;
use super::names::{feature_for, template_for};
use super::place::{feature_key, slices_of, template_key};
use super::rollup::{FeatureRollup, Rollup};
use super::{floors, spread};
use crate::convert::int_from_u64;

/// Minutes of an hour.
const MINUTES: u64 = Step::Hour.ms() / Step::Minute.ms();

/// Sums of one feature in one step.
type Sums = (Counts, Distribution);

/// Adds what a commit brings to what is there.
pub(crate) fn write(db: &Connection, rollup: &Rollup) -> rusqlite::Result<()> {
    if rollup.is_empty() {
        return Ok(());
    }
    let floors = floors(db)?;
    let mark: i64 = db
        .prepare_cached("SELECT coalesce(max(changed), 0) + 1 FROM latency_feature")?
        .query_row([], |row| row.get(0))?;
    for ((project, name), sums) in &rollup.features {
        let feature = feature_for(db, *project, name)?;
        write_feature(db, feature, sums, floors)?;
        db.prepare_cached(
            "UPDATE latency_feature SET changed = ?2, newest = max(newest, ?3) WHERE id = ?1",
        )?
        .execute(params![
            feature,
            mark,
            int_from_u64(sums.newest().unwrap_or(0))
        ])?;
    }
    for ((project, name, hour), histogram) in &rollup.vitals {
        write_vital(db, *project, name, *hour, histogram)?;
    }
    for (&(project, minute), &requests) in &rollup.overflow {
        write_overflow(db, project, minute, requests, floors)?;
    }
    Ok(())
}

/// What has been pruned is counted in the longer steps alone.
fn write_feature(
    db: &Connection,
    feature: i64,
    sums: &FeatureRollup,
    floors: Floors,
) -> rusqlite::Result<()> {
    let mut minutes: BTreeMap<u64, Sums> = BTreeMap::new();
    for (&slice, counts) in &sums.slices {
        let minute = minutes.entry(slice / slices_of(Step::Minute)).or_default();
        minute.0.merge(counts);
        if floors.keeps(Step::Slice, slice) {
            write_slice(db, feature_key(slice, feature), counts)?;
        }
    }
    for ((method, template), by_minute) in &sums.templates {
        let template = template_for(db, feature, method, template)?;
        write_template(db, template, by_minute, floors)?;
        for (&minute, distribution) in by_minute {
            let minute = minutes.entry(minute).or_default();
            minute.1.merge_counts(distribution);
        }
    }
    let mut hours: BTreeMap<u64, Sums> = BTreeMap::new();
    for (&minute, sums) in &minutes {
        let hour = hours.entry(minute / MINUTES).or_default();
        hour.0.merge(&sums.0);
        hour.1.merge_counts(&sums.1);
        if floors.keeps(Step::Minute, minute * slices_of(Step::Minute)) {
            write_sums(db, &MINUTE, feature_key(minute, feature), sums)?;
        }
    }
    for (&hour, sums) in &hours {
        write_sums(db, &HOUR, feature_key(hour, feature), sums)?;
    }
    Ok(())
}

fn write_template(
    db: &Connection,
    template: i64,
    by_minute: &BTreeMap<u64, Distribution>,
    floors: Floors,
) -> rusqlite::Result<()> {
    let mut hours: BTreeMap<u64, Distribution> = BTreeMap::new();
    for (&minute, distribution) in by_minute {
        hours
            .entry(minute / MINUTES)
            .or_default()
            .merge(distribution);
        if floors.keeps(Step::Minute, minute * slices_of(Step::Minute)) {
            let key = template_key(minute, template);
            write_distribution(db, &TEMPLATE_MINUTE, key, distribution)?;
        }
    }
    for (&hour, distribution) in &hours {
        let key = template_key(hour, template);
        write_distribution(db, &TEMPLATE_HOUR, key, distribution)?;
    }
    Ok(())
}

/// The statements of one table.
struct Table {
    read: &'static str,
    write: &'static str,
}

const SLICE: Table = Table {
    read: "SELECT totals FROM latency_slice WHERE at = ?1",
    write: "INSERT INTO latency_slice (at, totals) VALUES (?1, ?2)
            ON CONFLICT (at) DO UPDATE SET totals = excluded.totals",
};

const MINUTE: Table = Table {
    read: "SELECT totals, distribution FROM latency_minute WHERE at = ?1",
    write: "INSERT INTO latency_minute (at, totals, distribution) VALUES (?1, ?2, ?3)
            ON CONFLICT (at) DO UPDATE
            SET totals = excluded.totals, distribution = excluded.distribution",
};

const HOUR: Table = Table {
    read: "SELECT totals, distribution FROM latency_hour WHERE at = ?1",
    write: "INSERT INTO latency_hour (at, totals, distribution) VALUES (?1, ?2, ?3)
            ON CONFLICT (at) DO UPDATE
            SET totals = excluded.totals, distribution = excluded.distribution",
};

const TEMPLATE_MINUTE: Table = Table {
    read: "SELECT distribution FROM latency_template_minute WHERE at = ?1",
    write: "INSERT INTO latency_template_minute (at, distribution) VALUES (?1, ?2)
            ON CONFLICT (at) DO UPDATE SET distribution = excluded.distribution",
};

const TEMPLATE_HOUR: Table = Table {
    read: "SELECT distribution FROM latency_template_hour WHERE at = ?1",
    write: "INSERT INTO latency_template_hour (at, distribution) VALUES (?1, ?2)
            ON CONFLICT (at) DO UPDATE SET distribution = excluded.distribution",
};

fn write_slice(db: &Connection, key: i64, counts: &Counts) -> rusqlite::Result<()> {
    let known = db
        .prepare_cached(SLICE.read)?
        .query_row([key], |row| {
            Ok(readable(key, Counts::decode(row.get_ref(0)?.as_blob()?)))
        })
        .optional()?;
    let mut sum = known.unwrap_or_default();
    sum.merge(counts);
    db.prepare_cached(SLICE.write)?
        .execute(params![key, sum.encode()])?;
    Ok(())
}

fn write_sums(db: &Connection, table: &Table, key: i64, sums: &Sums) -> rusqlite::Result<()> {
    let known = db
        .prepare_cached(table.read)?
        .query_row([key], |row| {
            let counts = readable(key, Counts::decode(row.get_ref(0)?.as_blob()?));
            let distribution = readable(key, spread::decode(row.get_ref(1)?.as_blob()?));
            Ok((counts, distribution))
        })
        .optional()?;
    let mut sum = known.unwrap_or_default();
    sum.0.merge(&sums.0);
    sum.1.merge_counts(&sums.1);
    db.prepare_cached(table.write)?.execute(params![
        key,
        sum.0.encode(),
        spread::encode(&sum.1)
    ])?;
    Ok(())
}

fn write_distribution(
    db: &Connection,
    table: &Table,
    key: i64,
    distribution: &Distribution,
) -> rusqlite::Result<()> {
    let known = db
        .prepare_cached(table.read)?
        .query_row([key], |row| {
            Ok(readable(key, spread::decode(row.get_ref(0)?.as_blob()?)))
        })
        .optional()?;
    let mut sum = known.unwrap_or_default();
    sum.merge(distribution);
    db.prepare_cached(table.write)?
        .execute(params![key, spread::encode(&sum)])?;
    Ok(())
}

/// What is there, or nothing where it cannot be read: one bad row must not keep a collector from
/// taking reports for ever.
fn readable<T: Default>(key: i64, found: Option<T>) -> T {
    found.unwrap_or_else(|| {
        tracing::error!(key, "a sum of latency cannot be read and begins anew");
        T::default()
    })
}

fn write_vital(
    db: &Connection,
    project: ProjectId,
    name: &str,
    hour: u64,
    histogram: &Histogram,
) -> rusqlite::Result<()> {
    let hour = int_from_u64(hour);
    let known = db
        .prepare_cached(
            "SELECT histogram FROM latency_vital WHERE project = ?1 AND hour = ?2 AND name = ?3",
        )?
        .query_row(params![project.0, hour, name], |row| {
            let found = Histogram::decode(row.get_ref(0)?.as_blob()?);
            Ok(readable(hour, found.ok()))
        })
        .optional()?;
    let mut sum = known.unwrap_or_default();
    sum.merge(histogram);
    db.prepare_cached(
        "INSERT INTO latency_vital (project, hour, name, histogram) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (project, hour, name) DO UPDATE SET histogram = excluded.histogram",
    )?
    .execute(params![project.0, hour, name, sum.encode()])?;
    Ok(())
}

fn write_overflow(
    db: &Connection,
    project: ProjectId,
    minute: u64,
    requests: u64,
    floors: Floors,
) -> rusqlite::Result<()> {
    let is_kept = floors.keeps(Step::Minute, minute * slices_of(Step::Minute));
    let minute = if is_kept {
        minute
    } else {
        minute - minute % MINUTES
    };
    db.prepare_cached(
        "INSERT INTO latency_overflow (project, minute, requests) VALUES (?1, ?2, ?3)
         ON CONFLICT (project, minute) DO UPDATE SET requests = requests + excluded.requests",
    )?
    .execute(params![
        project.0,
        int_from_u64(minute),
        int_from_u64(requests)
    ])?;
    Ok(())
}
