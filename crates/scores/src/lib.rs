//! Turns counts of answers into scores that say how sure they are.
//!
//! Pure arithmetic, compiled into the collector and into the console alike, so that a number is
//! computed by one piece of code wherever it is shown. No answers is never 0: it is `None`.
//!
//! - [`Nps`]: the Net Promoter Score of one group, with its interval;
//! - [`Change`]: the difference of two groups, with a verdict;
//! - [`Reading`]: how much a number of answers allows to say;
//! - [`sample_size`]: how many answers a question needs;
//! - [`display`]: rounding, once, at the very end.

mod change;
pub mod display;
mod nps;
mod reading;
pub mod sample_size;

pub use change::{Change, Verdict};
pub use nps::{Interval, Nps};
pub use reading::Reading;

/// The two-sided 95 % quantile of the standard normal distribution.
pub(crate) const Z95: f64 = 1.959_964;
