//! Turns the answer to an envelope, or its absence, into what to do with that envelope.

use crate::queue::DropReason;

/// What came back for one envelope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reply<'a> {
    /// Which envelope.
    pub(crate) slot: u32,
    /// The HTTP status; 0 when no answer came: network, timeout, blocked, unreadable; 1 when none
    /// came and the browser says that it is offline.
    pub(crate) status: u16,
    /// With 200, one [`protocol::outcome::Outcome::letter`] an item, else empty.
    pub(crate) letters: &'a [u8],
    /// The `Retry-After` header in milliseconds; 0 when there is none.
    pub(crate) retry_after_ms: u32,
    /// The stable code of the refusal, of the request or of its first refused item; or empty.
    pub(crate) code: &'a [u8],
}

/// What a status asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// One letter an item tells its fate.
    Decided,
    /// Send halves; give up on an item that fails alone.
    Halve(DropReason),
    /// Nothing will change soon: be quiet, look again after an hour.
    Stop,
    /// Send the same bytes again, not before the collector says.
    Wait,
    /// The outcome is unknown: send the same bytes again.
    Again,
}

/// What `status` asks for.
///
/// A refusal that is not in the contract (405, 451, …) keeps the items and goes quiet: nothing is
/// lost if somebody repairs it. Any other answer was not the collector's (a portal, a proxy), so
/// the outcome is unknown.
pub(crate) const fn verdict(status: u16) -> Verdict {
    match status {
        200 => Verdict::Decided,
        413 => Verdict::Halve(DropReason::TooLarge),
        400 | 415 | 422 => Verdict::Halve(DropReason::Unreadable),
        429 | 503 => Verdict::Wait,
        408 | 425 => Verdict::Again,
        401..=499 => Verdict::Stop,
        _ => Verdict::Again,
    }
}
