//! Turns the promises of [`crate::Authoring`] into behaviours.

use protocol::query::access::Credential;

use super::build::*;
use crate::{
    AuditEntry, Authored, Body, DraftRow, Expect, NewDraftRow, ProjectId, Publication, Release,
    Signs, Span, Store,
};

fn note(project: ProjectId, actor: &str, at: u64) -> AuditEntry {
    AuditEntry {
        project,
        at_ms: T0 + at,
        credential: Credential::Session,
        actor: String::from(actor),
        action: String::from("survey.try"),
        target: String::from("nps"),
        detail: String::new(),
    }
}

fn draft(project: ProjectId, text: &str, rev: u64, actor: &str, at: u64) -> NewDraftRow {
    NewDraftRow {
        survey: String::from("nps"),
        text: String::from(text),
        name: None,
        feedback: false,
        errors: 2,
        rev,
        base: None,
        entry: note(project, actor, at),
    }
}

fn done<T: std::fmt::Debug>(authored: Authored<T>) -> T {
    match authored {
        Authored::Done(done) => done,
        other => panic!("not done: {other:?}"),
    }
}

async fn saved(store: &dyn Store, new: NewDraftRow) -> DraftRow {
    done(ok(store.save_draft(new).await))
}

fn release(project: ProjectId, name: &str, expect: Option<Expect>, at: u64) -> Release {
    Release {
        survey: survey("nps", name),
        source: Some(format!("typed {name}")),
        expect,
        restored: None,
        entry: note(project, "ada", at),
    }
}

async fn released(store: &dyn Store, one: Release) -> Publication {
    let made = done(ok(store.release(vec![one]).await));
    made.into_iter()
        .next()
        .unwrap_or_else(|| panic!("nothing was published"))
}

async fn notes(store: &dyn Store, project: ProjectId) -> Vec<String> {
    let log = ok(store.audit_log(project, None, 50).await).into_iter();
    log.map(|(_, entry)| entry.detail).collect()
}

/// A draft is kept as it is, whatever is wrong with it, and knows what it goes on from.
pub async fn a_draft_is_kept_as_it_was_typed(store: &dyn Store) {
    let (one, other) = (project(store).await, project(store).await);
    assert_eq!(ok(store.draft(one, String::from("nps")).await), None);
    let first = saved(store, draft(one, "{ \"id\": ", 0, "ada", 0)).await;
    assert_eq!(
        (first.text.as_str(), first.errors, first.base),
        ("{ \"id\": ", 2, 0)
    );
    let second = saved(store, draft(one, "", first.rev, "ada", 0)).await;
    assert!(second.rev > first.rev);
    assert_eq!(ok(store.drafts(one).await), [second]);
    assert_eq!(ok(store.drafts(other).await), []);
}

/// Two people who go on from one draft: the second is told, and nothing of the first is lost.
pub async fn a_slower_author_is_told(store: &dyn Store) {
    let project = project(store).await;
    let begun = saved(store, draft(project, "begun", 0, "ada", 0)).await;
    let adas = saved(store, draft(project, "of ada", begun.rev, "ada", 1)).await;
    for rev in [0, begun.rev, adas.rev + 1] {
        let bobs = store
            .save_draft(draft(project, "of bob", rev, "bob", 2))
            .await;
        assert_eq!(ok(bobs), Authored::Clash, "{rev}");
    }
    let gone = store.drop_draft(String::from("nps"), begun.rev, note(project, "bob", 3));
    assert_eq!(ok(gone.await), Authored::Clash);
    assert_eq!(
        ok(store.draft(project, String::from("nps")).await),
        Some(adas.clone())
    );
    let gone = store.drop_draft(String::from("nps"), adas.rev, note(project, "bob", 3));
    assert_eq!(ok(gone.await), Authored::Done(()));
    let gone = store.drop_draft(String::from("nps"), adas.rev, note(project, "bob", 3));
    assert_eq!(ok(gone.await), Authored::Missing);
    // A number is never given again, though the draft that had it is gone.
    let anew = saved(store, draft(project, "anew", 0, "bob", 4)).await;
    assert!(anew.rev > adas.rev);
}

/// The audit log hears of a draft once, and again when another person goes on, or an hour later.
pub async fn the_log_is_not_told_of_every_save(store: &dyn Store) {
    let project = project(store).await;
    let hour = 60 * 60 * 1000;
    let mut rev = 0;
    let mut told = Vec::new();
    for (actor, at) in [
        ("ada", 0),
        ("ada", 1),
        ("bob", 2),
        ("bob", 3),
        ("bob", 2 + hour),
    ] {
        rev = saved(store, draft(project, "text", rev, actor, at))
            .await
            .rev;
        told.push(notes(store, project).await.len());
    }
    assert_eq!(told, [1, 1, 2, 2, 3]);
}

/// What was published is kept with who did it and what was typed; its draft is gone, and the log was told
/// in the same commit.
pub async fn a_release_takes_its_draft_with_it(store: &dyn Store) {
    let project = project(store).await;
    let rev = saved(store, draft(project, "typed A", 0, "ada", 0))
        .await
        .rev;
    let expect = |base, rev| Some(Expect { base, rev });
    let stale = store.release(vec![release(project, "A", expect(0, Some(rev + 1)), 1)]);
    assert_eq!(ok(stale.await), Authored::Clash);
    assert_eq!(ok(store.versions(project, String::from("nps")).await), []);
    let made = released(store, release(project, "A", expect(0, Some(rev)), 1)).await;
    assert_eq!((made.version, made.is_new), (1, true));
    assert_eq!(ok(store.draft(project, String::from("nps")).await), None);
    assert_eq!(notes(store, project).await[0], "version 1");
    let versions = ok(store.versions(project, String::from("nps")).await);
    let ada = (Credential::Session, String::from("ada"));
    assert_eq!(versions[0].by, Some(ada));
    assert_eq!(versions[0].source.as_deref(), Some("typed A"));
    assert_eq!(versions[0].published_ms, T0 + 1);
    // Somebody who knows of no version is told; one who expects nothing goes on.
    let stale = store.release(vec![release(project, "B", expect(0, None), 2)]);
    assert_eq!(ok(stale.await), Authored::Clash);
    assert!(!released(store, release(project, "A", None, 2)).await.is_new);
    assert_eq!(notes(store, project).await.len(), 2);
    let made = released(store, release(project, "B", expect(1, None), 2)).await;
    assert_eq!(made.version, 2);
}

/// A draft that was begun before somebody published is no version until its author knows of that one.
pub async fn a_draft_replaces_no_version_that_its_author_does_not_know(store: &dyn Store) {
    let project = project(store).await;
    released(store, release(project, "A", None, 0)).await;
    let mut new = draft(project, "typed B", 0, "ada", 1);
    let begun = saved(store, new.clone()).await;
    assert_eq!(begun.base, 1);
    released(store, release(project, "C", None, 2)).await;
    new.rev = begun.rev;
    let more = saved(store, new.clone()).await;
    assert_eq!(more.base, 1);
    let of = |rev| {
        release(
            project,
            "B",
            Some(Expect {
                base: 2,
                rev: Some(rev),
            }),
            3,
        )
    };
    let stale = store.release(vec![of(more.rev)]);
    assert_eq!(ok(stale.await), Authored::Clash);
    assert_eq!(
        ok(store.versions(project, String::from("nps")).await).len(),
        2
    );
    // Nobody knows of a version that is not there.
    (new.rev, new.base) = (more.rev, Some(9));
    let seen = saved(store, new).await;
    assert_eq!(seen.base, 2);
    assert_eq!(released(store, of(seen.rev)).await.version, 3);
    // Whoever has not seen the newest says so with the first save.
    let mut late = draft(project, "typed D", 0, "ada", 4);
    late.base = Some(2);
    assert_eq!(saved(store, late).await.base, 2);
}

/// An older version comes back as a new one, which says so.
pub async fn an_older_version_is_published_anew(store: &dyn Store) {
    let project = project(store).await;
    for name in ["A", "B"] {
        released(store, release(project, name, None, 0)).await;
    }
    let mut back = release(project, "A", Some(Expect { base: 2, rev: None }), 5);
    back.restored = Some(1);
    back.entry.detail = String::from(", as version 1");
    assert_eq!(released(store, back).await.version, 3);
    let versions = ok(store.versions(project, String::from("nps")).await);
    let told: Vec<_> = versions
        .iter()
        .map(|one| (one.version, one.restored))
        .collect();
    assert_eq!(told, [(3, Some(1)), (2, None), (1, None)]);
    assert_eq!(versions[0].survey, versions[2].survey);
    assert_eq!(notes(store, project).await[0], "version 3, as version 1");
}

/// A survey stops and goes on, once for everybody.
pub async fn a_survey_can_stand_still(store: &dyn Store) {
    let project = project(store).await;
    let pause =
        |paused, was| store.pause(String::from("nps"), paused, was, note(project, "ada", 0));
    assert_eq!(ok(pause(true, false).await), Authored::Missing);
    released(store, release(project, "A", None, 0)).await;
    assert_eq!(ok(pause(false, true).await), Authored::Clash);
    assert_eq!(ok(pause(true, false).await), Authored::Done(()));
    assert_eq!(ok(pause(true, false).await), Authored::Clash);
    let paused = ok(store.paused(project).await);
    assert_eq!(paused.into_iter().collect::<Vec<_>>(), ["nps"]);
    let told = notes(store, project).await.len();
    assert_eq!(ok(pause(true, true).await), Authored::Done(()));
    assert_eq!(notes(store, project).await.len(), told);
    assert_eq!(ok(pause(false, true).await), Authored::Done(()));
    assert!(ok(store.paused(project).await).is_empty());
}

const ALL: Span = Span {
    from_ms: 0,
    to_ms: u64::MAX,
};

/// Impressions, people and responses are counted; what is only a test is in none of them.
pub async fn tests_never_mix(store: &dyn Store) {
    let project = project(store).await;
    let seen = |n| item(n, 0, impression());
    let said = |n| answered(n, 1, response(n, 1, vec![score(9), reason("why")]));
    append(store, batch(project, 1, vec![seen(1), seen(2), said(3)])).await;
    append(
        store,
        batch(project, 2, vec![seen(4), item(5, 0, dismissal(None))]),
    )
    .await;
    let mut tried = batch(
        project,
        3,
        vec![seen(6), said(7), item(8, 0, dismissal(Some(7)))],
    );
    tried.signs = Signs {
        test: true,
        ..Signs::default()
    };
    append(store, tried).await;
    let ids = || vec![String::from("nps"), String::from("other")];
    let counts = ok(store.survey_counts(project, ids(), ALL).await);
    let found = counts[0];
    assert_eq!(
        (found.impressions, found.shown, found.shown_and_answered),
        (3, 2, 1)
    );
    assert_eq!(
        (found.responses, found.tests, found.last_ms),
        (1, 1, Some(T0 + 1))
    );
    assert_eq!(
        (
            counts[1].impressions,
            counts[1].responses,
            counts[1].last_ms
        ),
        (0, 0, None)
    );
    let none = Span {
        from_ms: T0 + 2,
        to_ms: u64::MAX,
    };
    let later = ok(store.survey_counts(project, ids(), none).await);
    assert_eq!(
        (later[0].impressions, later[0].responses, later[0].tests),
        (0, 0, 0)
    );
    let scores = super::counts(store, project).await;
    assert_eq!((scores.histogram[9], scores.shown), (1, 2));
    assert_eq!(texts(store, project).await, ["why"]);
}

/// A later revision that comes by a real key, and one that comes by a key for tests, say anew what it is.
pub async fn a_test_stays_one(store: &dyn Store) {
    let project = project(store).await;
    let tried = |n, revision| {
        let row = response(1, revision, vec![score(9)]);
        let mut batch = batch(project, 1, vec![answered(n, 1, row)]);
        batch.signs.test = true;
        batch
    };
    append(store, tried(1, 1)).await;
    append(store, tried(2, 2)).await;
    let counts = ok(store
        .survey_counts(project, vec![String::from("nps")], ALL)
        .await);
    assert_eq!((counts[0].responses, counts[0].tests), (0, 1));
}

/// Who was where is told by what was shown there, once for each person and address.
pub async fn sightings_are_told_once(store: &dyn Store) {
    let (project, other) = (project(store).await, project(store).await);
    let at = |n: u32, url: &str| {
        let mut item = item(n, u64::from(n), impression());
        let page = format!(r#"{{"url":"{url}","language":"de"}}"#);
        item.line = format!(r#"{{"p":{{"survey":{{"id":"nps"}},"page":{page}}}}}"#);
        item
    };
    let cart = "https://shop.example/cart";
    append(
        store,
        batch(
            project,
            1,
            vec![at(1, cart), at(2, cart), at(3, "https://x.example/")],
        ),
    )
    .await;
    append(
        store,
        batch(project, 2, vec![at(4, cart), item(5, 5, dismissal(None))]),
    )
    .await;
    let mut tried = batch(project, 3, vec![at(6, cart)]);
    tried.signs.test = true;
    append(store, tried).await;
    let told = |project, span| store.sightings(project, span, 10);
    let seen = ok(told(project, ALL).await);
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert_eq!(
        seen.iter()
            .filter(|one| one.url == cart && one.language == "de")
            .count(),
        2
    );
    let early = Span {
        from_ms: T0 + 2,
        to_ms: T0 + 3,
    };
    assert_eq!(ok(told(project, early).await).len(), 1);
    assert_eq!(ok(told(other, ALL).await), []);
    assert_eq!(ok(store.sightings(project, ALL, 1).await).len(), 1);
}

/// Page loads are counted by page, and those on which surveys are only tried are not.
pub async fn page_loads_are_counted(store: &dyn Store) {
    let project = project(store).await;
    for (install, page, test) in [
        (1, "/cart", false),
        (2, "/cart", false),
        (3, "", false),
        (4, "/cart", true),
    ] {
        let shown = Body::Impression(crate::ImpressionRow {
            survey: reference("nps"),
            feedback: false,
        });
        let mut batch = batch(project, install, vec![item(install, 0, shown)]);
        batch.signs.page = String::from(page);
        batch.signs.test = test;
        append(store, batch).await;
    }
    let loads = ok(store.page_loads(project, ALL).await);
    assert_eq!(loads, [(String::new(), 1), (String::from("/cart"), 2)]);
}
