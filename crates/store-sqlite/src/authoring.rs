//! Turns drafts, releases, pauses and counts of surveys into statements.
//!
//! `draft` keeps what is being written, `count` counts what came of surveys and who was where; versions are
//! made by `surveys`, as for everybody who publishes.

mod count;
mod draft;

use std::collections::BTreeSet;

use protocol::query::surveys::Counts;
use rusqlite::{Connection, params};
use store::{
    AuditEntry, Authored, Authoring, DraftRow, NewDraftRow, ProjectId, Publication, Release, Reply,
    Sighting, Span, VersionRow,
};

use crate::SqliteStore;
use crate::convert::int_from_u64;
use crate::fault::Fault;
use crate::guards::audit;
use crate::ledger;
use crate::surveys::{self, Made};

impl Authoring for SqliteStore {
    fn drafts(&self, project: ProjectId) -> Reply<'_, Vec<DraftRow>> {
        self.read("list drafts", move |db| draft::all(db, project))
    }

    fn draft(&self, project: ProjectId, survey: String) -> Reply<'_, Option<DraftRow>> {
        self.read("read a draft", move |db| draft::one(db, project, &survey))
    }

    fn save_draft(&self, draft: NewDraftRow) -> Reply<'_, Authored<DraftRow>> {
        self.change("save a draft", move |db| draft::save(db, draft))
    }

    fn drop_draft(&self, survey: String, rev: u64, entry: AuditEntry) -> Reply<'_, Authored<()>> {
        self.change("forget a draft", move |db| {
            draft::forget(db, &survey, rev, &entry)
        })
    }

    fn release(&self, releases: Vec<Release>) -> Reply<'_, Authored<Vec<Publication>>> {
        self.change("release surveys", move |db| release_all(db, releases))
    }

    fn versions(&self, project: ProjectId, survey: String) -> Reply<'_, Vec<VersionRow>> {
        self.read("list versions", move |db| {
            surveys::versions(db, project, &survey)
        })
    }

    fn pause(
        &self,
        survey: String,
        paused: bool,
        was_paused: bool,
        entry: AuditEntry,
    ) -> Reply<'_, Authored<()>> {
        self.change("pause a survey", move |db| {
            pause(db, &survey, paused, was_paused, &entry)
        })
    }

    fn paused(&self, project: ProjectId) -> Reply<'_, BTreeSet<String>> {
        self.read("list paused surveys", move |db| {
            let sql = "SELECT survey FROM survey_pause WHERE project = ?1";
            let mut select = db.prepare_cached(sql)?;
            let rows = select.query_map([project.0], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn survey_counts(
        &self,
        project: ProjectId,
        surveys: Vec<String>,
        span: Span,
    ) -> Reply<'_, Vec<Counts>> {
        self.read("count what came of surveys", move |db| {
            let each = surveys.iter();
            each.map(|survey| count::of_survey(db, project, survey, span))
                .collect()
        })
    }

    fn sightings(&self, project: ProjectId, span: Span, limit: u32) -> Reply<'_, Vec<Sighting>> {
        self.read("read who was where", move |db| {
            count::sightings(db, project, span, limit)
        })
    }

    fn page_loads(&self, project: ProjectId, span: Span) -> Reply<'_, Vec<(String, u64)>> {
        self.read("count page loads", move |db| {
            Ok(ledger::page_loads(db, project, span)?)
        })
    }
}

/// Looks at everything that is expected before anything is changed.
fn release_all(
    db: &Connection,
    releases: Vec<Release>,
) -> Result<Authored<Vec<Publication>>, Fault> {
    for release in &releases {
        if !is_as_expected(db, release)? {
            return Ok(Authored::Clash);
        }
    }
    let each = releases.into_iter();
    let published: Result<Vec<_>, Fault> = each.map(|one| release_one(db, one)).collect();
    Ok(Authored::Done(published?))
}

fn is_as_expected(db: &Connection, release: &Release) -> Result<bool, Fault> {
    let Some(expect) = release.expect else {
        return Ok(true);
    };
    let (project, id) = (release.entry.project, &release.survey.id);
    let newest = surveys::newest_version(db, project, id)?;
    let is_theirs = match expect.rev {
        None => true,
        // What was published since it was begun is replaced by nobody who has not seen it.
        Some(rev) => draft::one(db, project, id)?
            .is_some_and(|draft| draft.rev == rev && draft.base == newest),
    };
    Ok(newest == expect.base && is_theirs)
}

fn release_one(db: &Connection, release: Release) -> Result<Publication, Fault> {
    let Release {
        survey,
        source,
        expect,
        restored,
        mut entry,
    } = release;
    let (project, at_ms) = (entry.project, entry.at_ms);
    let how = Made {
        by: Some((entry.credential, entry.actor.as_str())),
        restored,
        source: source.as_deref(),
    };
    let made = surveys::publish(db, project, &survey, at_ms, how)?;
    if expect.is_some_and(|expect| expect.rev.is_some()) {
        draft::take(db, project, &survey.id)?;
    }
    if made.is_new {
        entry.detail = format!("version {}{}", made.version, entry.detail);
        audit::add(db, &entry)?;
    }
    Ok(made)
}

fn pause(
    db: &Connection,
    survey: &str,
    paused: bool,
    was_paused: bool,
    entry: &AuditEntry,
) -> Result<Authored<()>, Fault> {
    let project = entry.project;
    if surveys::newest_version(db, project, survey)? == 0 {
        return Ok(Authored::Missing);
    }
    let sql = "SELECT 1 FROM survey_pause WHERE project = ?1 AND survey = ?2";
    let is_paused = db.prepare_cached(sql)?.exists(params![project.0, survey])?;
    if is_paused != was_paused {
        return Ok(Authored::Clash);
    }
    if paused == is_paused {
        return Ok(Authored::Done(()));
    }
    if paused {
        let sql = "INSERT INTO survey_pause (project, survey, since_ms) VALUES (?1, ?2, ?3)";
        db.prepare_cached(sql)?
            .execute(params![project.0, survey, int_from_u64(entry.at_ms)])?;
    } else {
        let sql = "DELETE FROM survey_pause WHERE project = ?1 AND survey = ?2";
        db.prepare_cached(sql)?
            .execute(params![project.0, survey])?;
    }
    audit::add(db, entry)?;
    Ok(Authored::Done(()))
}
