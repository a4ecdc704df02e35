//! Turns a view into how many it shows, and how many there are beside it.

use std::collections::BTreeMap;

use protocol::query::inbox::Counts;
use protocol::query::view::{Aside, Status, View};
use rusqlite::{Connection, params_from_iter};
use store::InboxFilter;

use super::clause::Clause;
use crate::convert::{int_from_u64, u64_at};
use crate::fault::Fault;

/// Which column is counted by, and what has to be read beside `response` for it.
struct By {
    column: &'static str,
    join: &'static str,
}

const STATUS: By = By {
    column: "response.status",
    join: "",
};
const SURVEY: By = By {
    column: "response.survey",
    join: "",
};
const TAG: By = By {
    column: "tag.name",
    join: "JOIN response_tag ON response_tag.response = response.number
        JOIN tag ON tag.number = response_tag.tag",
};
const ASSIGNEE: By = By {
    column: "ifnull(person.email, '')",
    join: "LEFT JOIN person ON person.id = response.assignee",
};

pub(super) fn counts(db: &Connection, filter: &InboxFilter) -> Result<Counts, Fault> {
    let without = |change: fn(&mut View)| {
        let mut other = filter.clone();
        change(&mut other.view);
        other
    };
    let status = by(db, &without(|view| view.status.clear()), &STATUS)?;
    Ok(Counts {
        total: total(db, filter)?,
        status: status
            .into_iter()
            .filter_map(|(name, n)| Some((Status::from_name(&name)?, n)))
            .collect(),
        survey: by(db, &without(|view| view.survey = None), &SURVEY)?,
        tag: by(db, filter, &TAG)?,
        assignee: by(db, &without(|view| view.assignee = None), &ASSIGNEE)?,
        aside: aside(db, filter)?,
        dropped: Vec::new(),
    })
}

fn total(db: &Connection, filter: &InboxFilter) -> Result<u64, Fault> {
    let clause = Clause::of_filter(filter);
    let sql = format!("SELECT COUNT(*) FROM response WHERE {}", clause.sql());
    let mut select = db.prepare_cached(&sql)?;
    Ok(select.query_row(params_from_iter(clause.values), |row| u64_at(row, 0))?)
}

fn by(db: &Connection, filter: &InboxFilter, by: &By) -> Result<BTreeMap<String, u64>, Fault> {
    let clause = Clause::of_filter(filter);
    let By { column, join } = by;
    let sql = format!(
        "SELECT {column}, COUNT(*) FROM response {join} WHERE {} GROUP BY 1",
        clause.sql()
    );
    let mut select = db.prepare_cached(&sql)?;
    let rows = select.query_map(params_from_iter(clause.values), |row| {
        Ok((row.get(0)?, u64_at(row, 1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many are kept aside that the view would show otherwise.
fn aside(db: &Connection, filter: &InboxFilter) -> Result<BTreeMap<Aside, u64>, Fault> {
    let clause = Clause::of_all_beside(filter);
    let now_ms = int_from_u64(filter.now_ms);
    let sql = format!(
        "SELECT
            COUNT(*) FILTER (WHERE response.hidden & 1),
            COUNT(*) FILTER (WHERE response.hidden & 2),
            COUNT(*) FILTER (WHERE response.hidden & 4),
            COUNT(*) FILTER (WHERE response.hidden & 8),
            COUNT(*) FILTER (WHERE response.hidden = 0 AND response.snooze_until_ms > {now_ms})
        FROM response WHERE {}",
        clause.sql()
    );
    let order = [
        Aside::Spam,
        Aside::Archived,
        Aside::Test,
        Aside::Bot,
        Aside::Snoozed,
    ];
    let mut select = db.prepare_cached(&sql)?;
    let found = select.query_row(params_from_iter(clause.values), |row| {
        let mut all = BTreeMap::new();
        for (column, reason) in order.into_iter().enumerate() {
            let n = u64_at(row, column)?;
            if n > 0 {
                all.insert(reason, n);
            }
        }
        Ok(all)
    })?;
    Ok(found)
}
