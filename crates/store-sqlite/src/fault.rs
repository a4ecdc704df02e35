//! Turns what SQLite says into a [`StoreError`] that names what was being done.

use store::StoreError;

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
        Fault::Sql(error) => error.into(),
        Fault::System(error) => error.into(),
    };
    StoreError::Engine { doing, source }
}
