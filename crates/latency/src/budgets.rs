//! Turns a budget document into what is wrong with it, and into what pages are told.

use protocol::budget::Budgets;
use protocol::config::Metering;
use protocol::query::Finding;

/// Reads a document.
pub fn parse(json: &str) -> Result<Budgets, Vec<Finding>> {
    serde_json::from_str(json).map_err(|_| Vec::new())
}

/// All that is wrong with it, and what is worth a second look.
pub fn check(_: &Budgets) -> Vec<Finding> {
    Vec::new()
}

/// What pages are told.
pub fn compile(_: &Budgets) -> Metering {
    Metering::default()
}
