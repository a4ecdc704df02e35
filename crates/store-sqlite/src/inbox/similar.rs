//! Turns what was written in a response into others that have its rare words.

use std::collections::BTreeSet;

use protocol::query::inbox::Item;
use protocol::query::view::Word;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};
use store::ProjectId;

use super::clause::Clause;
use super::{list, written};
use crate::fault::Fault;

/// How many are suggested.
const N_SIMILAR: u32 = 5;

/// Words that are looked for at most: the rarest.
const N_WORDS: usize = 6;

/// Words of a text that are considered at most.
const N_CONSIDERED: usize = 60;

/// A word that more responses have tells nothing apart, and takes long to rank.
const MAX_RESPONSES: i64 = 2_000;

/// Shorter words are hardly ever what something is about.
const MIN_CHARS: usize = 4;

pub(super) fn to(db: &Connection, project: ProjectId, number: i64) -> Result<Vec<Item>, Fault> {
    let rarest = rarest(db, number)?;
    let terms: Vec<_> = rarest.iter().map(written::term).collect();
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let terms = terms.join(" OR ");
    let found = db
        .prepare_cached(
            "SELECT response.number FROM written
             JOIN response ON response.number = written.rowid
             WHERE written MATCH ?1 AND response.project = ?2 AND response.number <> ?3
                 AND response.hidden = 0
             ORDER BY rank LIMIT ?4",
        )?
        .query_map(params![terms, project.0, number, N_SIMILAR], |row| {
            row.get(0)
        })?
        .collect::<Result<Vec<i64>, _>>()?;
    let mut items = Vec::new();
    for number in found {
        let mut clause = Clause::of(project);
        clause.and("response.number = ?", [Value::from(number)]);
        if let Some((_, mut item)) = list::one(db, &clause)? {
            item.excerpt = list::excerpt(db, number, Some(&terms))?;
            items.push(item);
        }
    }
    Ok(items)
}

/// The words that the fewest others have, of those that at least one other has.
fn rarest(db: &Connection, number: i64) -> Result<Vec<Word>, Fault> {
    let said: Option<String> = db
        .prepare_cached("SELECT said FROM written_source WHERE number = ?1")?
        .query_row([number], |row| row.get(0))?;
    let said = said.unwrap_or_default().to_lowercase();
    let all = said.split(|c: char| !c.is_alphanumeric());
    let all: BTreeSet<_> = all
        .filter(|word| word.chars().count() >= MIN_CHARS)
        .take(N_CONSIDERED)
        .collect();
    let mut count = db.prepare_cached("SELECT doc FROM written_term WHERE term = ?1")?;
    let mut counted = Vec::new();
    for word in all {
        let responses: Option<i64> = count.query_row([word], |row| row.get(0)).optional()?;
        if let Some(responses @ 2..=MAX_RESPONSES) = responses {
            counted.push((responses, word));
        }
    }
    counted.sort();
    let rarest = counted.into_iter().take(N_WORDS);
    Ok(rarest
        .map(|(_, word)| Word {
            text: word.to_owned(),
            is_phrase: true,
            is_not: false,
            in_prompt: false,
        })
        .collect())
}
