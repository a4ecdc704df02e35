//! Turns what admins set up while pages are in use into rows: sites with their keys, the project's name, and
//! what the audit log says of it.
//!
//! As in [`crate::Guards`], whatever changes something takes the line for the audit log with it.

use protocol::query::performance::{Maintenance, NewMaintenance};

use crate::{
    AuditEntry, BudgetsPublication, KeepChoice, KeepKind, Person, ProjectId, Reply, Site, Span,
};

/// A site as it is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteEntry {
    /// Its id, which its keys come and go under.
    pub id: i64,
    /// Public key that its pages should use.
    pub key: String,
    /// What people call it; may be empty.
    pub name: String,
    /// Origin patterns, as they were given, in that order.
    pub origins: Vec<String>,
    /// Grows with every change.
    pub rev: u32,
    /// Since when there is one; milliseconds since 1970 (UTC).
    pub created_ms: u64,
    /// When something of its pages was first kept.
    pub first_ms: Option<u64>,
    /// When something of its pages was last kept, to a minute.
    pub last_ms: Option<u64>,
    /// Keys that were replaced, the one that works longest first.
    pub former: Vec<FormerKey>,
}

/// A key that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerKey {
    /// The key.
    pub key: String,
    /// Until when it works; exclusive.
    pub until_ms: u64,
}

/// What to change of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteChange {
    /// What people call it, and which origins may use it.
    Describe {
        /// Its name.
        name: String,
        /// Origin patterns.
        origins: Vec<String>,
    },
    /// Another key. The one that it had works until then.
    Key {
        /// The new one.
        key: String,
        /// Until when the old one works; exclusive.
        until_ms: u64,
    },
    /// A former key works no more.
    EndFormer {
        /// Which.
        key: String,
    },
}

/// What became of a change that came from one state of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved<T> {
    /// It was made; this is how things are now.
    Done(T),
    /// There is no such thing.
    Missing,
    /// Somebody else has changed it since; this is how things are, and nothing was changed.
    Overtaken(T),
}

/// Somebody as an OpenID provider names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// The person there, for good.
    pub subject: String,
    /// Their verified address, lower case.
    pub email: String,
}

/// Which lines of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of which project.
    pub project: ProjectId,
    /// Of whom; of everybody when absent.
    pub actor: Option<String>,
    /// What was done: a whole action such as `survey.publish`, or its kind, `survey`.
    pub action: Option<String>,
    /// What stands in target or detail, compared without case.
    pub text: Option<String>,
    /// When.
    pub span: Span,
}

/// Whom and what the audit log speaks of, for people to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditNames {
    /// In order.
    pub actors: Vec<String>,
    /// In order.
    pub actions: Vec<String>,
}

/// What admins set up while pages are in use.
pub trait Setup: Send + Sync {
    /// The project's sites, oldest first.
    fn site_entries(&self, project: ProjectId) -> Reply<'_, Vec<SiteEntry>>;

    /// The site that pages with this key belong to: its key, or a former one that still works. The key
    /// that is answered is the one that was asked for.
    fn site_in_use(&self, key: String, now_ms: u64) -> Reply<'_, Option<Site>>;

    /// Makes a site.
    ///
    /// # Errors
    ///
    /// [`crate::StoreError::Taken`] when the key is or was that of a site.
    fn add_site(&self, site: Site, name: String, entry: AuditEntry) -> Reply<'_, SiteEntry>;

    /// Changes a site of the entry's project that is as it was at `rev`.
    ///
    /// # Errors
    ///
    /// [`crate::StoreError::Taken`] when a new key is or was that of a site.
    fn change_site(
        &self,
        id: i64,
        rev: u32,
        change: SiteChange,
        entry: AuditEntry,
    ) -> Reply<'_, Moved<SiteEntry>>;

    /// Forgets a site of the entry's project, with all its keys; what its pages have sent stays. Answers
    /// whether there was one.
    fn remove_site(&self, id: i64, entry: AuditEntry) -> Reply<'_, bool>;

    /// Gives the entry's project another name, if it has still the one that is known; answers the one that
    /// it has.
    fn rename_project(
        &self,
        known: String,
        name: String,
        entry: AuditEntry,
    ) -> Reply<'_, Moved<String>>;

    /// How long admins have things kept: only what somebody has chosen.
    fn keep_choices(&self) -> Reply<'_, Vec<KeepChoice>>;

    /// Has one kind kept for so long, if it was last changed as `rev` says, 0 where nobody has; answers the
    /// choice that stands.
    fn choose_keep(
        &self,
        kind: KeepKind,
        rev: u32,
        keep_ms: Option<u64>,
        entry: AuditEntry,
    ) -> Reply<'_, Moved<KeepChoice>>;

    /// Publishes a document of budgets in the entry's project, as [`crate::Telemetry::publish_budgets`] does, if
    /// `known` is the version in force (0 where there is none) or nobody asked; with a line only where it made
    /// another version, which the line then names. What is answered otherwise has the version in force.
    fn publish_budgets_from(
        &self,
        known: Option<u32>,
        document: String,
        entry: AuditEntry,
    ) -> Reply<'_, Moved<BudgetsPublication>>;

    /// As [`crate::Telemetry::announce`] in the entry's project, whose target becomes its id.
    fn announce_noted(&self, new: NewMaintenance, entry: AuditEntry) -> Reply<'_, Maintenance>;

    /// As [`crate::Telemetry::withdraw`] in the entry's project.
    fn withdraw_noted(&self, id: u64, entry: AuditEntry) -> Reply<'_, bool>;

    /// The person whom an OpenID provider vouches for: whoever came by this identity before, or whoever has the
    /// address and never came by another identity of this provider. Where there is nobody and `join` is there,
    /// its project gets a viewer, and the line. Where somebody who was there gets the identity, their project
    /// gets the line `tie`.
    fn identified(
        &self,
        who: Identity,
        join: Option<AuditEntry>,
        tie: AuditEntry,
    ) -> Reply<'_, Option<Person>>;

    /// Lines of the audit log with their numbers, the newest first: those with a number below `before`,
    /// or all.
    fn audit_lines(
        &self,
        filter: AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Reply<'_, Vec<(u64, AuditEntry)>>;

    /// Whom and what the log speaks of.
    fn audit_names(&self, project: ProjectId) -> Reply<'_, AuditNames>;
}
