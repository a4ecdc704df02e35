//! Turns the state of responses, and words that are looked for, into statements.
//!
//! `clause` turns a view into conditions, `list` and `detail` read, `step` changes and undoes,
//! `written` keeps the index of words.

mod clause;
mod detail;
mod list;
mod step;
pub(crate) mod written;

use protocol::id::ResponseId;
use protocol::query::inbox::Detail;
use store::{
    AuditEntry, Inbox, InboxCursor, InboxFilter, InboxPage, InboxStep, ProjectId, Reply, Stepped,
};

use crate::SqliteStore;

impl Inbox for SqliteStore {
    fn inbox(
        &self,
        filter: InboxFilter,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Reply<'_, InboxPage> {
        self.read("read the inbox", move |db| {
            list::page(db, &filter, after, limit)
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
}
