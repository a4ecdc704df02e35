//! Turns what each connection is doing into which of them has to go.
//!
//! Opening a connection costs whoever does it nothing, so a collector that waits for every one of
//! them can be kept from everybody by one machine. Two rules are against that: what somebody else
//! has to do has its time, and when there is no room left, those go first that were waited for
//! longest. A client that sends its request at once is never among them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing has come yet.
    Opening,
    /// A request's head has begun.
    Head,
    /// A request's body is on its way.
    Body,
    /// It is our turn.
    Work,
    /// The answer is on its way, or has arrived and nothing has come since.
    Answer,
}

impl Phase {
    const ALL: [Self; 5] = [
        Self::Opening,
        Self::Head,
        Self::Body,
        Self::Work,
        Self::Answer,
    ];

    /// How long it may take; nothing for what is ours to do.
    const fn limit(self) -> Option<Duration> {
        match self {
            // Browsers open connections ahead of need, and close them themselves after ten seconds.
            Self::Opening | Self::Head => Some(Duration::from_secs(10)),
            // Past the time that handlers wait for a body, who then say so.
            Self::Body => Some(Duration::from_secs(60)),
            Self::Work => None,
            // Longer than the minute for which proxies commonly keep connections, who otherwise send
            // into one that is just being closed.
            Self::Answer => Some(Duration::from_secs(75)),
        }
    }
}

/// One connection, as far as others have to know it.
#[derive(Debug)]
pub(super) struct Connection {
    /// Milliseconds of `epoch` at which the phase began, times eight, plus the phase.
    state: AtomicU64,
    epoch: Instant,
    /// Told when it has to go.
    pub(super) gone: Notify,
}

impl Connection {
    fn new(epoch: Instant) -> Self {
        let connection = Self {
            state: AtomicU64::new(0),
            epoch,
            gone: Notify::new(),
        };
        connection.enter(Phase::Opening);
        connection
    }

    /// Begins a phase now.
    pub(super) fn enter(&self, phase: Phase) {
        let since_ms = u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(u64::MAX >> 3);
        self.state
            .store(since_ms << 3 | phase as u64, Ordering::Relaxed);
    }

    /// What it is doing.
    pub(super) fn phase(&self) -> Phase {
        self.read().0
    }

    fn read(&self) -> (Phase, Duration) {
        let state = self.state.load(Ordering::Relaxed);
        let phase = Phase::ALL.get((state & 7) as usize);
        let phase = phase.copied().unwrap_or(Phase::Opening);
        (phase, Duration::from_millis(state >> 3))
    }
}

/// Connections by number, and the number of the next.
#[derive(Debug, Default)]
struct Open {
    next: u64,
    by_number: HashMap<u64, Arc<Connection>>,
}

/// Every open connection.
#[derive(Debug)]
pub(super) struct Register {
    epoch: Instant,
    /// How many there may be.
    limit: usize,
    open: Mutex<Open>,
    /// Told when the last one has gone.
    empty: Notify,
}

impl Register {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            epoch: Instant::now(),
            limit: limit.max(1),
            open: Mutex::default(),
            empty: Notify::new(),
        }
    }

    /// Enters a connection; where there is no room, others have to go.
    pub(super) fn enter(self: &Arc<Self>) -> Entry {
        let connection = Arc::new(Connection::new(self.epoch));
        let mut open = self.lock();
        if open.by_number.len() >= self.limit {
            self.make_room(&mut open);
        }
        let number = open.next;
        open.next += 1;
        open.by_number.insert(number, Arc::clone(&connection));
        Entry {
            register: Arc::clone(self),
            number,
            connection,
        }
    }

    /// Has every connection go that took too long.
    pub(super) fn sweep(&self) {
        let now = self.epoch.elapsed();
        self.lock().by_number.retain(|_, connection| {
            let (phase, since) = connection.read();
            let is_late = phase
                .limit()
                .is_some_and(|limit| now.saturating_sub(since) > limit);
            if is_late {
                connection.gone.notify_one();
            }
            !is_late
        });
    }

    /// Has every connection go.
    pub(super) fn clear(&self) {
        for (_, connection) in self.lock().by_number.drain() {
            connection.gone.notify_one();
        }
    }

    /// Ends when no connection is open.
    pub(super) async fn emptied(&self) {
        loop {
            let told = self.empty.notified();
            if self.lock().by_number.is_empty() {
                return;
            }
            told.await;
        }
    }

    /// Has one in 32 go, those first that were waited for longest: looking through all of them for
    /// each that comes would be work that an attacker gives us.
    fn make_room(&self, open: &mut Open) {
        let all = open.by_number.iter();
        let mut waited_for: Vec<(Duration, u64)> = all
            .filter_map(|(number, connection)| {
                let (phase, since) = connection.read();
                (phase != Phase::Work).then_some((since, *number))
            })
            .collect();
        waited_for.sort_unstable();
        for (_, number) in waited_for.iter().take((self.limit / 32).max(1)) {
            if let Some(connection) = open.by_number.remove(number) {
                connection.gone.notify_one();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the register, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Entry {
    register: Arc<Register>,
    number: u64,
    pub(super) connection: Arc<Connection>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut open = self.register.lock();
        // Not there any more when it had to go.
        open.by_number.remove(&self.number);
        if open.by_number.is_empty() {
            self.register.empty.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_told(connection: &Connection) -> bool {
        use std::future::Future;
        use std::task::{Context, Waker};
        let told = std::pin::pin!(connection.gone.notified());
        told.poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    }

    /// As [`Connection::enter`], but so long after the register began.
    fn enter_at(connection: &Connection, phase: Phase, since_ms: u64) {
        let state = since_ms << 3 | phase as u64;
        connection.state.store(state, Ordering::Relaxed);
    }

    fn register(limit: usize, phases: &[(Phase, u64)]) -> (Arc<Register>, Vec<Entry>) {
        let register = Arc::new(Register::new(limit));
        let entries: Vec<Entry> = phases
            .iter()
            .map(|(phase, since_ms)| {
                let entry = register.enter();
                enter_at(&entry.connection, *phase, *since_ms);
                entry
            })
            .collect();
        (register, entries)
    }

    fn told(entries: &[Entry]) -> Vec<bool> {
        let connections = entries.iter().map(|entry| &*entry.connection);
        connections.map(is_told).collect()
    }

    #[test]
    fn a_phase_is_read_as_it_was_written() {
        for phase in Phase::ALL {
            let connection = Connection::new(Instant::now());
            connection.enter(phase);
            assert_eq!(connection.phase(), phase);
        }
    }

    #[test]
    fn who_was_waited_for_longest_makes_room() {
        let phases = [
            (Phase::Work, 1),
            (Phase::Body, 30),
            (Phase::Head, 20),
            (Phase::Answer, 40),
        ];
        let (register, entries) = register(4, &phases);
        assert_eq!(told(&entries), [false; 4]);
        let fifth = register.enter();
        assert_eq!(told(&entries), [false, false, true, false]);
        assert!(!is_told(&fifth.connection));
        // What is ours to do is never given up, even where that means one more.
        let (register, entries) = self::register(1, &[(Phase::Work, 1)]);
        let _second = register.enter();
        assert_eq!(told(&entries), [false]);
    }

    #[test]
    fn what_takes_too_long_has_to_go() {
        let epoch_ago = Duration::from_secs(100);
        let mut register = Register::new(8);
        let Some(epoch) = Instant::now().checked_sub(epoch_ago) else {
            // A machine that has just been started has no such time.
            return;
        };
        register.epoch = epoch;
        let register = Arc::new(register);
        let at = |phase, ago_ms: u64| {
            let entry = register.enter();
            enter_at(&entry.connection, phase, 100_000 - ago_ms);
            entry
        };
        let entries = [
            at(Phase::Opening, 9_000),
            at(Phase::Opening, 11_000),
            at(Phase::Head, 11_000),
            at(Phase::Body, 11_000),
            at(Phase::Body, 61_000),
            at(Phase::Work, 99_000),
            at(Phase::Answer, 61_000),
            at(Phase::Answer, 76_000),
        ];
        register.sweep();
        let expected = [false, true, true, false, true, false, false, true];
        assert_eq!(told(&entries), expected);
    }

    #[tokio::test]
    async fn whoever_waits_for_the_end_hears_of_it() {
        let (register, entries) = register(8, &[(Phase::Work, 1), (Phase::Head, 2)]);
        let emptied = register.emptied();
        let mut emptied = std::pin::pin!(emptied);
        let pending = std::future::poll_fn(|cx| {
            std::task::Poll::Ready(emptied.as_mut().poll(cx).is_pending())
        });
        assert!(pending.await);
        drop(entries);
        emptied.await;
    }
}
