//! Turns the store's promises, and this backend's own, into tests.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

mod behaviour;
mod concurrent;
mod copies;
mod custody;
mod files;
mod inbox;
mod layouts;
mod power;
mod revisions;
mod telemetry;

use std::sync::Arc;

use store::Store;
use store_sqlite::SqliteStore;
use tempfile::TempDir;

/// An empty store, and the folder that lives as long as it is used.
fn open() -> (TempDir, Arc<dyn Store>) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("firsthand.db")).unwrap();
    (dir, Arc::new(store))
}
