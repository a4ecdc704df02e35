//! Turns a file of any earlier layout into one of the layout that this build knows.

use rusqlite::{Connection, TransactionBehavior};
use store::StoreError;

use crate::connect::Ground;
use crate::copy::copy_on;
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
    include_str!("../migrations/0006_delivery.sql"),
    include_str!("../migrations/0007_inbox.sql"),
    include_str!("../migrations/0008_views.sql"),
    include_str!("../migrations/0009_setup.sql"),
    include_str!("../migrations/0010_scores.sql"),
    include_str!("../migrations/0011_authoring.sql"),
    include_str!("../migrations/0012_rolled_up.sql"),
    include_str!("../migrations/0013_kept.sql"),
];

/// The layout that the last step leads to.
pub(crate) const KNOWN: u32 = STEPS.len() as u32;

/// The layout of a file; 0 when it has no tables.
pub(crate) fn layout_of(db: &Connection) -> rusqlite::Result<u32> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the steps that are missing, all of them or none. Before that it keeps a copy of what there
/// is, `firsthand.db-layout-3` for instance: an older build can go on with it.
///
/// The layout is read inside the transaction: two processes may start at once.
pub(crate) fn migrate(db: &mut Connection, ground: &Ground) -> Result<(), Fault> {
    in_transaction(db, TransactionBehavior::Immediate, |db| {
        take_missing_steps(db, ground)
    })
}

fn take_missing_steps(db: &Connection, ground: &Ground) -> Result<(), Fault> {
    let found = layout_of(db)?;
    if found > KNOWN {
        let known = KNOWN;
        return Err(StoreError::NewerLayout { found, known }.into());
    }
    if found == KNOWN {
        return Ok(());
    }
    let copy = ground.beside(&format!("-layout-{found}"));
    if found > 0 {
        // Nobody else writes meanwhile, and this has changed nothing yet. One that a start left that
        // did not come further is made anew.
        copy_on(ground, &copy)?;
        tracing::info!(
            found,
            known = KNOWN,
            "kept a copy before updating the layout"
        );
    }
    for step in STEPS.iter().skip(found as usize) {
        db.execute_batch(step)?;
    }
    if found > 0 {
        // It holds what people may want erased. Nobody has told the time here.
        db.execute(
            "INSERT INTO backup (path, made_ms) VALUES (?1, unixepoch() * 1000)
             ON CONFLICT (path) DO UPDATE SET made_ms = excluded.made_ms",
            [copy.file.display().to_string()],
        )?;
    }
    db.pragma_update(None, "user_version", KNOWN)?;
    Ok(())
}
