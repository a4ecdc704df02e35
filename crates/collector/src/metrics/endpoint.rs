//! Turns a scrape into text, for whoever may read it.
//!
//! Counters tell how much a product is used and how well it works, which is nobody's business. With a
//! token (`--metrics-token`) whoever has it may ask, from anywhere. Without one only this machine may,
//! and only where nothing shows that a proxy stands in between: to the collector, everybody who comes
//! through a proxy on this machine is this machine.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::standing::standings;
use super::text::scrape;
use crate::app::Collector;
use crate::error::ApiError;
use crate::settings::MetricsToken;

/// The content type of the format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Headers that proxies add.
const FORWARDED: [&str; 5] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-real-ip",
];

/// `GET /metrics`.
pub(crate) async fn metrics(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<Response, ApiError> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|connect| connect.0);
    if !may_read(&collector, peer, request.headers()) {
        // To everybody else it is not there.
        return Err(crate::app::not_found().await);
    }
    let standings = standings(&collector.store, collector.clock.now_ms()).await?;
    let text = scrape(&collector.metrics.read(), &standings);
    let headers = [
        (header::CONTENT_TYPE, TEXT),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

fn may_read(collector: &Collector, peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
    match &collector.metrics_token {
        Some(token) => bearer(headers).is_some_and(|given| MetricsToken::of(given) == *token),
        None => {
            let is_near = peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback());
            let is_forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
            is_near && !is_forwarded && collector.public_url.is_none()
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = given.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Counts every answer by its status.
pub(crate) async fn count_requests(
    State(collector): State<Arc<Collector>>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    collector.metrics.answered(response.status().as_u16());
    response
}
