//! Turns the promises of [`crate::Custody`] into behaviours.

use std::collections::BTreeMap;

use protocol::id::{AttachmentId, InstallId, ItemId, ResponseId};
use protocol::outcome::Outcome::{Accepted, Duplicate, Rejected};

use super::build::*;
use crate::{
    Attachment, Backup, Batch, Erasure, Held, HeldKind, HeldRow, HeldValue, Loss, NewItem,
    ProjectId, Respondent, Store, StoreError, Subject,
};

/// An erasure, long after everything else.
pub(super) const LATER: u64 = T0 + 1_000_000;

/// Who gives a response, if anybody is named.
pub type Name<'a> = Option<&'a str>;

/// Item number `n`: revision 1 of response `n` by `person`, which says `text` and names `images`. Its
/// line says the same.
pub fn said(n: u32, person: Name<'_>, text: &str, images: &[u32]) -> NewItem {
    revised(n, n, 1, person, text, images)
}

/// Item number `n`: a revision of response `of`.
pub fn revised(
    n: u32,
    of: u32,
    revision: u32,
    person: Name<'_>,
    text: &str,
    images: &[u32],
) -> NewItem {
    let mut row = response(of, revision, vec![reason(text)]);
    row.attachments = images.iter().map(|n| nth(AttachmentId::new, *n)).collect();
    row.respondent = person.map(|id| Respondent {
        id: id.into(),
        verified: false,
        traits: BTreeMap::from([(String::from("said"), text.into())]),
    });
    let named = match person {
        Some(id) => format!(r#""person":{{"id":"{id}","traits":{{"said":"{text}"}}}},"#),
        None => String::new(),
    };
    let images: Vec<_> = row
        .attachments
        .iter()
        .map(|id| format!("\"{id}\""))
        .collect();
    let mut one = answered(n, 0, row);
    one.line = format!(
        r#"{{"n":{n},"p":{{"response":"{}",{named}"attachments":[{}],"text":"{text}"}}}}"#,
        nth(ResponseId::new, of),
        images.join(",")
    );
    one
}

/// Item number `n`: response `of` was closed.
pub fn closed(n: u32, of: Option<u32>) -> NewItem {
    let mut one = item(n, 0, dismissal(of));
    one.line = match of {
        Some(of) => format!(
            r#"{{"n":{n},"p":{{"response":"{}"}}}}"#,
            nth(ResponseId::new, of)
        ),
        None => format!(r#"{{"n":{n},"p":{{}}}}"#),
    };
    one
}

/// Item number `n`: a survey was shown.
pub fn shown(n: u32) -> NewItem {
    item(n, 0, impression())
}

/// Image number `n`, as it is kept.
pub fn image_of(project: ProjectId, n: u32) -> Attachment {
    let id = nth(AttachmentId::new, n);
    Attachment {
        id,
        project,
        mime: String::from("image/png"),
        bytes: 9,
        sha256: [n as u8; 32],
        sent_sha256: [n as u8; 32],
        created_ms: T0,
        path: format!("ab/{id}"),
    }
}

pub(super) fn install(n: u32) -> Subject {
    Subject::Install(nth(InstallId::new, n))
}

pub(super) fn named(id: &str) -> Subject {
    Subject::Person(id.into())
}

fn respondent(n: u32) -> Subject {
    Subject::Response(nth(ResponseId::new, n))
}

pub(super) async fn held(store: &dyn Store, project: ProjectId, subject: Subject) -> Held {
    ok(store.held(project, subject).await)
}

/// Everything that is kept about somebody.
pub async fn told(store: &dyn Store, project: ProjectId, subject: Subject) -> Vec<HeldRow> {
    let held = held(store, project, subject).await;
    ok(store.tell(project, held.rows).await)
}

pub(super) async fn erase(store: &dyn Store, project: ProjectId, subject: Subject) -> Erasure {
    ok(store.erase(project, subject, LATER).await)
}

/// How many of each kind: `[("item", 2)]`.
pub(super) fn kinds(of: &BTreeMap<HeldKind, u64>) -> Vec<(&'static str, u64)> {
    let counts = of.iter().filter(|(_, n)| **n > 0);
    counts.map(|(kind, n)| (kind.as_str(), *n)).collect()
}

pub(super) async fn held_counts(
    store: &dyn Store,
    project: ProjectId,
    subject: Subject,
) -> Vec<(&'static str, u64)> {
    kinds(&held(store, project, subject).await.counts())
}

pub(super) fn with_loss(mut batch: Batch) -> Batch {
    batch.losses.push(Loss {
        reason: String::from("quota"),
        count: 2,
    });
    batch
}

/// An install's items, conflicts, losses, responses and images are told and erased, and nobody else's.
pub async fn an_install_is_told_and_erased(store: &dyn Store) {
    let project = project(store).await;
    ok(store.put_attachment(image_of(project, 1)).await);
    ok(store.put_attachment(image_of(project, 2)).await);
    let mine = vec![shown(1), said(2, None, "mine", &[1]), closed(3, Some(2))];
    append(store, with_loss(batch(project, 1, mine))).await;
    let mut other = said(2, None, "another", &[]);
    other.body_hash = [8; 32];
    append(store, batch(project, 1, vec![other])).await;
    let theirs = vec![
        shown(11),
        said(12, None, "theirs", &[2]),
        closed(13, Some(12)),
    ];
    append(store, with_loss(batch(project, 2, theirs))).await;
    let before = told(store, project, install(2)).await;

    let all = [
        ("item", 3),
        ("conflict", 1),
        ("loss", 1),
        ("response", 1),
        ("attachment", 1),
    ];
    assert_eq!(held_counts(store, project, install(1)).await, all);
    let rows = told(store, project, install(1)).await;
    let text = format!("{rows:?}");
    for said in ["mine", "another", "quota", "image/png"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let erased = erase(store, project, install(1)).await;
    assert_eq!(kinds(&erased.counts), all);
    assert_eq!(erased.attachments, [image_of(project, 1)]);
    assert_eq!(held(store, project, install(1)).await, Held::default());
    assert_eq!(ok(store.attachment(nth(AttachmentId::new, 1)).await), None);
    assert_eq!(told(store, project, install(2)).await, before);
    assert_eq!(texts(store, project).await, ["theirs"]);
    let reach = super::build::counts(store, project).await;
    assert_eq!(reach.shown, 1);
    assert_eq!(erase(store, project, install(1)).await, Erasure::default());
}

/// A person is found by every revision that named them, also one that was replaced; and all that came
/// from installs that only they were named on is theirs.
pub async fn a_person_is_found_by_every_revision(store: &dyn Store) {
    let project = project(store).await;
    let mine = vec![
        shown(1),
        revised(2, 2, 1, Some("ada"), "first", &[]),
        revised(3, 2, 2, None, "second", &[]),
        said(4, None, "anonymous", &[]),
    ];
    append(store, batch(project, 1, mine)).await;
    append(
        store,
        batch(
            project,
            2,
            vec![shown(11), said(12, Some("bo"), "theirs", &[])],
        ),
    )
    .await;
    let elsewhere = super::build::project(store).await;
    append(
        store,
        batch(elsewhere, 1, vec![said(2, Some("ada"), "elsewhere", &[])]),
    )
    .await;
    let all = [("item", 4), ("response", 2)];
    assert_eq!(held_counts(store, project, named("ada")).await, all);
    assert_eq!(
        kinds(&erase(store, project, named("ada")).await.counts),
        all
    );
    assert_eq!(texts(store, project).await, ["theirs"]);
    assert_eq!(texts(store, elsewhere).await, ["elsewhere"]);
    assert_eq!(held_counts(store, project, named("nobody")).await, []);
}

/// Where several people share an install, what names nobody is told to none of them and erased with
/// any of them; what names another stays as it was.
pub async fn a_shared_install_is_told_apart(store: &dyn Store) {
    let project = project(store).await;
    let all = vec![
        shown(1),
        said(2, Some("ada"), "from ada", &[]),
        said(3, Some("bo"), "from bo", &[]),
        closed(4, Some(3)),
        closed(5, Some(2)),
        said(6, None, "from whom", &[]),
    ];
    append(store, with_loss(batch(project, 1, all))).await;
    let of_bo = told(store, project, named("bo")).await;
    assert_eq!(
        held_counts(store, project, named("bo")).await,
        [("item", 2), ("response", 1)]
    );
    assert_eq!(
        held_counts(store, project, named("ada")).await,
        [("item", 2), ("response", 1)]
    );
    let erased = erase(store, project, named("ada")).await;
    assert_eq!(
        kinds(&erased.counts),
        [("item", 4), ("loss", 1), ("response", 2)]
    );
    assert_eq!(texts(store, project).await, ["from bo"]);
    assert_eq!(told(store, project, named("bo")).await, of_bo);
    // The other may go on answering there.
    let more = batch(project, 1, vec![said(7, Some("bo"), "more", &[])]);
    assert_eq!(append(store, more).await, [Accepted]);
}

/// One response goes with its revisions, its images and how it was closed; the rest of its install
/// stays.
pub async fn a_response_is_erased_alone(store: &dyn Store) {
    let project = project(store).await;
    ok(store.put_attachment(image_of(project, 1)).await);
    let all = vec![
        shown(1),
        revised(2, 2, 1, None, "first", &[1]),
        revised(3, 2, 2, None, "second", &[]),
        closed(4, Some(2)),
        said(5, None, "stays", &[]),
    ];
    append(store, batch(project, 1, all)).await;
    let erased = erase(store, project, respondent(2)).await;
    let expected = [("item", 3), ("response", 1), ("attachment", 1)];
    assert_eq!(kinds(&erased.counts), expected);
    assert_eq!(texts(store, project).await, ["stays"]);
    assert_eq!(
        held_counts(store, project, install(1)).await,
        [("item", 2), ("response", 1)]
    );
}

/// Neither a second delivery nor a late one brings back what was erased; what happens later is new.
pub async fn what_was_erased_does_not_come_back(store: &dyn Store) {
    let project = project(store).await;
    let sent = || vec![shown(1), said(2, Some("ada"), "erased", &[7])];
    append(store, batch(project, 1, sent())).await;
    erase(store, project, named("ada")).await;
    assert_eq!(
        append(store, batch(project, 1, sent())).await,
        [Rejected, Rejected]
    );
    // Never delivered before: what happened then, the next revision whenever it happened.
    let late = |n, at_ms, body: NewItem| {
        let mut one = body;
        (one.id, one.at_ms) = (nth(ItemId::new, n), at_ms);
        one
    };
    let news = vec![
        late(3, T0 + 5, shown(3)),
        late(4, LATER + 60_000, shown(4)),
        late(
            5,
            LATER + 90_000,
            revised(5, 2, 2, Some("ada"), "again", &[]),
        ),
        late(6, LATER + 90_000, closed(6, Some(2))),
        late(7, LATER + 60_001, shown(7)),
        late(8, LATER + 90_000, said(8, Some("ada"), "new", &[])),
    ];
    let outcomes = append(store, batch(project, 1, news)).await;
    assert_eq!(
        outcomes,
        [Rejected, Rejected, Rejected, Rejected, Accepted, Accepted]
    );
    let elsewhere = vec![
        late(9, T0 + 9, said(9, Some("ada"), "on another install", &[])),
        late(10, T0 + 9, said(10, Some("bo"), "somebody else", &[])),
    ];
    let outcomes = append(store, batch(project, 2, elsewhere)).await;
    assert_eq!(outcomes, [Rejected, Accepted]);
    let refused = store.put_attachment(image_of(project, 7)).await;
    assert!(
        matches!(refused, Err(StoreError::Erased { .. })),
        "{refused:?}"
    );
    assert_eq!(texts(store, project).await.len(), 2);
    let other = super::build::project(store).await;
    assert_eq!(
        append(store, batch(other, 1, sent())).await,
        [Accepted, Accepted]
    );
}

/// Copies made since the first of it arrived are told with an erasure.
pub async fn copies_that_hold_what_was_erased_are_told(store: &dyn Store) {
    let project = project(store).await;
    let mut first = batch(project, 1, vec![shown(1)]);
    first.received_ms = T0 + 100;
    append(store, first).await;
    let copy = |path: &str, at| Backup {
        path: path.into(),
        made_ms: T0 + at,
    };
    for one in [
        copy("c", 300),
        copy("a", 99),
        copy("b", 100),
        copy("c", 200),
    ] {
        ok(store.note_backup(one).await);
    }
    assert_eq!(
        ok(store.backups().await),
        [copy("a", 99), copy("b", 100), copy("c", 200)]
    );
    let erased = erase(store, project, install(1)).await;
    assert_eq!(erased.backups, [copy("b", 100), copy("c", 200)]);
    assert_eq!(erase(store, project, install(5)).await.backups, []);
}

/// A file that was written anew says the same.
pub async fn rewriting_changes_nothing(store: &dyn Store) {
    let project = project(store).await;
    let all = vec![
        shown(1),
        said(2, Some("ada"), "kept", &[]),
        closed(3, Some(2)),
    ];
    append(store, batch(project, 1, all)).await;
    let before = told(store, project, install(1)).await;
    ok(store.rewrite().await);
    assert_eq!(told(store, project, install(1)).await, before);
    assert_eq!(
        append(store, batch(project, 1, vec![shown(1), shown(4)])).await,
        [Duplicate, Accepted]
    );
}

/// What is told has the names of what it is, and texts as they came.
pub async fn what_is_told_can_be_read(store: &dyn Store) {
    let project = project(store).await;
    append(
        store,
        batch(project, 1, vec![said(2, Some("ada"), "Why not?", &[])]),
    )
    .await;
    let rows = told(store, project, named("ada")).await;
    let field = |nth: usize, name: &str| {
        let mut fields = rows[nth].fields.iter();
        fields
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    };
    assert_eq!(
        field(0, "install"),
        Some(HeldValue::Text(nth(InstallId::new, 1).to_string()))
    );
    assert_eq!(
        field(0, "received_ms"),
        Some(HeldValue::Number((T0 + 60_000) as i64))
    );
    assert!(matches!(field(0, "line"), Some(HeldValue::Json(line)) if line.contains("Why not?")));
    assert_eq!(
        field(1, "respondent"),
        Some(HeldValue::Text(String::from("ada")))
    );
    assert!(matches!(field(1, "answers"), Some(HeldValue::Json(all)) if all.contains("Why not?")));
}
