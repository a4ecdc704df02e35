//! Turns what an item tells of into its name on the wire and its lane: what matters more goes first.
//!
//! Both modules know all kinds: a page that only measures also delivers what an earlier page left.

use crate::command::word;

/// What an item tells of, by importance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What a person wrote or chose, and sent.
    Response,
    /// Sums of requests, some of which failed.
    Outage,
    Dismissal,
    Impression,
    /// Sums of requests, which say the same a little later.
    Latency,
}

/// By importance.
pub(crate) const KINDS: [Kind; 5] = [
    Kind::Response,
    Kind::Outage,
    Kind::Dismissal,
    Kind::Impression,
    Kind::Latency,
];

impl Kind {
    /// The name on the wire.
    pub(crate) fn as_bytes(self) -> &'static [u8] {
        word(
            "response latency dismissal impression latency ",
            self as usize,
        )
    }

    /// Whether a person sends it on purpose: such items need no consent and are never evicted.
    pub(crate) const fn is_response(self) -> bool {
        matches!(self, Self::Response)
    }

    /// Answers, outages, events, latency.
    pub(crate) const fn lane(self) -> usize {
        match self {
            Self::Response => 0,
            Self::Outage => 1,
            Self::Dismissal | Self::Impression => 2,
            Self::Latency => 3,
        }
    }
}
