//! Turns what people set up into rows: projects, sites, published surveys, people and their sessions.

use std::fmt;

use protocol::query::access::Role;
use protocol::survey::Survey;

use crate::Reply;

/// Names one project within one store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectId(pub i64);

/// Names one person within one store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub i64);

/// What sites, surveys and people belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// What people call it.
    pub name: String,
}

/// A public key and the origins that may use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Public key, unique over all projects.
    pub key: String,
    /// Where its answers go.
    pub project: ProjectId,
    /// Origin patterns, as they were given, in that order.
    pub origins: Vec<String>,
}

/// What a page's server signs the ids of its people with.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentitySecret(pub String);

impl fmt::Debug for IdentitySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentitySecret(..)")
    }
}

/// What became of a survey that was to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Id of the survey.
    pub survey: String,
    /// The version that runs now.
    pub version: u32,
    /// Whether this made it; false when nothing had changed.
    pub is_new: bool,
}

/// One version of one survey, which never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedSurvey {
    /// Counts from 1 within one survey.
    pub version: u32,
    /// When it was published.
    pub published_ms: u64,
    /// The survey as its author wrote it.
    pub survey: Survey,
}

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// The project that they see.
    pub project: ProjectId,
    /// E-mail address, lower case.
    pub email: String,
    /// Password hash as a PHC string; empty as long as they were only invited.
    pub password_hash: String,
    /// What they may do.
    pub role: Role,
}

/// Somebody to be let in, or let in with another password.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// The project that they will see.
    pub project: ProjectId,
    /// E-mail address, unique over all projects when compared without case.
    pub email: String,
    /// Password hash as a PHC string.
    pub password_hash: String,
    /// What they may do.
    pub role: Role,
}

// Neither hash may reach a log by way of `{:?}`.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewPerson")
            .field("project", &self.project)
            .finish_non_exhaustive()
    }
}

/// SHA-256 of a session token. The token itself is only ever in the person's cookie.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(..)")
    }
}

/// Somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleSession {
    /// What the cookie's token hashes to.
    pub token: TokenHash,
    /// Who.
    pub person: PersonId,
    /// Since when.
    pub created_ms: u64,
    /// Until when, unless extended; exclusive.
    pub expires_ms: u64,
}

/// What people set up.
pub trait Directory: Send + Sync {
    /// Makes a project.
    fn create_project(&self, name: String, now_ms: u64) -> Reply<'_, ProjectId>;

    /// Every project, oldest first.
    fn projects(&self) -> Reply<'_, Vec<Project>>;

    /// Makes a site, or replaces the origins of the one with this key.
    ///
    /// # Errors
    ///
    /// [`crate::StoreError::Taken`] when the key belongs to another project.
    fn put_site(&self, site: Site, now_ms: u64) -> Reply<'_, ()>;

    /// The site with this key.
    fn site(&self, key: String) -> Reply<'_, Option<Site>>;

    /// The project's sites, oldest first.
    fn sites(&self, project: ProjectId) -> Reply<'_, Vec<Site>>;

    /// What the pages of a site sign ids with; absent until one was set.
    fn site_secret(&self, key: String) -> Reply<'_, Option<IdentitySecret>>;

    /// Sets what the pages of a site sign ids with, and answers whether there is such a site.
    fn put_site_secret(&self, key: String, secret: IdentitySecret) -> Reply<'_, bool>;

    /// Publishes surveys, all of them or none. Each that has changed becomes the next version of its
    /// id; one that has not keeps the newest. Answers in the order of the surveys.
    fn publish_all(
        &self,
        project: ProjectId,
        surveys: Vec<Survey>,
        now_ms: u64,
    ) -> Reply<'_, Vec<Publication>>;

    /// Publishes one survey and answers its version.
    fn publish(&self, project: ProjectId, survey: Survey, now_ms: u64) -> Reply<'_, u32> {
        let published = self.publish_all(project, vec![survey], now_ms);
        Box::pin(async move {
            let first = published.await?.pop();
            // One survey in, one publication out.
            Ok(first.map_or(0, |publication| publication.version))
        })
    }

    /// Every version of every survey of the project, by id, then by version.
    fn surveys(&self, project: ProjectId) -> Reply<'_, Vec<PublishedSurvey>>;

    /// Lets somebody in. For an e-mail address that is known, replaces password and role and ends every
    /// session of that person.
    ///
    /// # Errors
    ///
    /// [`crate::StoreError::Taken`] when the address belongs to another project.
    fn put_person(&self, person: NewPerson, now_ms: u64) -> Reply<'_, PersonId>;

    /// The person with this e-mail address, compared without case.
    fn person(&self, email: String) -> Reply<'_, Option<Person>>;

    /// Whether anybody may sign in.
    fn has_people(&self) -> Reply<'_, bool>;

    /// Keeps a session, and forgets those that ended before it began.
    fn open_session(&self, session: ConsoleSession) -> Reply<'_, ()>;

    /// The session with this token that has not ended, and whose it is.
    fn session(&self, token: TokenHash, now_ms: u64)
    -> Reply<'_, Option<(ConsoleSession, Person)>>;

    /// Moves the end of a session; one that is not there stays away.
    fn extend_session(&self, token: TokenHash, expires_ms: u64) -> Reply<'_, ()>;

    /// Ends a session; one that is not there is no error.
    fn close_session(&self, token: TokenHash) -> Reply<'_, ()>;
}
