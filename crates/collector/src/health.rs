//! Turns the state of the process into what an orchestrator asks: alive, and ready to keep answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::sync::Mutex;

use crate::app::Collector;
use crate::clock::Clock;

/// How long one probe may take, queue and fsync included. A disk that is slower keeps nobody's
/// answers in time.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a probe stands. Each is a write of its own, and whoever asks often shall not cause many.
const FRESH_MS: u64 = 1_000;

/// The last probe, and whether another would be of use.
#[derive(Debug, Default)]
pub(crate) struct Readiness {
    last: Mutex<Option<(u64, bool)>>,
    is_stopping: AtomicBool,
}

impl Readiness {
    /// Nothing new is taken from here on.
    pub(crate) fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether nothing new is taken any more.
    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    async fn is_ready(&self, collector: &Collector, clock: &Clock) -> bool {
        // Held while probing, so that everybody who asks meanwhile hears the same answer.
        let mut last = self.last.lock().await;
        let now_ms = clock.now_ms();
        if let Some((at_ms, ready)) = *last
            && now_ms.abs_diff(at_ms) < FRESH_MS
        {
            return ready;
        }
        let probe = collector.store.probe(now_ms);
        let ready = match tokio::time::timeout(PROBE_TIMEOUT, probe).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "not ready");
                false
            }
            Err(_) => {
                tracing::error!("not ready: a write took more than {PROBE_TIMEOUT:?}");
                false
            }
        };
        *last = Some((now_ms, ready));
        ready
    }
}

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: a write goes through.
pub(crate) async fn ready(State(collector): State<Arc<Collector>>) -> Response {
    if collector.readiness.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    if collector
        .readiness
        .is_ready(&collector, &collector.clock)
        .await
    {
        return "ready\n".into_response();
    }
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "the store does not write\n",
    )
        .into_response()
}
