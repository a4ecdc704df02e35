//! Turns what happens into structured lines on stderr. No address, query, cookie or answer is in one.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::LogFormat;

/// Starts to log. Our own crates at `level`, what they stand on from warnings upwards.
pub(crate) fn start(format: LogFormat, level: LevelFilter) {
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("collector", level)
        .with_target("store_sqlite", level);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => tracing_subscriber::registry()
            .with(targets)
            .with(lines)
            .try_init(),
        LogFormat::Json => tracing_subscriber::registry()
            .with(targets)
            .with(lines.json().flatten_event(true))
            .try_init(),
    };
    // Whoever runs us inside a process that logs already has decided where to.
    drop(started);
}

/// One line per request. The path alone: the query holds the site key.
pub(crate) async fn log_request(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    tracing::debug!(
        %method,
        path,
        status = response.status().as_u16(),
        ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    response
}
