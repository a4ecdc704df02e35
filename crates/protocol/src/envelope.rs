//! Turns items into one HTTP body: a header line, then one line an item.
//!
//! `POST /v1/batch?k=<site key>&v=1&z=gz|-&b=<batch id>&n=<attempt>`, `Content-Type: text/plain`,
//! no credentials and no header of our own, so that a browser never sends a preflight. The body is
//! NDJSON: line 1 is [`Header`], every further line an [`crate::item::Item`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{BootId, InstallId, SessionId};

/// The first line of an envelope: who sends, and by which clock.
///
/// ```
/// use protocol::envelope::Header;
/// let line = r#"{"sdk":"firsthand-js/0.1.0",
///     "install":"01936f7e-0000-7000-8000-000000000001",
///     "session":"01936f7e-0000-7000-8000-000000000002",
///     "boot":"01936f7e-0000-7000-8000-000000000003",
///     "sent_wall":1795300000000,"report":{"queue_full":2}}"#;
/// let header: Header = serde_json::from_str(line).unwrap();
/// assert_eq!(header.report["queue_full"], 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "ts",
    derive(ts_rs::TS),
    ts(concrete(R = BTreeMap<String, u32>))
)]
pub struct Header<R = BTreeMap<String, u32>> {
    /// Name and version of the sender.
    pub sdk: String,
    /// The browser profile.
    pub install: InstallId,
    /// The visit.
    pub session: SessionId,
    /// The page load.
    pub boot: BootId,
    /// The sender's wall clock when this body was first built, in milliseconds since 1970 (UTC).
    /// The time of an item is `sent_wall - age_ms`, corrected by the sender's clock offset.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sent_wall: u64,
    /// Items that the sender had to drop since its last report, by reason. Names that begin with
    /// `kept_` are no losses: they count items of which only a lesser place of the sender's device has
    /// a copy (`kept_in_localstorage`), or none but its memory (`kept_in_memory`). A map to whoever reads;
    /// whoever writes may use what is smaller, as long as it is written as a map.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub report: R,
}

/// What a header may say beside [`Header`], by senders that know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hints {
    /// Whether a program drives the browser: `navigator.webdriver`.
    #[serde(default)]
    pub webdriver: bool,
    /// Address of the page; the collector keeps a template of its path.
    #[serde(default)]
    pub page: String,
}

/// How a body is compressed: the query parameter `z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// As it is.
    #[default]
    #[serde(rename = "-")]
    Identity,
    /// gzip.
    #[serde(rename = "gz")]
    Gzip,
}
