//! Turns a view into how many it shows, and how many there are beside it.
//!
//! All of it is counted in one pass over what the view would show without status, survey and assignee, and
//! with what is kept aside: a pass for each count took five times as long.

use std::collections::{BTreeMap, HashSet};

use protocol::query::inbox::Counts;
use protocol::query::view::{Aside, Assignee, Status, View};
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use store::{InboxFilter, ProjectId};

use super::clause::Clause;
use crate::convert::int_from_u64;
use crate::fault::Fault;

const ASIDE: [Aside; 5] = [
    Aside::Spam,
    Aside::Archived,
    Aside::Test,
    Aside::Bot,
    Aside::Snoozed,
];

pub(super) fn counts(db: &Connection, filter: &InboxFilter) -> Result<Counts, Fault> {
    let mut wide = filter.clone();
    wide.view.status.clear();
    wide.view.survey = None;
    wide.view.assignee = None;
    let clause = Clause::of_all_beside(&wide);
    let sql = format!(
        "SELECT number, hidden, snooze_until_ms, status, survey, assignee FROM response WHERE {}",
        clause.sql()
    );
    let mut pass = Pass::new(db, filter)?;
    let mut select = db.prepare_cached(&sql)?;
    let mut rows = select.query(params_from_iter(clause.values))?;
    while let Some(row) = rows.next()? {
        pass.take(row)?;
    }
    let tag = tags(db, filter.project, &pass.shown)?;
    pass.finish(db, tag)
}

/// What is counted so far.
struct Pass<'a> {
    view: &'a View,
    now_ms: i64,
    /// Bits of what the view shows of that which is kept aside.
    bits: i64,
    with_snoozed: bool,
    /// The number of whoever the view says looks after it; one that is nobody's where there is no such
    /// person.
    person: Option<i64>,
    status: Vec<(String, u64)>,
    survey: Vec<(String, u64)>,
    assignee: BTreeMap<Option<i64>, u64>,
    aside: [u64; ASIDE.len()],
    shown: HashSet<i64>,
}

impl<'a> Pass<'a> {
    fn new(db: &Connection, filter: &'a InboxFilter) -> Result<Self, Fault> {
        let view = &filter.view;
        let person = match &view.assignee {
            Some(Assignee::Person(email)) => db
                .prepare_cached("SELECT id FROM person WHERE email = ?1")?
                .query_row([email], |row| row.get(0))
                .optional()?,
            _ => None,
        };
        Ok(Self {
            view,
            now_ms: int_from_u64(filter.now_ms),
            bits: view.aside.iter().map(|aside| i64::from(aside.bit())).sum(),
            with_snoozed: view.aside.contains(&Aside::Snoozed),
            person,
            status: Vec::new(),
            survey: Vec::new(),
            assignee: BTreeMap::new(),
            aside: [0; ASIDE.len()],
            shown: HashSet::new(),
        })
    }

    fn take(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let (hidden, until): (i64, Option<i64>) = (row.get(1)?, row.get(2)?);
        let (status, survey) = (row.get_ref(3)?.as_str()?, row.get_ref(4)?.as_str()?);
        let assignee: Option<i64> = row.get(5)?;
        let is_snoozed = hidden == 0 && until.is_some_and(|until| until > self.now_ms);
        let of_survey = self.view.survey.as_deref().is_none_or(|it| it == survey);
        let theirs = self.is_theirs(assignee);
        let in_state =
            self.view.status.is_empty() || self.view.status.iter().any(|it| it.as_str() == status);
        if of_survey && theirs {
            for (n, aside) in self.aside.iter_mut().zip(ASIDE) {
                let bit = i64::from(aside.bit());
                *n += u64::from(hidden & bit != 0 || (bit == 0 && is_snoozed));
            }
        }
        if !self.is_there(hidden, is_snoozed) {
            return Ok(());
        }
        if of_survey && theirs {
            count(&mut self.status, status);
        }
        if in_state && theirs {
            count(&mut self.survey, survey);
        }
        if in_state && of_survey {
            *self.assignee.entry(assignee).or_default() += 1;
        }
        if in_state && of_survey && theirs {
            self.shown.insert(row.get(0)?);
        }
        Ok(())
    }

    /// As `Clause::aside` says it.
    fn is_there(&self, hidden: i64, is_snoozed: bool) -> bool {
        let by_bit = hidden & self.bits != 0;
        match (self.bits, self.with_snoozed) {
            (0, true) => is_snoozed,
            (0, false) => hidden == 0 && (!is_snoozed || !self.view.words.is_empty()),
            (_, true) => by_bit || is_snoozed,
            (_, false) => by_bit,
        }
    }

    fn is_theirs(&self, assignee: Option<i64>) -> bool {
        match &self.view.assignee {
            None => true,
            Some(Assignee::Nobody) => assignee.is_none(),
            Some(Assignee::Person(_)) => assignee.is_some() && assignee == self.person,
            // Whoever asks has been named before; nobody is nobody's.
            Some(Assignee::Me) => false,
        }
    }

    fn finish(self, db: &Connection, tag: BTreeMap<String, u64>) -> Result<Counts, Fault> {
        let mut assignee = BTreeMap::new();
        let mut name = db.prepare_cached("SELECT email FROM person WHERE id = ?1")?;
        for (id, n) in self.assignee {
            let email: Option<String> = match id {
                Some(id) => name.query_row([id], |row| row.get(0)).optional()?,
                None => None,
            };
            *assignee.entry(email.unwrap_or_default()).or_default() += n;
        }
        let status = self.status.into_iter();
        Ok(Counts {
            total: self.shown.len() as u64,
            status: status
                .filter_map(|(name, n)| Some((Status::from_name(&name)?, n)))
                .collect(),
            survey: self.survey.into_iter().collect(),
            tag,
            assignee,
            aside: ASIDE
                .into_iter()
                .zip(self.aside)
                .filter(|(_, n)| *n > 0)
                .collect(),
            dropped: Vec::new(),
        })
    }
}

/// There are few of them: looking through them is quicker than any table.
fn count(counts: &mut Vec<(String, u64)>, name: &str) {
    match counts.iter_mut().find(|(known, _)| known == name) {
        Some((_, n)) => *n += 1,
        None => counts.push((name.to_owned(), 1)),
    }
}

/// How many of the responses have each tag.
fn tags(
    db: &Connection,
    project: ProjectId,
    shown: &HashSet<i64>,
) -> Result<BTreeMap<String, u64>, Fault> {
    let tags = db
        .prepare_cached("SELECT number, name FROM tag WHERE project = ?1")?
        .query_map([project.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(i64, String)>, _>>()?;
    let mut found = BTreeMap::new();
    let mut having = db.prepare_cached("SELECT response FROM response_tag WHERE tag = ?1")?;
    for (tag, name) in tags {
        let mut n = 0;
        let mut rows = having.query(params![tag])?;
        while let Some(row) = rows.next()? {
            n += u64::from(shown.contains(&row.get(0)?));
        }
        if n > 0 {
            found.insert(name, n);
        }
    }
    Ok(found)
}
