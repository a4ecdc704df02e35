//! Turns what is kept about people into what is left of it: after a while, or once somebody asks.
//!
//! A person is known by a browser profile (install), by the page's own id of them, or by one
//! response. Sums of what page loads measured belong to nobody and are not looked at.
//!
//! What belongs to a person:
//! - an install: every item that it sent, every response that it gave;
//! - an id of a person: every response of which a revision named them, and whatever else the installs
//!   sent that they were named on. Where several people were named on one install, what names nobody
//!   may be any of theirs: it is told to none of them, and erased with each of them.
//! - a response: all its revisions, the images that it names, and how it was closed.

use std::collections::BTreeMap;

use protocol::id::{InstallId, ResponseId};

use crate::{Attachment, KeepFor, KeepKind, ProjectId, Reply};

/// Somebody that something may be kept about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A browser profile.
    Install(InstallId),
    /// The page's own id of a person; never empty.
    Person(String),
    /// Whoever gave this response.
    Response(ResponseId),
}

/// The kinds of row that are kept about people, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HeldKind {
    /// What a page sent, as it came.
    Item,
    /// The same, kept aside because its id belongs to something else.
    Conflict,
    /// What was refused.
    Letter,
    /// What a page had to drop.
    Loss,
    /// A response as it stands.
    Response,
    /// An image; its file is beside the store.
    Attachment,
}

impl HeldKind {
    /// Every kind, in the order of their declaration.
    pub const ALL: [Self; 6] = [
        Self::Item,
        Self::Conflict,
        Self::Letter,
        Self::Loss,
        Self::Response,
        Self::Attachment,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Conflict => "conflict",
            Self::Letter => "letter",
            Self::Loss => "loss",
            Self::Response => "response",
            Self::Attachment => "attachment",
        }
    }
}

/// One row that is kept about somebody. Its key means something only to the store that gave it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldKey {
    /// What it is.
    pub kind: HeldKind,
    /// Which of them.
    pub key: Vec<u8>,
}

/// What is kept about somebody, before it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// By kind, then in order of arrival.
    pub rows: Vec<HeldKey>,
    /// Images among them.
    pub attachments: Vec<Attachment>,
    /// When the first of it arrived; absent when nothing is kept.
    pub first_ms: Option<u64>,
}

impl Held {
    /// How many of each kind, those apart that there are none of.
    pub fn counts(&self) -> BTreeMap<HeldKind, u64> {
        let mut counts = BTreeMap::new();
        for row in &self.rows {
            *counts.entry(row.kind).or_default() += 1;
        }
        counts
    }
}

/// One row about somebody, as names and values.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldRow {
    /// What it is.
    pub kind: HeldKind,
    /// In a fixed order; what is absent is left out.
    pub fields: Vec<(String, HeldValue)>,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum HeldValue {
    /// A whole number. Times are milliseconds since 1970 (UTC).
    Number(i64),
    /// Text; ids and hashes as text too.
    Text(String),
    /// Text that is JSON.
    Json(String),
}

/// What an erasure took away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    /// How many rows of each kind.
    pub counts: BTreeMap<HeldKind, u64>,
    /// Images among them, whose files are still there.
    pub attachments: Vec<Attachment>,
    /// Copies of the store that still hold what was erased, the oldest first.
    pub backups: Vec<Backup>,
}

/// A copy of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Where it was put.
    pub path: String,
    /// When; milliseconds since 1970 (UTC).
    pub made_ms: u64,
}

/// What one step of expiry took away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// How many rows of each kind.
    pub counts: BTreeMap<HeldKind, u64>,
    /// How many hours of web vitals.
    pub vitals: u64,
    /// How many ids of what was gone.
    pub ids: u64,
    /// Images among it, whose files are still there.
    pub attachments: Vec<Attachment>,
    /// Whether there may be more.
    pub more: bool,
}

/// What becomes of what is kept about people.
pub trait Custody: Send + Sync {
    /// Looks for everything that is kept about somebody; changes nothing.
    fn held(&self, project: ProjectId, subject: Subject) -> Reply<'_, Held>;

    /// Reads rows that [`Custody::held`] found, in the order of their keys; those that are gone
    /// meanwhile are left out.
    fn tell(&self, project: ProjectId, keys: Vec<HeldKey>) -> Reply<'_, Vec<HeldRow>>;

    /// Takes away everything that is kept about somebody, and what the team saved by their name: views go, links
    /// to views end.
    ///
    /// From then on the same items, and whatever else belongs to them and happened up to a minute
    /// after `now_ms`, are refused as [`protocol::outcome::Outcome::Rejected`]; and revisions of
    /// responses that were erased, whenever they happened. Only hashes of ids stay to tell. Erasing
    /// again takes away what an interruption left.
    fn erase(&self, project: ProjectId, subject: Subject, now_ms: u64) -> Reply<'_, Erasure>;

    /// Writes everything that is kept anew, so that nothing of what was taken away is left in unused
    /// parts of files. Takes time and room in proportion to all that is kept; nothing is written
    /// meanwhile.
    fn rewrite(&self) -> Reply<'_, ()>;

    /// Takes away some of what is old enough, in a time that no writer notices. To be called again
    /// while there is more.
    ///
    /// An item that comes again, after it was taken away and while its id is known, is a duplicate.
    fn expire(&self, now_ms: u64, keep: KeepFor) -> Reply<'_, Expired>;

    /// How much of one kind goes when it is kept for so long, as [`Custody::expire`] and
    /// [`crate::Ledger::prune_ledger`] have it at this time: responses, impressions, dismissals, images, hourly sums
    /// of vitals, conflicts with letters, losses. What goes with a response is not counted.
    fn older(&self, now_ms: u64, kind: KeepKind, keep_ms: u64) -> Reply<'_, u64>;

    /// Writes down that there is a copy; one at the same place replaces it.
    fn note_backup(&self, backup: Backup) -> Reply<'_, ()>;

    /// Copies that were written down, the oldest first.
    fn backups(&self) -> Reply<'_, Vec<Backup>>;
}
