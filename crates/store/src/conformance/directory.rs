//! Turns the promises of [`crate::Directory`] and [`crate::Store`] into behaviours.

use protocol::query::access::Role;

use super::build::*;
use crate::{
    ConsoleSession, IdentitySecret, NewPerson, PersonId, ProjectId, Site, Store, StoreError,
    TokenHash,
};

fn site(project: ProjectId, origins: &[&str]) -> Site {
    Site {
        key: String::from("fh_demo_shop"),
        project,
        origins: origins.iter().map(|&origin| origin.into()).collect(),
    }
}

async fn person(store: &dyn Store, project: ProjectId, email: &str, hash: &str) -> PersonId {
    let person = NewPerson {
        project,
        email: String::from(email),
        password_hash: String::from(hash),
        role: Role::Viewer,
    };
    ok(store.put_person(person, T0).await)
}

async fn session(store: &dyn Store, person: PersonId, token: u8) -> TokenHash {
    let token = TokenHash([token; 32]);
    let session = ConsoleSession {
        token,
        person,
        created_ms: T0,
        expires_ms: T0 + 100,
    };
    ok(store.open_session(session).await);
    token
}

/// Projects keep their names and their order.
pub async fn projects_are_listed_by_age(store: &dyn Store) {
    assert_eq!(ok(store.projects().await), []);
    let first = ok(store.create_project(String::from("Zebra"), T0).await);
    let second = ok(store.create_project(String::from("Ant"), T0).await);
    let listed = ok(store.projects().await);
    let names: Vec<_> = listed.iter().map(|p| (p.id, p.name.as_str())).collect();
    assert_eq!(names, [(first, "Zebra"), (second, "Ant")]);
}

/// A site answers to its key, with the origins that were put last, in their order.
pub async fn a_site_is_found_by_its_key(store: &dyn Store) {
    let project = project(store).await;
    let key = || String::from("fh_demo_shop");
    assert_eq!(ok(store.site(key()).await), None);
    for origins in [&["https://b.example", "https://a.example"][..], &[]] {
        let site = site(project, origins);
        ok(store.put_site(site.clone(), T0).await);
        assert_eq!(ok(store.site(key()).await).as_ref(), Some(&site));
        assert_eq!(ok(store.sites(project).await), [site]);
    }
    let second = Site {
        key: String::from("a_second_key"),
        ..site(project, &["http://localhost:*"])
    };
    ok(store.put_site(second, T0 + 1).await);
    let keys: Vec<_> = ok(store.sites(project).await);
    let keys: Vec<_> = keys.iter().map(|site| site.key.as_str()).collect();
    assert_eq!(keys, ["fh_demo_shop", "a_second_key"]);
    assert_eq!(ok(store.site(String::from("FH_DEMO_SHOP")).await), None);
}

/// A key cannot move to another project.
pub async fn a_site_keeps_its_project(store: &dyn Store) {
    let (one, two) = (project(store).await, project(store).await);
    ok(store.put_site(site(one, &["https://a.example"]), T0).await);
    let moved = store.put_site(site(two, &[]), T0).await;
    assert!(matches!(moved, Err(StoreError::Taken { .. })), "{moved:?}");
    let kept = ok(store.site(String::from("fh_demo_shop")).await);
    assert_eq!(kept, Some(site(one, &["https://a.example"])));
}

/// A secret is there once it was set, survives other changes of the site, and can be replaced.
pub async fn a_site_has_a_secret_once_it_was_set(store: &dyn Store) {
    let project = project(store).await;
    let key = || String::from("fh_demo_shop");
    let secret = |text: &str| IdentitySecret(String::from(text));
    assert!(!ok(store.put_site_secret(key(), secret("early")).await));
    assert_eq!(ok(store.site_secret(key()).await), None);
    ok(store.put_site(site(project, &[]), T0).await);
    assert_eq!(ok(store.site_secret(key()).await), None);
    for text in ["first", "second"] {
        assert!(ok(store.put_site_secret(key(), secret(text)).await));
        ok(store
            .put_site(site(project, &["https://a.example"]), T0)
            .await);
        assert_eq!(ok(store.site_secret(key()).await), Some(secret(text)));
    }
}

/// Several surveys become versions in one go; what has not changed stays what it was.
pub async fn surveys_are_published_together_or_not_at_all(store: &dyn Store) {
    let project = project(store).await;
    let publish = |names: [&str; 2]| {
        let surveys = vec![survey("nps", names[0]), survey("ces", names[1])];
        store.publish_all(project, surveys, T0)
    };
    let told = |published: Vec<crate::Publication>| -> Vec<(String, u32, bool)> {
        let all = published.into_iter();
        all.map(|p| (p.survey, p.version, p.is_new)).collect()
    };
    let both = told(ok(publish(["First", "First"]).await));
    let expected = [(String::from("nps"), 1, true), ("ces".into(), 1, true)];
    assert_eq!(both, expected);
    let one = told(ok(publish(["First", "Second"]).await));
    let expected = [(String::from("nps"), 1, false), ("ces".into(), 2, true)];
    assert_eq!(one, expected);
    // A store that takes no more has taken none of them.
    let before = ok(store.surveys(project).await).len();
    ok(store.close().await);
    let late = publish(["Third", "Third"]).await;
    assert!(matches!(late, Err(StoreError::Closed)), "{late:?}");
    assert_eq!(before, 3);
}

/// A change makes the next version, the same again makes none, and old versions stay.
pub async fn a_survey_counts_its_versions(store: &dyn Store) {
    let project = project(store).await;
    let publish = |name| store.publish(project, survey("nps", name), T0);
    assert_eq!(ok(publish("First").await), 1);
    assert_eq!(ok(publish("First").await), 1);
    assert_eq!(ok(publish("Second").await), 2);
    assert_eq!(ok(publish("First").await), 3);
    let other = store.publish(project, survey("ces", "Other"), T0);
    assert_eq!(ok(other.await), 1);
    let all = ok(store.surveys(project).await);
    let all: Vec<_> = all
        .iter()
        .map(|p| (p.survey.id.as_str(), p.version, p.survey.name.as_str()))
        .collect();
    let expected = [
        ("ces", 1, "Other"),
        ("nps", 1, "First"),
        ("nps", 2, "Second"),
        ("nps", 3, "First"),
    ];
    assert_eq!(all, expected);
}

/// E-mail addresses are compared without case.
pub async fn people_are_found_without_case(store: &dyn Store) {
    let project = project(store).await;
    assert!(!ok(store.has_people().await));
    let id = person(store, project, "Ada@Example.com", "hash").await;
    assert!(ok(store.has_people().await));
    let found = ok(store.person(String::from("aDA@example.COM")).await);
    let found = found.map(|p| (p.id, p.project, p.email, p.password_hash));
    let expected = (id, project, "ada@example.com".into(), "hash".into());
    assert_eq!(found, Some(expected));
    assert_eq!(
        ok(store.person(String::from("eve@example.com")).await),
        None
    );
}

/// Whoever sets a new password wants everybody else out.
pub async fn a_new_password_ends_every_session(store: &dyn Store) {
    let project = project(store).await;
    let ada = person(store, project, "ada@example.com", "old").await;
    let bob = person(store, project, "bob@example.com", "old").await;
    let (hers, his) = (session(store, ada, 1).await, session(store, bob, 2).await);
    assert_eq!(person(store, project, "ADA@example.com", "new").await, ada);
    assert_eq!(ok(store.session(hers, T0).await), None);
    assert!(ok(store.session(his, T0).await).is_some());
    let found = ok(store.person(String::from("ada@example.com")).await);
    assert_eq!(found.map(|p| p.password_hash), Some("new".into()));
}

/// An address cannot move to another project.
pub async fn an_address_keeps_its_project(store: &dyn Store) {
    let (one, two) = (project(store).await, project(store).await);
    person(store, one, "ada@example.com", "hash").await;
    let moved = NewPerson {
        project: two,
        email: String::from("ada@example.com"),
        password_hash: String::from("hash"),
        role: Role::Admin,
    };
    let moved = store.put_person(moved, T0).await;
    assert!(matches!(moved, Err(StoreError::Taken { .. })), "{moved:?}");
}

/// A session is there until the millisecond at which it expires.
pub async fn a_session_ends_when_it_must(store: &dyn Store) {
    let project = project(store).await;
    let ada = person(store, project, "ada@example.com", "hash").await;
    let token = session(store, ada, 1).await;
    let (found, whose) = match ok(store.session(token, T0 + 99).await) {
        Some(found) => found,
        None => panic!("the session has gone too early"),
    };
    assert_eq!((found.token, found.person), (token, ada));
    assert_eq!((found.created_ms, found.expires_ms), (T0, T0 + 100));
    assert_eq!(whose.email, "ada@example.com");
    assert_eq!(ok(store.session(token, T0 + 100).await), None);
    assert_eq!(ok(store.session(TokenHash([9; 32]), T0).await), None);
}

/// A session can be kept alive, and ended.
pub async fn a_session_can_be_extended_and_closed(store: &dyn Store) {
    let project = project(store).await;
    let ada = person(store, project, "ada@example.com", "hash").await;
    let token = session(store, ada, 1).await;
    ok(store.extend_session(token, T0 + 500).await);
    assert!(ok(store.session(token, T0 + 499).await).is_some());
    for _ in 0..2 {
        ok(store.close_session(token).await);
        assert_eq!(ok(store.session(token, T0).await), None);
    }
    ok(store.extend_session(token, T0 + 900).await);
    assert_eq!(ok(store.session(token, T0).await), None);
}

/// A store that works says so.
pub async fn a_probe_writes(store: &dyn Store) {
    ok(store.probe(T0).await);
    ok(store.probe(T0).await);
}

/// A closed store refuses writes by name, and closing twice is told.
pub async fn a_closed_store_takes_nothing(store: &dyn Store) {
    let project = project(store).await;
    ok(store.close().await);
    let items = vec![item(1, 0, impression())];
    let late = store.append(batch(project, 1, items)).await;
    assert!(matches!(late, Err(StoreError::Closed)), "{late:?}");
    let probe = store.probe(T0).await;
    assert!(matches!(probe, Err(StoreError::Closed)), "{probe:?}");
    let again = store.close().await;
    assert!(matches!(again, Err(StoreError::Closed)), "{again:?}");
}
