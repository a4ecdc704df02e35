//! Turns a person into the rows that belong to them, by looking through everything a stretch at a time.
//!
//! There is no index by install: it would be written with every item and read only here. A stretch is
//! read in a few milliseconds, so that neither other readers nor the log wait for the whole.

use std::collections::BTreeSet;

use protocol::id::{AttachmentId, InstallId, ResponseId};
use rusqlite::{Connection, Row, params};
use store::{Attachment, Held, HeldKey, HeldKind, ProjectId, Subject};

use super::line::Named;
use crate::attachments::find_attachment;
use crate::convert::{u64_at, uuid_at};
use crate::fault::Fault;

/// Rows of one stretch.
const STRETCH: i64 = 20_000;

/// Who is looked for, and what is known to be theirs.
#[derive(Clone, Debug)]
pub(super) struct Sought {
    pub(super) project: ProjectId,
    /// The page's own id of a person.
    pub(super) person: Option<String>,
    /// Installs that they were seen on.
    pub(super) installs: BTreeSet<InstallId>,
    /// Those of them that nobody else was named on; known once everything was looked through.
    pub(super) own: Option<BTreeSet<InstallId>>,
    pub(super) responses: BTreeSet<ResponseId>,
    /// Images that are theirs, whether or not they are there.
    pub(super) attachments: BTreeSet<AttachmentId>,
}

impl Sought {
    pub(super) fn new(project: ProjectId, subject: Subject) -> Self {
        let mut sought = Self {
            project,
            person: None,
            installs: BTreeSet::new(),
            own: None,
            responses: BTreeSet::new(),
            attachments: BTreeSet::new(),
        };
        match subject {
            Subject::Install(install) => {
                sought.installs.insert(install);
                sought.own = Some(BTreeSet::from([install]));
            }
            Subject::Person(id) => sought.person = Some(id),
            Subject::Response(response) => {
                sought.responses.insert(response);
                sought.own = Some(BTreeSet::new());
            }
        }
        sought
    }

    /// Learns from everything that was found which installs are theirs alone, and which responses
    /// and images are theirs.
    pub(super) fn learn(&mut self, found: &Found, surely: bool) {
        if self.own.is_none() {
            let shared = found.shared();
            self.own = Some(self.installs.difference(&shared).copied().collect());
        }
        let theirs: Vec<_> = (found.rows.iter())
            .filter(|row| self.owns(row, found, surely))
            .collect();
        for row in theirs {
            self.responses.extend(row.response);
            self.attachments.extend(&row.attachments);
        }
    }

    /// Whether a row that was found belongs to them. What names nobody on an install of several
    /// people is only perhaps theirs, and left out when that is not enough.
    fn owns(&self, row: &FoundRow, found: &Found, surely: bool) -> bool {
        if row.response.is_some_and(|id| self.responses.contains(&id)) {
            return true;
        }
        match row.who {
            Who::Sought => true,
            Who::Other => false,
            Who::Nobody if row.response.is_some_and(|id| found.others.contains(&id)) => false,
            Who::Nobody => {
                let is_own = |own: &BTreeSet<_>| own.contains(&row.install);
                self.installs.contains(&row.install)
                    && (!surely || self.own.as_ref().is_some_and(is_own))
            }
        }
    }

    fn who(&self, person: Option<&str>) -> Who {
        match (&self.person, person) {
            // Of an install, everything is meant, whoever is named.
            (None, _) | (_, None) => Who::Nobody,
            (Some(sought), Some(named)) if sought == named => Who::Sought,
            _ => Who::Other,
        }
    }
}

/// Whom a row names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    Sought,
    Other,
}

/// A row that may belong to whoever is looked for.
#[derive(Clone, Debug)]
struct FoundRow {
    key: HeldKey,
    install: InstallId,
    received_ms: u64,
    who: Who,
    response: Option<ResponseId>,
    attachments: Vec<AttachmentId>,
}

impl FoundRow {
    /// A row that names whatever its line names.
    fn new(
        sought: &Sought,
        kind: HeldKind,
        key: Vec<u8>,
        install: InstallId,
        received_ms: u64,
        named: Named,
    ) -> Self {
        Self {
            key: HeldKey { kind, key },
            install,
            received_ms,
            who: sought.who(named.person()),
            response: named.response,
            attachments: named.attachments,
        }
    }

    fn is_of(&self, sought: &Sought) -> bool {
        sought.installs.contains(&self.install)
            || self.who == Who::Sought
            || (self.response).is_some_and(|id| sought.responses.contains(&id))
    }
}

/// Rows that may belong to whoever is looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    rows: Vec<FoundRow>,
    /// Responses among them that name somebody else.
    others: BTreeSet<ResponseId>,
}

impl Found {
    pub(super) fn add(&mut self, mut more: Self) {
        self.rows.append(&mut more.rows);
        self.others.append(&mut more.others);
    }

    fn push(&mut self, sought: &Sought, row: FoundRow) {
        if !row.is_of(sought) {
            return;
        }
        if row.who == Who::Other {
            self.others.extend(row.response);
        }
        self.rows.push(row);
    }

    /// Installs on which somebody else was named.
    fn shared(&self) -> BTreeSet<InstallId> {
        let others = self.rows.iter().filter(|row| row.who == Who::Other);
        others.map(|row| row.install).collect()
    }

    /// What belongs to whoever is looked for: surely, or also perhaps.
    pub(super) fn into_held(
        self,
        db: &Connection,
        sought: &Sought,
        surely: bool,
    ) -> Result<Held, Fault> {
        let mut held = Held::default();
        for row in &self.rows {
            if sought.owns(row, &self, surely) {
                held.first_ms = held.first_ms.into_iter().chain([row.received_ms]).min();
                held.rows.push(row.key.clone());
            }
        }
        held.rows.extend(responses(db, sought)?);
        held.attachments = attachments(db, sought)?;
        held.rows.extend(held.attachments.iter().map(|one| HeldKey {
            kind: HeldKind::Attachment,
            key: one.id.0.as_bytes().to_vec(),
        }));
        Ok(held)
    }
}

/// Responses that stand.
fn responses(db: &Connection, sought: &Sought) -> Result<Vec<HeldKey>, Fault> {
    let mut find = db.prepare_cached("SELECT 1 FROM response WHERE project = ?1 AND id = ?2")?;
    let mut keys = Vec::new();
    for response in &sought.responses {
        if find.exists(params![sought.project.0, response.0.as_bytes()])? {
            keys.push(HeldKey {
                kind: HeldKind::Response,
                key: response.0.as_bytes().to_vec(),
            });
        }
    }
    Ok(keys)
}

/// Images that are there and that responses name, or named.
fn attachments(db: &Connection, sought: &Sought) -> Result<Vec<Attachment>, Fault> {
    let mut found = Vec::new();
    for id in &sought.attachments {
        let known = find_attachment(db, *id)?;
        found.extend(known.filter(|known| known.project == sought.project));
    }
    Ok(found)
}

/// Learns from one stretch which installs and responses are theirs; answers where the next begins.
pub(super) fn learn_some(
    db: &Connection,
    sought: &mut Sought,
    after: i64,
) -> Result<Option<i64>, Fault> {
    if sought.installs.is_empty() && sought.person.is_none() {
        // One response, and nothing else.
        return Ok(None);
    }
    if after == 0
        && let Some(person) = sought.person.clone()
    {
        learn_standing(db, sought, &person)?;
    }
    let last = after + STRETCH;
    let mut select = db.prepare_cached(
        "SELECT install, line FROM item
         WHERE row > ?2 AND row <= ?3 AND project = ?1 AND type = 'response'",
    )?;
    let mut rows = select.query([sought.project.0, after, last])?;
    while let Some(row) = rows.next()? {
        let install = InstallId(uuid_at(row, 0)?);
        let is_on_install = sought.person.is_none() && sought.installs.contains(&install);
        if !is_on_install && sought.person.is_none() {
            continue;
        }
        let line: String = row.get(1)?;
        let named = Named::from_line(&line);
        if is_on_install {
            sought.responses.extend(named.response);
        } else if sought.who(named.person()) == Who::Sought {
            sought.installs.insert(install);
            sought.responses.extend(named.response);
        }
    }
    next_after(db, last)
}

/// Learns from responses as they stand.
fn learn_standing(db: &Connection, sought: &mut Sought, person: &str) -> Result<(), Fault> {
    let mut select = db.prepare_cached(
        "SELECT id, install FROM response WHERE project = ?1 AND respondent = ?2",
    )?;
    let mut rows = select.query(params![sought.project.0, person])?;
    while let Some(row) = rows.next()? {
        sought.responses.insert(ResponseId(uuid_at(row, 0)?));
        sought.installs.insert(InstallId(uuid_at(row, 1)?));
    }
    Ok(())
}

/// Where the next stretch begins, unless this was the last.
fn next_after(db: &Connection, last: i64) -> Result<Option<i64>, Fault> {
    let newest: Option<i64> = db
        .prepare_cached("SELECT max(row) FROM item")?
        .query_row([], |row| row.get(0))?;
    Ok(newest.is_some_and(|newest| newest > last).then_some(last))
}

/// Finds what one stretch has of them; answers where the next begins.
pub(super) fn find_some(
    db: &Connection,
    sought: &Sought,
    after: i64,
    found: &mut Found,
) -> Result<Option<i64>, Fault> {
    let last = after + STRETCH;
    let mut select = db.prepare_cached(
        "SELECT row, install, received_ms, CASE WHEN type <> 'impression' THEN line END FROM item
         WHERE row > ?2 AND row <= ?3 AND project = ?1 ORDER BY row",
    )?;
    let mut rows = select.query([sought.project.0, after, last])?;
    while let Some(row) = rows.next()? {
        let key = row.get::<_, i64>(0)?.to_be_bytes().to_vec();
        found.push(sought, found_row(sought, HeldKind::Item, key, row, 1)?);
    }
    next_after(db, last)
}

/// Finds what of them was kept aside, and what they had to drop.
pub(super) fn find_aside(db: &Connection, sought: &Sought, found: &mut Found) -> Result<(), Fault> {
    let mut select = db.prepare_cached(
        "SELECT id, body_hash, install, received_ms, line FROM conflict WHERE project = ?1
         ORDER BY received_ms, id, body_hash",
    )?;
    let mut rows = select.query([sought.project.0])?;
    while let Some(row) = rows.next()? {
        let (id, body_hash): ([u8; 16], [u8; 32]) = (row.get(0)?, row.get(1)?);
        let key = [&id[..], &body_hash].concat();
        found.push(sought, found_row(sought, HeldKind::Conflict, key, row, 2)?);
    }
    let mut select = db.prepare_cached(
        "SELECT number, install, received_ms, line FROM letter WHERE project = ?1 ORDER BY number",
    )?;
    let mut rows = select.query([sought.project.0])?;
    while let Some(row) = rows.next()? {
        let key = row.get::<_, i64>(0)?.to_be_bytes().to_vec();
        found.push(sought, found_row(sought, HeldKind::Letter, key, row, 1)?);
    }
    let mut select = db.prepare_cached(
        "SELECT envelope, reason, install, received_ms, NULL FROM loss WHERE project = ?1
         ORDER BY received_ms, envelope, reason",
    )?;
    let mut rows = select.query([sought.project.0])?;
    while let Some(row) = rows.next()? {
        let (envelope, reason): ([u8; 16], String) = (row.get(0)?, row.get(1)?);
        let key = [&envelope[..], reason.as_bytes()].concat();
        found.push(sought, found_row(sought, HeldKind::Loss, key, row, 2)?);
    }
    Ok(())
}

/// A row whose install, time of arrival and line begin at a column.
fn found_row(
    sought: &Sought,
    kind: HeldKind,
    key: Vec<u8>,
    row: &Row<'_>,
    column: usize,
) -> Result<FoundRow, Fault> {
    let line: Option<String> = row.get(column + 2)?;
    let named = line.map(|line| Named::from_line(&line));
    Ok(FoundRow::new(
        sought,
        kind,
        key,
        InstallId(uuid_at(row, column)?),
        u64_at(row, column + 1)?,
        named.unwrap_or_default(),
    ))
}
