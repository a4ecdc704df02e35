//! Turns uploaded images into files that responses name, and files back into answers.
//!
//! | step | takes | gives | refuses |
//! |---|---|---|---|
//! | `receive` | an HTTP request | a file of its own in the folder | unknown key, foreign origin, long bodies |
//! | `image` | its first bytes | what kind of image it is | other files, images of too many pixels |
//! | `anew` | the file | the same pixels, encoded anew | what cannot be decoded |
//! | `folder` | what was encoded | a synced file under its id | nothing |
//!
//! The row that says where the image is comes last: an image without one is not there yet.

mod anew;
mod folder;
mod image;
mod receive;
mod strays;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use protocol::id::AttachmentId;
use protocol::limits::{ITEM_TTL_DAYS, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE};
use protocol::outcome::ErrorCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Attachment, ProjectId, StoreError};

use self::anew::{Encoded, encode_anew};
pub(crate) use self::folder::{Folder, sync_now};
use self::image::{Fault, Image};
use self::receive::{Received, receive};
use crate::app::Collector;
use crate::error::{ApiError, RunError};
use crate::logs::Seldom;

/// The folder of images in the data folder.
pub(crate) const IMAGES: &str = "attachments";

/// How long an image waits for a response that names it: a day longer than an SDK keeps a response.
const ORPHAN_MS: u64 = (ITEM_TTL_DAYS + 1) * 24 * 3_600_000;

/// `POST /v1/attachment?k=KEY&id=UUID`.
pub(crate) async fn upload(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let folder = folder_of(&collector)?;
    let received = receive(&collector, folder, request).await?;
    if !renew(&collector, folder, &received).await? {
        let encoded = encoded(folder, &received).await?;
        keep(&collector, folder, received, encoded).await?;
    }
    Ok(Json(json!({ "ok": true })))
}

fn folder_of(collector: &Collector) -> Result<&Folder, ApiError> {
    collector
        .images
        .as_ref()
        .ok_or_else(|| ApiError::new(ErrorCode::NotFound, "this collector has no room for images"))
}

/// Renews the row of an image that came before and is there: a response is on its way. Answers
/// whether it was.
async fn renew(
    collector: &Collector,
    folder: &Folder,
    received: &Received<'_>,
) -> Result<bool, ApiError> {
    let _turn = folder.turn().await;
    let Some(known) = collector.store.attachment(received.id).await? else {
        return Ok(false);
    };
    if known.project != received.project || known.sent_sha256 != received.sha256 {
        return Err(conflict());
    }
    if !folder.has(&known.path).await {
        return Ok(false);
    }
    let created_ms = collector.clock.now_ms();
    put(
        collector,
        Attachment {
            created_ms,
            ..known
        },
    )
    .await?;
    Ok(true)
}

async fn encoded(folder: &Folder, received: &Received<'_>) -> Result<Encoded, ApiError> {
    let bytes = received.file.read().await.map_err(unkept)?;
    // Before it waits for its turn.
    Image::from_bytes(&bytes).map_err(refusal)?;
    let _turn = folder.decoding().await;
    let encoded = tokio::task::spawn_blocking(move || encode_anew(&bytes)).await;
    // A decoder that gave up is no reason to do the same.
    encoded.unwrap_or(Err(Fault::Unknown)).map_err(refusal)
}

fn refusal(fault: Fault) -> ApiError {
    match fault {
        Fault::Unknown => ApiError::new(
            ErrorCode::NotAnImage,
            "the body is no PNG, JPEG or WebP image that can be decoded",
        ),
        Fault::Sides { width, height } => ApiError::new(
            ErrorCode::ImageTooLarge,
            format!(
                "{width} x {height} pixels; a side may have 1 to {MAX_IMAGE_SIDE}, and the whole \
                 {MAX_IMAGE_PIXELS}"
            ),
        ),
    }
}

async fn keep(
    collector: &Collector,
    folder: &Folder,
    received: Received<'_>,
    encoded: Encoded,
) -> Result<(), ApiError> {
    let attachment = Attachment {
        id: received.id,
        project: received.project,
        mime: String::from(encoded.mime),
        bytes: encoded.bytes.len() as u64,
        sha256: Sha256::digest(&encoded.bytes).into(),
        sent_sha256: received.sha256,
        created_ms: collector.clock.now_ms(),
        path: Folder::path_of(received.id),
    };
    let mut file = folder.begin().await.map_err(unkept)?;
    file.write(&encoded.bytes).await.map_err(unkept)?;
    file.finish().await.map_err(unkept)?;
    // Two uploads of one id must not take turns between looking, moving and writing it down.
    let _turn = folder.turn().await;
    let known = collector.store.attachment(received.id).await?;
    let is_new = known.is_none();
    if known.is_some_and(|known| !known.is_same(&attachment)) {
        return Err(conflict());
    }
    let path = attachment.path.clone();
    folder.take(file, &path).await.map_err(unkept)?;
    let kept = put(collector, attachment).await;
    if is_new && kept.is_err() {
        // Without a row nobody would ever remove it; with another's, it would be shown as theirs.
        if let Err(error) = folder.remove(&path).await {
            static LOG: Seldom = Seldom::new();
            if let Some(unsaid) = LOG.line() {
                tracing::warn!(%error, path, unsaid, "an image stays though it was not written down");
            }
        }
    }
    kept
}

async fn put(collector: &Collector, attachment: Attachment) -> Result<(), ApiError> {
    match collector.store.put_attachment(attachment).await {
        Err(StoreError::Taken { .. }) => Err(conflict()),
        Err(StoreError::Erased { .. }) => Err(ApiError::new(
            ErrorCode::AttachmentErased,
            "the image with this id was erased, and comes back by no upload",
        )),
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
    static LOG: Seldom = Seldom::new();
    if let Some(unsaid) = LOG.line() {
        tracing::error!(%error, unsaid, "an image could not be kept");
    }
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
