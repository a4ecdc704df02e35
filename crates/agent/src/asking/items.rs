//! Turns one pass through a survey into the name by which its revisions know each other.

use protocol::id::ResponseId;

use super::pass::NO_RESPONSE;

/// Which response, and the number of its revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Revision(pub(crate) ResponseId, pub(crate) u32);

/// That of what is no response.
pub(crate) const NO_REVISION: Revision = Revision(NO_RESPONSE, 0);

impl Revision {
    /// Whether both are of one response.
    pub(crate) fn is_of(self, other: Self) -> bool {
        self.0 == other.0 && self.1 > 0
    }
}
