//! Turns one input of the page into a place for everything that comes of it.

use crate::json::Json;
use crate::time::{Entropy, Now};

/// One input while it is being handled.
#[derive(Debug)]
pub(crate) struct Turn<E> {
    pub(crate) now: Now,
    pub(crate) entropy: E,
    /// What the page is told to do, in order.
    pub(crate) out: Json,
}

impl<E: Entropy> Turn<E> {
    pub(crate) fn new(now: Now, entropy: E) -> Self {
        Self {
            now,
            entropy,
            out: Json::default(),
        }
    }

    /// The time on the monotonic clock in `ms`.
    pub(crate) fn after(&self, ms: impl Into<u64>) -> u64 {
        self.now.mono_ms.saturating_add(ms.into())
    }
}

/// Keeps `bytes` instead of what was kept before.
#[inline(never)]
pub(crate) fn keep(place: &mut Vec<u8>, bytes: &[u8]) {
    place.clear();
    place.extend_from_slice(bytes);
}
