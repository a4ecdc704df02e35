//! Turns counters into exports that are sent every minute, by OTLP over HTTP.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, Method, header};

use super::otlp::request;
use super::standing::standings;
use crate::app::Collector;
use crate::outgoing::{Ask, OutgoingError};
use crate::settings::OtlpEndpoint;

/// Between two exports, as OpenTelemetry's own SDKs do by default.
///
/// # Source
///
/// <https://opentelemetry.io/docs/specs/otel/metrics/sdk/#periodic-exporting-metricreader>
const EVERY: Duration = Duration::from_secs(60);

/// How long one export may take, as exporters do by default. A process that is told to stop waits for
/// no longer.
///
/// # Source
///
/// <https://opentelemetry.io/docs/specs/otel/protocol/exporter/#configuration-options>
const TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes of a receiver's answer, which is short and of no use.
const MAX_ANSWER_BYTES: u64 = 64 << 10;

/// Characters of it that a log line repeats.
const MAX_SAID_CHARS: usize = 200;

/// Why an export was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// Where promises stand cannot be computed; the log says why.
    #[error("the store cannot be read")]
    Store,
    /// The receiver was not reached.
    #[error("{0}")]
    Outgoing(#[from] OutgoingError),
    /// The receiver refused it.
    #[error("the receiver answers {status} {said:?}")]
    Status {
        /// Its status.
        status: u16,
        /// How its text begins.
        said: String,
    },
}

impl Collector {
    /// Sends what is counted, and where every promise stands, once. One that fails is not sent again:
    /// the next one says all that it said.
    ///
    /// # Errors
    ///
    /// Whatever kept it from being taken.
    pub async fn export(&self, endpoint: &OtlpEndpoint) -> Result<(), ExportError> {
        let now_ms = self.clock.now_ms();
        let standings = standings(&self.store, now_ms).await;
        let standings = standings.map_err(|_| ExportError::Store)?;
        let metrics = &self.metrics;
        let body = request(&metrics.read(), &standings, metrics.started_ms, now_ms).to_string();
        let ask = Ask {
            method: Method::POST,
            url: endpoint.url().clone(),
            headers: vec![(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            )],
            body: body.into_bytes(),
            timeout: TIMEOUT,
            max_bytes: MAX_ANSWER_BYTES,
        };
        // Whoever writes the configuration may name a receiver wherever it is.
        let answer = self.outgoing.trusting(endpoint.url()).send(ask).await?;
        if answer.status.is_success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&answer.body);
        Err(ExportError::Status {
            status: answer.status.as_u16(),
            said: said.chars().take(MAX_SAID_CHARS).collect(),
        })
    }
}

/// Exports for as long as there is somebody to do it.
pub(crate) async fn export_forever(collector: Arc<Collector>, endpoint: OtlpEndpoint) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut works = true;
    loop {
        ticks.tick().await;
        let exported = collector.export(&endpoint).await;
        match &exported {
            Ok(()) if !works => tracing::info!("metrics are exported again"),
            // Once, and not every minute for as long as it lasts.
            Err(error) if works => tracing::warn!(%error, "metrics are not exported"),
            _ => {}
        }
        works = exported.is_ok();
    }
}
