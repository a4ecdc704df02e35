//! Turns survey definitions and what is known of a visit into decisions, the same everywhere.
//!
//! - [`eligibility`]: every gate between a person and a survey, with what it needed and what it
//!   found; [`pick`] chooses among several surveys;
//! - [`flow`]: what follows an answer;
//! - [`publish`]: what must be right before a survey may run.
//!
//! Pure: the agent decides with it, the collector checks with it, the widget follows it.

pub mod eligibility;
pub mod flow;
pub mod pick;
pub mod publish;
mod sampling;
