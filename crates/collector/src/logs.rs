//! Turns what happens into structured lines on stderr. No address, query, cookie or answer is in one.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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

/// A path without the token of a link: whoever has that has what it shows.
fn told(path: &str) -> String {
    match path.split_once("/s/") {
        Some((base, _)) => format!("{base}/s/…"),
        None => String::from(path),
    }
}

/// One line per request. The path alone: the query holds the site key.
pub(crate) async fn log_request(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let path = told(request.uri().path());
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

/// Lines of one kind in [`WHILE`]. What strangers cause with a request each would else fill a disk,
/// and hide what matters.
const LINES: u32 = 10;
const WHILE: Duration = Duration::from_secs(10);

/// Lets few lines of one kind through, and counts the others.
#[derive(Debug)]
pub(crate) struct Seldom(Mutex<Said>);

#[derive(Debug)]
struct Said {
    /// When the lines began that are counted now.
    since: Option<Instant>,
    lines: u32,
    unsaid: u64,
}

impl Seldom {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Said {
            since: None,
            lines: 0,
            unsaid: 0,
        }))
    }

    /// Whether a line may be written; with it goes how many were not since the last one.
    pub(crate) fn line(&self) -> Option<u64> {
        self.line_at(Instant::now())
    }

    fn line_at(&self, now: Instant) -> Option<u64> {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = said
            .since
            .is_none_or(|since| now.duration_since(since) >= WHILE);
        if is_over {
            (said.since, said.lines) = (Some(now), 0);
        }
        if said.lines == LINES {
            said.unsaid += 1;
            return None;
        }
        said.lines += 1;
        Some(std::mem::take(&mut said.unsaid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_link_is_told() {
        for (path, expected) in [
            ("/s/0123abcd/scores", "/s/…"),
            ("/s/0123abcd", "/s/…"),
            ("/feedback/s/0123abcd/inbox/s/1", "/feedback/s/…"),
            ("/api/v1/scores", "/api/v1/scores"),
        ] {
            assert_eq!(told(path), expected);
        }
    }

    #[test]
    fn few_lines_are_written_and_the_others_counted() {
        let (seldom, start) = (Seldom::new(), Instant::now());
        for _ in 0..LINES {
            assert_eq!(seldom.line_at(start), Some(0));
        }
        for _ in 0..1_000 {
            assert_eq!(seldom.line_at(start + WHILE / 2), None);
        }
        assert_eq!(seldom.line_at(start + WHILE), Some(1_000));
        assert_eq!(seldom.line_at(start + WHILE), Some(0));
    }
}
