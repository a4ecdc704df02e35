//! Turns the promises of [`crate::Guards`] into behaviours.

use protocol::query::access::{Credential, Role, Scope};

use super::build::*;
use crate::{
    ApiToken, AuditEntry, Changed, ConsoleSession, NewPerson, PasswordLink, PersonId, ProjectId,
    Store, StoreError, TokenHash,
};

fn entry(project: ProjectId, action: &str) -> AuditEntry {
    AuditEntry {
        project,
        at_ms: T0,
        credential: Credential::Session,
        actor: String::from("ada@example.com"),
        action: String::from(action),
        target: String::from("something"),
        detail: String::from("version 2"),
    }
}

const fn link(n: u8) -> PasswordLink {
    PasswordLink {
        token: TokenHash([n; 32]),
        expires_ms: T0 + 100,
    }
}

async fn person(store: &dyn Store, project: ProjectId, name: &str, role: Role) -> PersonId {
    let person = NewPerson {
        project,
        email: format!("{name}@example.com"),
        password_hash: String::from("hash"),
        role,
    };
    ok(store.put_person(person, T0).await)
}

async fn session(store: &dyn Store, person: PersonId, n: u8) -> ConsoleSession {
    let session = ConsoleSession {
        token: TokenHash([n; 32]),
        person,
        created_ms: T0 + u64::from(n),
        expires_ms: T0 + 1_000,
    };
    ok(store.open_session(session.clone()).await);
    session
}

/// What the log says was done, the newest first.
async fn deeds(store: &dyn Store, project: ProjectId) -> Vec<String> {
    let log = ok(store.audit_log(project, None, 100).await);
    log.into_iter().map(|(_, entry)| entry.action).collect()
}

/// Lines come back as they were added, the newest first, page by page, by project.
pub async fn the_audit_log_is_read_from_its_end(store: &dyn Store) {
    let (one, two) = (project(store).await, project(store).await);
    for action in ["a", "b", "c"] {
        ok(store.audit(entry(one, action)).await);
        ok(store.audit(entry(two, "other")).await);
    }
    let first = ok(store.audit_log(one, None, 2).await);
    assert_eq!(first[0].1, entry(one, "c"));
    assert_eq!(first[1].1, entry(one, "b"));
    let rest = ok(store.audit_log(one, Some(first[1].0), 2).await);
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].1, entry(one, "a"));
    assert_eq!(deeds(store, two).await, ["other"; 3]);
}

/// An invitation makes a person without a password, whom one link lets choose one, once.
pub async fn an_invitation_is_used_once(store: &dyn Store) {
    let project = project(store).await;
    let email = || String::from("Eve@Example.com");
    let invited = store.invite(email(), Role::Responder, link(1), entry(project, "invite"));
    let eve = ok(invited.await);
    let again = store.invite(email(), Role::Admin, link(2), entry(project, "invite"));
    let again = again.await;
    assert!(matches!(again, Err(StoreError::Taken { .. })), "{again:?}");
    let members = ok(store.people(project).await);
    let told = (
        members[0].email.as_str(),
        members[0].role,
        members[0].has_password,
    );
    assert_eq!(told, ("eve@example.com", Role::Responder, false));

    let whose = ok(store.link(link(1).token, T0 + 99).await);
    assert_eq!(whose.map(|person| person.id), Some(eve));
    assert_eq!(ok(store.link(link(1).token, T0 + 100).await), None);
    assert_eq!(ok(store.link(link(2).token, T0).await), None);
    let choose = || {
        let hash = String::from("chosen");
        store.use_link(link(1).token, hash, entry(project, "choose"))
    };
    assert!(ok(choose().await));
    assert!(!ok(choose().await));
    assert!(ok(store.people(project).await)[0].has_password);
    let kept = ok(store.person(email()).await);
    assert_eq!(
        kept.map(|person| person.password_hash),
        Some("chosen".into())
    );
    assert_eq!(deeds(store, project).await, ["choose", "invite"]);
}

/// A new link takes the place of the old one, and a password that is chosen by it ends sessions.
pub async fn a_link_replaces_the_one_before(store: &dyn Store) {
    let project = project(store).await;
    let ada = person(store, project, "ada", Role::Admin).await;
    let old = session(store, ada, 9).await;
    for n in [1, 2] {
        let put = store.put_link(ada, link(n), entry(project, "link"));
        assert_eq!(ok(put.await), Changed::Done);
    }
    assert_eq!(ok(store.link(link(1).token, T0).await), None);
    assert!(ok(store.session(old.token, T0).await).is_some());
    let hash = String::from("new");
    let used = store.use_link(link(2).token, hash, entry(project, "choose"));
    assert!(ok(used.await));
    assert_eq!(ok(store.session(old.token, T0).await), None);
    let nobody = store.put_link(PersonId(999), link(3), entry(project, "link"));
    assert_eq!(ok(nobody.await), Changed::Missing);
}

/// Another role ends the sessions of whoever gets it, and nobody's of another project.
pub async fn another_role_ends_sessions(store: &dyn Store) {
    let (one, two) = (project(store).await, project(store).await);
    person(store, one, "ada", Role::Admin).await;
    let eve = person(store, one, "eve", Role::Viewer).await;
    let before = session(store, eve, 1).await;
    let elsewhere = store.change_role(eve, Role::Manager, entry(two, "role"));
    assert_eq!(ok(elsewhere.await), Changed::Missing);
    assert!(ok(store.session(before.token, T0).await).is_some());
    let changed = store.change_role(eve, Role::Manager, entry(one, "role"));
    assert_eq!(ok(changed.await), Changed::Done);
    assert_eq!(ok(store.session(before.token, T0).await), None);
    let after = session(store, eve, 2).await;
    let found = ok(store.session(after.token, T0).await);
    assert_eq!(found.map(|(_, who)| who.role), Some(Role::Manager));
    assert_eq!(deeds(store, one).await, ["role"]);
    assert!(deeds(store, two).await.is_empty());
}

/// Somebody who can sign in and decide is always left; an invitation does not count.
pub async fn the_last_admin_stays(store: &dyn Store) {
    let (one, two) = (project(store).await, project(store).await);
    let ada = person(store, one, "ada", Role::Admin).await;
    person(store, two, "zoe", Role::Admin).await;
    let email = String::from("bob@example.com");
    let bob = store.invite(email, Role::Admin, link(1), entry(one, "invite"));
    let bob = ok(bob.await);
    let demote = |who| store.change_role(who, Role::Manager, entry(one, "role"));
    assert_eq!(ok(demote(ada).await), Changed::LastAdmin);
    let removed = store.remove_person(ada, entry(one, "remove"));
    assert_eq!(ok(removed.await), Changed::LastAdmin);
    let same = store.change_role(ada, Role::Admin, entry(one, "role"));
    assert_eq!(ok(same.await), Changed::Done);
    let used = store.use_link(link(1).token, "hash".into(), entry(one, "choose"));
    assert!(ok(used.await));
    assert_eq!(ok(demote(ada).await), Changed::Done);
    assert_eq!(ok(demote(bob).await), Changed::LastAdmin);
    let removed = store.remove_person(ada, entry(one, "remove"));
    assert_eq!(ok(removed.await), Changed::Done);
    let gone = store.remove_person(ada, entry(one, "remove"));
    assert_eq!(ok(gone.await), Changed::Missing);
    assert_eq!(ok(store.people(one).await).len(), 1);
}

/// A new password ends all sessions and begins one.
pub async fn a_changed_password_leaves_one_session(store: &dyn Store) {
    let project = project(store).await;
    let ada = person(store, project, "ada", Role::Viewer).await;
    for n in 1..4 {
        session(store, ada, n).await;
    }
    ok(store.put_link(ada, link(7), entry(project, "link")).await);
    let new = ConsoleSession {
        token: TokenHash([8; 32]),
        person: ada,
        created_ms: T0 + 10,
        expires_ms: T0 + 500,
    };
    let changed = store.change_password("new".into(), new.clone(), entry(project, "password"));
    ok(changed.await);
    assert_eq!(ok(store.sessions(ada, T0).await), [new]);
    assert_eq!(ok(store.link(link(7).token, T0).await), None);
    assert_eq!(deeds(store, project).await, ["password", "link"]);
    // Nor does a link from before set another, once somebody with the machine has.
    ok(store.put_link(ada, link(9), entry(project, "link")).await);
    person(store, project, "ada", Role::Viewer).await;
    assert_eq!(ok(store.sessions(ada, T0).await), []);
    assert_eq!(ok(store.link(link(9).token, T0).await), None);
}

/// One's sessions are listed while they last, and all but one can be ended.
pub async fn own_sessions_are_listed_and_ended(store: &dyn Store) {
    let project = project(store).await;
    let ada = person(store, project, "ada", Role::Viewer).await;
    let bob = person(store, project, "bob", Role::Viewer).await;
    let first = session(store, ada, 1).await;
    let second = session(store, ada, 2).await;
    let other = session(store, bob, 3).await;
    let both = ok(store.sessions(ada, T0).await);
    assert_eq!(both, [second.clone(), first.clone()]);
    assert!(ok(store.sessions(ada, T0 + 1_000).await).is_empty());
    assert_eq!(ok(store.end_other_sessions(ada, first.token).await), 1);
    assert_eq!(ok(store.sessions(ada, T0).await), [first]);
    assert_eq!(ok(store.sessions(bob, T0).await), [other]);
}

fn token(project: ProjectId, n: u8, expires_ms: Option<u64>) -> ApiToken {
    ApiToken {
        id: 0,
        project,
        token: TokenHash([n; 32]),
        prefix: String::from("fh_token_0123"),
        name: format!("token {n}"),
        role: Role::Manager,
        scopes: vec![Scope::Answers, Scope::Audit],
        created_ms: T0,
        expires_ms,
        used_ms: None,
        revoked_ms: None,
    }
}

/// A token works until it ends or is revoked, and is listed for good.
pub async fn a_token_works_until_it_ends(store: &dyn Store) {
    let (one, two) = (project(store).await, project(store).await);
    let forever = token(one, 1, None);
    let for_a_while = token(one, 2, Some(T0 + 100));
    let put = store.put_api_token(forever.clone(), entry(one, "make"));
    let id = ok(put.await);
    ok(store
        .put_api_token(for_a_while.clone(), entry(one, "make"))
        .await);
    let found = ok(store.api_token(forever.token, T0 + 1_000_000).await);
    assert_eq!(
        found,
        Some(ApiToken {
            id,
            ..forever.clone()
        })
    );
    assert!(ok(store.api_token(for_a_while.token, T0 + 99).await).is_some());
    assert_eq!(ok(store.api_token(for_a_while.token, T0 + 100).await), None);
    assert_eq!(ok(store.api_token(TokenHash([7; 32]), T0).await), None);
    ok(store.touch_api_token(id, T0 + 5).await);
    assert!(!ok(store.revoke_api_token(id, entry(two, "revoke")).await));
    assert!(ok(store.revoke_api_token(id, entry(one, "revoke")).await));
    assert!(!ok(store.revoke_api_token(id, entry(one, "revoke")).await));
    assert_eq!(ok(store.api_token(forever.token, T0).await), None);
    let listed = ok(store.api_tokens(one).await);
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[1].used_ms, Some(T0 + 5));
    assert_eq!(listed[1].revoked_ms, Some(T0));
    assert!(ok(store.api_tokens(two).await).is_empty());
    assert_eq!(deeds(store, one).await, ["revoke", "make", "make"]);
}
