//! Turns what people wrote, and what a team does about it, into lists, whole responses and steps.
//!
//! In the inbox is every response in which something was written on the path, and every feedback.
//!
//! What a view means is written down at [`View`]. A view that comes here says no longer "the last
//! days" or "me": the collector has put times and an address in their place.

use protocol::id::ResponseId;
use protocol::query::inbox::{Change, Counts, Detail, Item, Note, Tag};
use protocol::query::view::View;

use crate::{AuditEntry, ProjectId, Reply, Subject};

/// Which responses of the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxFilter {
    /// Of which project.
    pub project: ProjectId,
    /// Which of them.
    pub view: View,
    /// What is snoozed until later than this is out of the inbox; milliseconds since 1970 (UTC).
    pub now_ms: u64,
}

/// The place of one response in the order newest first; ties are broken by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InboxCursor {
    /// When it was given.
    pub at_ms: u64,
    /// Its id.
    pub response: ResponseId,
}

/// One page of the inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxPage {
    /// Newest first.
    pub items: Vec<Item>,
    /// Where the next page begins, when there is one.
    pub next: Option<InboxCursor>,
}

/// Which responses are changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Those with these ids, also such as are not in the inbox.
    Ids(Vec<ResponseId>),
    /// All of these.
    All(Box<InboxFilter>),
}

/// A change that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxStep {
    /// Of what.
    pub meant: Meant,
    /// Of what into what.
    pub change: Change,
    /// How many there must be.
    pub expect: Option<u64>,
    /// What the revision of the state of each must be.
    pub rev: Option<u32>,
    /// The line for the audit log: project, time and actor are also those of the step. Its detail gets
    /// the number of responses that changed. Not kept when nothing changed.
    pub entry: AuditEntry,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stepped {
    /// It was made.
    Done {
        /// How many were meant.
        matched: u64,
        /// How many are different now.
        changed: u64,
        /// What undoes it; absent when nothing changed.
        step: Option<u64>,
    },
    /// There are so many, and not as many as were expected; nothing was changed.
    Other {
        /// How many.
        matched: u64,
    },
    /// There are more than can be changed at once; nothing was changed.
    TooMany {
        /// How many can.
        at_most: u64,
    },
    /// Somebody was faster: the state has another revision. Nothing was changed.
    Faster,
    /// The person, the response or the step that it names is not there. Nothing was changed.
    Missing,
}

/// What became of a change of one note or tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amended {
    /// It was made.
    Done,
    /// The project has no such note or tag.
    Missing,
    /// Somebody else wrote it.
    NotYours,
    /// Another tag has the name.
    Taken,
}

/// What people wrote, and what a team does about it.
pub trait Inbox: Send + Sync {
    /// Reads the inbox, newest first: at most `limit`, those that come after `after`.
    fn inbox(
        &self,
        filter: InboxFilter,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Reply<'_, InboxPage>;

    /// Reads one response with its state, whether or not it is in the inbox.
    fn inbox_item(&self, project: ProjectId, id: ResponseId) -> Reply<'_, Option<Detail>>;

    /// Changes the state of responses: all that are meant in one transaction, or none.
    fn inbox_change(&self, step: InboxStep) -> Reply<'_, Stepped>;

    /// Undoes a step of the entry's project, where nobody has changed the same since; that is a step of
    /// its own.
    fn inbox_undo(&self, step: u64, entry: AuditEntry) -> Reply<'_, Stepped>;

    /// As [`Inbox::inbox`], with all that was written instead of an excerpt.
    fn inbox_whole(
        &self,
        filter: InboxFilter,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Reply<'_, InboxPage>;

    /// Counts what a filter shows, and what is beside it.
    fn inbox_counts(&self, filter: InboxFilter) -> Reply<'_, Counts>;

    /// What came from somebody, newest first: scores alone and what is kept aside among it.
    fn timeline(&self, project: ProjectId, whose: Subject, limit: u32) -> Reply<'_, Vec<Item>>;

    /// Every tag, by name.
    fn tags(&self, project: ProjectId) -> Reply<'_, Vec<Tag>>;

    /// Makes a tag, or answers the one that there is.
    fn put_tag(&self, name: String, entry: AuditEntry) -> Reply<'_, Tag>;

    /// Gives a tag another name.
    fn rename_tag(&self, tag: u64, name: String, entry: AuditEntry) -> Reply<'_, Amended>;

    /// Forgets a tag, and takes it from everything that has it.
    fn remove_tag(&self, tag: u64, entry: AuditEntry) -> Reply<'_, Amended>;

    /// Gives everything that has one tag another one instead, and forgets the first; answers how many did
    /// not have both. Nothing when one of them is missing, or both are one.
    fn merge_tags(&self, from: u64, into: u64, entry: AuditEntry) -> Reply<'_, Option<u64>>;

    /// Adds a note by the entry's actor at its time; nothing when there is no such response.
    fn add_note(
        &self,
        response: ResponseId,
        text: String,
        entry: AuditEntry,
    ) -> Reply<'_, Option<Note>>;

    /// Changes a note of the entry's actor.
    fn edit_note(&self, note: u64, text: String, entry: AuditEntry) -> Reply<'_, Amended>;

    /// Takes away a note of the entry's actor.
    fn remove_note(&self, note: u64, entry: AuditEntry) -> Reply<'_, Amended>;
}
