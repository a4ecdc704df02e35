//! Turns what is known of images into rows, and back.

use protocol::id::AttachmentId;
use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{Attachment, Attachments, ProjectId, Reply, StoreError};

use crate::SqliteStore;
use crate::convert::{int_from_u64, u64_at, uuid_at};
use crate::custody::refuse_erased_image;
use crate::fault::Fault;

/// Images of an age that no response of their project names.
const ORPHANS: &str = "FROM attachment
    WHERE created_ms < ?1
        AND NOT EXISTS (
            SELECT 1 FROM response_attachment AS named
            WHERE named.attachment = attachment.id AND named.project = attachment.project
        )";

impl Attachments for SqliteStore {
    fn put_attachment(&self, attachment: Attachment) -> Reply<'_, ()> {
        self.change("keep an image", move |db| put_attachment(db, &attachment))
    }

    fn attachment(&self, id: AttachmentId) -> Reply<'_, Option<Attachment>> {
        self.read("find an image", move |db| find_attachment(db, id))
    }

    fn forget_orphans(&self, before_ms: u64) -> Reply<'_, Vec<Attachment>> {
        self.change("forget images", move |db| {
            let before = int_from_u64(before_ms);
            let sql = format!(
                "SELECT id, project, mime, bytes, sha256, sent_sha256, created_ms, path {ORPHANS}"
            );
            let orphans = db
                .prepare_cached(&sql)?
                .query_map([before], attachment_from_row)?
                .collect::<Result<Vec<_>, _>>()?;
            db.prepare_cached(&format!("DELETE {ORPHANS}"))?
                .execute([before])?;
            Ok(orphans)
        })
    }
}

fn put_attachment(db: &Connection, attachment: &Attachment) -> Result<(), Fault> {
    refuse_erased_image(db, attachment.project, attachment.id)?;
    match find_attachment(db, attachment.id)? {
        Some(known) if known.is_same(attachment) => {
            db.prepare_cached(
                "UPDATE attachment SET created_ms = max(created_ms, ?2), mime = ?3, bytes = ?4,
                     sha256 = ?5
                 WHERE id = ?1",
            )?
            .execute(params![
                attachment.id.0.as_bytes(),
                int_from_u64(attachment.created_ms),
                attachment.mime,
                int_from_u64(attachment.bytes),
                attachment.sha256,
            ])?;
            return Ok(());
        }
        Some(_) => return Err(StoreError::Taken { what: "image id" }.into()),
        None => {}
    }
    db.prepare_cached(
        "INSERT INTO attachment (id, project, mime, bytes, sha256, sent_sha256, created_ms, path)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        attachment.id.0.as_bytes(),
        attachment.project.0,
        attachment.mime,
        int_from_u64(attachment.bytes),
        attachment.sha256,
        attachment.sent_sha256,
        int_from_u64(attachment.created_ms),
        attachment.path,
    ])?;
    Ok(())
}

pub(crate) fn find_attachment(
    db: &Connection,
    id: AttachmentId,
) -> Result<Option<Attachment>, Fault> {
    Ok(db
        .prepare_cached(
            "SELECT id, project, mime, bytes, sha256, sent_sha256, created_ms, path
             FROM attachment WHERE id = ?1",
        )?
        .query_row([id.0.as_bytes()], attachment_from_row)
        .optional()?)
}

pub(crate) fn attachment_from_row(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    Ok(Attachment {
        id: AttachmentId(uuid_at(row, 0)?),
        project: ProjectId(row.get(1)?),
        mime: row.get(2)?,
        bytes: u64_at(row, 3)?,
        sha256: row.get(4)?,
        sent_sha256: row.get(5)?,
        created_ms: u64_at(row, 6)?,
        path: row.get(7)?,
    })
}
