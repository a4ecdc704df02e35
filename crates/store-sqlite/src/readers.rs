//! Turns reads from many tasks into work for a few threads, each with a read-only connection.

use std::fmt;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use store::{Reply, StoreError};
use tokio::sync::oneshot;

use crate::fault::{Fault, named};

/// Reads that may wait. A full queue is told at once, as the writer's is.
const MAX_QUEUE_JOBS: usize = 1_024;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The threads that read. They end when this is dropped and the last read is answered.
pub(crate) struct Readers {
    queue: SyncSender<Job>,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}

impl Readers {
    pub(crate) fn start(connections: Vec<Connection>) -> Result<Self, Fault> {
        let (queue, jobs) = sync_channel(MAX_QUEUE_JOBS);
        let jobs = Arc::new(Mutex::new(jobs));
        for db in connections {
            let jobs = Arc::clone(&jobs);
            std::thread::Builder::new()
                .name(String::from("store-reader"))
                .spawn(move || read_until_closed(db, &jobs))?;
        }
        Ok(Self { queue })
    }

    /// Queues a read: `read` sees the data of one moment.
    pub(crate) fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Reply<'_, T> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |db| {
            let done = at_one_moment(db, read).map_err(|fault| named(doing, fault));
            // Whoever asked may have gone.
            let _ = reply.send(done);
        });
        let sent = self.queue.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Overloaded,
            TrySendError::Disconnected(_) => StoreError::Closed,
        });
        Box::pin(async move {
            sent?;
            answer.await.unwrap_or(Err(StoreError::Closed))
        })
    }
}

fn read_until_closed(mut db: Connection, jobs: &Mutex<Receiver<Job>>) {
    loop {
        // The lock is held while waiting, not while reading: one thread waits for the next job, the
        // others for the lock.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(&mut db),
            Err(_) => return,
        }
    }
}

/// Runs `read` in one transaction, so that several statements agree with each other.
fn at_one_moment<T>(
    db: &mut Connection,
    read: impl FnOnce(&Connection) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let tx = db.transaction()?;
    let done = read(&tx)?;
    tx.commit()?;
    Ok(done)
}
