//! Turns memory into a disk that SQLite writes to and that a test can break.
//!
//! A [`Disk`] keeps what was written apart from what was synced. [`Disk::cut_power_after`] ends it in
//! the middle of its work, and [`Disk::survivor`] answers what could be found afterwards: of
//! everything that was not synced, any part, in pieces of a sector, sizes and names of files included.
//! Short of that it can be full, refuse to write, fail to sync or take its time.
//!
//! For tests alone. It has a lint table of its own because it is the one crate with `unsafe`: the
//! well-kept crates that bind SQLite's file systems need libclang to build (`sqlite-plugin`) or have
//! no shared memory, without which there is no write-ahead log (`rsqlite-vfs`, `sqlite-vfs`).

mod disk;
mod file;
mod locks;
mod vfs;

pub use crate::disk::{Disk, Fault};
pub use crate::vfs::VFS;
