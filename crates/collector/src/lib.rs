//! Turns what pages send into durable rows, and rows into what the console shows: the collector.
//!
//! One binary, `firsthand`, serves everything under one origin and one path. The way in is
//! `ingest`, a list of steps, and for images `attachments`; the one back channel is `config`; the
//! console asks `console_api`, which has numbers computed by `query` from what `evaluate` finds in the
//! background; `metrics` tells them to other systems; `assets` is everything that browsers load. [`app()`] puts them together without a socket, [`cli`]
//! and [`mod@serve`] open one. This is the only crate that reads the environment.

mod admission;
pub mod app;
pub mod assets;
mod attachments;
mod audit;
mod budgets;
pub mod cli;
mod clock;
mod config;
mod console_api;
mod cors;
mod custody;
mod definitions;
mod diag;
mod error;
mod evaluate;
mod headers;
mod health;
mod ingest;
mod keep;
mod logs;
mod metrics;
mod oidc;
mod origin;
mod outgoing;
mod query;
mod seed;
pub mod serve;
pub mod settings;
pub mod setup;
mod sites;
mod upkeep;

pub use crate::admission::{Limits, Rate};
pub use crate::app::{Collector, app};
pub use crate::clock::Clock;
pub use crate::console_api::{ConsoleRoute, Need, console_routes, openapi_document};
pub use crate::error::RunError;
pub use crate::evaluate::Evaluator;
pub use crate::ingest::dry::{DRY_RUN_MS, DryOutcome, DryRun};
pub use crate::ingest::{Replayed, replay};
pub use crate::metrics::ExportError;
pub use crate::origin::{OriginPattern, OriginPatternError};
pub use crate::outgoing::{OutgoingError, Range};
