//! Turns a change that somebody asks for into a step, and a step back.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::outcome::{ErrorBody, ErrorCode};
use protocol::query::inbox::{Change, Changed, Disagreed, NewChange, Which};
use store::{InboxFilter, InboxStep, Meant, Stepped};

use super::view::view;
use super::{invalid, missing};
use crate::app::Collector;
use crate::audit::Deed;
use crate::console_api::body::json_from;
use crate::console_api::guard::Caller;
use crate::error::ApiError;

/// Bytes of a change. A thousand ids have forty thousand.
const MAX_BYTES: usize = 1 << 18;

/// Ids of one change at most; more are named by a view.
const MAX_IDS: usize = 1_000;

/// Characters of a tag at most.
pub(super) const MAX_TAG_CHARS: usize = 60;

/// Something may be snoozed for so long: a year.
const MAX_SNOOZE_MS: u64 = 366 * 86_400_000;

/// `POST /api/v1/inbox/change`.
pub(in crate::console_api) async fn change(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Response, ApiError> {
    let asked: NewChange = json_from(request.into_body(), MAX_BYTES).await?;
    let now_ms = collector.clock.now_ms();
    let change = checked(asked.change, now_ms)?;
    let (ids, dropped, meant) = match asked.which {
        Which::Ids(ids) if (1..=MAX_IDS).contains(&ids.len()) => {
            (ids.clone(), Vec::new(), Meant::Ids(ids))
        }
        Which::Ids(_) => return Err(invalid(format!("which.ids has 1 to {MAX_IDS} ids"))),
        Which::View(query) => {
            let parsed = view(&collector, &who, &query, &[]).await?;
            let filter = InboxFilter {
                project: who.project,
                view: parsed.view,
                now_ms,
            };
            (Vec::new(), parsed.dropped, Meant::All(Box::new(filter)))
        }
    };
    if asked.rev.is_some() && ids.len() != 1 {
        return Err(invalid("rev goes with one id"));
    }
    if !dropped.is_empty() {
        let unchanged = Changed {
            dropped,
            ..Changed::default()
        };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(unchanged)).into_response());
    }
    let deed = Deed::new("inbox.change", what(&change)).with(into_what(&change));
    let step = InboxStep {
        meant,
        change,
        expect: asked.expect,
        rev: asked.rev,
        entry: who.actor.entry(deed, now_ms),
    };
    let stepped = collector.store.inbox_change(step).await?;
    if stepped == Stepped::Faster {
        let item = match ids.first() {
            Some(id) => collector.store.inbox_item(who.project, *id).await?,
            None => None,
        };
        let message = "somebody has changed it meanwhile; look at it again";
        return Ok(disagreed(message, None, item.map(|detail| detail.item)));
    }
    told(stepped)
}

/// `POST /api/v1/inbox/undo/ID`.
pub(in crate::console_api) async fn undo(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(step): Path<String>,
) -> Result<Response, ApiError> {
    let step = step.parse().map_err(|_| missing())?;
    let deed = Deed::new("inbox.undo", format!("step {step}"));
    let entry = who.actor.entry(deed, collector.clock.now_ms());
    told(collector.store.inbox_undo(step, entry).await?)
}

fn told(stepped: Stepped) -> Result<Response, ApiError> {
    match stepped {
        Stepped::Done {
            matched,
            changed,
            step,
        } => Ok(Json(Changed {
            matched,
            changed,
            step,
            dropped: Vec::new(),
        })
        .into_response()),
        Stepped::Other { matched } => {
            let message = format!("there are {matched} now; look at them again");
            Ok(disagreed(&message, Some(matched), None))
        }
        Stepped::TooMany { at_most } => {
            let message = format!("one step changes at most {at_most} responses");
            Err(ApiError::new(ErrorCode::TooManyAtOnce, message))
        }
        Stepped::Faster => Ok(disagreed("somebody was faster", None, None)),
        Stepped::Missing => {
            let message = "there is no such person, response or step";
            Err(ApiError::new(ErrorCode::NotFound, message))
        }
    }
}

fn disagreed(
    message: &str,
    matched: Option<u64>,
    item: Option<protocol::query::inbox::Item>,
) -> Response {
    let body = Disagreed {
        error: ErrorBody {
            code: ErrorCode::Conflict,
            message: message.to_owned(),
        },
        matched,
        item: item.map(Box::new),
    };
    (StatusCode::CONFLICT, Json(body)).into_response()
}

/// A change that can be made.
fn checked(change: Change, now_ms: u64) -> Result<Change, ApiError> {
    Ok(match change {
        Change::AddTag(name) => Change::AddTag(tag_from(&name)?),
        Change::RemoveTag(name) => Change::RemoveTag(tag_from(&name)?),
        Change::Snooze(Some(until)) if until <= now_ms || until - now_ms > MAX_SNOOZE_MS => {
            return Err(invalid("snooze ends later than now, and within a year"));
        }
        other => other,
    })
}

/// The name of a tag, without blanks around it.
pub(super) fn tag_from(name: &str) -> Result<String, ApiError> {
    let name = name.trim();
    let is_fit = (1..=MAX_TAG_CHARS).contains(&name.chars().count());
    if !is_fit || name.chars().any(|c| c.is_control() || c == '"') {
        let message = format!("a tag has 1 to {MAX_TAG_CHARS} characters, and no quotes");
        return Err(invalid(message));
    }
    Ok(name.to_owned())
}

/// What the audit log says was changed. Never whose response it is: the log outlives erasure.
const fn what(change: &Change) -> &'static str {
    match change {
        Change::Status(_) => "status",
        Change::Assignee(_) => "assignee",
        Change::Snooze(_) => "snooze",
        Change::Archived(_) => "archived",
        Change::DuplicateOf(_) => "duplicate_of",
        Change::AddTag(_) | Change::RemoveTag(_) => "tag",
    }
}

fn into_what(change: &Change) -> String {
    match change {
        Change::Status(status) => status.to_string(),
        Change::Assignee(email) => email.clone().unwrap_or_else(|| String::from("nobody")),
        Change::Snooze(Some(until)) => format!("until {until} ms since 1970"),
        Change::Snooze(None) => String::from("no longer"),
        Change::Archived(is) => String::from(if *is { "yes" } else { "no" }),
        Change::DuplicateOf(_) => String::from("another response"),
        Change::AddTag(name) => format!("with {name}"),
        Change::RemoveTag(name) => format!("without {name}"),
    }
}
