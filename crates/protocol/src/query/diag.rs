//! Turns "nothing arrives" into what a collector can say about it: `GET /v1/diag?k=<site key>`.
//!
//! Answered to every origin, so that a page can ask why it is refused. It holds counts and nothing
//! about anybody.

use serde::{Deserialize, Serialize};

use super::delivery::Reason;

/// What a collector says of itself and of one site key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Diagnosis {
    /// Version of the collector.
    pub version: String,
    /// Version of the wire that it speaks.
    pub wire: u8,
    /// Its clock; milliseconds since 1970 (UTC).
    pub now_ms: u64,
    /// Whether it takes anything: a write went through within the last second.
    pub ready: bool,
    /// The origin that the request came from, as the browser named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Whether the site lists that origin; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_allowed: Option<bool>,
    /// What became of what this key sent.
    pub recent: Recent,
}

/// What became of what one key sent, since the collector was started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recent {
    /// Since when; milliseconds since 1970 (UTC).
    pub since_ms: u64,
    /// When it last sent anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_ms: Option<u64>,
    /// Requests that were read.
    pub requests: u64,
    /// Requests that were refused as a whole, by code.
    pub refused: Vec<Reason>,
    /// Items by outcome.
    pub items: Vec<Reason>,
    /// Items that were refused, by reason.
    pub rejected: Vec<Reason>,
}
