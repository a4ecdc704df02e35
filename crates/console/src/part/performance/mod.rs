//! Turns how fast and how available features are into trees of elements: one part of a page a file.
//!
//! Nothing here needs a browser: what people see is tested natively.

pub mod alerts;
pub mod blame;
pub mod budgets;
pub mod chooser;
pub mod classes;
pub mod common;
pub mod distribution;
pub mod exemplars;
pub mod feature_availability;
pub mod features;
pub mod health_mark;
pub mod objectives;
pub mod outages;
pub mod percentiles;
pub mod strip;
pub mod templates;
pub mod vitals;
