//! Turns what is gone into hashes by which it is known when it comes again.
//!
//! Hashes are keyed with bytes of this store: whoever has only hashes cannot try names.

use hmac::{Hmac, KeyInit, Mac};
use protocol::id::{AttachmentId, InstallId};
use protocol::limits::ITEM_TTL_DAYS;
use protocol::outcome::Outcome;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::Sha256;
use store::{Batch, Body, NewItem, ProjectId, StoreError};

use super::find::Sought;
use super::line::Named;
use crate::convert::{DAY_MS, int_from_u64};
use crate::fault::Fault;

/// How long after an erasure something from before it may arrive: a day longer than an SDK tries.
const LATE_MS: u64 = (ITEM_TTL_DAYS + 1) * DAY_MS;

/// What tells whether something is gone; `None` while nothing is.
#[derive(Debug)]
pub(crate) struct Stones(Option<Key>);

#[derive(Debug)]
pub(super) struct Key([u8; 32]);

/// What becomes of an item whose id, or whose person, is known to be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gone {
    /// The same item was kept until it was old enough.
    Expired,
    /// Another item was, under the same id.
    Reused,
    /// It belongs to what was erased.
    Erased,
}

impl Gone {
    /// The outcome that the sender is told.
    pub(crate) const fn outcome(self) -> Outcome {
        match self {
            Self::Expired => Outcome::Duplicate,
            Self::Reused => Outcome::Conflict,
            Self::Erased => Outcome::Rejected,
        }
    }
}

impl Stones {
    /// Looks once for a whole commit: most stores have nothing that is gone.
    pub(crate) fn load(db: &Connection) -> rusqlite::Result<Self> {
        let some = db
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM gone) OR EXISTS (SELECT 1 FROM erased)")?
            .query_row([], |row| row.get(0))?;
        Ok(Self(if some { Some(Key::load(db)?) } else { None }))
    }

    /// Until when everything of the sender was erased.
    pub(crate) fn erased_until(
        &self,
        db: &Connection,
        batch: &Batch,
    ) -> rusqlite::Result<Option<u64>> {
        let Some(key) = &self.0 else {
            return Ok(None);
        };
        let hash = key.hash("install", batch.sender.install.0.as_bytes());
        until(db, batch.project, "install", hash)
    }

    /// Whether an item is known to be gone, or belongs to what is.
    pub(crate) fn find(
        &self,
        db: &Connection,
        batch: &Batch,
        item: &NewItem,
    ) -> rusqlite::Result<Option<Gone>> {
        let Some(key) = &self.0 else {
            return Ok(None);
        };
        if is_of_erased(db, key, batch.project, item)? {
            return Ok(Some(Gone::Erased));
        }
        let known: Option<Option<[u8; 16]>> = db
            .prepare_cached("SELECT body_hash FROM gone WHERE project = ?1 AND id = ?2")?
            .query_row(
                params![batch.project.0, key.hash_of_item(item.id.0.as_bytes())],
                |row| row.get(0),
            )
            .optional()?;
        Ok(known.map(|body_hash| match body_hash {
            None => Gone::Erased,
            Some(half) if half == item.body_hash[..16] => Gone::Expired,
            Some(_) => Gone::Reused,
        }))
    }

    /// Whether a line that was refused belongs to what was erased. When it happened is not known: what
    /// comes while an SDK may still deliver what happened before counts as that.
    pub(crate) fn hide(
        &self,
        db: &Connection,
        batch: &Batch,
        erased_until: Option<u64>,
        line: &str,
    ) -> rusqlite::Result<bool> {
        let Some(key) = &self.0 else {
            return Ok(false);
        };
        let may_be_late = |until: u64| batch.received_ms <= until.saturating_add(LATE_MS);
        if erased_until.is_some_and(may_be_late) {
            return Ok(true);
        }
        let named = Named::from_line(line);
        if let Some(response) = named.response {
            let hash = key.hash("response", response.0.as_bytes());
            if until(db, batch.project, "response", hash)?.is_some() {
                return Ok(true);
            }
        }
        let Some(person) = named.person() else {
            return Ok(false);
        };
        let hash = key.hash("person", person.as_bytes());
        Ok(until(db, batch.project, "person", hash)?.is_some_and(may_be_late))
    }
}

/// Whether the response or the person that an item names was erased.
fn is_of_erased(
    db: &Connection,
    key: &Key,
    project: ProjectId,
    item: &NewItem,
) -> rusqlite::Result<bool> {
    let (response, person) = match &item.body {
        Body::Response(response) => (Some(response.response), response.respondent.as_ref()),
        Body::Dismissal(closed) => (closed.response, None),
        _ => (None, None),
    };
    if let Some(response) = response {
        let hash = key.hash("response", response.0.as_bytes());
        if until(db, project, "response", hash)?.is_some() {
            return Ok(true);
        }
    }
    match person {
        Some(person) if !person.id.is_empty() => {
            let hash = key.hash("person", person.id.as_bytes());
            Ok(until(db, project, "person", hash)?.is_some_and(|until| item.at_ms <= until))
        }
        _ => Ok(false),
    }
}

fn until(
    db: &Connection,
    project: ProjectId,
    kind: &str,
    hash: [u8; 16],
) -> rusqlite::Result<Option<u64>> {
    db.prepare_cached("SELECT until_ms FROM erased WHERE project = ?1 AND kind = ?2 AND hash = ?3")?
        .query_row(params![project.0, kind, hash], |row| {
            crate::convert::u64_at(row, 0)
        })
        .optional()
}

/// Refuses an image that belongs to what was erased.
pub(crate) fn refuse_erased_image(
    db: &Connection,
    project: ProjectId,
    id: AttachmentId,
) -> Result<(), Fault> {
    let hash = Key::load(db)?.hash("attachment", id.0.as_bytes());
    match until(db, project, "attachment", hash)? {
        Some(_) => Err(StoreError::Erased { what: "the image" }.into()),
        None => Ok(()),
    }
}

impl Key {
    pub(super) fn load(db: &Connection) -> rusqlite::Result<Self> {
        db.prepare_cached("SELECT key FROM gone_key")?
            .query_row([], |row| row.get(0).map(Self))
    }

    /// Hash of the id of an item, behind the minute of its making, roughly: ids that were made one
    /// after the other lie beside each other, and are written and found in a few pages.
    ///
    /// # Source
    ///
    /// RFC 9562, section 5.7: an id begins with 48 bits of milliseconds, of which 32 are left.
    fn hash_of_item(&self, id: &[u8]) -> [u8; 16] {
        let mut hash = self.hash("item", id);
        if let Some(time) = id.get(..4) {
            hash[..4].copy_from_slice(time);
        }
        hash
    }

    fn hash(&self, kind: &str, id: &[u8]) -> [u8; 16] {
        let mut hash = [0; 16];
        // A key of any length is one.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) {
            mac.update(kind.as_bytes());
            mac.update(&[0]);
            mac.update(id);
            hash.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        }
        hash
    }

    /// Remembers the id of an item that is taken away: for a while, and with its body unless that
    /// was erased.
    pub(super) fn mark_item(
        &self,
        db: &Connection,
        project: ProjectId,
        id: &[u8],
        body_hash: Option<&[u8]>,
        now_ms: u64,
    ) -> rusqlite::Result<()> {
        db.prepare_cached(
            "INSERT INTO gone (project, id, body_hash, day) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (project, id) DO UPDATE
             SET body_hash = excluded.body_hash, day = excluded.day",
        )?
        .execute(params![
            project.0,
            self.hash_of_item(id),
            body_hash.map(|hash| &hash[..16]),
            int_from_u64(now_ms / DAY_MS),
        ])?;
        Ok(())
    }
}

/// Remembers for good who and what is erased.
pub(super) fn shut_out(db: &Connection, sought: &Sought, until_ms: u64) -> Result<(), Fault> {
    let key = Key::load(db)?;
    let put = |kind: &str, id: &[u8]| {
        db.prepare_cached(
            "INSERT INTO erased (project, kind, hash, until_ms) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (project, kind, hash) DO UPDATE
             SET until_ms = max(until_ms, excluded.until_ms)",
        )?
        .execute(params![
            sought.project.0,
            kind,
            key.hash(kind, id),
            int_from_u64(until_ms)
        ])
    };
    if let Some(person) = &sought.person {
        put("person", person.as_bytes())?;
    }
    for InstallId(install) in sought.own.iter().flatten() {
        put("install", install.as_bytes())?;
    }
    for response in &sought.responses {
        put("response", response.0.as_bytes())?;
    }
    for attachment in &sought.attachments {
        put("attachment", attachment.0.as_bytes())?;
    }
    Ok(())
}
