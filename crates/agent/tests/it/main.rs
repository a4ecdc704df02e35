//! Turns the agent's public inputs, driven by a fake clock, into assertions about its commands.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its fake page as well"
)]
#![cfg_attr(
    not(feature = "surveys"),
    expect(
        dead_code,
        unused_imports,
        reason = "the fake page can do more than is asked without surveys"
    )
)]

#[cfg(feature = "surveys")]
mod answers; // Revisions of a response, and what the person did otherwise.
#[cfg(feature = "surveys")]
mod breaches; // What was slow or failed sets surveys off.
#[cfg(feature = "surveys")]
mod delivery; // What every answer of the collector leads to, and when.
#[cfg(feature = "surveys")]
mod explaining; // Every gate, told.
#[cfg(feature = "surveys")]
mod gates; // When nothing may be sent, or only what a person sends on purpose.
#[cfg(feature = "surveys")]
mod hearing; // The same inputs as bytes.
#[cfg(feature = "surveys")]
mod keeping; // What outlives its page, and is delivered by another.
#[cfg(feature = "surveys")]
mod memory; // What is kept from page to page and between pages.
mod meter; // What requests add up to.
mod page; // The fake page that the others drive.
#[cfg(feature = "surveys")]
mod person; // Who the person is, consent, reset.
#[cfg(feature = "surveys")]
mod queue; // What waits, what goes first, what falls out.
#[cfg(feature = "surveys")]
mod resuming; // What goes on after another page load, or after the address came back.
#[cfg(feature = "surveys")]
mod showing; // Which survey is shown, when, and when not.
#[cfg(not(feature = "surveys"))]
mod silent; // The agent of pages that are only measured.
#[cfg(feature = "surveys")]
mod storms; // How often the collector is asked when nothing works.
mod telling; // When sums are told, in how many parts, and what of the clocks is believed.
#[cfg(feature = "surveys")]
mod triggers; // Events, counts, cancels, conditions.
