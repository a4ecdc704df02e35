//! Turns items that were kept into counts by the software that sent them, and into the time at which a site was
//! last heard of.

use std::collections::BTreeMap;

use protocol::outcome::Outcome;
use protocol::query::delivery::{Bot, Browser};
use rusqlite::{Connection, params};
use store::{Batch, ProjectId, SdkSum, Span};

use super::HOUR_MS;
use super::account::name_of_bot;
use super::read::{bot_from, browser_from};
use crate::convert::{int_from_u64, u64_at};

/// Versions that are told apart in an hour: senders name themselves, and could make up any number.
const MAX_SDKS: i64 = 64;
/// The version for all others.
const OTHER: &str = "other";
/// Bytes of a name that are kept.
const MAX_SDK_CHARS: usize = 64;
/// An item that came later than this after it happened is late.
const LATE_MS: u64 = HOUR_MS;
/// How precise it is when a site was last heard of: it would be written with every commit otherwise.
const HEARD_MS: u64 = 60_000;

/// What is to be added when a commit ends.
#[derive(Debug, Default)]
pub(super) struct Sources {
    sdks: BTreeMap<Key, Kept>,
    /// When something of a site was kept first and last in this commit, by its key.
    sites: BTreeMap<String, (u64, u64)>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    project: i64,
    hour: u64,
    browser: Browser,
    bot: Option<Bot>,
    sdk: String,
}

#[derive(Debug, Default)]
struct Kept {
    items: u64,
    late: u64,
}

impl Sources {
    /// Adds the items of a batch that were kept.
    pub(super) fn kept(&mut self, batch: &Batch, outcomes: &[Outcome]) {
        let items = batch.items.iter().zip(outcomes);
        let kept = items.filter(|(_, outcome)| **outcome == Outcome::Accepted);
        let mut sum = Kept::default();
        for (item, _) in kept {
            sum.items += 1;
            let age_ms = batch.received_ms.saturating_sub(item.at_ms);
            sum.late += u64::from(age_ms > LATE_MS);
        }
        if sum.items == 0 {
            return;
        }
        let key = Key {
            project: batch.project.0,
            hour: batch.received_ms / HOUR_MS,
            browser: batch.signs.browser,
            bot: batch.signs.bot,
            sdk: batch.sender.sdk.chars().take(MAX_SDK_CHARS).collect(),
        };
        let known = self.sdks.entry(key).or_default();
        known.items += sum.items;
        known.late += sum.late;
        let at_ms = batch.received_ms;
        let heard = self.sites.entry(batch.site_key.clone());
        let heard = heard.or_insert((at_ms, at_ms));
        *heard = (heard.0.min(at_ms), heard.1.max(at_ms));
    }

    /// Writes all of it.
    pub(super) fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        for (key, kept) in &self.sdks {
            write_sdk(db, key, kept)?;
        }
        for (key, (first_ms, last_ms)) in &self.sites {
            heard(db, key, *first_ms, *last_ms)?;
        }
        Ok(())
    }
}

fn write_sdk(db: &Connection, key: &Key, kept: &Kept) -> rusqlite::Result<()> {
    let (hour, bot) = (int_from_u64(key.hour), name_of_bot(key.bot));
    let has_room: Option<bool> = db
        .prepare_cached(
            "SELECT sum(sdk = ?3) > 0 OR count(*) < ?4 FROM (
                 SELECT DISTINCT sdk FROM delivery_sdk WHERE project = ?1 AND hour = ?2
             )",
        )?
        .query_row(params![key.project, hour, key.sdk, MAX_SDKS], |row| {
            row.get(0)
        })?;
    let sdk = if has_room == Some(false) {
        OTHER
    } else {
        &key.sdk
    };
    db.prepare_cached(
        "INSERT INTO delivery_sdk (project, hour, browser, bot, sdk, items, late)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET items = items + excluded.items, late = late + excluded.late",
    )?
    .execute(params![
        key.project,
        hour,
        key.browser.as_str(),
        bot,
        sdk,
        int_from_u64(kept.items),
        int_from_u64(kept.late),
    ])?;
    Ok(())
}

/// Notes that something of a site was kept. A site that is not there, as in tools, is no error.
fn heard(db: &Connection, key: &str, first_ms: u64, last_ms: u64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE site SET first_ms = ifnull(first_ms, ?2), last_ms = ?3
         WHERE id = ifnull(
             (SELECT id FROM site WHERE key = ?1),
             (SELECT site FROM site_former_key WHERE key = ?1)
         ) AND (first_ms IS NULL OR last_ms + ?4 <= ?3)",
    )?
    .execute(params![
        key,
        int_from_u64(first_ms),
        int_from_u64(last_ms),
        int_from_u64(HEARD_MS),
    ])?;
    Ok(())
}

pub(super) fn sdks(
    db: &Connection,
    project: ProjectId,
    span: Span,
) -> rusqlite::Result<Vec<SdkSum>> {
    let mut select = db.prepare_cached(
        "SELECT browser, bot, sdk, sum(items), sum(late) FROM delivery_sdk
         WHERE project = ?1 AND hour >= ?2 AND hour < ?3 GROUP BY 1, 2, 3 ORDER BY 3, 1, 2",
    )?;
    let hours = |ms: u64| int_from_u64(ms.div_ceil(HOUR_MS));
    let which = params![project.0, hours(span.from_ms), hours(span.to_ms)];
    let sums = select.query_map(which, |row| {
        Ok(SdkSum {
            browser: browser_from(&row.get::<_, String>(0)?),
            bot: bot_from(&row.get::<_, String>(1)?),
            sdk: row.get(2)?,
            items: u64_at(row, 3)?,
            late: u64_at(row, 4)?,
        })
    })?;
    sums.collect()
}
