//! Public API only.

mod availability;
mod budgets;
mod burn;
mod class;
mod distinct;
mod feature;
mod histogram;
mod objective;
mod outage;
mod suggest;
mod template;
