//! Turns roles, links, API tokens and the audit log into rows, and back.

pub(crate) mod audit;
pub(crate) mod people;
mod tokens;

use protocol::query::access::Role;
use store::{
    ApiToken, AuditEntry, Changed, ConsoleSession, Guards, Member, PasswordLink, Person, PersonId,
    ProjectId, Reply, TokenHash,
};

use crate::SqliteStore;

impl Guards for SqliteStore {
    fn audit(&self, entry: AuditEntry) -> Reply<'_, ()> {
        self.change("add to the audit log", move |db| audit::add(db, &entry))
    }

    fn audit_log(
        &self,
        project: ProjectId,
        before: Option<u64>,
        limit: u32,
    ) -> Reply<'_, Vec<(u64, AuditEntry)>> {
        self.read("read the audit log", move |db| {
            audit::read(db, project, before, limit)
        })
    }

    fn people(&self, project: ProjectId) -> Reply<'_, Vec<Member>> {
        self.read("list people", move |db| people::list(db, project))
    }

    fn invite(
        &self,
        email: String,
        role: Role,
        link: PasswordLink,
        entry: AuditEntry,
    ) -> Reply<'_, PersonId> {
        self.change("invite a person", move |db| {
            people::invite(db, &email.to_lowercase(), role, link, &entry)
        })
    }

    fn change_role(&self, person: PersonId, role: Role, entry: AuditEntry) -> Reply<'_, Changed> {
        self.change("change a role", move |db| {
            people::change_role(db, person, role, &entry)
        })
    }

    fn remove_person(&self, person: PersonId, entry: AuditEntry) -> Reply<'_, Changed> {
        self.change("forget a person", move |db| {
            people::remove(db, person, &entry)
        })
    }

    fn put_link(
        &self,
        person: PersonId,
        link: PasswordLink,
        entry: AuditEntry,
    ) -> Reply<'_, Changed> {
        self.change("keep a link", move |db| {
            people::relink(db, person, link, &entry)
        })
    }

    fn link(&self, token: TokenHash, now_ms: u64) -> Reply<'_, Option<Person>> {
        self.read("find a link", move |db| people::linked(db, token, now_ms))
    }

    fn use_link(
        &self,
        token: TokenHash,
        password_hash: String,
        entry: AuditEntry,
    ) -> Reply<'_, bool> {
        self.change("use a link", move |db| {
            people::use_link(db, token, &password_hash, &entry)
        })
    }

    fn change_password(
        &self,
        password_hash: String,
        session: ConsoleSession,
        entry: AuditEntry,
    ) -> Reply<'_, ()> {
        self.change("change a password", move |db| {
            people::set_password(db, session.person, &password_hash)?;
            crate::directory::open_session(db, &session)?;
            audit::add(db, &entry)
        })
    }

    fn sessions(&self, person: PersonId, now_ms: u64) -> Reply<'_, Vec<ConsoleSession>> {
        self.read("list sessions", move |db| {
            people::sessions(db, person, now_ms)
        })
    }

    fn end_other_sessions(&self, person: PersonId, keep: TokenHash) -> Reply<'_, u64> {
        self.change("end sessions", move |db| {
            people::end_other_sessions(db, person, keep)
        })
    }

    fn put_api_token(&self, token: ApiToken, entry: AuditEntry) -> Reply<'_, u64> {
        self.change("keep a token", move |db| tokens::put(db, &token, &entry))
    }

    fn api_tokens(&self, project: ProjectId) -> Reply<'_, Vec<ApiToken>> {
        self.read("list tokens", move |db| tokens::list(db, project))
    }

    fn api_token(&self, token: TokenHash, now_ms: u64) -> Reply<'_, Option<ApiToken>> {
        self.read("find a token", move |db| tokens::find(db, token, now_ms))
    }

    fn touch_api_token(&self, id: u64, now_ms: u64) -> Reply<'_, ()> {
        self.change("note the use of a token", move |db| {
            tokens::touch(db, id, now_ms)
        })
    }

    fn revoke_api_token(&self, id: u64, entry: AuditEntry) -> Reply<'_, bool> {
        self.change("revoke a token", move |db| tokens::revoke(db, id, &entry))
    }
}
