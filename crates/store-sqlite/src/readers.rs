//! Turns reads from many tasks into work for a few threads, each with a read-only connection.

use std::fmt;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, TransactionBehavior};
use store::{Reply, StoreError};
use tokio::sync::oneshot;

use crate::fault::{Fault, named};
use crate::job::{answered, in_transaction, refused};

/// Reads that may wait. A full queue is told at once, as the writer's is.
const MAX_QUEUE_JOBS: usize = 1_024;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The threads that read. Dropping this waits until the last read is answered.
pub(crate) struct Readers {
    /// Gone once this is dropped.
    queue: Option<SyncSender<Job>>,
    threads: Vec<JoinHandle<()>>,
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
        let mut threads = Vec::new();
        for db in connections {
            let jobs = Arc::clone(&jobs);
            let thread = std::thread::Builder::new()
                .name(String::from("store-reader"))
                .spawn(move || read_until_closed(db, &jobs))?;
            threads.push(thread);
        }
        let queue = Some(queue);
        Ok(Self { queue, threads })
    }

    /// Queues a read: `read` sees the data of one moment.
    pub(crate) fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Reply<'_, T> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |db| {
            // Several statements in one transaction agree with each other.
            let done = in_transaction(db, TransactionBehavior::Deferred, read);
            // Whoever asked may have gone.
            let _ = reply.send(done.map_err(|fault| named(doing, fault)));
        });
        let sent = match &self.queue {
            Some(queue) => queue.try_send(job).map_err(|error| refused(&error)),
            None => Err(StoreError::Closed),
        };
        answered(sent, answer)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue.take();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a reader thread panicked");
            }
        }
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
