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
use tokio::sync::SemaphorePermit;

use super::folder::{Folder, Unfinished};
use super::unkept;
use crate::admission::{Params, admitted_site};
use crate::app::Collector;
use crate::error::ApiError;

/// How long a body may take from its first byte to its last. Five megabytes at 60 KB/s.
const BODY_TIMEOUT: Duration = Duration::from_secs(90);

/// Bytes that are read past the limit and thrown away: a sender that is still writing when the
/// connection closes would see a broken connection instead of the 413.
const MAX_DRAINED_BYTES: u64 = 16 << 20;

/// A body, where it belongs, and what it hashes to.
#[derive(Debug)]
pub(super) struct Received<'a> {
    pub(super) project: ProjectId,
    pub(super) id: AttachmentId,
    pub(super) file: Unfinished,
    pub(super) sha256: [u8; 32],
    /// Given back when the upload is over, not when the body is there.
    _leave: SemaphorePermit<'a>,
}

/// Takes in a request: key and origin first, so that a stranger costs nothing but a look.
pub(super) async fn receive<'a>(
    collector: &Collector,
    folder: &'a Folder,
    request: Request,
) -> Result<Received<'a>, ApiError> {
    let (parts, body) = request.into_parts();
    let params = Params::from_query(parts.uri.query().unwrap_or_default());
    let site = admitted_site(collector, params.required("k")?, &parts).await?;
    let id = params.required("id")?.parse().map_err(|_| {
        let message = "id must be the image's UUID";
        ApiError::new(ErrorCode::InvalidParameter, message)
    })?;
    if announced(&parts.headers) > MAX_DRAINED_BYTES {
        return Err(too_large());
    }
    let leave = folder.admit().ok_or_else(|| {
        let message = "too many images arrive at once; try again";
        ApiError::new(ErrorCode::Overloaded, message)
    })?;
    let file = folder.begin().await.map_err(unkept)?;
    let written = tokio::time::timeout(BODY_TIMEOUT, write(body, file)).await;
    let (file, sha256) = written.unwrap_or_else(|_| {
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
        sha256,
        _leave: leave,
    })
}

fn announced(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH);
    length
        .and_then(|length| length.to_str().ok()?.parse().ok())
        .unwrap_or(0)
}

/// Writes to the end, whether or not a length was announced.
async fn write(mut body: Body, mut file: Unfinished) -> Result<(Unfinished, [u8; 32]), ApiError> {
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
    Ok((file, hash.finalize().into()))
}

fn too_large() -> ApiError {
    ApiError::new(
        ErrorCode::AttachmentTooLarge,
        format!("an image may have {MAX_ATTACHMENT_BYTES} bytes"),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::http::Request;
    use store::{Site, Store};
    use store_sqlite::SqliteStore;

    use super::super::folder::MAX_AT_ONCE;
    use super::*;
    use crate::clock::Clock;

    const KEY: &str = "fh_receive_test";

    #[tokio::test]
    async fn an_upload_has_its_leave_until_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&dir.path().join("firsthand.db")).unwrap();
        let store: Arc<dyn Store> = Arc::new(store);
        let project = store.create_project("Shop".into(), 1).await.unwrap();
        let site = Site {
            key: KEY.into(),
            project,
            origins: vec!["https://shop.example".into()],
        };
        store.put_site(site, 1).await.unwrap();
        let collector = Collector::new(store, Clock::from_fn(|| 1)).unwrap();
        let folder = Folder::open(dir.path().join("attachments")).unwrap();
        let request = Request::post(format!(
            "/v1/attachment?k={KEY}&id=01890a5d-ac96-774b-bcce-b302099a8057"
        ))
        .header(header::ORIGIN, "https://shop.example")
        .body(Body::from("an image"))
        .unwrap();
        let received = receive(&collector, &folder, request).await.unwrap();
        let others: Vec<_> = std::iter::from_fn(|| folder.admit()).collect();
        assert_eq!(others.len(), MAX_AT_ONCE - 1);
        drop(received);
        assert!(folder.admit().is_some());
    }
}
