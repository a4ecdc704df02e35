//! Turns what a team says to itself about a response into notes.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use protocol::outcome::ErrorCode;
use protocol::query::inbox::{NewNote, Note};
use store::Amended;

use super::{id_from, invalid, missing};
use crate::app::Collector;
use crate::audit::Deed;
use crate::console_api::body::json_from;
use crate::console_api::guard::Caller;
use crate::error::ApiError;

/// Characters of a note at most.
const MAX_CHARS: usize = 10_000;

/// Bytes of a body: a character has up to four, and JSON writes some with six.
const MAX_BYTES: usize = 1 << 17;

/// `POST /api/v1/inbox/items/ID/notes`.
pub(in crate::console_api) async fn add(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<Note>, ApiError> {
    let response = id_from(&id)?;
    let text = text_from(request).await?;
    // Never whose response it is: the log outlives erasure.
    let deed = Deed::new("note.add", "a response");
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    let note = collector.store.add_note(response, text, entry).await?;
    note.map(Json).ok_or_else(missing)
}

/// `PUT /api/v1/inbox/notes/ID`.
pub(in crate::console_api) async fn edit(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let note = id.parse().map_err(|_| missing_note())?;
    let text = text_from(request).await?;
    let deed = Deed::new("note.edit", id);
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    amended(collector.store.edit_note(note, text, entry).await?)
}

/// `DELETE /api/v1/inbox/notes/ID`.
pub(in crate::console_api) async fn remove(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let note = id.parse().map_err(|_| missing_note())?;
    let deed = Deed::new("note.remove", id);
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    amended(collector.store.remove_note(note, entry).await?)
}

async fn text_from(request: Request) -> Result<String, ApiError> {
    let asked: NewNote = json_from(request.into_body(), MAX_BYTES).await?;
    let text = asked.text.trim();
    if !(1..=MAX_CHARS).contains(&text.chars().count()) {
        return Err(invalid(format!("a note has 1 to {MAX_CHARS} characters")));
    }
    Ok(text.to_owned())
}

fn missing_note() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "there is no such note")
}

fn amended(amended: Amended) -> Result<StatusCode, ApiError> {
    match amended {
        Amended::Done => Ok(StatusCode::NO_CONTENT),
        Amended::NotYours => {
            let message = "only whoever wrote a note changes it";
            Err(ApiError::new(ErrorCode::Forbidden, message))
        }
        Amended::Missing | Amended::Taken => Err(missing_note()),
    }
}
