//! Turns the body of a request that changes something into text or a value.

use axum::body::{Body, to_bytes};
use protocol::outcome::ErrorCode;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// The whole body as text of at most so many bytes.
pub(super) async fn text_from(body: Body, max_bytes: usize) -> Result<String, ApiError> {
    let bytes = to_bytes(body, max_bytes).await.map_err(|_| {
        let message = format!("the body may have {max_bytes} bytes");
        ApiError::new(ErrorCode::BodyTooLarge, message)
    })?;
    String::from_utf8(bytes.into())
        .map_err(|_| ApiError::new(ErrorCode::UnreadableBody, "the body is not UTF-8"))
}

/// The whole body as JSON; what does not fit is told with its place.
pub(super) async fn json_from<T: DeserializeOwned>(
    body: Body,
    max_bytes: usize,
) -> Result<T, ApiError> {
    let text = text_from(body, max_bytes).await?;
    serde_json::from_str(&text).map_err(|error| {
        let message = format!("the body is wrong at {error}");
        ApiError::new(ErrorCode::UnreadableBody, message)
    })
}
