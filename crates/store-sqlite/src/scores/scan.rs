//! Turns a view into the scores that it shows, from the newest to the oldest.

use protocol::query::view::{Aside, View};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use store::{By, ScoresFilter};

use super::keys;
use crate::convert::u64_at;
use crate::fault::Fault;
use crate::inbox::clause::Clause;

/// Columns before those that say what is known.
pub(super) const OWN: usize = 3;

/// One score.
pub(super) struct Given<'a, 'b> {
    pub(super) at_ms: u64,
    pub(super) install: [u8; 16],
    pub(super) score: u8,
    /// What is known, from column [`OWN`] on.
    pub(super) columns: &'a Row<'b>,
}

/// Reads every score that counts.
pub(super) fn each(
    db: &Connection,
    filter: &ScoresFilter,
    by: &[By],
    mut take: impl FnMut(&Given<'_, '_>) -> rusqlite::Result<()>,
) -> Result<(), Fault> {
    let mut clause = given(filter);
    clause.counts("answer.hidden", &filter.view, filter.now_ms);
    let is_plain = is_plain(&filter.view) && by.iter().all(|by| *by == By::Survey);
    if !is_plain {
        clause.narrow(&filter.view);
    }
    let mut columns = String::new();
    let mut values = Vec::new();
    for by in by {
        let (column, value) = keys::column(by);
        columns.push_str(", ");
        columns.push_str(column);
        values.extend(value);
    }
    let sql = format!(
        "SELECT answer.at_ms, answer.install, answer.score{columns} FROM answer {} WHERE {}
         ORDER BY answer.at_ms DESC, answer.response DESC",
        join(is_plain),
        clause.sql()
    );
    values.append(&mut clause.values);
    let mut select = db.prepare_cached(&sql)?;
    let mut rows = select.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        take(&Given {
            at_ms: u64_at(row, 0)?,
            install: row.get(1)?,
            score: row.get(2)?,
            columns: row,
        })?;
    }
    Ok(())
}

/// Reads why scores are kept aside, of each that is and that the view does not ask for by name.
pub(super) fn each_aside(
    db: &Connection,
    filter: &ScoresFilter,
    mut take: impl FnMut(u8),
) -> Result<(), Fault> {
    let mut clause = given(filter);
    clause.and("answer.hidden <> 0", []);
    let asked_for = filter.view.aside.iter();
    let asked_for = asked_for.fold(0, |bits, aside| bits | aside.bit());
    if asked_for != 0 {
        clause.and("answer.hidden & ? = 0", [Value::from(i64::from(asked_for))]);
    }
    let is_plain = is_plain(&filter.view);
    if !is_plain {
        clause.narrow(&filter.view);
    }
    let sql = format!(
        "SELECT answer.hidden FROM answer {} WHERE {}",
        join(is_plain),
        clause.sql()
    );
    let mut select = db.prepare_cached(&sql)?;
    let mut rows = select.query(params_from_iter(clause.values))?;
    while let Some(row) = rows.next()? {
        take(row.get(0)?);
    }
    Ok(())
}

/// Which scores, whether or not they count.
fn given(filter: &ScoresFilter) -> Clause {
    Clause::of_scores(
        filter.project,
        filter.kind.as_str(),
        filter.question.as_deref(),
        &filter.view,
    )
}

/// Scores first and what belongs to them after: the other way round everything would be read.
const fn join(is_plain: bool) -> &'static str {
    match is_plain {
        true => "",
        false => {
            "CROSS JOIN response
                ON response.project = answer.project AND response.id = answer.response"
        }
    }
}

/// Whether the rows of scores alone say what is in a view.
fn is_plain(view: &View) -> bool {
    let known = View {
        survey: view.survey.clone(),
        days: view.days,
        from_ms: view.from_ms,
        to_ms: view.to_ms,
        aside: view.aside.clone(),
        ..View::default()
    };
    *view == known && !view.aside.contains(&Aside::Snoozed)
}
