//! Turns what was written into entries of the index of words, and takes them out again.
//!
//! The index holds words and no texts: to take an entry out, it reads the text that it was made of.
//! So that has to happen before the answers change.

use protocol::query::view::Word;
use rusqlite::{Connection, OptionalExtension, params};
use store::ProjectId;

use crate::fault::Fault;

/// Takes a response out of the index; its answers are still there.
pub(crate) fn forget(db: &Connection, project: ProjectId, id: &[u8]) -> rusqlite::Result<()> {
    // The shadow table knows which are in it: taking out what is not would spoil its sums.
    let known: Option<i64> = db
        .prepare_cached(
            "SELECT id FROM written_docsize WHERE id = (
                 SELECT number FROM response WHERE project = ?1 AND id = ?2
             )",
        )?
        .query_row(params![project.0, id], |row| row.get(0))
        .optional()?;
    if let Some(number) = known {
        db.prepare_cached("DELETE FROM written WHERE rowid = ?1")?
            .execute([number])?;
    }
    Ok(())
}

/// Puts a response into the index, once its answers are there.
pub(crate) fn keep(db: &Connection, project: ProjectId, id: &[u8]) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO written (rowid, said, asked)
         SELECT number, said, asked FROM written_source
         WHERE number = (SELECT number FROM response WHERE project = ?1 AND id = ?2)
             AND said IS NOT NULL",
    )?
    .execute(params![project.0, id])?;
    Ok(())
}

/// Makes the index anew. What was taken out may have left a word behind as the border between two of
/// its pages.
pub(crate) fn rebuild(db: &Connection) -> Result<(), Fault> {
    db.execute("INSERT INTO written (written) VALUES ('rebuild')", [])?;
    Ok(())
}

/// The words that have to be there, and those that must not, as the engine is asked for them. Every
/// word is quoted: no text is a mistake in its language.
///
/// # Source
///
/// "FTS5 Strings" in <https://www.sqlite.org/fts5.html#fts5_strings>.
pub(super) fn asked_for(words: &[Word]) -> (Option<String>, Option<String>) {
    let some = |is_not: bool, between: &str| {
        let terms = words.iter().filter(|word| word.is_not == is_not).map(term);
        let terms: Vec<_> = terms.collect();
        (!terms.is_empty()).then(|| terms.join(between))
    };
    (some(false, " AND "), some(true, " OR "))
}

/// One word, in the engine's language.
pub(super) fn term(word: &Word) -> String {
    let column = if word.in_prompt { "asked" } else { "said" };
    let begins = if word.is_phrase { "" } else { " *" };
    let text = word.text.replace('\0', " ").replace('"', "\"\"");
    format!("{column} : \"{text}\"{begins}")
}
