//! Turns writes from many tasks into few commits: one queue, one thread, one fsync for a group.
//!
//! The thread takes whatever waits, up to [`MAX_GROUP_ROWS`] or [`MAX_GROUP_BYTES`], without ever
//! waiting for more: while one commit reaches the disk the next group gathers by itself. Every
//! answer is sent after the commit returned. The queue is bounded; a full one is told at once, so
//! that the sender backs off instead of the collector growing.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use protocol::outcome::Outcome;
use rusqlite::{Connection, TransactionBehavior};
use store::{Batch, Reply, StoreError};
use tokio::sync::oneshot;

use crate::append::{Sums, append_batch};
use crate::custody::Stones;
use crate::fault::{Fault, named};
use crate::job::{answered, in_transaction, refused};

/// Rows in one commit. Measured: 132 k rows/s at 2,000, 117 k at 10,000.
const MAX_GROUP_ROWS: usize = 4_000;
/// Bytes of lines in one commit, so that large items do not make long ones.
const MAX_GROUP_BYTES: usize = 8 << 20;
/// Jobs that may wait.
const MAX_QUEUE_JOBS: usize = 4_096;
/// Bytes of lines that may wait.
const MAX_QUEUE_BYTES: usize = 64 << 20;

/// How long the log hears nothing of a commit that fails as the one before did.
const QUIET: Duration = Duration::from_secs(10);

/// What the thread is asked to do.
enum Job {
    Append(Box<Append>),
    /// Runs alone, in a transaction of its own if it needs one, and sends its own answer.
    Change(Box<dyn FnOnce(&mut Connection) + Send>),
}

struct Append {
    batch: Batch,
    bytes: usize,
    reply: oneshot::Sender<Result<Vec<Outcome>, StoreError>>,
}

/// The one thread that writes, and the queue in front of it.
pub(crate) struct Writer {
    /// Gone once the writer is closed.
    queue: RwLock<Option<SyncSender<Job>>>,
    /// Bytes of all batches in the queue.
    queued_bytes: Arc<AtomicUsize>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Told when the thread has written everything.
    finished: Mutex<Option<oneshot::Receiver<()>>>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("queued_bytes", &self.queued_bytes)
            .finish_non_exhaustive()
    }
}

impl Writer {
    pub(crate) fn start(db: Connection) -> Result<Self, Fault> {
        let (queue, jobs) = sync_channel(MAX_QUEUE_JOBS);
        let (finish, finished) = oneshot::channel();
        let queued_bytes = Arc::new(AtomicUsize::new(0));
        let thread = std::thread::Builder::new()
            .name(String::from("store-writer"))
            .spawn({
                let queued_bytes = Arc::clone(&queued_bytes);
                move || {
                    write_until_closed(db, &jobs, &queued_bytes);
                    // Nobody waits when the store was dropped instead of closed.
                    let _ = finish.send(());
                }
            })?;
        Ok(Self {
            queue: RwLock::new(Some(queue)),
            queued_bytes,
            thread: Mutex::new(Some(thread)),
            finished: Mutex::new(Some(finished)),
        })
    }

    /// Queues a batch.
    pub(crate) fn append(&self, batch: Batch) -> Reply<'_, Vec<Outcome>> {
        let (reply, answer) = oneshot::channel();
        let bytes = batch.bytes();
        let queued = self.queued_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let sent = if queued > MAX_QUEUE_BYTES {
            Err(StoreError::Overloaded)
        } else {
            self.send(Job::Append(Box::new(Append {
                batch,
                bytes,
                reply,
            })))
        };
        if sent.is_err() {
            self.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
        }
        answered(sent, answer)
    }

    /// Queues a change: `change` runs in one transaction, which is rolled back when it fails.
    pub(crate) fn change<T: Send + 'static>(
        &self,
        doing: &'static str,
        change: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Reply<'_, T> {
        let (reply, answer) = oneshot::channel();
        let run = move |db: &mut Connection| {
            let done = in_transaction(db, TransactionBehavior::Immediate, change)
                .map_err(|fault| named(doing, fault));
            // Whoever asked may have gone; the change is made all the same.
            let _ = reply.send(done);
        };
        answered(self.send(Job::Change(Box::new(run))), answer)
    }

    /// Queues work that runs alone and outside any transaction.
    pub(crate) fn alone<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Reply<'_, T> {
        let (reply, answer) = oneshot::channel();
        let run = move |db: &mut Connection| {
            // As above.
            let _ = reply.send(work(db).map_err(|fault| named(doing, fault)));
        };
        answered(self.send(Job::Change(Box::new(run))), answer)
    }

    /// Lets the thread write what waits and end.
    pub(crate) fn close(&self) -> Reply<'_, ()> {
        self.queue
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let finished = self
            .finished
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        Box::pin(async move {
            match finished {
                Some(finished) => finished.await.map_err(|_| StoreError::Closed),
                None => Err(StoreError::Closed),
            }
        })
    }

    fn send(&self, job: Job) -> Result<(), StoreError> {
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
        let queue = queue.as_ref().ok_or(StoreError::Closed)?;
        queue.try_send(job).map_err(|error| refused(&error))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Closes the queue; the future that waits for the end is not needed, the thread is joined.
        drop(self.close());
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer thread panicked");
        }
    }
}

fn write_until_closed(mut db: Connection, jobs: &Receiver<Job>, queued_bytes: &AtomicUsize) {
    let mut next = jobs.recv().ok();
    while let Some(job) = next.take() {
        match job {
            Job::Change(change) => change(&mut db),
            Job::Append(first) => {
                let (group, after) = gather(*first, jobs);
                let bytes = group.iter().map(|append| append.bytes).sum();
                commit(&mut db, group);
                queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
                next = after;
            }
        }
        if next.is_none() {
            next = jobs.recv().ok();
        }
    }
    fold_log(&db);
}

/// Moves the log into the file: at rest a data folder is one file, to be copied and read by any tool.
fn fold_log(db: &Connection) {
    // Where a reader stands in the way nothing is lost: the log is read at the next start.
    let _ = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
}

/// Takes the batches that wait; answers them with the job that ended the group, if one did.
fn gather(first: Append, jobs: &Receiver<Job>) -> (Vec<Append>, Option<Job>) {
    let mut rows = first.batch.items.len();
    let mut bytes = first.bytes;
    let mut group = vec![first];
    while rows < MAX_GROUP_ROWS && bytes < MAX_GROUP_BYTES {
        match jobs.try_recv() {
            Ok(Job::Append(append)) => {
                rows += append.batch.items.len();
                bytes += append.bytes;
                group.push(*append);
            }
            Ok(change @ Job::Change(_)) => return (group, Some(change)),
            Err(_) => break,
        }
    }
    (group, None)
}

/// Commits a group and answers each of its batches.
fn commit(db: &mut Connection, mut group: Vec<Append>) {
    let written = in_transaction(db, TransactionBehavior::Immediate, |db| {
        // Gone with the transaction when that fails: nothing is counted of what was not kept.
        let mut sums = Sums::default();
        let stones = Stones::load(db)?;
        let outcomes = group
            .iter()
            .map(|append| append_batch(db, &append.batch, &stones, &mut sums).map_err(Fault::from))
            .collect::<Result<Vec<_>, _>>()?;
        sums.write(db)?;
        Ok(outcomes)
    });
    match written {
        Ok(outcomes) => {
            for (append, outcomes) in group.into_iter().zip(outcomes) {
                // The sender may have gone; it will ask again and hear "duplicate".
                let _ = append.reply.send(Ok(outcomes));
            }
        }
        Err(fault) if group.len() == 1 || is_of_the_engine(&fault) => {
            refuse(group, fault);
        }
        Err(_) => {
            // One batch spoiled the group: each by itself, so that only that one fails.
            for append in group.drain(..) {
                commit(db, vec![append]);
            }
        }
    }
}

/// Whether a fault would meet every batch alike, so that trying them one by one is of no use.
fn is_of_the_engine(fault: &Fault) -> bool {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase,
        OutOfMemory, PermissionDenied, ReadOnly, SystemIoFailure,
    };
    let Fault::Sql(rusqlite::Error::SqliteFailure(error, _)) = fault else {
        return false;
    };
    matches!(
        error.code,
        CannotOpen
            | DatabaseBusy
            | DatabaseCorrupt
            | DatabaseLocked
            | DiskFull
            | NotADatabase
            | OutOfMemory
            | PermissionDenied
            | ReadOnly
            | SystemIoFailure
    )
}

/// Tells every batch of a failed commit, and the log once for all of them, and for all commits that
/// fail for the same reason within [`QUIET`].
fn refuse(group: Vec<Append>, fault: Fault) {
    let error = named("write a batch", fault);
    let text = match std::error::Error::source(&error) {
        Some(source) => source.to_string(),
        None => error.to_string(),
    };
    if is_news(&text) {
        tracing::error!(error = &error as &dyn std::error::Error, "a commit failed");
    }
    for append in group {
        let (doing, source) = ("write a batch", text.clone().into());
        let again = match &error {
            StoreError::Disk { state, .. } => StoreError::Disk {
                doing,
                state: *state,
                source,
            },
            _ => StoreError::Engine { doing, source },
        };
        // As above: whoever has gone asks again.
        let _ = append.reply.send(Err(again));
    }
}

/// Whether the log has not been told the same a moment ago: while a disk is full, everybody who sends
/// something makes a commit fail.
fn is_news(text: &str) -> bool {
    static TOLD: Mutex<Option<(String, Instant)>> = Mutex::new(None);
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let is_known = told
        .as_ref()
        .is_some_and(|(known, at)| known == text && at.elapsed() < QUIET);
    if !is_known {
        *told = Some((text.to_owned(), Instant::now()));
    }
    !is_known
}
