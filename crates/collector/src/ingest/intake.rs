//! Turns "how much can be in memory at once" into room for bodies, and hands that take them apart.
//!
//! Every connection may bring a megabyte, and thousands are open: without a bound on all of them
//! together, a moment of overload is the end of the process.

use std::num::NonZero;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of bodies that are read or wait to be taken apart. What is queued for the writer has its
/// own bound.
const MAX_BYTES: usize = 64 << 20;

/// Room for bodies, and hands that take them apart.
#[derive(Debug)]
pub(crate) struct Intake {
    room: Arc<Semaphore>,
    hands: Semaphore,
}

/// Room for one body, given back when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Room(Option<OwnedSemaphorePermit>);

impl Intake {
    pub(crate) fn new() -> Self {
        // One core may wait for memory while another goes on; more would only share the same cores,
        // each with an unfolded body of its own.
        let cores = std::thread::available_parallelism().map_or(2, NonZero::get);
        Self {
            room: Arc::new(Semaphore::new(MAX_BYTES)),
            hands: Semaphore::new(2 * cores),
        }
    }

    /// Takes room for `bytes` more of a body, which have arrived: what was merely announced takes
    /// none, or announcing would be enough to keep others out. Whether there was any.
    pub(super) fn take(&self, room: &mut Room, bytes: usize) -> bool {
        let Ok(bytes) = u32::try_from(bytes) else {
            return false;
        };
        let Ok(more) = Arc::clone(&self.room).try_acquire_many_owned(bytes) else {
            return false;
        };
        match &mut room.0 {
            Some(taken) => taken.merge(more),
            none => *none = Some(more),
        }
        true
    }

    /// Does long work beside the threads that answer requests, when there is a hand for it.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, tokio::task::JoinError> {
        // Never closed: without a hand there would be no bound, and nothing else.
        let _hand = self.hands.acquire().await;
        tokio::task::spawn_blocking(work).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_bounded_and_given_back() {
        let intake = Intake::new();
        let (mut one, mut other) = (Room::default(), Room::default());
        assert!(intake.take(&mut one, MAX_BYTES / 2));
        assert!(intake.take(&mut one, MAX_BYTES / 4));
        assert!(!intake.take(&mut other, MAX_BYTES / 2));
        assert!(intake.take(&mut other, MAX_BYTES / 4));
        assert!(!intake.take(&mut other, 1));
        drop(one);
        assert!(intake.take(&mut other, MAX_BYTES / 4 * 3));
        drop(other);
        assert_eq!(intake.room.available_permits(), MAX_BYTES);
    }
}
