//! Turns page loads into what is known of each, into their sums by hour, and sums into what was lost.

use std::collections::BTreeMap;

use protocol::id::BootId;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use store::{LossSum, ProjectId, Signs, Span};

use super::account::name_of_bot;
use super::read::{bot_from, browser_from};
use super::seqs::Seqs;
use super::{DAY_MS, HOUR_MS, key_of};
use crate::convert::{int_from_u64, u64_at};

/// Pages and browsers that are told apart; what goes beyond is one.
const MAX_LOSSES: u32 = 2_000;

/// What the batches of one page load add to what is known of it.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) signs: Signs,
    pub(super) first_ms: u64,
    pub(super) last_ms: u64,
    pub(super) offset_ms: i64,
    pub(super) seqs: Vec<u64>,
    pub(super) dropped: u64,
}

/// What is to be added to sums when a commit ends.
#[derive(Debug, Default)]
pub(super) struct Sums(BTreeMap<Key, Sum>);

/// Whose sum.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    project: i64,
    hour: i64,
    browser: String,
    bot: String,
    page: String,
    test: bool,
}

#[derive(Debug, Default)]
struct Sum {
    boots: i64,
    came: i64,
    missing: i64,
    dropped: i64,
}

impl Sums {
    /// Writes what is known of a page load, and takes note of what that changes.
    pub(super) fn write_boot(
        &mut self,
        db: &Connection,
        project: ProjectId,
        boot: BootId,
        change: &Change,
    ) -> rusqlite::Result<()> {
        let key = key_of(boot);
        let mut select = db.prepare_cached(
            "SELECT first_ms, browser, bot, page, test, came, next - came, dropped, seqs
             FROM delivery_boot WHERE project = ?1 AND boot = ?2",
        )?;
        let known = select.query_row(params![project.0, key], |row| {
            self.add(project, row, -1)?;
            row.get::<_, Vec<u8>>(8)
        });
        let known = known.optional()?;
        let mut seqs = known.map_or_else(Seqs::default, |bytes| Seqs::from_bytes(&bytes));
        for seq in &change.seqs {
            seqs.add(*seq);
        }
        let mut upsert = db.prepare_cached(
            "INSERT INTO delivery_boot (
                 project, boot, first_ms, last_ms, browser, bot, page, offset_ms, seqs, came, next, dropped, test
             )
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (project, boot) DO UPDATE SET
                 last_ms = max(last_ms, excluded.last_ms),
                 page = iif(page = '', excluded.page, page),
                 offset_ms = min(offset_ms, excluded.offset_ms),
                 seqs = excluded.seqs, came = excluded.came, next = excluded.next,
                 dropped = dropped + excluded.dropped, test = max(test, excluded.test)
             RETURNING first_ms, browser, bot, page, test, came, next - came, dropped",
        )?;
        let row = params![
            project.0,
            key,
            int_from_u64(change.first_ms),
            int_from_u64(change.last_ms),
            change.signs.browser.as_str(),
            name_of_bot(change.signs.bot),
            change.signs.page,
            change.offset_ms,
            seqs.to_bytes(),
            int_from_u64(seqs.len()),
            int_from_u64(seqs.next()),
            int_from_u64(change.dropped),
            change.signs.test,
        ];
        upsert.query_row(row, |row| self.add(project, row, 1))
    }

    /// Adds a page load, or takes it away.
    fn add(&mut self, project: ProjectId, row: &Row<'_>, sign: i64) -> rusqlite::Result<()> {
        let key = Key {
            project: project.0,
            hour: row.get::<_, i64>(0)? / HOUR_MS as i64,
            browser: row.get(1)?,
            bot: row.get(2)?,
            page: row.get(3)?,
            test: row.get(4)?,
        };
        let sum = self.0.entry(key).or_default();
        sum.boots += sign;
        sum.came += sign * row.get::<_, i64>(5)?;
        sum.missing += sign * row.get::<_, i64>(6)?;
        sum.dropped += sign * row.get::<_, i64>(7)?;
        Ok(())
    }

    /// Writes all of it.
    pub(super) fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        let mut upsert = db.prepare_cached(
            "INSERT INTO delivery_boot_hour (
                 project, hour, browser, bot, page, test, boots, came, missing, dropped
             )
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT DO UPDATE SET
                 boots = boots + excluded.boots, came = came + excluded.came,
                 missing = missing + excluded.missing, dropped = dropped + excluded.dropped",
        )?;
        let mut delete = db.prepare_cached(
            "DELETE FROM delivery_boot_hour
             WHERE project = ?1 AND hour = ?2 AND browser = ?3 AND bot = ?4 AND page = ?5
                 AND test = ?6 AND boots = 0",
        )?;
        for (key, sum) in &self.0 {
            let key = params![
                key.project,
                key.hour,
                key.browser,
                key.bot,
                key.page,
                key.test
            ];
            let mut row = key.to_vec();
            row.extend(params![sum.boots, sum.came, sum.missing, sum.dropped]);
            upsert.execute(&*row)?;
            if sum.boots < 0 {
                delete.execute(key)?;
            }
        }
        Ok(())
    }
}

/// Forgets page loads that were last heard of before some time; what they lost is added up by day.
pub(super) fn forget(db: &Connection, before_ms: u64) -> rusqlite::Result<u64> {
    let before = int_from_u64(before_ms);
    db.prepare_cached(
        "INSERT INTO delivery_lost (project, day, browser, boots, came, lost, dropped)
         SELECT project, first_ms / ?2, browser, count(*), sum(came), sum(next - came), sum(dropped)
         FROM delivery_boot WHERE first_ms < ?1 AND last_ms < ?1 AND bot = ''
         GROUP BY 1, 2, 3
         ON CONFLICT (project, day, browser) DO UPDATE SET
             boots = boots + excluded.boots, came = came + excluded.came,
             lost = lost + excluded.lost, dropped = dropped + excluded.dropped",
    )?
    .execute([before, int_from_u64(DAY_MS)])?;
    let mut sums = Sums::default();
    let mut delete = db.prepare_cached(
        "DELETE FROM delivery_boot WHERE first_ms < ?1 AND last_ms < ?1
         RETURNING first_ms, browser, bot, page, test, came, next - came, dropped, project",
    )?;
    let mut rows = delete.query([before])?;
    let mut forgotten = 0;
    while let Some(row) = rows.next()? {
        sums.add(ProjectId(row.get(8)?), row, -1)?;
        forgotten += 1;
    }
    sums.write(db)?;
    Ok(forgotten)
}

/// Page loads that were first heard of in a span: whole hours from sums, the rest one by one. Parameters are those
/// of [`within`].
const LOADS: &str = "
    SELECT browser, bot, page, test, boots, came, missing, dropped FROM delivery_boot_hour
    WHERE project = ?1 AND hour >= ?4 / 3600000 AND hour < ?5 / 3600000
    UNION ALL
    SELECT browser, bot, page, test, 1, came, next - came, dropped FROM delivery_boot
    WHERE project = ?1 AND first_ms >= ?2 AND first_ms < ?4
    UNION ALL
    SELECT browser, bot, page, test, 1, came, next - came, dropped FROM delivery_boot
    WHERE project = ?1 AND first_ms >= ?5 AND first_ms < ?3";

/// Project, begin and end of a span, and of the whole hours in it; where there is none these are its end.
fn within(project: ProjectId, span: Span) -> [i64; 5] {
    let begin = span.from_ms.checked_next_multiple_of(HOUR_MS);
    let begin = begin.unwrap_or(u64::MAX);
    let end = span.to_ms / HOUR_MS * HOUR_MS;
    let (begin, end) = match begin <= end {
        true => (begin, end),
        false => (span.to_ms, span.to_ms),
    };
    let times = [span.from_ms, span.to_ms, begin, end].map(int_from_u64);
    let [from, to, begin, end] = times;
    [project.0, from, to, begin, end]
}

/// What was lost of page loads; of those that were heard of since `settled_ms` something may still come.
pub(super) fn losses(
    db: &Connection,
    project: ProjectId,
    span: Span,
    settled_ms: u64,
) -> rusqlite::Result<Vec<LossSum>> {
    let mut select = db.prepare_cached(&format!(
        "SELECT browser, bot, page, sum(boots), sum(came), sum(open), sum(missing) - sum(open), sum(dropped)
         FROM (
             SELECT browser, bot, page, boots, came, missing, 0 AS open, dropped FROM ({LOADS})
             UNION ALL
             SELECT browser, bot, page, 0, 0, 0, next - came, 0 FROM delivery_boot
             WHERE project = ?1 AND first_ms >= ?2 AND first_ms < ?3 AND last_ms >= ?6 AND next > came
             UNION ALL
             SELECT browser, '', '', boots, came, lost, 0, dropped FROM delivery_lost
             WHERE project = ?1 AND day >= ?7 AND day < ?8
         )
         GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT ?9"
    ))?;
    let days = |ms: u64| int_from_u64(ms.div_ceil(DAY_MS));
    let which = within(project, span).into_iter().chain([
        int_from_u64(settled_ms),
        days(span.from_ms),
        days(span.to_ms),
        i64::from(MAX_LOSSES),
    ]);
    let losses = select.query_map(params_from_iter(which), |row| {
        Ok(LossSum {
            browser: browser_from(&row.get::<_, String>(0)?),
            bot: bot_from(&row.get::<_, String>(1)?),
            page: row.get(2)?,
            boots: u64_at(row, 3)?,
            came: u64_at(row, 4)?,
            open: u64_at(row, 5)?,
            lost: u64_at(row, 6)?,
            dropped: u64_at(row, 7)?,
        })
    })?;
    losses.collect()
}

/// Page loads of people by page; whoever only tries surveys is none of them.
pub(crate) fn page_loads(
    db: &Connection,
    project: ProjectId,
    span: Span,
) -> rusqlite::Result<Vec<(String, u64)>> {
    let mut select = db.prepare_cached(&format!(
        "SELECT page, sum(boots) FROM ({LOADS}) WHERE bot = '' AND test = 0 GROUP BY page ORDER BY page"
    ))?;
    let loads = select.query_map(within(project, span), |row| {
        Ok((row.get(0)?, u64_at(row, 1)?))
    })?;
    loads.collect()
}
