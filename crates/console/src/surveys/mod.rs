//! Turns what the collector knows of surveys into what their author sees: addresses, words, differences.

pub mod api;
pub mod bench;
pub mod diff;
pub mod element;
pub mod local_time;
mod saving;
pub mod tell;
pub mod templates;
pub mod url;
