//! Turns what the collector says of scores into elements: one picture a file.

pub mod breakdown;
pub mod compared;
pub mod figures;
pub mod foot;
pub mod histogram;
pub mod slow;
pub mod top;
pub mod trend;
