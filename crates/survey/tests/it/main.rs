//! Turns surveys and what people do into assertions about what follows.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

mod answer; // What can be an answer.
mod pipe; // Answers in texts.
mod walk; // Ways through a survey.
