//! Turns counters into exports that are sent every minute, by OTLP over HTTP.

use std::sync::Arc;
use std::time::Duration;

use super::otlp::request;
use super::standing::standings;
use crate::app::Collector;
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

/// Why an export was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// Where promises stand cannot be computed; the log says why.
    #[error("the store cannot be read")]
    Store,
    /// The receiver was not reached, or refused it.
    #[error("{0}")]
    Http(#[from] ureq::Error),
    /// The thread that sends has ended.
    #[error("{0}")]
    Thread(#[from] tokio::task::JoinError),
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
        let url = String::from(endpoint.url());
        // A minute apart, a connection is not worth keeping.
        let sent = tokio::task::spawn_blocking(move || {
            let agent = agent();
            let post = agent.post(&url).header("content-type", "application/json");
            post.send(body).map(drop)
        });
        Ok(sent.await??)
    }
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT));
    config.build().into()
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
