//! Turns the state of responses, and words that are looked for, into statements.
//!
//! `clause` turns a view into conditions, `list` and `detail` read, `count` counts, `step` changes and
//! undoes, `tags` and `notes` are the team's own, `written` keeps the index of words and `similar` asks it.

pub(crate) mod clause;
mod count;
mod detail;
mod list;
mod notes;
mod similar;
mod step;
mod tags;
pub(crate) mod written;

use protocol::id::ResponseId;
use protocol::query::inbox::{Counts, Detail, Item, Note, Tag};
use store::{
    Amended, AuditEntry, Inbox, InboxCursor, InboxFilter, InboxPage, InboxStep, ProjectId, Reply,
    Stepped, Subject,
};

use self::list::Shown;
use crate::SqliteStore;

impl Inbox for SqliteStore {
    fn inbox(
        &self,
        filter: InboxFilter,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Reply<'_, InboxPage> {
        self.read("read the inbox", move |db| {
            list::page(db, &filter, after, limit, Shown::Excerpt)
        })
    }

    fn inbox_item(&self, project: ProjectId, id: ResponseId) -> Reply<'_, Option<Detail>> {
        self.read("read an item of the inbox", move |db| {
            detail::read(db, project, id)
        })
    }

    fn inbox_change(&self, step: InboxStep) -> Reply<'_, Stepped> {
        self.change("change the inbox", move |db| step::change(db, &step))
    }

    fn inbox_undo(&self, step: u64, entry: AuditEntry) -> Reply<'_, Stepped> {
        self.change("undo a step", move |db| step::undo(db, step, &entry))
    }

    fn inbox_whole(
        &self,
        filter: InboxFilter,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Reply<'_, InboxPage> {
        self.read("export the inbox", move |db| {
            list::page(db, &filter, after, limit, Shown::Whole)
        })
    }

    fn inbox_counts(&self, filter: InboxFilter) -> Reply<'_, Counts> {
        self.read("count the inbox", move |db| count::counts(db, &filter))
    }

    fn timeline(&self, project: ProjectId, whose: Subject, limit: u32) -> Reply<'_, Vec<Item>> {
        self.read("read what somebody said", move |db| {
            list::of_somebody(db, project, &whose, limit)
        })
    }

    fn tags(&self, project: ProjectId) -> Reply<'_, Vec<Tag>> {
        self.read("list tags", move |db| tags::list(db, project))
    }

    fn put_tag(&self, name: String, entry: AuditEntry) -> Reply<'_, Tag> {
        self.change("make a tag", move |db| tags::put(db, &name, &entry))
    }

    fn rename_tag(&self, tag: u64, name: String, entry: AuditEntry) -> Reply<'_, Amended> {
        self.change("rename a tag", move |db| {
            tags::rename(db, tag, &name, &entry)
        })
    }

    fn remove_tag(&self, tag: u64, entry: AuditEntry) -> Reply<'_, Amended> {
        self.change("forget a tag", move |db| tags::remove(db, tag, &entry))
    }

    fn merge_tags(&self, from: u64, into: u64, entry: AuditEntry) -> Reply<'_, Option<u64>> {
        self.change("merge tags", move |db| tags::merge(db, from, into, &entry))
    }

    fn add_note(
        &self,
        response: ResponseId,
        text: String,
        entry: AuditEntry,
    ) -> Reply<'_, Option<Note>> {
        self.change("add a note", move |db| {
            notes::add(db, response, text, &entry)
        })
    }

    fn edit_note(&self, note: u64, text: String, entry: AuditEntry) -> Reply<'_, Amended> {
        self.change("change a note", move |db| {
            notes::edit(db, note, &text, &entry)
        })
    }

    fn remove_note(&self, note: u64, entry: AuditEntry) -> Reply<'_, Amended> {
        self.change("take away a note", move |db| {
            notes::remove(db, note, &entry)
        })
    }
}
