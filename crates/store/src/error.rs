//! Turns whatever an engine can do wrong into the few cases that a caller treats differently.

/// What is wrong with a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiskState {
    /// There is no room.
    #[error("the disk is full")]
    Full,
    /// There is room, and nothing may be written.
    #[error("the disk cannot be written to")]
    ReadOnly,
    /// It was asked to write, or to sync, and failed.
    #[error("the disk fails")]
    Failing,
}

/// What went wrong in a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Too much waits to be written already; nothing of this call was kept. Worth another attempt.
    #[error("too much is waiting to be written")]
    Overloaded,
    /// The store was closed; nothing of this call was kept.
    #[error("the store is closed")]
    Closed,
    /// A newer build has changed the layout, and this one could only do harm.
    #[error("the data has layout {found}, written by a newer build; this one knows up to {known}")]
    NewerLayout {
        /// Layout of the data.
        found: u32,
        /// Newest layout that this build knows.
        known: u32,
    },
    /// The name belongs to something else.
    #[error("{what} is taken")]
    Taken {
        /// What has the name.
        what: &'static str,
    },
    /// It belongs to somebody whose data was erased.
    #[error("{what} was erased")]
    Erased {
        /// What was erased.
        what: &'static str,
    },
    /// Something that was stored cannot be read back.
    #[error("{what} is stored in a form that cannot be read")]
    Unreadable {
        /// What was to be read.
        what: &'static str,
        /// Why it cannot.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The disk takes nothing; nothing of this call was kept. Passes when somebody sees to the disk.
    #[error("the storage engine failed to {doing}: {state}")]
    Disk {
        /// What it was doing, as a verb.
        doing: &'static str,
        /// What is wrong with the disk.
        state: DiskState,
        /// What the engine said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The engine failed (a lock held too long, for instance); nothing of this call was kept.
    #[error("the storage engine failed to {doing}")]
    Engine {
        /// What it was doing, as a verb.
        doing: &'static str,
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StoreError {
    /// Whether the same call may succeed later without anybody changing it.
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Overloaded | Self::Closed | Self::Disk { .. } | Self::Engine { .. }
        )
    }
}
