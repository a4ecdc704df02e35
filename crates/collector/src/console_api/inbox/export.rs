//! Turns everything that a view shows into lines of CSV or JSON, some at a time.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;
use http_body_util::channel::Channel;
use protocol::query::inbox::Item;
use protocol::query::view::{Dropped, View};
use store::{InboxCursor, InboxFilter, StoreError};

use super::invalid;
use super::view::view;
use crate::app::Collector;
use crate::audit::Deed;
use crate::console_api::csv::cell_of;
use crate::console_api::guard::Caller;
use crate::error::ApiError;

/// Items that are read at a time.
const ITEMS: u32 = 200;

/// Pieces that wait for whoever reads slowly.
const MAX_WAITING: usize = 4;

/// The first line of CSV.
const COLUMNS: &str = "at_ms,response,survey,feedback,status,aside,assignee,tags,scale,score,top,text,\
    page_url,language,browser,person,images,notes\r\n";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    Ndjson,
}

/// `GET /api/v1/inbox/export`.
///
/// A file cannot name what made no sense: such a view is refused, or it would have more in it than was
/// meant.
pub(in crate::console_api) async fn export(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Response, ApiError> {
    let query = uri.query().unwrap_or_default();
    let parsed = view(&collector, &who, query, &["format"]).await?;
    if let Some(Dropped { param, value, why }) = parsed.dropped.first() {
        return Err(invalid(format!("{param}={value} makes no sense: {why}")));
    }
    let (format, kind, name) = match parsed.others.get("format").map(String::as_str) {
        None | Some("csv") => (Format::Csv, "text/csv; charset=utf-8", "csv"),
        Some("ndjson") => (Format::Ndjson, "application/x-ndjson", "ndjson"),
        Some(_) => return Err(invalid("format must be csv or ndjson")),
    };
    let now_ms = collector.clock.now_ms();
    // Nothing leaves that the log does not know of. What is searched for may be a name.
    let deed = Deed::new("inbox.export", name).with(told(&parsed.view));
    collector.store.audit(who.actor.entry(deed, now_ms)).await?;
    let filter = InboxFilter {
        project: who.project,
        view: parsed.view,
        now_ms,
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let file = match format {
        Format::Csv => "attachment; filename=\"firsthand-inbox.csv\"",
        Format::Ndjson => "attachment; filename=\"firsthand-inbox.ndjson\"",
    };
    let file = HeaderValue::from_static(file);
    headers.insert(header::CONTENT_DISPOSITION, file);
    Ok((headers, body_of(collector, filter, format)).into_response())
}

/// The view without what may say who somebody is.
fn told(view: &View) -> String {
    View {
        words: Vec::new(),
        traits: std::collections::BTreeMap::new(),
        page: None,
        ..view.clone()
    }
    .to_string()
}

/// A body that is written while it is read. One that breaks off is no whole answer to any client.
fn body_of(collector: Arc<Collector>, filter: InboxFilter, format: Format) -> Body {
    let (mut sender, body) = Channel::<Bytes, StoreError>::new(MAX_WAITING);
    tokio::spawn(async move {
        let mut after = None;
        let mut lines = match format {
            Format::Csv => String::from(COLUMNS),
            Format::Ndjson => String::new(),
        };
        loop {
            match some(&collector, &filter, after, format, &mut lines).await {
                Ok(next) => after = next,
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "an export broke off"
                    );
                    sender.abort(error);
                    return;
                }
            }
            let piece = std::mem::take(&mut lines);
            // Whoever asked may have gone.
            if sender.send_data(piece.into()).await.is_err() || after.is_none() {
                return;
            }
        }
    });
    // Whoever compresses it asks once more after the end.
    Body::new(body.fuse())
}

/// Adds the lines of some items, and answers where the next begin.
async fn some(
    collector: &Collector,
    filter: &InboxFilter,
    after: Option<InboxCursor>,
    format: Format,
    lines: &mut String,
) -> Result<Option<InboxCursor>, StoreError> {
    let page = collector.store.inbox_whole(filter.clone(), after, ITEMS);
    let page = page.await?;
    for item in &page.items {
        match format {
            Format::Csv => csv(item, lines),
            Format::Ndjson => {
                // Has no map with keys that are no texts, so that it always can be written.
                lines.push_str(&serde_json::to_string(item).unwrap_or_default());
                lines.push('\n');
            }
        }
    }
    Ok(page.next)
}

fn csv(item: &Item, lines: &mut String) {
    let score = item.score.as_ref();
    let number = |number: Option<u8>| number.map(|n| n.to_string()).unwrap_or_default();
    let aside: Vec<_> = item.aside.iter().map(ToString::to_string).collect();
    let text: String = item.excerpt.iter().map(|piece| &*piece.text).collect();
    let cells = [
        item.at_ms.to_string(),
        item.response.to_string(),
        item.survey.clone(),
        item.feedback.to_string(),
        item.status.to_string(),
        aside.join(" "),
        item.assignee.clone().unwrap_or_default(),
        item.tags.join(", "),
        score.map(|score| score.scale.clone()).unwrap_or_default(),
        number(score.map(|score| score.points)),
        number(score.map(|score| score.top)),
        text,
        item.page_url.clone(),
        item.language.clone(),
        item.browser.clone(),
        item.person.clone().unwrap_or_default(),
        item.images.to_string(),
        item.notes.to_string(),
    ];
    let cells: Vec<_> = cells.iter().map(|cell| cell_of(cell)).collect();
    lines.push_str(&cells.join(","));
    lines.push_str("\r\n");
}
