//! Turns the state of the process into what an orchestrator asks: alive, and ready to keep answers.

use std::path::Path;
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
use crate::setup::FILE;

/// How long one probe may take, queue and fsync included. A disk that is slower keeps nobody's
/// answers in time.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes that have to be free: twice what the log may grow to before it is folded, and what waits. Of
/// a disk on which that is much, one part in fifty.
const MIN_FREE_BYTES: u64 = 256 << 20;
const MIN_FREE_PART: u64 = 50;

/// Bytes of the database's log from which on people are told. It begins anew at some 32 MiB, unless
/// somebody has been reading since before it was written: a backup, a tool that was left open on the
/// file. It grows for as long as they do, and is shrunk to 64 MiB once they have ended.
const MUCH_LOG_BYTES: u64 = 512 << 20;

/// How long a probe stands. Each is a write of its own, and whoever asks often shall not cause many.
const FRESH_MS: u64 = 1_000;

/// The last probe, and whether another would be of use.
#[derive(Debug, Default)]
pub(crate) struct Readiness {
    last: Mutex<Option<(u64, Result<(), String>)>>,
    is_stopping: AtomicBool,
    has_long_log: AtomicBool,
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
            Ok(Ok(())) => {
                self.look_at_log(collector);
                collector.room()
            }
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

    /// Tells the log of the process when that of the database has grown, and when it has shrunk.
    fn look_at_log(&self, collector: &Collector) {
        let bytes = collector.log_bytes();
        let is_long = bytes >= MUCH_LOG_BYTES;
        let was_long = self.has_long_log.swap(is_long, Ordering::Relaxed);
        match (was_long, is_long) {
            (false, true) => tracing::warn!(bytes, "{LONG_LOG}"),
            (true, false) => tracing::info!(bytes, "the database's log is short again"),
            _ => {}
        }
    }
}

/// What is said of a long log.
const LONG_LOG: &str = "the database's log grows: somebody has been reading for a long time";

impl Collector {
    /// Whether the disk has room for more than the next moments. Where nobody says which disk, or the
    /// system does not tell, the write that went through is all that is known.
    fn room(&self) -> Result<(), String> {
        let Some((free, all)) = self.data_folder.as_deref().and_then(free_bytes) else {
            return Ok(());
        };
        if free >= MIN_FREE_BYTES.min(all / MIN_FREE_PART) {
            return Ok(());
        }
        tracing::error!(
            free,
            "not ready: the disk of the data folder is all but full"
        );
        // As a write that fails for it would say in a moment.
        Err(String::from("the disk is full"))
    }

    /// Bytes of the database's log; none where nobody says where that is.
    fn log_bytes(&self) -> u64 {
        let folder = self.data_folder.as_deref();
        let log = folder.map(|folder| folder.join(format!("{FILE}-wal")));
        log.and_then(|log| std::fs::metadata(log).ok())
            .map_or(0, |log| log.len())
    }

    /// Whether what is sent would be kept.
    pub(crate) async fn is_ready(&self) -> bool {
        let ready = self.readiness.ready(self, &self.clock);
        !self.readiness.is_stopping() && ready.await.is_ok()
    }
}

/// Bytes that this process may still write to the disk of a folder, and of all of that disk.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<(u64, u64)> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
    Some((bytes(disk.f_bavail), bytes(disk.f_blocks)))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<(u64, u64)> {
    None
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
        // Nothing is refused for it; a disk that it fills is another matter.
        Ok(()) if collector.readiness.has_long_log.load(Ordering::Relaxed) => {
            format!("ready\nwarning: {LONG_LOG}\n").into_response()
        }
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
