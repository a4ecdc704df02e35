//! Turns sums of a span into what became of what was sent.

use protocol::query::delivery::{Bot, Browser};
use rusqlite::{Connection, params};
use store::{FateSum, ProjectId, Span};

use super::HOUR_MS;
use super::account::fate_from;
use crate::convert::{int_from_u64, u64_at};

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

pub(super) fn browser_from(name: &str) -> Browser {
    let mut all = Browser::ALL.into_iter();
    all.find(|browser| browser.as_str() == name)
        .unwrap_or_default()
}

pub(super) fn bot_from(name: &str) -> Option<Bot> {
    Bot::ALL.into_iter().find(|bot| bot.as_str() == name)
}
