//! Turns the promises of [`crate::Setup`] into behaviours.

use protocol::query::access::{Credential, Role};
use protocol::query::performance::NewMaintenance;

use super::build::*;
use crate::{
    AuditEntry, AuditFilter, AuditNames, BudgetsPublication, Identity, KeepChoice, KeepKind, Moved,
    NewPerson, ProjectId, Site, SiteChange, SiteEntry, Span, Store, StoreError,
};

const DAY: u64 = 86_400_000;

fn entry(project: ProjectId, action: &str, at_ms: u64) -> AuditEntry {
    AuditEntry {
        project,
        at_ms,
        credential: Credential::Session,
        actor: String::from("ada@example.com"),
        action: String::from(action),
        target: String::from("Shop"),
        detail: String::new(),
    }
}

async fn site(store: &dyn Store, project: ProjectId, key: &str) -> SiteEntry {
    let site = Site {
        key: String::from(key),
        project,
        origins: vec![String::from("https://shop.example")],
    };
    let entry = entry(project, "site.add", T0);
    ok(store.add_site(site, String::from("Shop"), entry).await)
}

fn key(new: &str, until_ms: u64) -> SiteChange {
    SiteChange::Key {
        key: String::from(new),
        until_ms,
    }
}

async fn deeds(store: &dyn Store, project: ProjectId) -> usize {
    ok(store.audit_log(project, None, 100).await).len()
}

async fn in_use(store: &dyn Store, key: &str, now_ms: u64) -> bool {
    let found = ok(store.site_in_use(String::from(key), now_ms).await);
    if let Some(site) = &found {
        assert_eq!(site.key, key);
    }
    found.is_some()
}

/// A change is made of the state that it came from, or of none; with each goes its line.
pub async fn a_site_is_changed_from_what_it_was(store: &dyn Store) {
    let project = project(store).await;
    let made = site(store, project, "fh_one").await;
    assert_eq!(
        ok(store.site_entries(project).await),
        std::slice::from_ref(&made)
    );
    let describe = |name: &str| SiteChange::Describe {
        name: String::from(name),
        origins: vec![String::from("https://other.example")],
    };
    let line = || entry(project, "site.change", T0 + 1);
    let done = ok(store
        .change_site(made.id, made.rev, describe("Other"), line())
        .await);
    let Moved::Done(now) = done else {
        unreachable!("{done:?}");
    };
    assert_eq!((now.name.as_str(), now.rev), ("Other", made.rev + 1));
    assert_eq!(now.origins, ["https://other.example"]);
    let late = ok(store
        .change_site(made.id, made.rev, describe("Late"), line())
        .await);
    assert_eq!(late, Moved::Overtaken(now));
    let none = ok(store
        .change_site(made.id + 1, 0, describe("None"), line())
        .await);
    assert_eq!(none, Moved::Missing);
    assert_eq!(deeds(store, project).await, 2);
    let elsewhere = super::build::project(store).await;
    let line = entry(elsewhere, "site.change", T0);
    let foreign = ok(store
        .change_site(made.id, now_rev(store, project).await, describe("X"), line)
        .await);
    assert_eq!(foreign, Moved::Missing);
}

async fn now_rev(store: &dyn Store, project: ProjectId) -> u32 {
    ok(store.site_entries(project).await)[0].rev
}

/// A key that was replaced works until its time, and no key is given twice.
pub async fn a_replaced_key_works_for_a_while(store: &dyn Store) {
    let project = project(store).await;
    let made = site(store, project, "fh_one").await;
    let line = || entry(project, "site.key", T0 + 1);
    let new = key("fh_two", T0 + 100);
    let moved = ok(store.change_site(made.id, made.rev, new, line()).await);
    let Moved::Done(now) = moved else {
        unreachable!("{moved:?}");
    };
    assert_eq!((now.key.as_str(), now.former.len()), ("fh_two", 1));
    assert!(in_use(store, "fh_two", T0 + 1_000).await);
    assert!(in_use(store, "fh_one", T0 + 99).await);
    assert!(!in_use(store, "fh_one", T0 + 100).await);
    let again = store.change_site(made.id, now.rev, key("fh_one", T0), line());
    assert!(matches!(again.await, Err(StoreError::Taken { .. })));
    // Nor by whoever puts a site without knowing of it.
    let put = |key: &str| {
        let site = Site {
            key: String::from(key),
            project,
            origins: Vec::new(),
        };
        store.put_site(site, T0 + 2)
    };
    let again = put("fh_one").await;
    assert!(matches!(again, Err(StoreError::Taken { .. })), "{again:?}");
    ok(put("fh_two").await);
    let end = SiteChange::EndFormer {
        key: String::from("fh_one"),
    };
    ok(store.change_site(made.id, now.rev, end, line()).await);
    assert!(!in_use(store, "fh_one", T0 + 2).await);
    assert!(ok(store
        .remove_site(made.id, entry(project, "site.remove", T0 + 2))
        .await));
    assert!(!in_use(store, "fh_two", T0 + 3).await);
    assert_eq!(ok(store.site_entries(project).await), []);
    assert!(!ok(store
        .remove_site(made.id, entry(project, "site.remove", T0))
        .await));
    for gone in ["fh_one", "fh_two"] {
        let again = put(gone).await;
        assert!(matches!(again, Err(StoreError::Taken { .. })), "{gone}");
    }
    let taken = Site {
        key: String::from("fh_two"),
        project,
        origins: Vec::new(),
    };
    let taken = store.add_site(taken, String::new(), entry(project, "site.add", T0));
    assert!(matches!(taken.await, Err(StoreError::Taken { .. })));
}

/// A site knows when something of its pages was kept, whichever of its keys they have.
pub async fn a_site_is_heard_from(store: &dyn Store) {
    let project = project(store).await;
    let made = site(store, project, "fh_demo_shop").await;
    assert_eq!((made.first_ms, made.last_ms), (None, None));
    let heard = async || {
        let site = ok(store.site_entries(project).await).remove(0);
        (site.first_ms, site.last_ms)
    };
    let send = async |n: u32, received_ms: u64| {
        let mut batch = batch(project, n, vec![item(n, 0, impression())]);
        batch.received_ms = received_ms;
        ok(store.append(batch).await)
    };
    send(1, T0 + 5).await;
    assert_eq!(heard().await, (Some(T0 + 5), Some(T0 + 5)));
    send(2, T0 + 6).await;
    assert_eq!(heard().await, (Some(T0 + 5), Some(T0 + 5)), "to a minute");
    let line = entry(project, "site.key", T0);
    let new = key("fh_two", u64::MAX / 2);
    ok(store.change_site(made.id, made.rev, new, line).await);
    send(3, T0 + 70_000).await;
    assert_eq!(heard().await, (Some(T0 + 5), Some(T0 + 70_000)));
}

/// A project is renamed from the name that it has.
pub async fn a_project_is_renamed(store: &dyn Store) {
    let project = ok(store.create_project(String::from("Old"), T0).await);
    let rename = async |known: &str, name: &str| {
        let line = entry(project, "project.rename", T0);
        ok(store.rename_project(known.into(), name.into(), line).await)
    };
    assert_eq!(rename("Old", "New").await, Moved::Done("New".into()));
    assert_eq!(rename("Old", "Other").await, Moved::Overtaken("New".into()));
    assert_eq!(deeds(store, project).await, 1);
}

/// How long something is kept is chosen of the state that was known; with each change goes its line.
pub async fn how_long_things_are_kept_is_chosen(store: &dyn Store) {
    let project = project(store).await;
    let choose = async |rev: u32, keep_ms: Option<u64>| {
        let line = entry(project, "retention.change", T0);
        let kind = KeepKind::Responses;
        ok(store.choose_keep(kind, rev, keep_ms, line).await)
    };
    let choice = |rev: u32, keep_ms: Option<u64>| KeepChoice {
        kind: KeepKind::Responses,
        keep_ms,
        rev,
    };
    assert_eq!(ok(store.keep_choices().await), []);
    assert_eq!(choose(1, Some(7 * DAY)).await, Moved::Missing);
    assert_eq!(
        choose(0, Some(7 * DAY)).await,
        Moved::Done(choice(1, Some(7 * DAY)))
    );
    assert_eq!(
        choose(0, None).await,
        Moved::Overtaken(choice(1, Some(7 * DAY)))
    );
    assert_eq!(
        choose(1, Some(7 * DAY)).await,
        Moved::Done(choice(1, Some(7 * DAY))),
        "the same again"
    );
    assert_eq!(choose(1, None).await, Moved::Done(choice(2, None)));
    assert_eq!(ok(store.keep_choices().await), [choice(2, None)]);
    assert_eq!(deeds(store, project).await, 2);
}

/// The log is read by who, what, when and what stands in it.
pub async fn the_audit_log_is_filtered(store: &dyn Store) {
    let project = project(store).await;
    for (n, action) in ["site.add", "site.key", "survey.publish", "sitemap.x"]
        .iter()
        .enumerate()
    {
        let mut line = entry(project, action, T0 + n as u64);
        line.actor = format!("{n}@example.com");
        line.detail = format!("Version {n}");
        ok(store.audit(line).await);
    }
    let all = AuditFilter {
        project,
        actor: None,
        action: None,
        text: None,
        span: Span {
            from_ms: 0,
            to_ms: u64::MAX,
        },
    };
    let found = async |filter: AuditFilter| -> Vec<String> {
        let lines = ok(store.audit_lines(filter, None, 10).await);
        lines.into_iter().map(|(_, line)| line.action).collect()
    };
    assert_eq!(found(all.clone()).await.len(), 4);
    let with = |change: fn(&mut AuditFilter)| {
        let mut filter = all.clone();
        change(&mut filter);
        filter
    };
    let kind = with(|filter| filter.action = Some("site".into()));
    assert_eq!(found(kind).await, ["site.key", "site.add"]);
    let whole = with(|filter| filter.action = Some("site.add".into()));
    assert_eq!(found(whole).await, ["site.add"]);
    let actor = with(|filter| filter.actor = Some("2@example.com".into()));
    assert_eq!(found(actor).await, ["survey.publish"]);
    let text = with(|filter| filter.text = Some("vERSION 1".into()));
    assert_eq!(found(text).await, ["site.key"]);
    let early = with(|filter| filter.span.to_ms = T0 + 1);
    assert_eq!(found(early).await, ["site.add"]);
    let AuditNames { actors, actions } = ok(store.audit_names(project).await);
    assert_eq!((actors.len(), actions.len()), (4, 4));
}

/// What sent the items that were kept is counted, and how many of them came late.
pub async fn versions_of_senders_are_counted(store: &dyn Store) {
    let project = project(store).await;
    for (n, (sdk, at_ms)) in [("web/1", T0), ("web/2", T0), ("web/2", T0 - 3_600_001)]
        .iter()
        .enumerate()
    {
        let n = n as u32 + 1;
        let mut one = item(n, 0, impression());
        one.at_ms = *at_ms;
        let mut batch = batch(project, n, vec![one]);
        batch.received_ms = T0;
        batch.sender.sdk = String::from(*sdk);
        ok(store.append(batch.clone()).await);
        // What comes again is not counted again.
        ok(store.append(batch).await);
    }
    let span = Span {
        from_ms: 0,
        to_ms: u64::MAX / 2,
    };
    let sums = ok(store.delivery(project, span, 0).await);
    let sums: Vec<_> = sums
        .sdks
        .iter()
        .map(|one| (&*one.sdk, one.items, one.late))
        .collect();
    assert_eq!(sums, [("web/1", 1, 0), ("web/2", 2, 1)]);
}

/// Whoever came by an identity stays who they are, and no address is given to two identities of a provider.
pub async fn an_identity_is_one_person(store: &dyn Store) {
    let project = project(store).await;
    let invited = NewPerson {
        project,
        email: String::from("ada@example.com"),
        password_hash: String::from("hash"),
        role: Role::Manager,
    };
    let ada = ok(store.put_person(invited, T0).await);
    let come = async |subject: &str, email: &str, join: bool| {
        let who = Identity {
            issuer: String::from("https://login.example"),
            subject: String::from(subject),
            email: String::from(email),
        };
        let line = join.then(|| entry(project, "person.join", T0));
        // Whose project it is comes out when it is known who they are.
        let tie = entry(ProjectId(0), "identity.tie", T0);
        ok(store.identified(who, line, tie).await)
    };
    assert_eq!(come("9", "eve@example.com", false).await, None);
    let found = come("1", "ada@example.com", true).await;
    assert_eq!(
        found.map(|one| (one.id, one.role)),
        Some((ada, Role::Manager))
    );
    let renamed = come("1", "other@example.com", false).await;
    assert_eq!(renamed.map(|one| one.id), Some(ada));
    assert_eq!(
        come("2", "ada@example.com", true).await,
        None,
        "given to somebody else"
    );
    // That she came by one is told once.
    let log = ok(store.audit_log(project, None, 10).await);
    let told: Vec<_> = log.iter().map(|(_, one)| one.action.as_str()).collect();
    assert_eq!(told, ["identity.tie"]);
    let joined = come("3", "bo@example.com", true).await;
    assert_eq!(joined.map(|one| one.role), Some(Role::Viewer));
    assert_eq!(deeds(store, project).await, 2);
    assert!(come("3", "bo@example.com", true).await.is_some());
    assert_eq!(deeds(store, project).await, 2);
}

/// Budgets are published from the version that is in force, and what is announced has its line.
pub async fn plans_are_noted_with_what_they_change(store: &dyn Store) {
    let project = project(store).await;
    let publish = async |known: Option<u32>, text: &str| {
        let line = entry(project, "budgets.publish", T0);
        ok(store.publish_budgets_from(known, text.into(), line).await)
    };
    let version = |moved| match moved {
        Moved::Done(BudgetsPublication { version, is_new }) => (true, version, is_new),
        Moved::Overtaken(BudgetsPublication { version, is_new }) => (false, version, is_new),
        Moved::Missing => (false, 0, false),
    };
    assert_eq!(
        version(publish(Some(0), "{\"a\":1}").await),
        (true, 1, true)
    );
    assert_eq!(
        version(publish(Some(0), "{\"a\":2}").await),
        (false, 1, false)
    );
    assert_eq!(
        version(publish(Some(1), "{ \"a\": 1 }").await),
        (true, 1, false)
    );
    assert_eq!(version(publish(None, "{\"a\":3}").await), (true, 2, true));
    assert_eq!(deeds(store, project).await, 2);
    let new = NewMaintenance {
        from_ms: T0,
        to_ms: T0 + 10,
        feature: None,
        note: String::new(),
    };
    let line = || entry(project, "maintenance.x", T0);
    let announced = ok(store.announce_noted(new, line()).await);
    assert!(ok(store.withdraw_noted(announced.id, line()).await));
    assert!(!ok(store.withdraw_noted(announced.id, line()).await));
    assert_eq!(deeds(store, project).await, 4);
    let newest = ok(store.audit_log(project, None, 10).await);
    assert_eq!(newest[1].1.target, announced.id.to_string());
    assert_eq!(newest[2].1.detail, "version 2");
}
