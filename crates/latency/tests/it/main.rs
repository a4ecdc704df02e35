//! Turns the public API of `latency` into assertions.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by stopping"
)]

mod availability;
mod budgets;
mod burn;
mod class;
mod distinct;
mod feature;
mod histogram;
mod made_up;
mod objective;
mod outage;
mod suggest;
mod template;
mod vital;
