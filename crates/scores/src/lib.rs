//! Turns counts of answers into scores that say how sure they are.
//!
//! Pure arithmetic, compiled into the collector and into the console alike, so that a number is
//! computed by one piece of code wherever it is shown. No answers is never 0: it is `None`.
//!
//! - [`Score`]: the score of one group, of any [`Kind`], with its interval;
//! - [`Nps`]: the Net Promoter Score in all detail;
//! - [`Change`]: the difference of two groups, with a verdict;
//! - [`Stratified`]: the difference within each kind of person, weighed;
//! - [`stand_out`]: which of many differences say something;
//! - [`Reading`]: how much a number of answers allows to say;
//! - [`sample_size`]: how many answers a question needs;
//! - [`display`]: rounding, once, at the very end.

mod change;
pub mod display;
mod kind;
mod nps;
mod reading;
pub mod sample_size;
mod score;
mod segments;
mod stratified;

pub use change::{Change, Verdict};
pub use kind::Kind;
pub use nps::{Interval, Nps};
pub use reading::Reading;
pub use score::{POINTS, Score};
pub use segments::stand_out;
pub use stratified::{Pair, Stratified};

/// The two-sided 95 % quantile of the standard normal distribution.
pub(crate) const Z95: f64 = 1.959_964;
