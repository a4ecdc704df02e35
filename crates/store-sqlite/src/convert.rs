//! Turns the store's numbers and ids into what SQLite keeps, and back.

use rusqlite::Row;
use uuid::Uuid;

/// SQLite's integers are signed; what is beyond them is as good as for ever.
pub(crate) fn int_from_u64(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Reads a column that only [`int_from_u64`] writes.
pub(crate) fn u64_at(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column)
        .map(|value| u64::try_from(value).unwrap_or(0))
}

/// Reads a UUID that was kept as a blob of 16 bytes.
pub(crate) fn uuid_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}
