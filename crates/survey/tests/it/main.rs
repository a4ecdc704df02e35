//! Turns surveys, visits and what people do into decisions, and checks each of them.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

mod answer; // What can be an answer.
#[cfg(feature = "publish")]
mod compile;
mod language;
mod pipe; // Answers in texts.
mod walk; // Ways through a survey.
