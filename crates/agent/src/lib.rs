//! The brain of the SDK: what happens in a page becomes commands for the page.
//!
//! Sans-IO: no clock, no network, no storage, no JSON. Each input carries the time, each output is a
//! list of [`Command`]s, so the same code runs in a page behind wasm-bindgen and natively in tests.
//!
//! The way of an answer: [`Agent`] takes it in, a response keeps its revisions, a bounded queue
//! waits, the transport makes envelopes and reads their outcomes. Install, session and the surveys
//! seen are kept as bytes that the page stores.

mod agent;
mod backoff;
mod bytes;
mod command;
mod memory;
mod pass;
mod queue;
mod reply;
mod time;
mod transport;
mod turn;

pub use agent::Agent;
pub use command::{Body, Command, DeliveryState, Event, Shared, WarnCode};
pub use queue::Drops;
pub use reply::Reply;
pub use time::{Entropy, Now};
