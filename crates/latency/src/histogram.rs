//! Turns durations into a base-2 exponential histogram that can be merged without loss.

/// A base-2 exponential histogram of durations in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {}
