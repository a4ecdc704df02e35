//! Turns the state of the process into what an orchestrator asks: alive, and ready to keep answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use store::StoreError;
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
    last: Mutex<Option<(u64, Result<(), String>)>>,
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

    async fn ready(&self, collector: &Collector, clock: &Clock) -> Result<(), String> {
        // Held while probing, so that everybody who asks meanwhile hears the same answer.
        let mut last = self.last.lock().await;
        let now_ms = clock.now_ms();
        if let Some((at_ms, ready)) = &*last
            && now_ms.abs_diff(*at_ms) < FRESH_MS
        {
            return ready.clone();
        }
        let probe = collector.store.probe(now_ms);
        let ready = match tokio::time::timeout(PROBE_TIMEOUT, probe).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "not ready");
                Err(reason(&error))
            }
            Err(_) => {
                tracing::error!("not ready: a write took more than {PROBE_TIMEOUT:?}");
                Err(format!("a write took more than {PROBE_TIMEOUT:?}"))
            }
        };
        *last = Some((now_ms, ready.clone()));
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
    let ready = collector.readiness.ready(&collector, &collector.clock);
    match ready.await {
        Ok(()) => "ready\n".into_response(),
        Err(reason) => {
            let body = format!("not ready: {reason}\n");
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

/// What anybody may hear; the log has the rest.
fn reason(error: &StoreError) -> String {
    match error {
        StoreError::Disk { state, .. } => state.to_string(),
        StoreError::Overloaded => String::from("too much is waiting to be written"),
        StoreError::Closed => String::from("the store is closed"),
        _ => String::from("the store does not write"),
    }
}
