//! Turns what SQLite says into a [`StoreError`] that names what was being done.

use store::{DiskState, StoreError};

/// Why a statement, or the check around it, did not go through.
#[derive(Debug)]
pub(crate) enum Fault {
    /// SQLite said no.
    Sql(rusqlite::Error),
    /// The system said no, to a thread for instance.
    System(std::io::Error),
    /// The store's own rules said no.
    Rule(StoreError),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::System(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Rule(error)
    }
}

/// The error for a fault that came up while doing `doing`, a verb such as "read sites".
pub(crate) fn named(doing: &'static str, fault: Fault) -> StoreError {
    let source = match fault {
        Fault::Rule(error) => return error,
        Fault::Sql(error) => match disk_state(&error) {
            Some(state) => {
                let source = error.into();
                return StoreError::Disk {
                    doing,
                    state,
                    source,
                };
            }
            None => error.into(),
        },
        Fault::System(error) => error.into(),
    };
    StoreError::Engine { doing, source }
}

/// What an error says about the disk. A file system that was remounted for reading fails to write,
/// which the engine does not tell from other failures.
fn disk_state(error: &rusqlite::Error) -> Option<DiskState> {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code()? {
        ErrorCode::DiskFull => Some(DiskState::Full),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Some(DiskState::ReadOnly),
        ErrorCode::SystemIoFailure => Some(DiskState::Failing),
        _ => None,
    }
}
