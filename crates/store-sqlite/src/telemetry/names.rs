//! Turns names of features and templates into small numbers, and back.

use std::collections::HashMap;

use protocol::latency::OTHER_TEMPLATE;
use rusqlite::{Connection, OptionalExtension, params};
use store::ProjectId;

use super::place::template_id;

/// Features that one project tells apart; what comes later belongs to none. Budgets name tens; more
/// can only come from somebody who makes names up.
const MAX_FEATURES: i64 = 1_000;

/// Id of a feature, which is given one when it is new.
pub(super) fn feature_for(
    db: &Connection,
    project: ProjectId,
    name: &str,
) -> rusqlite::Result<i64> {
    if let Some(id) = find_feature(db, project, name)? {
        return Ok(id);
    }
    if !name.is_empty() {
        let known: i64 = db
            .prepare_cached("SELECT count(*) FROM latency_feature WHERE project = ?1")?
            .query_row([project.0], |row| row.get(0))?;
        if known >= MAX_FEATURES {
            return feature_for(db, project, "");
        }
    }
    db.prepare_cached("INSERT INTO latency_feature (project, name) VALUES (?1, ?2)")?
        .execute(params![project.0, name])?;
    Ok(db.last_insert_rowid())
}

/// Id of a feature, if anything was ever counted for it.
pub(super) fn find_feature(
    db: &Connection,
    project: ProjectId,
    name: &str,
) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT id FROM latency_feature WHERE project = ?1 AND name = ?2")?
        .query_row(params![project.0, name], |row| row.get(0))
        .optional()
}

/// Ids and names of one feature, or of all.
pub(super) fn features(
    db: &Connection,
    project: ProjectId,
    only: Option<&str>,
) -> rusqlite::Result<HashMap<i64, String>> {
    db.prepare_cached(
        "SELECT id, name FROM latency_feature
         WHERE project = ?1 AND (?2 IS NULL OR name = ?2)",
    )?
    .query_map(params![project.0, only], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?
    .collect()
}

/// Id of a template, which is given one when it is new; when there is no room that of the rest.
pub(super) fn template_for(
    db: &Connection,
    feature: i64,
    method: &str,
    template: &str,
) -> rusqlite::Result<i64> {
    let known: Option<i64> = db
        .prepare_cached(
            "SELECT id FROM latency_template
             WHERE feature = ?1 AND method = ?2 AND template = ?3",
        )?
        .query_row(params![feature, method, template], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let last: Option<i64> = db
        .prepare_cached("SELECT max(id) FROM latency_template WHERE id >= ?1 AND id < ?2")?
        .query_row(
            [template_id(feature, 0), template_id(feature + 1, 0)],
            |row| row.get(0),
        )?;
    let is_rest = method.is_empty() && template == OTHER_TEMPLATE;
    // Number 0 is kept for the rest.
    let next = last.map_or(template_id(feature, 1), |last| last + 1);
    let next = if is_rest {
        template_id(feature, 0)
    } else {
        next
    };
    if next >= template_id(feature + 1, 0) {
        return template_for(db, feature, "", OTHER_TEMPLATE);
    }
    db.prepare_cached(
        "INSERT INTO latency_template (id, feature, method, template) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![next, feature, method, template])?;
    Ok(next)
}

/// Methods and templates of a feature, by id.
pub(super) fn templates(
    db: &Connection,
    feature: i64,
) -> rusqlite::Result<HashMap<i64, (String, String)>> {
    db.prepare_cached("SELECT id, method, template FROM latency_template WHERE feature = ?1")?
        .query_map([feature], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
        })?
        .collect()
}
