//! Turns an answer into what a visitor is told of it.

use axum::body::{Body, to_bytes};
use axum::http::header;
use axum::response::Response;
use protocol::outcome::ErrorCode;
use protocol::query::view::View;
use serde_json::Value;
use store::KeptShare;
use uuid::Uuid;

use super::held;
use crate::error::ApiError;

/// Bytes of an answer to a visitor: some times what a page asks for at once.
const MAX_ANSWER_BYTES: usize = 8 << 20;

/// An answer without whoever gave it, and without what the team says to itself.
pub(in crate::console_api) async fn without_people(
    answer: Response,
    (share, path): (&KeptShare, &str),
) -> Result<Response, ApiError> {
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, MAX_ANSWER_BYTES)
        .await
        .map_err(|error| ApiError::internal(&error))?;
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
        // Whatever is no JSON (an image, for instance) is not part of what links show.
        return Err(ApiError::new(
            ErrorCode::Forbidden,
            "this is not shown to visitors",
        ));
    };
    redact(&mut value);
    if path == "/inbox/counts" {
        without_others(&mut value, &held(share, &[]).view);
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok(Response::from_parts(parts, Body::from(value.to_string())))
}

/// Counts of what is beside the view: of other surveys, of what has come further, of what is kept aside.
fn without_others(value: &mut Value, view: &View) {
    let Value::Object(counts) = value else {
        return;
    };
    let held: [(&str, Option<Vec<&str>>); 3] = [
        ("survey", view.survey.as_deref().map(|id| vec![id])),
        ("status", some(view.status.iter().map(|it| it.as_str()))),
        (
            "aside",
            Some(view.aside.iter().map(|it| it.as_str()).collect()),
        ),
    ];
    for (name, held) in held {
        if let (Some(Value::Object(all)), Some(held)) = (counts.get_mut(name), held) {
            all.retain(|of, _| held.contains(&of.as_str()));
        }
    }
}

/// All of them, or nothing where there are none.
fn some<'a>(all: impl Iterator<Item = &'a str>) -> Option<Vec<&'a str>> {
    let all: Vec<_> = all.collect();
    (!all.is_empty()).then_some(all)
}

fn redact(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["person", "assignee"] {
                // A map by address stays one, and is empty.
                match fields.get_mut(name) {
                    Some(Value::Object(people)) => people.clear(),
                    Some(_) => drop(fields.remove(name)),
                    None => {}
                }
            }
            // Whoever said what was released, and when.
            if fields.contains_key("at_ms")
                && let Some(by) = fields.get_mut("by")
            {
                *by = Value::from("");
            }
            for (name, value) in fields {
                match (name.as_str(), &mut *value) {
                    (
                        "notes" | "changes" | "similar" | "attachments" | "missing" | "traits",
                        Value::Array(all),
                    ) => {
                        all.clear();
                    }
                    ("traits" | "context", Value::Object(all)) => all.clear(),
                    ("notes" | "others" | "images", Value::Number(_)) => *value = Value::from(0),
                    ("install", Value::String(id)) => *id = Uuid::nil().to_string(),
                    _ => redact(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}
