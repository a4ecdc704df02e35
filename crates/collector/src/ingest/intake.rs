//! Turns "how much can be in memory at once" into places, room for bodies, and hands that take them apart.
//!
//! Every connection may bring a megabyte, and thousands are open: without a bound on all of them
//! together, a moment of overload is the end of the process. And where all of them are begun at once
//! none is ever finished: so many are under way as can be, and others wait unread at the door, which
//! costs next to nothing and slows down whoever sends.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of bodies that are read or wait to be taken apart. What is queued for the writer has its
/// own bound.
const MAX_BYTES: usize = 64 << 20;

/// Bytes of bodies that are under way, from their first byte to their answer. Two of the writer's largest
/// commits: one that is written, and one that waits, so that it never stands still. More would only wait
/// longer, until senders give up on what is written all the same.
const MAX_UNDER_WAY_BYTES: usize = 16 << 20;

/// Bytes that a body counts for at most while nothing but its length is known: announcing much shall
/// not be enough to keep others out.
const MAX_PLACE_BYTES: usize = 256 << 10;

/// Requests that may wait at the door; each has a connection.
const MAX_WAITING: usize = 2_048;

/// How long one waits at the door. Together with the body and the disk that is less than the half
/// minute after which an SDK gives up.
const AT_THE_DOOR: Duration = Duration::from_secs(5);

/// Places, room for bodies, and hands that take them apart.
#[derive(Debug)]
pub(crate) struct Intake {
    door: Arc<Semaphore>,
    waiting: AtomicUsize,
    room: Arc<Semaphore>,
    hands: Semaphore,
}

/// A place among the bodies that are under way, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

/// Room for one body, given back when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Room(Option<OwnedSemaphorePermit>);

impl Intake {
    pub(crate) fn new() -> Self {
        // One core may wait for memory while another goes on; more would only share the same cores,
        // each with an unfolded body of its own.
        let cores = std::thread::available_parallelism().map_or(2, NonZero::get);
        Self {
            door: Arc::new(Semaphore::new(MAX_UNDER_WAY_BYTES)),
            waiting: AtomicUsize::new(0),
            room: Arc::new(Semaphore::new(MAX_BYTES)),
            hands: Semaphore::new(2 * cores),
        }
    }

    /// Waits for a place, in the order of arrival. None when there was none in time, or when too many
    /// wait already.
    pub(super) async fn enter(&self, announced: Option<usize>) -> Option<Place> {
        let bytes = announced.map_or(MAX_PLACE_BYTES, |bytes| bytes.clamp(1, MAX_PLACE_BYTES));
        let bytes = u32::try_from(bytes).ok()?;
        if let Ok(place) = Arc::clone(&self.door).try_acquire_many_owned(bytes) {
            return Some(Place(place));
        }
        let _waits = Waits::one_of(&self.waiting)?;
        let place = Arc::clone(&self.door).acquire_many_owned(bytes);
        let place = tokio::time::timeout(AT_THE_DOOR, place).await.ok()?;
        place.ok().map(Place)
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

/// One of those who wait, for as long as it does.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn one_of(waiting: &'a AtomicUsize) -> Option<Self> {
        let one = Self(waiting);
        // Taken back by dropping it, also where it is one too many.
        (waiting.fetch_add(1, Ordering::Relaxed) < MAX_WAITING).then_some(one)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn whoever_finds_no_place_waits_for_one_and_not_for_ever() {
        let intake = Intake::new();
        let n = MAX_UNDER_WAY_BYTES / MAX_PLACE_BYTES;
        let mut places = Vec::new();
        for _ in 0..n {
            // What is announced counts for no more than a place, and so does what has no length.
            places.push(intake.enter(Some(usize::MAX)).await.unwrap());
            drop(places.pop());
            places.push(intake.enter(None).await.unwrap());
        }
        let began = tokio::time::Instant::now();
        assert!(intake.enter(Some(1)).await.is_none());
        assert_eq!(began.elapsed(), AT_THE_DOOR);
        let (waited, ()) = tokio::join!(intake.enter(Some(1)), async { drop(places.pop()) });
        assert!(waited.is_some());
        assert_eq!(intake.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn so_many_wait_and_no_more() {
        let intake = Intake::new();
        intake.waiting.store(MAX_WAITING, Ordering::Relaxed);
        let all = u32::try_from(MAX_UNDER_WAY_BYTES).unwrap();
        let taken = intake.door.try_acquire_many(all).unwrap();
        assert!(intake.enter(Some(1)).await.is_none(), "at once");
        drop(taken);
        assert!(intake.enter(Some(1)).await.is_some());
        assert_eq!(intake.waiting.load(Ordering::Relaxed), MAX_WAITING);
    }

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
