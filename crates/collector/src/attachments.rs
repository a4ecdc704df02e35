//! Turns uploaded images into files that responses name, and files back into answers.
//!
//! | step | takes | gives | refuses |
//! |---|---|---|---|
//! | `receive` | an HTTP request | a file of its own in the folder | unknown key, foreign origin, long bodies |
//! | `image` | the file | what kind of image it is | other files, images of too many pixels |
//! | `folder` | both | a synced file under its id | nothing |
//!
//! The row that says where the image is comes last: an image without one is not there yet.

mod folder;
mod image;
mod receive;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use protocol::id::AttachmentId;
use protocol::limits::{ITEM_TTL_DAYS, MAX_IMAGE_SIDE};
use protocol::outcome::ErrorCode;
use serde_json::{Value, json};
use store::{Attachment, ProjectId, StoreError};

pub(crate) use self::folder::Folder;
use self::image::{Fault, Image};
use self::receive::{Received, receive};
use crate::app::Collector;
use crate::error::{ApiError, RunError};

/// How long an image waits for a response that names it: a day longer than an SDK keeps a response.
const ORPHAN_MS: u64 = (ITEM_TTL_DAYS + 1) * 24 * 3_600_000;

/// `POST /v1/attachment?k=KEY&id=UUID`.
pub(crate) async fn upload(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let folder = folder_of(&collector)?;
    let received = receive(&collector, folder, request).await?;
    let image = looked_at(&received).await?;
    keep(&collector, folder, received, image).await?;
    Ok(Json(json!({ "ok": true })))
}

fn folder_of(collector: &Collector) -> Result<&Folder, ApiError> {
    collector
        .images
        .as_ref()
        .ok_or_else(|| ApiError::new(ErrorCode::NotFound, "this collector has no room for images"))
}

async fn looked_at(received: &Received<'_>) -> Result<Image, ApiError> {
    let bytes = received.file.read().await.map_err(unkept)?;
    Image::from_bytes(&bytes).map_err(|fault| match fault {
        Fault::Unknown => ApiError::new(
            ErrorCode::NotAnImage,
            "the body is no PNG, JPEG or WebP image",
        ),
        Fault::Sides { width, height } => ApiError::new(
            ErrorCode::ImageTooLarge,
            format!("{width} x {height} pixels; a side may have 1 to {MAX_IMAGE_SIDE}"),
        ),
    })
}

async fn keep(
    collector: &Collector,
    folder: &Folder,
    received: Received<'_>,
    image: Image,
) -> Result<(), ApiError> {
    let attachment = Attachment {
        id: received.id,
        project: received.project,
        mime: String::from(image.mime),
        bytes: received.bytes,
        sha256: received.sha256,
        created_ms: collector.clock.now_ms(),
        path: Folder::path_of(received.id),
    };
    // Two uploads of one id must not take turns between looking, moving and writing it down.
    let _turn = folder.turn().await;
    let known = collector.store.attachment(received.id).await?;
    let is_new = known.is_none();
    if known.is_some_and(|known| !known.is_same(&attachment)) {
        return Err(conflict());
    }
    // The same image again takes its own place, and the row is renewed: a response is on its way.
    let path = attachment.path.clone();
    let moved = folder.take(received.file, &path).await;
    moved.map_err(unkept)?;
    let kept = collector.store.put_attachment(attachment).await;
    if is_new && kept.is_err() {
        // Without a row nobody would ever remove it; with another's, it would be shown as theirs.
        if let Err(error) = folder.remove(&path).await {
            tracing::warn!(%error, path, "an image stays though it was not written down");
        }
    }
    match kept {
        Err(StoreError::Taken { .. }) => Err(conflict()),
        kept => Ok(kept?),
    }
}

fn conflict() -> ApiError {
    let message = "this id came earlier with another image";
    ApiError::new(ErrorCode::AttachmentConflict, message)
}

/// The disk is full or broken: nothing is wrong with the image, and it may be sent again.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unkept(error: std::io::Error) -> ApiError {
    tracing::error!(%error, "an image could not be kept");
    ApiError::new(
        ErrorCode::Overloaded,
        "no image can be kept right now; try again",
    )
}

/// What a browser may do with an image that somebody sent: show it.
const IMAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Answers the image with this id, if it belongs to the project.
pub(crate) async fn show(
    collector: &Collector,
    project: ProjectId,
    id: AttachmentId,
) -> Result<Response, ApiError> {
    let missing = || ApiError::new(ErrorCode::NotFound, "there is no such image");
    let found = collector.store.attachment(id).await?;
    let known = found.filter(|known| known.project == project);
    let known = known.ok_or_else(missing)?;
    let bytes = match folder_of(collector)?.read(&known.path).await {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::error!(%error, path = known.path, "an image cannot be read");
            return Err(missing());
        }
    };
    let name = format!(
        "inline; filename=\"{id}.{}\"",
        image::extension(&known.mime)
    );
    let text = |text: &str| HeaderValue::from_str(text).map_err(|error| ApiError::internal(&error));
    let headers = [
        (header::CONTENT_TYPE, text(&known.mime)?),
        (header::CONTENT_DISPOSITION, text(&name)?),
        (header::CONTENT_SECURITY_POLICY, text(IMAGE_POLICY)?),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            text("same-origin")?,
        ),
    ];
    Ok((headers, bytes).into_response())
}

impl Collector {
    /// Removes the images that waited in vain for a response that names them. Answers how many.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from forgetting them.
    pub async fn remove_orphans(&self) -> Result<usize, RunError> {
        let Some(folder) = &self.images else {
            return Ok(0);
        };
        let before_ms = self.clock.now_ms().saturating_sub(ORPHAN_MS);
        // The row first: what is not written down is not there, whatever becomes of its file.
        let _turn = folder.turn().await;
        let orphans = self.store.forget_orphans(before_ms).await?;
        for orphan in &orphans {
            if let Err(error) = folder.remove(&orphan.path).await {
                tracing::warn!(%error, path = orphan.path, "an image stays though nobody names it");
            }
        }
        if !orphans.is_empty() {
            tracing::info!(n = orphans.len(), "removed images that no response names");
        }
        Ok(orphans.len())
    }
}
