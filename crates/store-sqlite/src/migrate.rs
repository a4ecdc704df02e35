//! Turns a file of any earlier layout into one of the layout that this build knows.

use rusqlite::{Connection, TransactionBehavior};
use store::StoreError;

use crate::fault::Fault;
use crate::job::in_transaction;

/// Step `n` turns layout `n` into layout `n + 1`. Steps are only ever added: files of every layout
/// are out there.
const STEPS: &[&str] = &[
    include_str!("../migrations/0001_start.sql"),
    include_str!("../migrations/0002_every_answer.sql"),
    include_str!("../migrations/0003_latency.sql"),
    include_str!("../migrations/0004_guards.sql"),
    include_str!("../migrations/0005_custody.sql"),
];

/// Takes the steps that are missing, all of them or none.
///
/// The layout is read again inside the transaction: two processes may start at once.
pub(crate) fn migrate(db: &mut Connection) -> Result<(), Fault> {
    in_transaction(db, TransactionBehavior::Immediate, take_missing_steps)
}

fn take_missing_steps(db: &Connection) -> Result<(), Fault> {
    let found: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = u32::try_from(STEPS.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(StoreError::NewerLayout { found, known }.into());
    }
    for step in STEPS.iter().skip(found as usize) {
        db.execute_batch(step)?;
    }
    db.pragma_update(None, "user_version", known)?;
    Ok(())
}
