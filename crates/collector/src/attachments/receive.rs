//! Turns a request into a file on disk, byte by byte, and never more of them than are allowed.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use protocol::id::AttachmentId;
use protocol::limits::MAX_ATTACHMENT_BYTES;
use protocol::outcome::ErrorCode;
use sha2::{Digest, Sha256};
use store::ProjectId;

use super::folder::{Folder, Unfinished};
use super::unkept;
use crate::admission::{Params, allowed_site};
use crate::app::Collector;
use crate::error::ApiError;

/// How long a body may take from its first byte to its last. Five megabytes at 60 KB/s.
const BODY_TIMEOUT: Duration = Duration::from_secs(90);

/// Bytes that are read past the limit and thrown away: a sender that is still writing when the
/// connection closes would see a broken connection instead of the 413.
const MAX_DRAINED_BYTES: u64 = 16 << 20;

/// A body, where it belongs, and what it hashes to.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) project: ProjectId,
    pub(super) id: AttachmentId,
    pub(super) file: Unfinished,
    pub(super) bytes: u64,
    pub(super) sha256: [u8; 32],
}

/// Takes in a request: key and origin first, so that a stranger costs nothing but a look.
pub(super) async fn receive(
    collector: &Collector,
    folder: &Folder,
    request: Request,
) -> Result<Received, ApiError> {
    let (parts, body) = request.into_parts();
    let params = Params::from_query(parts.uri.query().unwrap_or_default());
    let site = allowed_site(collector, params.required("k")?, &parts.headers).await?;
    let id = params.required("id")?.parse().map_err(|_| {
        let message = "id must be the image's UUID";
        ApiError::new(ErrorCode::InvalidParameter, message)
    })?;
    if announced(&parts.headers) > MAX_DRAINED_BYTES {
        return Err(too_large());
    }
    let _leave = folder.admit().ok_or_else(|| {
        let message = "too many images arrive at once; try again";
        ApiError::new(ErrorCode::Overloaded, message)
    })?;
    let file = folder.begin().await.map_err(unkept)?;
    let written = tokio::time::timeout(BODY_TIMEOUT, write(body, file)).await;
    let (file, bytes, sha256) = written.unwrap_or_else(|_| {
        // Nothing is wrong with the image: the sender keeps it and tries again.
        Err(ApiError::new(
            ErrorCode::Overloaded,
            "the body took too long to arrive",
        ))
    })?;
    Ok(Received {
        project: site.project,
        id,
        file,
        bytes,
        sha256,
    })
}

fn announced(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH);
    length
        .and_then(|length| length.to_str().ok()?.parse().ok())
        .unwrap_or(0)
}

/// Writes to the end, whether or not a length was announced.
async fn write(
    mut body: Body,
    mut file: Unfinished,
) -> Result<(Unfinished, u64, [u8; 32]), ApiError> {
    let mut hash = Sha256::new();
    let mut length = 0_u64;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            let message = "the body broke off before its end";
            ApiError::new(ErrorCode::UnreadableBody, message)
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.len() as u64;
        if length > MAX_DRAINED_BYTES {
            break;
        }
        if length <= MAX_ATTACHMENT_BYTES as u64 {
            hash.update(&data);
            file.write(&data).await.map_err(unkept)?;
        }
    }
    if length > MAX_ATTACHMENT_BYTES as u64 {
        return Err(too_large());
    }
    file.finish().await.map_err(unkept)?;
    Ok((file, length, hash.finalize().into()))
}

fn too_large() -> ApiError {
    ApiError::new(
        ErrorCode::AttachmentTooLarge,
        format!("an image may have {MAX_ATTACHMENT_BYTES} bytes"),
    )
}
