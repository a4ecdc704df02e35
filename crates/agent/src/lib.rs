//! The brain of the SDK: what happens in a page becomes commands for the page.
//!
//! Sans-IO: no clock, no network, no storage. Each input carries the time, each output is a list of
//! [`Command`]s as JSON text, so the same code runs in a page behind wasm-bindgen and natively in
//! tests. JSON is written here and never read: answers, page and person pass through as they came.
//!
//! The way of an answer: [`Agent`] takes it in, a response keeps its revisions, a bounded queue
//! waits, the transport makes envelopes and reads their outcomes. Install, session and the surveys
//! seen are kept as bytes that the page stores.

mod agent;
#[cfg(feature = "surveys")]
mod asking;
#[cfg(not(feature = "surveys"))]
#[path = "silent.rs"]
mod asking;
mod backoff;
mod command;
mod json;
mod kind;
mod memory;
mod meter;
mod queue;
mod reply;
mod say;
mod time;
mod transport;
mod turn;
mod writer;

pub use agent::Agent;
pub use command::{Body, Command, DeliveryState, Event, Known, WarnCode};
pub use time::{Entropy, Now};
