//! Turns surveys, visits and what people do into assertions about what follows.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

mod answer; // What can be an answer.
#[cfg(feature = "publish")]
mod compile; // What agent and widget are given.
mod eligibility; // Who sees it.
mod language; // In which words.
mod ledger; // What is remembered.
#[cfg(feature = "publish")]
mod made_up; // What authors get wrong.
#[cfg(feature = "publish")]
mod patterns; // What takes too long.
mod pick; // Which of several.
mod pipe; // Answers in texts.
#[cfg(feature = "publish")]
mod publish; // What must be right before.
mod walk; // Ways through a survey.
