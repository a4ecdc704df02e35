//! Turns a page with its filters into something that is kept under a name, or behind a link.

use std::fmt;

use crate::{AuditEntry, PersonId, ProjectId, Reply, TokenHash};

/// A page with its filters, under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptView {
    /// Its id, which is never given again.
    pub id: u64,
    /// Where it is seen.
    pub project: ProjectId,
    /// Who sees it; everybody in the project when absent.
    pub owner: Option<PersonId>,
    /// What it is called.
    pub name: String,
    /// Path of the page.
    pub page: String,
    /// Its query string.
    pub query: String,
    /// E-mail address of whoever saved it.
    pub by: String,
    /// When.
    pub created_ms: u64,
}

/// A link by which anybody can see one view.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptShare {
    /// Its id, which is never given again.
    pub id: u64,
    /// What it shows something of.
    pub project: ProjectId,
    /// What its token hashes to.
    pub token: TokenHash,
    /// What it is called.
    pub name: String,
    /// Path of the page.
    pub page: String,
    /// The filters that hold.
    pub query: String,
    /// Whether what people wrote is shown.
    pub verbatims: bool,
    /// Hash of its password as a PHC string, where it takes one.
    pub password_hash: Option<String>,
    /// E-mail address of whoever made it.
    pub by: String,
    /// When.
    pub created_ms: u64,
    /// Until when it works, exclusive.
    pub expires_ms: Option<u64>,
    /// Since when it was taken back.
    pub revoked_ms: Option<u64>,
    /// How many times it was opened.
    pub opened: u64,
    /// When it was opened last.
    pub opened_ms: Option<u64>,
}

// Neither hash may reach a log by way of `{:?}`.
impl fmt::Debug for KeptShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptShare")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Views that are saved, and links to views.
pub trait Views: Send + Sync {
    /// The views that a person sees: their own and those of everybody, by name.
    fn saved_views(&self, project: ProjectId, person: PersonId) -> Reply<'_, Vec<KeptView>>;

    /// Keeps a view, whatever id it has, in place of the one of the same owner and name; answers its id.
    fn save_view(&self, view: KeptView, entry: AuditEntry) -> Reply<'_, u64>;

    /// Forgets a view of the entry's project, and answers whether there was one.
    fn forget_view(&self, id: u64, entry: AuditEntry) -> Reply<'_, bool>;

    /// Keeps a link, whatever id it has, and answers the one that it got.
    fn put_share(&self, share: KeptShare, entry: AuditEntry) -> Reply<'_, u64>;

    /// Every link that the project has or had, the newest first.
    fn shares(&self, project: ProjectId) -> Reply<'_, Vec<KeptShare>>;

    /// The link with this token, if it works now.
    fn share(&self, token: TokenHash, now_ms: u64) -> Reply<'_, Option<KeptShare>>;

    /// Notes that a link was opened.
    fn note_opened(&self, id: u64, now_ms: u64) -> Reply<'_, ()>;

    /// Takes back a link of the entry's project at the time of the entry, and answers whether there was one
    /// that was not taken back before.
    fn revoke_share(&self, id: u64, entry: AuditEntry) -> Reply<'_, bool>;
}
