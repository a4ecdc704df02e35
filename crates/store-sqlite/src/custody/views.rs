//! Turns saved views and links that name somebody into none.

use protocol::query::view::View;
use rusqlite::{Connection, params};
use store::ProjectId;

use crate::convert::int_from_u64;
use crate::fault::Fault;

/// Forgets saved views whose filters name this person, and takes back links that do, with their filters.
/// A link keeps its row: that there was one, and who made it, is nobody's secret.
pub(super) fn forget(
    db: &Connection,
    project: ProjectId,
    person: &str,
    now_ms: u64,
) -> Result<(), Fault> {
    for id in naming(db, "saved_view", project, person)? {
        db.prepare_cached("DELETE FROM saved_view WHERE id = ?1")?
            .execute([id])?;
    }
    for id in naming(db, "share", project, person)? {
        db.prepare_cached(
            "UPDATE share SET name = '', query = '', revoked_ms = coalesce(revoked_ms, ?2)
             WHERE id = ?1",
        )?
        .execute(params![id, int_from_u64(now_ms)])?;
    }
    Ok(())
}

/// Ids of the rows of a table whose query names somebody.
fn naming(
    db: &Connection,
    table: &'static str,
    project: ProjectId,
    person: &str,
) -> Result<Vec<i64>, Fault> {
    let sql = format!("SELECT id, query FROM {table} WHERE project = ?1 AND query <> ''");
    let mut select = db.prepare_cached(&sql)?;
    let rows = select.query_map([project.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let all = rows.collect::<Result<Vec<(i64, String)>, _>>()?;
    let named = all.into_iter().filter(|(_, query)| names(query, person));
    Ok(named.map(|(id, _)| id).collect())
}

/// Whether a filter by what the page says of people, or a word that is looked for, is just this.
fn names(query: &str, person: &str) -> bool {
    let view = View::parse(query, &[], |_| None).view;
    view.traits.values().any(|value| value == person)
        || view.words.iter().any(|word| word.text == person)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_query_names_somebody_by_a_trait_or_a_word() {
        for (query, expected) in [
            ("trait.id=ada-7", true),
            ("survey=nps&q=%22ada-7%22+slow", true),
            ("q=trait.email:ada-7", true),
            ("trait.id=ada-70&q=ada", false),
            ("survey=ada-7", false),
            ("", false),
        ] {
            assert_eq!(names(query, "ada-7"), expected, "{query}");
        }
    }
}
