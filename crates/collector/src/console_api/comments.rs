//! Turns rows of text into pages of comments, newest first.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use protocol::outcome::ErrorCode;
use protocol::query::{Comment, Comments, CommentsQuery};
use scores::Kind;
use store::{CommentCursor, CommentRow, CommentsFilter};

use super::guard::Caller;
use super::inbox::view::view;
use crate::app::Collector;
use crate::error::ApiError;

/// Comments a page, unless told.
const DEFAULT_LIMIT: u32 = 50;
/// Comments a page at most.
const MAX_LIMIT: u32 = 200;

/// `GET /api/v1/comments`.
pub(super) async fn comments(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Comments>, ApiError> {
    let query = uri.query().unwrap_or_default();
    let mut parsed = view(&collector, &who, query, &["kind", "after", "limit"]).await?;
    let asked = CommentsQuery {
        kind: parsed.others.remove("kind"),
        after: parsed.others.remove("after"),
        limit: match parsed.others.remove("limit") {
            Some(limit) => Some(
                limit
                    .parse()
                    .map_err(|_| invalid("limit must be a number"))?,
            ),
            None => None,
        },
    };
    let kind = asked.kind.as_deref().and_then(|name| {
        let kind = Kind::from_name(name);
        if kind.is_none() {
            parsed.drop("kind", name, "no_such_value");
        }
        kind
    });
    let limit = asked.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(invalid(format!("limit must be from 1 to {MAX_LIMIT}")));
    }
    let after = asked.after.map(|after| {
        cursor_from(&after).ok_or_else(|| invalid("after must be the next of an earlier page"))
    });
    if let Some(survey) = &parsed.view.survey {
        let surveys = collector.store.surveys(who.project).await?;
        if !surveys.iter().any(|p| p.survey.id == *survey) {
            let message = "there is no such survey";
            return Err(ApiError::new(ErrorCode::NotFound, message));
        }
    }
    let filter = CommentsFilter {
        project: who.project,
        view: parsed.view,
        kind,
        now_ms: collector.clock.now_ms(),
        after: after.transpose()?,
        limit,
    };
    let page = collector.store.comments(filter).await?;
    Ok(Json(Comments {
        items: page.items.into_iter().map(comment).collect(),
        next: page.next.as_ref().map(text_from),
        dropped: parsed.dropped,
    }))
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidParameter, message)
}

fn comment(row: CommentRow) -> Comment {
    Comment {
        survey: row.survey,
        response: row.cursor.response,
        prompt: row.prompt,
        text: row.text,
        score: row.score,
        attachments: row.attachments,
        page_url: row.page_url,
        language: row.language,
        at_ms: row.cursor.at_ms,
    }
}

/// Time, response and position, joined by dots.
fn text_from(cursor: &CommentCursor) -> String {
    let CommentCursor {
        at_ms,
        response,
        position,
    } = cursor;
    format!("{at_ms}.{response}.{position}")
}

fn cursor_from(text: &str) -> Option<CommentCursor> {
    let mut parts = text.split('.');
    let cursor = CommentCursor {
        at_ms: parts.next()?.parse().ok()?,
        response: parts.next()?.parse().ok()?,
        position: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(cursor)
}

#[cfg(test)]
mod tests {
    use protocol::id::ResponseId;

    use super::*;

    #[test]
    fn a_cursor_survives_its_text() {
        let cursor = CommentCursor {
            at_ms: 1_793_491_200_000,
            response: ResponseId::new(7, &[9; 10]),
            position: 3,
        };
        assert_eq!(cursor_from(&text_from(&cursor)), Some(cursor));
        for text in [
            "",
            "1",
            "1.2.3",
            "a.b.c",
            &format!("{}.4", text_from(&cursor)),
        ] {
            assert_eq!(cursor_from(text), None, "{text}");
        }
    }
}
