//! Turns rows of responses into items of the inbox, page by page.

use std::collections::HashMap;

use protocol::id::ResponseId;
use protocol::query::inbox::{Item, Piece, Score};
use protocol::query::view::{Aside, Status, Word};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use store::{InboxCursor, InboxFilter, InboxPage, ProjectId, Subject};
use uuid::Uuid;

use super::clause::Clause;
use super::written;
use crate::convert::{u64_at, uuid_at};
use crate::fault::Fault;

/// Everything about an item but what was written. `person` is on the team.
pub(super) const ITEM: &str = include_str!("../sql/inbox_item.sql");

/// Characters of an excerpt that shows how a text begins.
const EXCERPT_CHARS: usize = 240;

/// Words of an excerpt that shows what was looked for; the engine takes up to 64.
const EXCERPT_WORDS: u32 = 40;

/// What the engine puts around a hit. No text has a use for these two: they are no characters.
const HIT: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];

/// How much is told of what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// The part that is looked for, or how it begins.
    Excerpt,
    /// All of it.
    Whole,
}

pub(super) fn page(
    db: &Connection,
    filter: &InboxFilter,
    after: Option<InboxCursor>,
    limit: u32,
    shown: Shown,
) -> Result<InboxPage, Fault> {
    let mut clause = Clause::of_filter(filter);
    if let Some(after) = after {
        clause.after(after);
    }
    let limit = limit.max(1);
    let sql = format!(
        "{ITEM} WHERE {} ORDER BY response.at_ms DESC, response.id DESC LIMIT ?",
        clause.sql()
    );
    let mut values = clause.values;
    // One more than asked for tells whether there is another page.
    values.push(Value::from(i64::from(limit) + 1));
    let mut select = db.prepare_cached(&sql)?;
    let rows = select.query_map(params_from_iter(values), item_from_row)?;
    let mut items = rows.collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let words = sought(&filter.view.words).filter(|_| shown == Shown::Excerpt);
    let numbers: Vec<_> = items.iter().map(|(number, _)| *number).collect();
    let mut found = match words {
        Some(words) => snippets(db, &numbers, &words)?,
        None => HashMap::new(),
    };
    for (number, item) in &mut items {
        item.excerpt = match (found.remove(number), shown) {
            (Some(found), _) => pieces(&found),
            (None, Shown::Excerpt) => beginning(db, *number)?,
            (None, Shown::Whole) => whole(db, *number)?,
        };
    }
    let items: Vec<_> = items.into_iter().map(|(_, item)| item).collect();
    let next = items.last().filter(|_| more).map(|last| InboxCursor {
        at_ms: last.at_ms,
        response: last.response,
    });
    Ok(InboxPage { items, next })
}

/// One item by its id, with what it begins with, and its number.
pub(super) fn one(db: &Connection, clause: &Clause) -> Result<Option<(i64, Item)>, Fault> {
    let sql = format!("{ITEM} WHERE {}", clause.sql());
    let found = db
        .prepare_cached(&sql)?
        .query_row(params_from_iter(&clause.values), item_from_row)
        .optional()?;
    let Some((number, mut item)) = found else {
        return Ok(None);
    };
    item.excerpt = excerpt(db, number, None)?;
    Ok(Some((number, item)))
}

fn item_from_row(row: &Row<'_>) -> rusqlite::Result<(i64, Item)> {
    let status: String = row.get("status")?;
    let status = Status::from_name(&status).unwrap_or(Status::New);
    let hidden: u8 = row.get("hidden")?;
    let until: Option<i64> = row.get("snooze_until_ms")?;
    let original: Option<[u8; 16]> = row.get("original")?;
    let original = original.map(|id| ResponseId(Uuid::from_bytes(id)));
    let tags: String = row.get("tags")?;
    let person: Option<String> = row.get("respondent")?;
    let item = Item {
        response: ResponseId(uuid_at(row, 1)?),
        at_ms: u64_at(row, 2)?,
        survey: row.get("survey")?,
        feedback: row.get("feedback")?,
        excerpt: Vec::new(),
        score: score_from(row)?,
        status,
        aside: asides(hidden),
        snoozed_until_ms: until.and_then(|until| u64::try_from(until).ok()),
        assignee: row.get("assignee")?,
        // Made by the statement, so that it can be read.
        tags: serde_json::from_str(&tags).unwrap_or_default(),
        duplicate_of: original.filter(|_| status == Status::Duplicate),
        rev: row.get("rev")?,
        page_url: row.get("page_url")?,
        language: row.get("language")?,
        browser: row.get("browser")?,
        person: person.filter(|id| !id.is_empty()),
        images: row.get("images")?,
        notes: row.get("notes")?,
    };
    Ok((row.get(0)?, item))
}

fn score_from(row: &Row<'_>) -> rusqlite::Result<Option<Score>> {
    let scale: Option<String> = row.get("scale")?;
    let Some(scale) = scale else { return Ok(None) };
    Ok(Some(Score {
        scale,
        points: row.get("score")?,
        top: row.get("top")?,
    }))
}

fn asides(hidden: u8) -> Vec<Aside> {
    let all = Aside::ALL.iter().copied();
    all.filter(|aside| hidden & aside.bit() != 0).collect()
}

/// What of a search is looked for in what was written, as the engine is asked for it.
fn sought(words: &[Word]) -> Option<String> {
    let said = words.iter().filter(|word| !word.in_prompt).cloned();
    written::asked_for(&said.collect::<Vec<_>>()).0
}

/// The parts of some responses with the words that are looked for. All are asked for at once: every
/// question gathers anew what begins as a word does.
fn snippets(db: &Connection, numbers: &[i64], words: &str) -> Result<HashMap<i64, String>, Fault> {
    let (Some(first), Some(last)) = (numbers.iter().min(), numbers.iter().max()) else {
        return Ok(HashMap::new());
    };
    let [begin, end] = HIT.map(String::from);
    let ids = format!("[{}]", joined(numbers));
    let mut select = db.prepare_cached(
        "SELECT rowid, snippet(written, 0, ?1, ?2, '…', ?3) FROM written
         WHERE written MATCH ?4 AND rowid BETWEEN ?5 AND ?6
             AND +rowid IN (SELECT value FROM json_each(?7))",
    )?;
    let values = params![begin, end, EXCERPT_WORDS, words, first, last, ids];
    let rows = select.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn joined(numbers: &[i64]) -> String {
    let numbers: Vec<_> = numbers.iter().map(i64::to_string).collect();
    numbers.join(",")
}

/// What was written: the part with the words that are looked for, or how it begins.
pub(super) fn excerpt(
    db: &Connection,
    number: i64,
    words: Option<&str>,
) -> Result<Vec<Piece>, Fault> {
    let found = match words {
        Some(words) => snippets(db, &[number], words)?.remove(&number),
        None => None,
    };
    match found {
        Some(found) => Ok(pieces(&found)),
        None => beginning(db, number),
    }
}

fn beginning(db: &Connection, number: i64) -> Result<Vec<Piece>, Fault> {
    let said = said(db, number)?;
    Ok(said.map(|said| begin(&said)).into_iter().collect())
}

/// Everything that was written.
fn whole(db: &Connection, number: i64) -> Result<Vec<Piece>, Fault> {
    let said = said(db, number)?;
    let piece = said.map(|text| Piece { text, hit: false });
    Ok(piece.into_iter().collect())
}

fn said(db: &Connection, number: i64) -> Result<Option<String>, Fault> {
    let sql = "SELECT said FROM written_source WHERE number = ?1";
    Ok(db
        .prepare_cached(sql)?
        .query_row([number], |row| row.get(0))?)
}

/// What came from somebody, newest first.
pub(super) fn of_somebody(
    db: &Connection,
    project: ProjectId,
    whose: &Subject,
    limit: u32,
) -> Result<Vec<Item>, Fault> {
    let mut clause = Clause::of(project);
    clause.of_somebody(whose);
    let sql = format!(
        "{ITEM} WHERE {} ORDER BY response.at_ms DESC, response.id DESC LIMIT {limit}",
        clause.sql()
    );
    let mut select = db.prepare_cached(&sql)?;
    let rows = select.query_map(params_from_iter(clause.values), item_from_row)?;
    let mut items = Vec::new();
    for row in rows {
        let (number, mut item) = row?;
        item.excerpt = excerpt(db, number, None)?;
        items.push(item);
    }
    Ok(items)
}

fn begin(said: &str) -> Piece {
    let text = match said.char_indices().nth(EXCERPT_CHARS) {
        Some((end, _)) => format!("{}…", said[..end].trim_end()),
        None => said.to_owned(),
    };
    Piece { text, hit: false }
}

/// What is between the marks is a hit.
fn pieces(marked: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (nth, part) in marked.split(HIT).enumerate() {
        if !part.is_empty() {
            let (text, hit) = (part.to_owned(), nth % 2 == 1);
            pieces.push(Piece { text, hit });
        }
    }
    pieces
}
