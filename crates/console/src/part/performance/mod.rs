//! Turns how fast and how available features are into what is seen of it: one component a file.
#![allow(
    clippy::needless_pass_by_value,
    reason = "a component owns what it is given"
)]

pub mod alerts;
pub mod blame;
pub mod budget_editor;
pub mod chooser;
pub mod classes;
pub mod distribution;
pub mod exemplars;
pub mod feature_availability;
pub mod features;
pub mod health_mark;
pub mod objectives;
pub mod outages;
pub mod percentiles;
pub mod reader;
pub mod strip;
pub mod templates;
pub mod twin;
pub mod waiting;
pub mod when;
pub mod work;

pub use alerts::Alerts;
pub use blame::BlameSplit;
pub use budget_editor::BudgetEditor;
pub use chooser::WindowChooser;
pub use classes::Classes;
pub use distribution::Distribution;
pub use exemplars::Exemplars;
pub use feature_availability::FeatureUp;
pub use features::{Features, Unbudgeted};
pub use health_mark::{HealthMark, HealthWord};
pub use objectives::{BudgetBar, Objectives};
pub use outages::Outages;
pub use percentiles::PercentilesOverTime;
pub use strip::{Strip, StripKey};
pub use templates::Templates;
pub use twin::{Scroll, Twin};
pub use waiting::{AvailabilityWaiting, FeatureWaiting, FeaturesWaiting};
pub use when::When;
pub use work::Work;
