//! Turns who may do what, and what was done, into rows: roles, links to a password, API tokens, the
//! audit log.
//!
//! Whatever changes something takes the line for the audit log with it: both are kept, or neither is.

use std::fmt;

use protocol::query::access::{Credential, Role, Scope};

use crate::{ConsoleSession, Person, PersonId, ProjectId, Reply, TokenHash};

/// One line of the audit log. No secret is in it, and no address of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Where it was changed.
    pub project: ProjectId,
    /// When; milliseconds since 1970 (UTC).
    pub at_ms: u64,
    /// What whoever changed it came with.
    pub credential: Credential,
    /// Who: an e-mail address, or the name of a token.
    pub actor: String,
    /// What was done, by a stable name such as `survey.publish`.
    pub action: String,
    /// To what: an id, a name or an e-mail address.
    pub target: String,
    /// What else there is to say, such as a version; may be empty.
    pub detail: String,
}

/// Somebody who may sign in, or was invited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their id.
    pub id: PersonId,
    /// E-mail address, lower case.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Since when they are known.
    pub created_ms: u64,
    /// Whether they have a password; otherwise they were only invited.
    pub has_password: bool,
}

/// A link by which one person may choose a password, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordLink {
    /// What its secret hashes to.
    pub token: TokenHash,
    /// Until when it works; exclusive.
    pub expires_ms: u64,
}

/// What became of a change of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was made.
    Done,
    /// The project has no such person.
    Missing,
    /// The project would have had no admin with a password any more, and nothing was changed.
    LastAdmin,
}

/// What programs come with instead of a password.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its id, which is never given again.
    pub id: u64,
    /// Where it works.
    pub project: ProjectId,
    /// What its secret hashes to.
    pub token: TokenHash,
    /// How its secret begins, for people to recognise it.
    pub prefix: String,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// What it reaches, in order.
    pub scopes: Vec<Scope>,
    /// Since when there is one.
    pub created_ms: u64,
    /// Until when it works, exclusive; absent means until it is revoked.
    pub expires_ms: Option<u64>,
    /// When it was last used, to some minutes.
    pub used_ms: Option<u64>,
    /// Since when it works no more.
    pub revoked_ms: Option<u64>,
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiToken")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Who may do what, and what was done.
pub trait Guards: Send + Sync {
    /// Adds a line to the audit log, for a change that took none with it.
    fn audit(&self, entry: AuditEntry) -> Reply<'_, ()>;

    /// Lines of the audit log with their numbers, the newest first: those with a number below
    /// `before`, or all.
    fn audit_log(
        &self,
        project: ProjectId,
        before: Option<u64>,
        limit: u32,
    ) -> Reply<'_, Vec<(u64, AuditEntry)>>;

    /// The people of a project, by address.
    fn people(&self, project: ProjectId) -> Reply<'_, Vec<Member>>;

    /// Makes a person who has no password yet and may choose one by a link.
    ///
    /// # Errors
    ///
    /// [`crate::StoreError::Taken`] when the address is known, in this project or another.
    fn invite(
        &self,
        email: String,
        role: Role,
        link: PasswordLink,
        entry: AuditEntry,
    ) -> Reply<'_, PersonId>;

    /// Gives a person another role, and ends their sessions.
    fn change_role(&self, person: PersonId, role: Role, entry: AuditEntry) -> Reply<'_, Changed>;

    /// Forgets a person, their sessions and their link.
    fn remove_person(&self, person: PersonId, entry: AuditEntry) -> Reply<'_, Changed>;

    /// Gives a person a link instead of the one that they may have had. [`Changed::LastAdmin`] is
    /// never an answer.
    fn put_link(
        &self,
        person: PersonId,
        link: PasswordLink,
        entry: AuditEntry,
    ) -> Reply<'_, Changed>;

    /// Whose link this is, while it works.
    fn link(&self, token: TokenHash, now_ms: u64) -> Reply<'_, Option<Person>>;

    /// Sets the password of whoever the link belongs to, ends their sessions, and forgets the link;
    /// answers whether it worked at the time of the entry.
    fn use_link(
        &self,
        token: TokenHash,
        password_hash: String,
        entry: AuditEntry,
    ) -> Reply<'_, bool>;

    /// Sets a person's password, ends their sessions and begins another; forgets their link.
    fn change_password(
        &self,
        password_hash: String,
        session: ConsoleSession,
        entry: AuditEntry,
    ) -> Reply<'_, ()>;

    /// The sessions of a person that have not ended, the newest first.
    fn sessions(&self, person: PersonId, now_ms: u64) -> Reply<'_, Vec<ConsoleSession>>;

    /// Ends every session of a person but one, and answers how many.
    fn end_other_sessions(&self, person: PersonId, keep: TokenHash) -> Reply<'_, u64>;

    /// Keeps a token, whatever id it has, and answers the one that it got.
    fn put_api_token(&self, token: ApiToken, entry: AuditEntry) -> Reply<'_, u64>;

    /// Every token that the project has or had, the newest first.
    fn api_tokens(&self, project: ProjectId) -> Reply<'_, Vec<ApiToken>>;

    /// The token with this hash, if it works now.
    fn api_token(&self, token: TokenHash, now_ms: u64) -> Reply<'_, Option<ApiToken>>;

    /// Notes that a token was used.
    fn touch_api_token(&self, id: u64, now_ms: u64) -> Reply<'_, ()>;

    /// Ends a token of the entry's project at the time of the entry, and answers whether there was
    /// one that worked.
    fn revoke_api_token(&self, id: u64, entry: AuditEntry) -> Reply<'_, bool>;
}
