//! Turns what a visitor asks into what the link's page would ask within the link's view, or into a refusal.

use axum::Json;
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Response};
use protocol::id::ResponseId;
use protocol::outcome::ErrorCode;
use protocol::query::access::Scope;
use protocol::query::view::{View, within_window};
use scores::Kind;
use store::{InboxFilter, KeptShare};

use super::{held, page_of};
use crate::app::Collector;
use crate::error::ApiError;

/// Responses of one millisecond that are looked through.
const MAX_AT_ONCE: u32 = 200;
const DAY_MS: u64 = 86_400_000;
/// Parameters beside a view that say what people are told apart by.
const APART: [&str; 2] = ["by", "segment"];

/// What a request for a visitor becomes.
#[derive(Debug)]
pub(in crate::console_api) enum Allowed {
    /// It goes on, with this address.
    As(Uri),
    /// It is answered at once.
    With(Box<Response>),
}

/// Whether a link shows what a request asks for, and how much of it.
pub(in crate::console_api) async fn allowed(
    collector: &Collector,
    share: &KeptShare,
    (scope, parts): (Scope, &Parts),
) -> Result<Allowed, ApiError> {
    let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
    let is_shown = parts.method == Method::GET
        && !path.ends_with("/export")
        && is_of_page(share, scope, path)
        && !tells_traits_apart(share, query)
        && match path.strip_prefix("/inbox/items/") {
            Some(id) => shows(collector, share, id).await?,
            None => true,
        };
    if !is_shown {
        let message = "this is not part of what the link shows";
        return Err(ApiError::new(ErrorCode::Forbidden, message));
    }
    if are_words(path) && !share.verbatims {
        let nothing = serde_json::json!({ "items": [], "next": null, "dropped": [] });
        let nothing = Json(nothing).into_response();
        return Ok(Allowed::With(Box::new(nothing)));
    }
    let query = match (scope, page_of(share)) {
        (Scope::Answers, _) => within_view(share, path, query),
        (_, "performance") => within_window(&share.query, query),
        _ => String::from(query),
    };
    let address = format!("{path}?{query}").parse();
    address
        .map(Allowed::As)
        .map_err(|error| ApiError::internal(&error))
}

/// Whether the link's page asks this. One page about performance shows no other, unless it is the one
/// that leads to all of them.
fn is_of_page(share: &KeptShare, scope: Scope, path: &str) -> bool {
    let is_at = |part: &str| {
        let below = path.strip_prefix(part);
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match (page_of(share), scope) {
        ("performance", Scope::Performance) => match share.page.trim_end_matches('/') {
            "performance" => is_at("/performance"),
            one => path.strip_prefix('/') == Some(one),
        },
        ("scores", Scope::Answers) => match path {
            "/scores/nps" => is_plain(share),
            _ => is_at("/scores") || are_words(path),
        },
        // What came out when is drawn beside scores.
        ("scores", Scope::Performance) => path == "/releases",
        ("inbox", Scope::Answers) => {
            let is_listed = path == "/inbox" || path == "/inbox/counts";
            share.verbatims && (is_listed || path.starts_with("/inbox/items/"))
        }
        _ => false,
    }
}

fn are_words(path: &str) -> bool {
    path.starts_with("/comments/") || path.ends_with("/comments")
}

/// Whether the link's view says nothing beside survey and days: more is not known where the Net Promoter
/// Score alone is asked for.
fn is_plain(share: &KeptShare) -> bool {
    let view = held(share, &[]).view;
    let known = View {
        survey: view.survey.clone(),
        days: view.days,
        ..View::default()
    };
    view == known
}

/// Whether people shall be told apart by what the page says of them, in another way than the link does.
fn tells_traits_apart(share: &KeptShare, query: &str) -> bool {
    let held = held(share, &APART).others;
    let asked = View::parse(query, &APART, |_| None).others;
    let mut asked = asked.into_iter();
    asked.any(|(name, value)| value.starts_with("trait.") && held.get(&name) != Some(&value))
}

/// What is asked, within what the link holds.
fn within_view(share: &KeptShare, path: &str, query: &str) -> String {
    let held = held(share, &["kind"]);
    let mut asked = View::parse(query, &[], |_| None).view;
    if !share.verbatims {
        // How many are left would tell who wrote what.
        asked.words.clear();
    }
    let view = held.view.narrowed(&asked);
    let kind = held.others.get("kind");
    let kind = kind.and_then(|name| Kind::from_name(name));
    // A question asks for one kind of score.
    let mut query = match kind.is_some() || held.view.question.is_some() {
        true => view.with_rest_but(query, &["kind"]),
        false => view.with_rest_of(query),
    };
    let mut hold = |pair: &str| {
        let and = if query.is_empty() { "" } else { "&" };
        query.push_str(and);
        query.push_str(pair);
    };
    if let Some(kind) = kind {
        hold(&format!("kind={}", kind.as_str()));
    }
    if path == "/scores" {
        // Another group of people would be beside what was shared. The last word counts.
        hold("compare=none");
    }
    query
}

/// Whether one response is among those that a link's view shows.
async fn shows(collector: &Collector, share: &KeptShare, id: &str) -> Result<bool, ApiError> {
    let Ok(id) = id.parse::<ResponseId>() else {
        return Ok(false);
    };
    let Some(detail) = collector.store.inbox_item(share.project, id).await? else {
        return Ok(false);
    };
    let (at_ms, now_ms) = (detail.item.at_ms, collector.clock.now_ms());
    let mut view = held(share, &[]).view;
    let first_ms = view
        .days
        .take()
        .map(|days| now_ms.saturating_sub(u64::from(days) * DAY_MS));
    view.from_ms = view.from_ms.max(first_ms).max(Some(at_ms));
    view.to_ms = Some(view.to_ms.map_or(at_ms + 1, |to| to.min(at_ms + 1)));
    let filter = InboxFilter {
        project: share.project,
        view,
        now_ms,
    };
    let page = collector.store.inbox(filter, None, MAX_AT_ONCE).await?;
    Ok(page.items.iter().any(|item| item.response == id))
}
