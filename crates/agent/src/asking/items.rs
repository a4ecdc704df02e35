//! Turns what is told about surveys, and what is measured, into kinds of items by importance.

use protocol::id::ResponseId;

use super::pass::NO_RESPONSE;
use crate::command::word;

/// What an item tells of, by importance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Response,
    Dismissal,
    Impression,
    /// Sums of requests, which say the same a little later.
    Latency,
}

impl Kind {
    pub(crate) fn as_bytes(self) -> &'static [u8] {
        word("response dismissal impression latency ", self as usize)
    }

    pub(crate) const fn is_response(self) -> bool {
        matches!(self, Self::Response)
    }
}

/// Which response, and the number of its revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Revision(pub(crate) ResponseId, pub(crate) u32);

/// That of what is no response.
pub(crate) const NO_REVISION: Revision = Revision(NO_RESPONSE, 0);

impl Revision {
    /// Whether both are of one response.
    pub(crate) fn is_of(self, other: Self) -> bool {
        self.0 == other.0
    }
}
