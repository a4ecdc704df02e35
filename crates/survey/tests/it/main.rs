//! Turns rules, visits and memories into decisions, and checks each of them.

mod eligibility;
mod ledger;
mod pick;
