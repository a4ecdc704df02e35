//! Turns the id of an image into the image, for people who may see it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use protocol::outcome::ErrorCode;

use super::guard::Caller;
use crate::app::Collector;
use crate::attachments::show;
use crate::error::ApiError;

/// `GET /api/v1/attachments/ID`.
pub(super) async fn attachment(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let id = id.parse();
    let id = id.map_err(|_| ApiError::new(ErrorCode::NotFound, "there is no such image"))?;
    show(&collector, who.project, id).await
}
