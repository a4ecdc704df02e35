//! Turns surveys and what people do into assertions about what follows.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

mod answer; // What can be an answer.
#[cfg(feature = "publish")]
mod compile; // What agent and widget are given.
mod language; // In which words.
#[cfg(feature = "publish")]
mod patterns; // What takes too long.
mod pipe; // Answers in texts.
#[cfg(feature = "publish")]
mod publish; // What must be right before.
mod walk; // Ways through a survey.
