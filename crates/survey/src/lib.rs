//! Turns survey definitions and what is known of a visit into decisions, the same everywhere.
//!
//! - [`eligibility`]: every gate between a person and a survey, with what it needed and what it
//!   found; [`rule`] reads the config's [`bytes`], [`matching`] its conditions; [`ledger`] remembers what happened; [`pick`] chooses
//!   among several surveys;
//! - [`walk`]: what follows an answer; [`answer`]: what can be one; [`pipe`]: answers in texts;
//! - [`publish`]: what must be right before a survey may run; [`compile`]: what agent and widget
//!   are given of it; [`language`]: in which words; [`patterns`] and [`contrast`] serve the checks.
//!
//! Pure: the agent decides with it, the collector checks with it, the widget follows it.

pub mod answer;
pub mod bytes;
#[cfg(feature = "publish")]
pub mod compile;
#[cfg(feature = "publish")]
pub mod contrast;
pub mod eligibility;
pub mod language;
pub mod ledger;
pub mod matching;
#[cfg(feature = "publish")]
pub mod patterns;
pub mod pick;
pub mod pipe;
#[cfg(feature = "publish")]
pub mod publish;
pub mod rule;
pub mod sampling;
pub mod walk;
