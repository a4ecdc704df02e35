//! Turns reports of page loads into rows of sums, and rows into what follows from them.
//!
//! `rollup` adds up the reports of one commit, `write` adds that to the rows; `sums` reads them with
//! the help of `cover`. A row holds `counts` of a feature or the `spread` of attempts, as `bytes`,
//! under a key of `place` made of numbers that `names` gives. What is not a sum is kept by `scoring`,
//! `alerts` and `plans`; `prune` forgets.

mod alerts;
mod bytes;
mod clients;
mod counts;
mod cover;
mod names;
mod place;
pub(crate) mod plans;
mod prune;
mod rollup;
mod scoring;
mod spread;
mod sums;
mod write;

use latency::Histogram;
use protocol::latency::SLICE_MS;
use protocol::query::performance::{Maintenance, NewMaintenance};
use rusqlite::{Connection, params};
use store::{
    AlertChange, BudgetsPublication, BudgetsVersion, ChangedFeature, Changes, FeatureSlice,
    FeatureSum, HourScore, OutageRow, ProjectId, Pruned, Reply, Retention, Scoring, SlicesFilter,
    Span, Step, SumsFilter, Telemetry, TemplateSum, VitalSum,
};

use self::cover::Floors;
use self::place::steps_in;
pub(crate) use self::rollup::Rollup;
pub(crate) use self::write::write;
use crate::SqliteStore;
use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;

impl Telemetry for SqliteStore {
    fn slices(&self, filter: SlicesFilter) -> Reply<'_, Vec<FeatureSlice>> {
        self.read("read slices", move |db| sums::read_slices(db, &filter))
    }

    fn sums(&self, filter: SumsFilter) -> Reply<'_, Vec<Vec<FeatureSum>>> {
        self.read("add up features", move |db| sums::read_sums(db, &filter))
    }

    fn templates(
        &self,
        project: ProjectId,
        feature: String,
        span: Span,
    ) -> Reply<'_, Vec<TemplateSum>> {
        self.read("add up templates", move |db| {
            sums::read_templates(db, project, &feature, span)
        })
    }

    fn vitals(&self, project: ProjectId, span: Span) -> Reply<'_, Vec<VitalSum>> {
        self.read("add up vitals", move |db| read_vitals(db, project, span))
    }

    fn overflow(&self, project: ProjectId, span: Span) -> Reply<'_, u64> {
        self.read("count what was lost", move |db| {
            let minutes = steps_in(span, Step::Minute);
            Ok(db
                .prepare_cached(
                    "SELECT coalesce(sum(requests), 0) FROM latency_overflow
                     WHERE project = ?1 AND minute >= ?2 AND minute < ?3",
                )?
                .query_row(
                    params![
                        project.0,
                        int_from_u64(minutes.start),
                        int_from_u64(minutes.end)
                    ],
                    |row| u64_at(row, 0),
                )?)
        })
    }

    fn seen_features(&self, project: ProjectId) -> Reply<'_, Vec<String>> {
        self.read("list features", move |db| {
            let mut names: Vec<String> =
                names::features(db, project, None)?.into_values().collect();
            names.sort_unstable();
            Ok(names)
        })
    }

    fn newest_slice(&self, project: ProjectId) -> Reply<'_, Option<u64>> {
        self.read("look for the newest slice", move |db| {
            let newest: Option<i64> = db
                .prepare_cached("SELECT max(newest) FROM latency_feature WHERE project = ?1")?
                .query_row([project.0], |row| row.get(0))?;
            Ok(newest.map(slice_start_ms))
        })
    }

    fn changes(&self, since: u64) -> Reply<'_, Changes> {
        self.read("look for changes", move |db| read_changes(db, since))
    }

    fn put_scoring(&self, scoring: Scoring) -> Reply<'_, ()> {
        self.change("keep outages", move |db| scoring::put(db, &scoring))
    }

    fn outages(
        &self,
        project: ProjectId,
        feature: Option<String>,
        span: Span,
    ) -> Reply<'_, Vec<OutageRow>> {
        self.read("read outages", move |db| {
            Ok(scoring::read_outages(
                db,
                project,
                feature.as_deref(),
                span,
            )?)
        })
    }

    fn hour_scores(
        &self,
        project: ProjectId,
        feature: String,
        span: Span,
    ) -> Reply<'_, Vec<HourScore>> {
        self.read("read scores", move |db| {
            Ok(scoring::read_hours(db, project, &feature, span)?)
        })
    }

    fn put_alerts(&self, project: ProjectId, changes: Vec<AlertChange>) -> Reply<'_, ()> {
        self.change("keep alerts", move |db| {
            changes
                .iter()
                .try_for_each(|change| alerts::put(db, project, change))
        })
    }

    fn alert_states(&self, project: ProjectId) -> Reply<'_, Vec<AlertChange>> {
        self.read("read alerts", move |db| alerts::read_states(db, project))
    }

    fn alerts(&self, project: ProjectId, limit: u32) -> Reply<'_, Vec<AlertChange>> {
        self.read("read alerts", move |db| {
            alerts::read_newest(db, project, limit)
        })
    }

    fn announce(&self, project: ProjectId, new: NewMaintenance) -> Reply<'_, Maintenance> {
        self.change("announce", move |db| plans::announce(db, project, new))
    }

    fn maintenance(&self, project: ProjectId, span: Span) -> Reply<'_, Vec<Maintenance>> {
        self.read("read what was announced", move |db| {
            Ok(plans::read_maintenance(db, project, span)?)
        })
    }

    fn withdraw(&self, project: ProjectId, id: u64) -> Reply<'_, bool> {
        self.change("withdraw", move |db| plans::withdraw(db, project, id))
    }

    fn publish_budgets(
        &self,
        project: ProjectId,
        document: String,
        now_ms: u64,
    ) -> Reply<'_, BudgetsPublication> {
        self.change("publish budgets", move |db| {
            plans::publish(db, project, &document, now_ms)
        })
    }

    fn budgets(&self, project: ProjectId) -> Reply<'_, Vec<BudgetsVersion>> {
        self.read("read budgets", move |db| {
            Ok(plans::read_budgets(db, project)?)
        })
    }

    fn prune(&self, now_ms: u64, retention: Retention) -> Reply<'_, Pruned> {
        self.change("prune", move |db| Ok(prune::prune(db, now_ms, retention)?))
    }
}

/// Before when what has been pruned.
fn floors(db: &Connection) -> rusqlite::Result<Floors> {
    db.prepare_cached("SELECT slice, minute FROM latency_floor")?
        .query_row([], |row| {
            Ok(Floors {
                slice: u64_at(row, 0)?,
                minute: u64_at(row, 1)?,
            })
        })
}

fn slice_start_ms(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0) * SLICE_MS
}

fn read_changes(db: &Connection, since: u64) -> Result<Changes, Fault> {
    let mut changes = Changes {
        mark: since,
        features: Vec::new(),
    };
    let mut select = db.prepare_cached(
        "SELECT project, name, newest, changed FROM latency_feature
         WHERE changed > ?1 ORDER BY project, name",
    )?;
    let mut rows = select.query([int_from_u64(since)])?;
    while let Some(row) = rows.next()? {
        changes.mark = changes.mark.max(u64_at(row, 3)?);
        changes.features.push(ChangedFeature {
            project: ProjectId(row.get(0)?),
            feature: row.get(1)?,
            newest_ms: slice_start_ms(row.get(2)?),
        });
    }
    Ok(changes)
}

fn read_vitals(db: &Connection, project: ProjectId, span: Span) -> Result<Vec<VitalSum>, Fault> {
    let hours = steps_in(span, Step::Hour);
    let mut select = db.prepare_cached(
        "SELECT name, histogram FROM latency_vital
         WHERE project = ?1 AND hour >= ?2 AND hour < ?3 ORDER BY hour",
    )?;
    let mut rows = select.query(params![
        project.0,
        int_from_u64(hours.start),
        int_from_u64(hours.end)
    ])?;
    let mut sums = std::collections::BTreeMap::<String, Histogram>::new();
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        let histogram = Histogram::decode(bytes).map_err(|_| sums::unreadable())?;
        sums.entry(row.get(0)?).or_default().merge(&histogram);
    }
    let sums = sums.into_iter();
    Ok(sums
        .map(|(name, histogram)| VitalSum { name, histogram })
        .collect())
}
