//! Turns sums and page loads of a span into what became of what was sent.

use protocol::query::delivery::{Bot, Browser};
use rusqlite::{Connection, params};
use store::{FateSum, LossSum, ProjectId, Span};

use super::account::fate_from;
use super::{DAY_MS, HOUR_MS};
use crate::convert::{int_from_u64, u64_at};

/// Pages and browsers that are told apart; what goes beyond is one.
const MAX_LOSSES: u32 = 2_000;

pub(super) fn fates(
    db: &Connection,
    project: ProjectId,
    span: Span,
) -> rusqlite::Result<Vec<FateSum>> {
    let mut select = db.prepare_cached(
        "SELECT browser, bot, fate, reason, sum(items) FROM delivery_hour
         WHERE project = ?1 AND hour >= ?2 AND hour < ?3 GROUP BY 1, 2, 3, 4",
    )?;
    // An hour belongs to the span in which it begins.
    let hours = |ms: u64| int_from_u64(ms.div_ceil(HOUR_MS));
    let mut rows = select.query(params![project.0, hours(span.from_ms), hours(span.to_ms)])?;
    let mut fates = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(2)?;
        let Some(fate) = fate_from(&name, row.get(3)?) else {
            continue;
        };
        fates.push(FateSum {
            browser: browser_from(&row.get::<_, String>(0)?),
            bot: bot_from(&row.get::<_, String>(1)?),
            fate,
            items: u64_at(row, 4)?,
        });
    }
    Ok(fates)
}

pub(super) fn losses(
    db: &Connection,
    project: ProjectId,
    span: Span,
    settled_ms: u64,
) -> rusqlite::Result<Vec<LossSum>> {
    let mut select = db.prepare_cached(
        "SELECT browser, bot, page, sum(boots), sum(came), sum(open), sum(lost), sum(dropped) FROM (
             SELECT browser, bot, page, 1 AS boots, came,
                 iif(last_ms >= ?4, next - came, 0) AS open,
                 iif(last_ms < ?4, next - came, 0) AS lost, dropped
             FROM delivery_boot WHERE project = ?1 AND first_ms >= ?2 AND first_ms < ?3
             UNION ALL
             SELECT browser, '', '', boots, came, 0, lost, dropped
             FROM delivery_lost WHERE project = ?1 AND day >= ?5 AND day < ?6
         )
         GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT ?7",
    )?;
    let days = |ms: u64| int_from_u64(ms.div_ceil(DAY_MS));
    let which = params![
        project.0,
        int_from_u64(span.from_ms),
        int_from_u64(span.to_ms),
        int_from_u64(settled_ms),
        days(span.from_ms),
        days(span.to_ms),
        MAX_LOSSES,
    ];
    let losses = select.query_map(which, |row| {
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

pub(super) fn browser_from(name: &str) -> Browser {
    let mut all = Browser::ALL.into_iter();
    all.find(|browser| browser.as_str() == name)
        .unwrap_or_default()
}

pub(super) fn bot_from(name: &str) -> Option<Bot> {
    Bot::ALL.into_iter().find(|bot| bot.as_str() == name)
}
