//! Turns surveys, visits and memories into decisions, and checks each of them.

#[cfg(feature = "publish")]
mod compile;
mod language;
