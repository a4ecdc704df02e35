//! Turns the promises of [`crate::Attachments`] into behaviours.

use protocol::id::{AttachmentId, ResponseId};

use super::build::*;
use crate::{Attachment, KeptResponse, ProjectId, ResponseRow, Store, StoreError};

fn image(project: ProjectId, n: u32) -> Attachment {
    let id = nth(AttachmentId::new, n);
    Attachment {
        id,
        project,
        mime: String::from("image/png"),
        bytes: 1_234,
        sha256: [n as u8; 32],
        sent_sha256: [n as u8; 32],
        created_ms: T0,
        path: format!("ab/{id}"),
    }
}

async fn answer_with(store: &dyn Store, project: ProjectId, images: &[u32]) -> KeptResponse {
    let named = images.iter().map(|n| nth(AttachmentId::new, *n));
    let row = ResponseRow {
        attachments: named.collect(),
        ..response(1, 1, vec![reason("See there")])
    };
    append(store, batch(project, 1, vec![answered(1, 0, row)])).await;
    read(store, project).await
}

async fn read(store: &dyn Store, project: ProjectId) -> KeptResponse {
    match ok(store.response(project, nth(ResponseId::new, 1)).await) {
        Some(kept) => kept,
        None => panic!("the response is not there"),
    }
}

/// The same again changes only when it arrived; another image under the same id is refused, and
/// what was first stays.
pub async fn an_image_is_kept_once(store: &dyn Store) {
    let project = project(store).await;
    let first = image(project, 1);
    assert_eq!(ok(store.attachment(first.id).await), None);
    ok(store.put_attachment(first.clone()).await);
    let later = Attachment {
        created_ms: T0 + 5,
        ..first.clone()
    };
    ok(store.put_attachment(later.clone()).await);
    ok(store.put_attachment(first.clone()).await);
    let other = Attachment {
        sent_sha256: [9; 32],
        ..first
    };
    let refused = store.put_attachment(other).await;
    assert!(
        matches!(refused, Err(StoreError::Taken { .. })),
        "{refused:?}"
    );
    assert_eq!(ok(store.attachment(later.id).await), Some(later));
}

/// Nobody gets at the images of others by naming them.
pub async fn an_image_id_belongs_to_one_project(store: &dyn Store) {
    let (one, two) = (project(store).await, project(store).await);
    ok(store.put_attachment(image(one, 1)).await);
    let taken = store.put_attachment(image(two, 1)).await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");
    let kept = answer_with(store, two, &[1]).await;
    assert_eq!(kept.missing, [nth(AttachmentId::new, 1)]);
    let page = ok(store.comments(comments_filter(two, 1)).await);
    assert_eq!(page.items[0].attachments, []);
}

/// A response that names an image which is not there is kept, and says so; an image may come later.
pub async fn a_missing_image_is_told_until_it_arrives(store: &dyn Store) {
    let project = project(store).await;
    ok(store.put_attachment(image(project, 2)).await);
    let kept = answer_with(store, project, &[2, 1]).await;
    let (first, second) = (nth(AttachmentId::new, 2), nth(AttachmentId::new, 1));
    assert_eq!(kept.row.attachments, [first, second]);
    assert_eq!(kept.missing, [second]);
    ok(store.put_attachment(image(project, 1)).await);
    assert_eq!(read(store, project).await.missing, []);
    let page = ok(store.comments(comments_filter(project, 1)).await);
    assert_eq!(page.items[0].attachments, [first, second]);
}

/// Only what is old enough and named by no response goes.
pub async fn an_image_that_nobody_names_is_forgotten(store: &dyn Store) {
    let project = project(store).await;
    for n in 1..=3 {
        let mut one = image(project, n);
        one.created_ms = T0 + u64::from(n);
        ok(store.put_attachment(one).await);
    }
    answer_with(store, project, &[1]).await;
    let forgotten = ok(store.forget_orphans(T0 + 3).await);
    let ids: Vec<_> = forgotten.iter().map(|one| one.id).collect();
    assert_eq!(ids, [nth(AttachmentId::new, 2)]);
    assert_eq!(ok(store.attachment(ids[0]).await), None);
    assert!(ok(store.attachment(nth(AttachmentId::new, 1)).await).is_some());
    assert_eq!(ok(store.forget_orphans(T0 + 3).await), []);
}
