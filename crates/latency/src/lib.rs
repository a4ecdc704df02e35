//! Turns requests into numbers that can be merged, and the numbers into what a team promised and kept.
//!
//! Pure: no IO, no clock. What the page needs ([`template`], [`class`], [`feature`], [`histogram`],
//! [`distinct`]) is small and always there; what reads the numbers is behind `evaluate`, what
//! checks budget documents behind `publish`.

pub mod class;
pub mod distinct;
pub mod feature;
pub mod histogram;
pub mod template;

#[cfg(feature = "evaluate")]
pub mod availability;
#[cfg(feature = "evaluate")]
pub mod burn;
#[cfg(feature = "evaluate")]
pub mod objective;
#[cfg(feature = "evaluate")]
pub mod outage;
#[cfg(feature = "evaluate")]
pub mod suggest;
#[cfg(feature = "evaluate")]
pub mod vital;

#[cfg(feature = "publish")]
pub mod budgets;

pub use class::Class;
pub use histogram::Histogram;
