//! Turns the promises of [`crate::Views`] into behaviours.

use protocol::query::access::{Credential, Role};

use super::build::*;
use crate::{AuditEntry, KeptShare, KeptView, NewPerson, PersonId, ProjectId, Store, TokenHash};

fn entry(project: ProjectId, at_ms: u64) -> AuditEntry {
    AuditEntry {
        project,
        at_ms,
        credential: Credential::Session,
        actor: String::from("ada@example.com"),
        action: String::from("view.something"),
        target: String::from("a view"),
        detail: String::new(),
    }
}

async fn somebody(store: &dyn Store, project: ProjectId, name: &str) -> PersonId {
    let person = NewPerson {
        project,
        email: format!("{name}-{}@example.com", project.0),
        password_hash: String::from("hash"),
        role: Role::Viewer,
    };
    ok(store.put_person(person, T0).await)
}

fn view(project: ProjectId, owner: Option<PersonId>, name: &str) -> KeptView {
    KeptView {
        id: 0,
        project,
        owner,
        name: String::from(name),
        page: String::from("scores"),
        query: String::from("survey=nps&days=7"),
        by: String::from("ada@example.com"),
        created_ms: T0,
    }
}

fn share(project: ProjectId, n: u8) -> KeptShare {
    KeptShare {
        id: 0,
        project,
        token: TokenHash([n; 32]),
        name: String::from("For the board"),
        page: String::from("scores"),
        query: String::from("survey=nps"),
        verbatims: false,
        password_hash: Some(String::from("hash")),
        by: String::from("ada@example.com"),
        created_ms: T0,
        expires_ms: Some(T0 + 100),
        revoked_ms: None,
        opened: 0,
        opened_ms: None,
    }
}

async fn lines(store: &dyn Store, project: ProjectId) -> usize {
    ok(store.audit_log(project, None, 100).await).len()
}

/// A view is seen by its owner, or by everybody of the project; one of the same name takes its place.
pub async fn a_view_is_its_owners_or_the_teams(store: &dyn Store) {
    let (one, two) = (project(store).await, project(store).await);
    let ada = somebody(store, one, "ada").await;
    let bob = somebody(store, one, "bob").await;
    let eve = somebody(store, two, "eve").await;
    let own = view(one, Some(ada), "Mine");
    let id = ok(store.save_view(own.clone(), entry(one, T0)).await);
    let team = ok(store
        .save_view(view(one, None, "Ours"), entry(one, T0))
        .await);
    assert_ne!(id, team);
    let names = |views: Vec<KeptView>| views.into_iter().map(|one| one.name).collect::<Vec<_>>();
    assert_eq!(
        names(ok(store.saved_views(one, ada).await)),
        ["Mine", "Ours"]
    );
    assert_eq!(names(ok(store.saved_views(one, bob).await)), ["Ours"]);
    assert!(ok(store.saved_views(two, eve).await).is_empty());

    let changed = KeptView {
        query: String::from("days=90"),
        ..own
    };
    ok(store.save_view(changed.clone(), entry(one, T0)).await);
    let seen = ok(store.saved_views(one, ada).await);
    assert_eq!(seen.len(), 2);
    assert_eq!(
        KeptView {
            id: 0,
            ..seen[0].clone()
        },
        changed
    );

    assert!(!ok(store.forget_view(team, entry(two, T0)).await));
    assert!(ok(store.forget_view(team, entry(one, T0)).await));
    assert!(!ok(store.forget_view(team, entry(one, T0)).await));
    assert!(ok(store.saved_views(one, bob).await).is_empty());
    assert_eq!(lines(store, one).await, 4);
    assert_eq!(lines(store, two).await, 0);
}

/// A link works until its end or until it is taken back; what is known of it stays.
pub async fn a_link_works_until_it_ends(store: &dyn Store) {
    let (one, two) = (project(store).await, project(store).await);
    let made = share(one, 1);
    let id = ok(store.put_share(made.clone(), entry(one, T0)).await);
    let other = KeptShare {
        expires_ms: None,
        password_hash: None,
        verbatims: true,
        ..share(two, 2)
    };
    ok(store.put_share(other.clone(), entry(two, T0)).await);
    let found = ok(store.share(made.token, T0 + 99).await);
    assert!(found == Some(KeptShare { id, ..made.clone() }));
    assert!(ok(store.share(made.token, T0 + 100).await).is_none());
    assert!(ok(store.share(TokenHash([9; 32]), T0).await).is_none());
    let found = ok(store.share(other.token, u64::MAX >> 1).await);
    assert!(found.is_some_and(|found| found.verbatims && found.password_hash.is_none()));

    ok(store.note_opened(id, T0 + 5).await);
    ok(store.note_opened(id, T0 + 7).await);
    let known = ok(store.shares(one).await);
    assert_eq!(
        (known.len(), known[0].opened, known[0].opened_ms),
        (1, 2, Some(T0 + 7))
    );

    assert!(!ok(store.revoke_share(id, entry(two, T0 + 8)).await));
    assert!(ok(store.revoke_share(id, entry(one, T0 + 9)).await));
    assert!(!ok(store.revoke_share(id, entry(one, T0 + 10)).await));
    assert!(ok(store.share(made.token, T0 + 10).await).is_none());
    assert_eq!(ok(store.shares(one).await)[0].revoked_ms, Some(T0 + 9));
    assert_eq!((lines(store, one).await, lines(store, two).await), (2, 1));
}

/// What the team saved about somebody by name goes with what is kept about them; links to it end.
pub async fn what_names_somebody_goes_with_them(store: &dyn Store) {
    let (project, other) = (project(store).await, project(store).await);
    let ada = somebody(store, project, "ada").await;
    let naming = |project, owner, name: &str| KeptView {
        query: String::from("trait.id=eve-7"),
        ..view(project, owner, name)
    };
    for saved in [
        view(project, None, "Everybody"),
        naming(project, Some(ada), "Eve"),
        naming(other, None, "Another Eve"),
    ] {
        let project = saved.project;
        ok(store.save_view(saved, entry(project, T0)).await);
    }
    for (n, query) in [(1, "survey=nps"), (2, "survey=nps&q=%22eve-7%22")] {
        let mut one = share(project, n);
        one.query = String::from(query);
        ok(store.put_share(one, entry(project, T0)).await);
    }
    let whom = crate::Subject::Person(String::from("eve-7"));
    ok(store.erase(project, whom, T0 + 9).await);
    let names = async |project| {
        let views = ok(store.saved_views(project, ada).await).into_iter();
        views.map(|view| view.name).collect::<Vec<_>>()
    };
    assert_eq!(names(project).await, ["Everybody"]);
    assert_eq!(names(other).await, ["Another Eve"]);
    assert_eq!(ok(store.share(TokenHash([2; 32]), T0).await), None);
    let shares = ok(store.shares(project).await);
    let told: Vec<_> = shares
        .iter()
        .map(|one| (one.query.as_str(), one.revoked_ms))
        .collect();
    assert_eq!(told, [("", Some(T0 + 9)), ("survey=nps", None)]);
}
