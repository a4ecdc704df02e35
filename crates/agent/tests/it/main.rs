//! Turns the agent's public inputs, driven by a fake clock, into assertions about its commands.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its fake page as well"
)]

mod answers; // Revisions of a response, and what the person did otherwise.
mod delivery; // What every answer of the collector leads to, and when.
mod explaining; // Every gate, told.
mod hearing; // The same inputs as bytes.
mod memory; // What is kept from page to page and between pages.
mod meter; // What requests add up to, and when that is told.
mod page; // The fake page that the others drive.
mod person; // Who the person is, consent, reset.
mod queue; // What waits, what goes first, what falls out.
mod resuming; // What goes on after another page load, or after the address came back.
mod showing; // Which survey is shown, when, and when not.
mod storms; // How often the collector is asked when nothing works.
mod triggers; // Events, counts, cancels, conditions.
