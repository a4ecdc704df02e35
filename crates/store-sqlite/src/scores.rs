//! Turns rows of scores into counts of people, each of whom counts once.
//!
//! `scan` reads scores of a view from the newest to the oldest, `keys` turns columns into what is known of
//! whoever gave them, `releases` keeps what the team says about when.

mod keys;
mod releases;
mod scan;

use std::collections::{BTreeMap, HashMap, HashSet};

use protocol::query::scores::Release;
use protocol::query::view::Aside;
use rusqlite::Connection;
use store::{
    AuditEntry, Cell, Cut, NpsCounts, NpsFilter, ProjectId, Reach, Reply, Scored, Scores,
    ScoresFilter, Span,
};

use self::keys::Keys;
use crate::SqliteStore;
use crate::fault::Fault;
use crate::shown::{self, Asked, Installs, shown};

impl Scores for SqliteStore {
    fn scored(&self, filter: ScoresFilter, cut: Cut) -> Reply<'_, Scored> {
        self.read("count scores", move |db| scored(db, &filter, &cut))
    }

    fn reach(&self, filter: ScoresFilter, surveys: Vec<String>) -> Reply<'_, Reach> {
        self.read("count who was asked", move |db| {
            reach(db, &filter, &surveys)
        })
    }

    fn gather(&self, now_ms: u64) -> Reply<'_, u64> {
        Box::pin(async move {
            let days = self.read("look for days that are over", move |db| {
                Ok(shown::to_gather(db, now_ms)?)
            });
            let mut kept = 0;
            for day in days.await? {
                let (day, found) = self
                    .read("read who was shown a survey", move |db| {
                        let found = shown::gather(db, &day)?;
                        Ok((day, found))
                    })
                    .await?;
                let keep = self.change("keep who was shown a survey", move |db| {
                    Ok(shown::keep(db, &day, &found)?)
                });
                kept += u64::from(keep.await?);
            }
            Ok(kept)
        })
    }

    fn traits(&self, project: ProjectId) -> Reply<'_, Vec<String>> {
        self.read("list traits", move |db| traits(db, project))
    }

    fn releases(&self, project: ProjectId, span: Span) -> Reply<'_, Vec<Release>> {
        self.read("list releases", move |db| releases::of(db, project, span))
    }

    fn add_release(&self, release: Release, entry: AuditEntry) -> Reply<'_, Release> {
        self.change("add a release", move |db| releases::add(db, release, entry))
    }

    fn remove_release(&self, id: u64, entry: AuditEntry) -> Reply<'_, bool> {
        self.change("forget a release", move |db| {
            releases::remove(db, id, &entry)
        })
    }
}

fn scored(db: &Connection, filter: &ScoresFilter, cut: &Cut) -> Result<Scored, Fault> {
    Ok(scored_by_whom(db, filter, cut)?.0)
}

/// Counts scores, and tells who gave them.
fn scored_by_whom(
    db: &Connection,
    filter: &ScoresFilter,
    cut: &Cut,
) -> Result<(Scored, Installs), Fault> {
    let mut keys = Keys::new(&cut.by);
    let mut people = HashSet::new();
    let mut cells: HashMap<(usize, Vec<Option<String>>), [u64; 11]> = HashMap::new();
    scan::each(db, filter, &cut.by, |row| {
        // The newest comes first: whatever somebody said before no longer counts.
        if !people.insert(row.install) {
            return Ok(());
        }
        let stretch = cut.edges.partition_point(|edge| *edge <= row.at_ms);
        let at = (stretch.saturating_sub(1), keys.of(row.columns)?);
        let histogram = cells.entry(at).or_default();
        // The column allows nothing else, and a file edited by hand must not bring us down.
        if let Some(people) = histogram.get_mut(usize::from(row.score)) {
            *people += 1;
        }
        Ok(())
    })?;
    let mut cells: Vec<_> = cells
        .into_iter()
        .map(|((stretch, keys), histogram)| Cell {
            stretch,
            keys,
            histogram,
        })
        .collect();
    cells.sort_by(|a, b| (a.stretch, &a.keys).cmp(&(b.stretch, &b.keys)));
    for cell in &mut cells {
        keys.spell(&mut cell.keys);
    }
    let aside = aside(db, filter)?;
    Ok((Scored { cells, aside }, people.into_iter().collect()))
}

/// How many scores are kept aside that the view would show otherwise.
fn aside(db: &Connection, filter: &ScoresFilter) -> Result<BTreeMap<Aside, u64>, Fault> {
    let mut all = BTreeMap::new();
    scan::each_aside(db, filter, |hidden| {
        let reasons = Aside::ALL.iter().filter(|it| hidden & it.bit() != 0);
        for reason in reasons {
            *all.entry(*reason).or_default() += 1;
        }
    })?;
    Ok(all)
}

fn reach(db: &Connection, filter: &ScoresFilter, surveys: &[String]) -> Result<Reach, Fault> {
    let mut answered = Vec::new();
    scan::each(db, filter, &[], |row| {
        answered.push(row.install);
        Ok(())
    })?;
    reach_among(db, filter, surveys, &Installs::from_iter(answered))
}

/// The same, where it is known who gave a score.
fn reach_among(
    db: &Connection,
    filter: &ScoresFilter,
    surveys: &[String],
    answered: &Installs,
) -> Result<Reach, Fault> {
    let span = Span {
        from_ms: filter.view.from_ms.unwrap_or(0),
        to_ms: filter.view.to_ms.unwrap_or(u64::MAX),
    };
    let shown = shown(db, filter.project, surveys, span, Asked::Surveyed)?;
    Ok(Reach {
        shown: shown.people.len(),
        answered: shown.people.in_common(answered),
    })
}

/// The Net Promoter Score of one question of one survey.
pub(crate) fn nps(db: &Connection, filter: &NpsFilter) -> Result<NpsCounts, Fault> {
    let surveys = [filter.survey.clone()];
    let filter = filter.as_scores();
    let (scored, answered) = scored_by_whom(db, &filter, &Cut::default())?;
    let reach = reach_among(db, &filter, &surveys, &answered)?;
    Ok(NpsCounts {
        histogram: scored
            .cells
            .first()
            .map(|c| c.histogram)
            .unwrap_or_default(),
        shown: reach.shown,
        shown_and_answered: reach.answered,
    })
}

/// Names of traits among the latest thousand people who have any.
fn traits(db: &Connection, project: ProjectId) -> Result<Vec<String>, Fault> {
    let mut select = db.prepare_cached(
        "SELECT key FROM (
            SELECT respondent_traits FROM response
            WHERE project = ?1 AND respondent_traits IS NOT NULL ORDER BY number DESC LIMIT 1000
         ) AS late, json_each(late.respondent_traits)
         GROUP BY key ORDER BY COUNT(*) DESC, key LIMIT 20",
    )?;
    let names = select.query_map([project.0], |row| row.get(0))?;
    let mut names = names.collect::<Result<Vec<String>, _>>()?;
    names.sort();
    Ok(names)
}
