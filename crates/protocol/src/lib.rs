//! The only definition of the wire: what the page, the collector and the console say to each other.
//!
//! Nothing here does IO or reads a clock. The modules follow the way an answer travels:
//!
//! - [`config`] and [`survey`]: what the collector tells the page (the one back channel);
//! - [`budget`]: what a product promises of its features;
//! - [`item`], [`latency`] and [`envelope`]: what the page sends, one item a line, many items a body;
//! - [`outcome`]: what became of each item, and the stable code of every refusal;
//! - [`query`]: what the console asks, and what it is told.
//!
//! `config`, `survey`, `item`, `envelope` and `outcome` are frozen on release: fields are only
//! added. `query` serves the console of the same build and may change with it.
//!
//! Shapes that reach the always-on module as `postcard` bytes ([`config`], [`survey`]) use no serde
//! attribute that needs a self-describing format: no `untagged`, `flatten`, `tag` or
//! `skip_serializing_if`.

pub mod budget;
pub mod config;
pub mod envelope;
pub mod id;
pub mod item;
pub mod latency;
pub mod limits;
pub mod outcome;
pub mod query;
pub mod score;
pub mod survey;
pub mod text;

/// Version of the wire that `v=` names in every request of the SDK.
pub const WIRE_VERSION: u8 = 1;
