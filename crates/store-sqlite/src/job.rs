//! Turns work for a thread into a reply: what writer and readers have in common.

use std::sync::mpsc::TrySendError;

use rusqlite::{Connection, TransactionBehavior};
use store::{Reply, StoreError};
use tokio::sync::oneshot;

use crate::fault::Fault;

/// What a job that the queue did not take is told.
pub(crate) fn refused<T>(error: &TrySendError<T>) -> StoreError {
    match error {
        TrySendError::Full(_) => StoreError::Overloaded,
        TrySendError::Disconnected(_) => StoreError::Closed,
    }
}

/// The reply of a job that was sent, or the refusal of one that was not.
pub(crate) fn answered<'a, T: Send + 'static>(
    sent: Result<(), StoreError>,
    answer: oneshot::Receiver<Result<T, StoreError>>,
) -> Reply<'a, T> {
    Box::pin(async move {
        sent?;
        // A job that was taken is always answered, unless the thread died with it.
        answer.await.unwrap_or(Err(StoreError::Closed))
    })
}

/// Runs `work` in one transaction; commits when it succeeds, rolls back when it does not.
pub(crate) fn in_transaction<T>(
    db: &mut Connection,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Connection) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let tx = db.transaction_with_behavior(behavior)?;
    let done = work(&tx)?;
    tx.commit()?;
    Ok(done)
}
