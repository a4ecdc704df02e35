//! Turns what the collector says of requests into what is drawn and said of it; no browser needed.
//!
//! From words to pictures: [`quantity`] and [`zone`] write numbers and times, [`health`] and
//! [`sentence`] say how things stand, [`scale`] places them, [`bars`], [`curve`], [`blame`] and
//! [`strip`] are the four pictures ([`picture`] holds those of one feature), [`url`] is where all of it can be found again.

pub mod bars;
pub mod blame;
pub mod curve;
pub mod health;
pub mod picture;
pub mod quantity;
pub mod scale;
pub mod sentence;
pub mod strip;
pub mod url;
pub mod zone;

#[cfg(test)]
pub(crate) mod example;
