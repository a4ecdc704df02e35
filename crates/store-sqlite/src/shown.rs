//! Turns impressions into the people who were shown a survey, and days that are over into what is known of them
//! without reading every impression again.
//!
//! A day whose people are gathered is one row with their ids; of any other, and of parts of days, impressions are
//! read one by one. Both say the same.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use rusqlite::{Connection, params};
use store::{Batch, ImpressionRow, NewItem, ProjectId, Span};

use crate::convert::{DAY_MS, int_from_u64, u64_at};

/// Installs, sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Installs(Vec<u128>);

impl FromIterator<[u8; 16]> for Installs {
    fn from_iter<I: IntoIterator<Item = [u8; 16]>>(ids: I) -> Self {
        Self::of(ids.into_iter().map(u128::from_be_bytes).collect())
    }
}

impl Installs {
    fn of(mut ids: Vec<u128>) -> Self {
        // Made of stretches that are sorted already, which a stable sort only merges.
        ids.sort();
        ids.dedup();
        Self(ids)
    }

    pub(crate) const fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// How many are in both.
    pub(crate) fn in_common(&self, other: &Self) -> u64 {
        let (few, many) = match self.0.len() <= other.0.len() {
            true => (&self.0, &other.0),
            false => (&other.0, &self.0),
        };
        few.iter()
            .filter(|id| many.binary_search(id).is_ok())
            .count() as u64
    }

    fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|id| id.to_be_bytes()).collect()
    }
}

/// Of whom it is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    /// Everybody who saw it.
    All,
    /// Those who did not open it by themselves, as a feedback form.
    Surveyed,
}

impl Asked {
    /// Values of the column `feedback`.
    const fn feedback(self) -> RangeInclusive<u8> {
        match self {
            Self::All => 0..=1,
            Self::Surveyed => 0..=0,
        }
    }
}

/// What was shown.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// How often.
    pub(crate) times: u64,
    /// To whom.
    pub(crate) people: Installs,
}

/// Counts how often, and to whom, any of these surveys was shown.
pub(crate) fn shown(
    db: &Connection,
    project: ProjectId,
    surveys: &[String],
    span: Span,
    asked: Asked,
) -> rusqlite::Result<Shown> {
    let mut all = Gathering::default();
    let whole = span.from_ms.div_ceil(DAY_MS)..span.to_ms / DAY_MS;
    for survey in surveys {
        let of = Of { project, survey };
        if whole.is_empty() {
            all.rows(db, of, span, asked.feedback())?;
            continue;
        }
        let before = Span {
            to_ms: whole.start * DAY_MS,
            ..span
        };
        let after = Span {
            from_ms: whole.end * DAY_MS,
            ..span
        };
        all.rows(db, of, before, asked.feedback())?;
        for (day, feedback) in all.days(db, of, &whole, asked.feedback())? {
            all.rows(db, of, of_day(day), feedback..=feedback)?;
        }
        all.rows(db, of, after, asked.feedback())?;
    }
    Ok(all.done())
}

const fn of_day(day: u64) -> Span {
    Span {
        from_ms: day * DAY_MS,
        to_ms: (day + 1) * DAY_MS,
    }
}

/// Whose impressions.
#[derive(Clone, Copy)]
struct Of<'a> {
    project: ProjectId,
    survey: &'a str,
}

impl<'a> Of<'a> {
    /// Parameters of a stretch, in whatever unit its statement counts.
    fn between(
        self,
        from: u64,
        to: u64,
        feedback: &RangeInclusive<u8>,
    ) -> (i64, &'a str, i64, i64, u8, u8) {
        let (from, to) = (int_from_u64(from), int_from_u64(to));
        let (least, most) = (*feedback.start(), *feedback.end());
        (self.project.0, self.survey, from, to, least, most)
    }
}

/// What was found up to now.
#[derive(Default)]
struct Gathering {
    times: u64,
    ids: Vec<u128>,
}

impl Gathering {
    /// Reads impressions one by one.
    fn rows(
        &mut self,
        db: &Connection,
        of: Of<'_>,
        span: Span,
        feedback: RangeInclusive<u8>,
    ) -> rusqlite::Result<()> {
        if span.from_ms >= span.to_ms {
            return Ok(());
        }
        let before = self.ids.len();
        let mut select = db.prepare_cached(
            "SELECT install FROM impression
             WHERE project = ?1 AND survey = ?2 AND at_ms >= ?3 AND at_ms < ?4
                 AND feedback BETWEEN ?5 AND ?6",
        )?;
        let mut rows = select.query(of.between(span.from_ms, span.to_ms, &feedback))?;
        while let Some(row) = rows.next()? {
            self.ids.push(u128::from_be_bytes(row.get(0)?));
        }
        self.times += (self.ids.len() - before) as u64;
        Ok(())
    }

    /// Reads days whose people are gathered; answers the others.
    fn days(
        &mut self,
        db: &Connection,
        of: Of<'_>,
        days: &Range<u64>,
        feedback: RangeInclusive<u8>,
    ) -> rusqlite::Result<BTreeSet<(u64, u8)>> {
        let mut select = db.prepare_cached(
            "SELECT day, feedback, times, people FROM shown_day
             WHERE project = ?1 AND survey = ?2 AND day >= ?3 AND day < ?4
                 AND feedback BETWEEN ?5 AND ?6",
        )?;
        let mut rows = select.query(of.between(days.start, days.end, &feedback))?;
        let mut others = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let Some(people) = row.get_ref(3)?.as_blob_or_null()? else {
                others.insert((u64_at(row, 0)?, row.get(1)?));
                continue;
            };
            self.times += u64_at(row, 2)?;
            let ids = people.as_chunks().0.iter();
            self.ids.extend(ids.map(|id| u128::from_be_bytes(*id)));
        }
        Ok(others)
    }

    fn done(self) -> Shown {
        Shown {
            times: self.times,
            people: Installs::of(self.ids),
        }
    }
}

/// Days on which one commit adds impressions.
#[derive(Debug, Default)]
pub(crate) struct Changed(BTreeSet<(i64, String, u64, bool)>);

impl Changed {
    pub(crate) fn add(&mut self, batch: &Batch, item: &NewItem, row: &ImpressionRow) {
        let day = item.at_ms / DAY_MS;
        let survey = row.survey.id.clone();
        self.0.insert((batch.project.0, survey, day, row.feedback));
    }

    /// Writes down that the days are there, and lets go of their people.
    pub(crate) fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        for (project, survey, day, feedback) in &self.0 {
            db.prepare_cached(
                "INSERT INTO shown_day (project, survey, day, feedback) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET rev = rev + 1, times = NULL, people = NULL",
            )?
            .execute(params![project, survey, int_from_u64(*day), feedback])?;
        }
        Ok(())
    }
}

/// Lets go of the people of a day of which an impression was taken away.
pub(crate) fn forget_day(
    db: &Connection,
    project: ProjectId,
    survey: &str,
    at_ms: i64,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE shown_day SET rev = rev + 1, times = NULL, people = NULL
         WHERE project = ?1 AND survey = ?2 AND day = ?3",
    )?
    .execute(params![project.0, survey, at_ms / DAY_MS as i64])?;
    Ok(())
}

/// A day that is over and whose people are not gathered.
#[derive(Clone, Debug)]
pub(crate) struct Day {
    row: i64,
    project: ProjectId,
    survey: String,
    day: u64,
    feedback: u8,
    rev: i64,
}

/// All such days, the oldest first.
pub(crate) fn to_gather(db: &Connection, now_ms: u64) -> rusqlite::Result<Vec<Day>> {
    let mut select = db.prepare_cached(
        "SELECT row, project, survey, day, feedback, rev FROM shown_day
         WHERE people IS NULL AND day < ?1 ORDER BY day",
    )?;
    let days = select.query_map([int_from_u64(now_ms / DAY_MS)], |row| {
        Ok(Day {
            row: row.get(0)?,
            project: ProjectId(row.get(1)?),
            survey: row.get(2)?,
            day: u64_at(row, 3)?,
            feedback: row.get(4)?,
            rev: row.get(5)?,
        })
    })?;
    days.collect()
}

/// Reads the impressions of a day.
pub(crate) fn gather(db: &Connection, day: &Day) -> rusqlite::Result<Shown> {
    let mut found = Gathering::default();
    let of = Of {
        project: day.project,
        survey: &day.survey,
    };
    found.rows(db, of, of_day(day.day), day.feedback..=day.feedback)?;
    Ok(found.done())
}

/// Keeps what was gathered, unless the day has changed since it was looked up; answers whether it did.
pub(crate) fn keep(db: &Connection, day: &Day, shown: &Shown) -> rusqlite::Result<bool> {
    if shown.times == 0 {
        let sql = "DELETE FROM shown_day WHERE row = ?1 AND rev = ?2";
        return Ok(db.prepare_cached(sql)?.execute([day.row, day.rev])? > 0);
    }
    let kept = db
        .prepare_cached("UPDATE shown_day SET times = ?3, people = ?4 WHERE row = ?1 AND rev = ?2")?
        .execute(params![
            day.row,
            day.rev,
            int_from_u64(shown.times),
            shown.people.to_bytes(),
        ])?;
    Ok(kept > 0)
}
