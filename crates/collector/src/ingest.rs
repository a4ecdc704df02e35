//! Turns one HTTP body into one outcome per item, in visible steps.
//!
//! | step | takes | gives | refuses |
//! |---|---|---|---|
//! | `receive` | an HTTP request | a body of a known site | unknown key, foreign origin, long bodies |
//! | `decode` | the body | its header and its lines | bad compression, bad UTF-8, a bad header |
//! | `limit` | the lines | lines of a bearable number and length | too many; each that is too long |
//! | `validate` | the lines | typed items | each that is not a possible item of its survey |
//! | `enrich` | the items | rows, with corrected times and hashes | nothing |
//! | `write` | the rows | the reply, once they are on disk | when the store cannot take them |
//!
//! A refusal of the whole body is an [`ApiError`]; a refusal of one item is a [`Refusal`], and the
//! others are kept. Every line ends in exactly one outcome.

mod clocks;
mod decode;
pub(crate) mod dry;
mod enrich;
mod identity;
mod intake;
mod latency;
mod letter;
mod limit;
pub(crate) mod made;
mod receive;
mod replay;
mod response;
mod rows;
mod scrub;
mod signs;
mod slices;
mod validate;
mod write;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use protocol::outcome::{BatchReply, DiscardReason};

pub(crate) use self::clocks::Clocks;
use self::decode::decode;
use self::enrich::{Enriched, enrich};
pub(crate) use self::intake::Intake;
use self::limit::limit;
use self::receive::{Received, receive};
pub use self::replay::{Replayed, replay};
use self::validate::validate;
use self::write::write;
use crate::admission::Params;
use crate::app::Collector;
use crate::error::ApiError;

/// Bodies longer than this are worked on beside the threads that answer requests.
const LONG_BODY_BYTES: usize = 32 << 10;

/// Characters of a refusal's message. Some quote what they refuse, which may be a whole answer.
const MAX_MESSAGE_CHARS: usize = 200;

/// Why one item goes no further.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    reason: DiscardReason,
    /// Where and what, for a developer.
    message: String,
}

impl Refusal {
    fn new(reason: DiscardReason, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: shortened(message),
        }
    }
}

/// The message, as far as a developer needs it.
fn shortened(message: impl Into<String>) -> String {
    let mut message = message.into();
    if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE_CHARS) {
        message.truncate(end);
    }
    message
}

/// `POST /v1/batch`.
pub(crate) async fn batch(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<Json<BatchReply>, ApiError> {
    let query = request.uri().query().unwrap_or_default();
    let key = Params::from_query(query).get("k").map(String::from);
    let done = taken(&collector, request).await;
    if let Some(key) = key.filter(|key| collector.sites.is_known(key)) {
        let now_ms = collector.clock.now_ms();
        let outcome = done.as_ref().map_err(ApiError::code);
        collector.tally.note(&key, now_ms, outcome);
    }
    done.map(Json)
}

/// Takes a request step by step.
async fn taken(collector: &Collector, request: Request) -> Result<BatchReply, ApiError> {
    let mut received = receive(collector, request).await?;
    // Until the answer: what waits for the disk is under way as well.
    let _place = received.place.clone();
    let mut enriched = work(collector, received.clone()).await?;
    // What is in memory may be a second old, and a refusal is for ever: look again.
    let is_newer = enriched.names_unknown_survey() && received.refresh(collector).await?;
    let is_clearer = enriched.has_odd_clock() && knows_better(collector, &enriched).await;
    if is_newer || is_clearer {
        enriched = work(collector, received).await?;
    } else {
        // Its room is for the next one.
        drop(received);
    }
    let written = write(&*collector.store, &collector.metrics, enriched);
    written.await
}

/// Whether the store knows a smaller difference of a page load's clock than this process has heard of.
/// Times that stay as they came are better than none: a store that cannot be read knows nothing.
async fn knows_better(collector: &Collector, enriched: &Enriched) -> bool {
    let batch = &enriched.batch;
    let kept = collector
        .store
        .clock_offset(batch.project, batch.sender.boot);
    let Ok(Some(kept)) = kept.await else {
        return false;
    };
    let own = batch.sender.clock_offset_ms;
    collector
        .clocks
        .least(batch.project, batch.sender.boot, kept)
        < own
}

/// The steps that need no waiting.
async fn work(collector: &Collector, received: Received) -> Result<Enriched, ApiError> {
    if received.body.len() <= LONG_BODY_BYTES && !received.is_compressed() {
        return enriched_from(&received);
    }
    let worked = collector
        .intake
        .work(move || enriched_from(&received))
        .await;
    worked.unwrap_or_else(|error| Err(ApiError::internal(&error)))
}

fn enriched_from(received: &Received) -> Result<Enriched, ApiError> {
    let decoded = decode(received)?;
    let limited = limit(&decoded)?;
    let checked = validate(limited);
    Ok(enrich(checked))
}
