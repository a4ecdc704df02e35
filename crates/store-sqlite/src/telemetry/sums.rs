//! Turns a question about sums into the rows that answer it, added up.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rusqlite::{CachedStatement, Connection, Row, params};
use store::{
    Distribution, FeatureSlice, FeatureSum, ProjectId, SlicesFilter, Span, Step, StoreError,
    SumsFilter, TemplateSum,
};

use super::counts::Counts;
use super::cover::{Floors, cover};
use super::names::{features, find_feature, templates};
use super::place::{
    feature_key, feature_of_key, keys_of_features, keys_of_templates, start_ms, steps_in,
    template_of_key,
};
use super::{floors, spread};
use crate::fault::Fault;

pub(super) fn read_slices(
    db: &Connection,
    filter: &SlicesFilter,
) -> Result<Vec<FeatureSlice>, Fault> {
    let features = features(db, filter.project, filter.feature.as_deref())?;
    let mut found = Vec::new();
    let steps = steps_in(filter.span, filter.step);
    each_row(
        db,
        (filter.step, "totals"),
        steps,
        &features,
        |number, name, bytes| {
            found.push(FeatureSlice {
                feature: String::from(name),
                start_ms: start_ms(number, filter.step),
                totals: Counts::decode(bytes)?.totals(),
            });
            Some(())
        },
    )?;
    found.sort_by(|a, b| (&a.feature, a.start_ms).cmp(&(&b.feature, b.start_ms)));
    Ok(found)
}

pub(super) fn read_sums(
    db: &Connection,
    filter: &SumsFilter,
) -> Result<Vec<Vec<FeatureSum>>, Fault> {
    let floors = floors(db)?;
    let features = features(db, filter.project, filter.feature.as_deref())?;
    let spans = filter.spans.iter();
    spans
        .map(|&span| read_sum(db, span, filter.with_distribution, &features, floors))
        .collect()
}

fn read_sum(
    db: &Connection,
    span: Span,
    with_distribution: bool,
    features: &HashMap<i64, String>,
    floors: Floors,
) -> Result<Vec<FeatureSum>, Fault> {
    let mut sums: BTreeMap<String, (Counts, Distribution)> = BTreeMap::new();
    for (step, steps) in cover(span, Step::Slice, floors) {
        each_row(db, (step, "totals"), steps, features, |_, name, bytes| {
            sum_of(&mut sums, name).0.merge(&Counts::decode(bytes)?);
            Some(())
        })?;
    }
    if with_distribution {
        for (step, steps) in cover(span, Step::Minute, floors) {
            each_row(
                db,
                (step, "distribution"),
                steps,
                features,
                |_, name, bytes| {
                    sum_of(&mut sums, name)
                        .1
                        .merge_counts(&spread::decode(bytes)?);
                    Some(())
                },
            )?;
        }
    }
    let sums = sums.into_iter();
    Ok(sums
        .map(|(feature, (counts, distribution))| FeatureSum {
            feature,
            totals: counts.totals(),
            distribution,
        })
        .collect())
}

fn sum_of<'a, S: Default>(sums: &'a mut BTreeMap<String, S>, name: &str) -> &'a mut S {
    sums.entry(String::from(name)).or_default()
}

/// Calls `with` with number, feature and bytes of each row of these features in these steps; it
/// answers nothing when it cannot read them.
fn each_row(
    db: &Connection,
    (step, column): (Step, &str),
    steps: Range<u64>,
    features: &HashMap<i64, String>,
    mut with: impl FnMut(u64, &str, &[u8]) -> Option<()>,
) -> Result<(), Fault> {
    let table = match step {
        Step::Slice => "latency_slice",
        Step::Minute => "latency_minute",
        Step::Hour => "latency_hour",
    };
    let mut visit = |row: &Row<'_>| {
        let (number, feature) = feature_of_key(row.get(0)?);
        let Some(name) = features.get(&feature) else {
            return Ok(());
        };
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        with(number, name, bytes).ok_or_else(unreadable)
    };
    let steps = steps_there(db, table, steps, |key| feature_of_key(key).0)?;
    let sql = format!("SELECT at, {column} FROM {table} WHERE at >= ?1 AND at < ?2");
    let mut select = db.prepare_cached(&sql)?;
    if features.len() > 1 {
        return each(&mut select, keys_of_features(&steps), &mut visit);
    }
    // One feature is looked up: the rows of others lie between its own.
    for feature in features.keys() {
        for number in steps.clone() {
            let key = feature_key(number, *feature);
            each(&mut select, key..key + 1, &mut visit)?;
        }
    }
    Ok(())
}

/// Calls `visit` with each row of a range of keys.
fn each(
    select: &mut CachedStatement<'_>,
    keys: Range<i64>,
    visit: &mut impl FnMut(&Row<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut rows = select.query(params![keys.start, keys.end])?;
    while let Some(row) = rows.next()? {
        visit(row)?;
    }
    Ok(())
}

/// Those of the steps that a table has rows of: a span may well be all of time.
fn steps_there(
    db: &Connection,
    table: &str,
    steps: Range<u64>,
    step_of_key: impl Fn(i64) -> u64,
) -> rusqlite::Result<Range<u64>> {
    let end = |which: &str| -> rusqlite::Result<Option<i64>> {
        db.prepare_cached(&format!("SELECT {which}(at) FROM {table}"))?
            .query_row([], |row| row.get(0))
    };
    let (Some(first), Some(last)) = (end("min")?, end("max")?) else {
        return Ok(0..0);
    };
    Ok(steps.start.max(step_of_key(first))..steps.end.min(step_of_key(last) + 1))
}

pub(super) fn read_templates(
    db: &Connection,
    project: ProjectId,
    feature: &str,
    span: Span,
) -> Result<Vec<TemplateSum>, Fault> {
    let Some(feature) = find_feature(db, project, feature)? else {
        return Ok(Vec::new());
    };
    let mut sums: HashMap<i64, Distribution> = HashMap::new();
    for (step, steps) in cover(span, Step::Minute, floors(db)?) {
        let table = match step {
            Step::Slice | Step::Minute => "latency_template_minute",
            Step::Hour => "latency_template_hour",
        };
        let steps = steps_there(db, table, steps, |key| template_of_key(key).0)?;
        let sql = format!("SELECT at, distribution FROM {table} WHERE at >= ?1 AND at < ?2");
        let mut select = db.prepare_cached(&sql)?;
        for number in steps {
            each(
                &mut select,
                keys_of_templates(number, feature),
                &mut |row| {
                    let (_, template) = template_of_key(row.get(0)?);
                    let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
                    let found = spread::decode(bytes).ok_or_else(unreadable)?;
                    sums.entry(template).or_default().merge(&found);
                    Ok(())
                },
            )?;
        }
    }
    named(db, feature, sums)
}

/// Puts names to sums.
fn named(
    db: &Connection,
    feature: i64,
    sums: HashMap<i64, Distribution>,
) -> Result<Vec<TemplateSum>, Fault> {
    let mut names = templates(db, feature)?;
    let mut found: Vec<TemplateSum> = sums
        .into_iter()
        .filter_map(|(id, distribution)| {
            let (method, template) = names.remove(&id)?;
            Some(TemplateSum {
                method,
                template,
                distribution,
            })
        })
        .collect();
    found.sort_by(|a, b| (&a.method, &a.template).cmp(&(&b.method, &b.template)));
    Ok(found)
}

pub(super) fn unreadable() -> Fault {
    Fault::Rule(StoreError::Unreadable {
        what: "a sum of latency",
        source: "it is of another form".into(),
    })
}
