//! Turns one feature into its three pictures, which are worked out once an answer.

use protocol::query::performance::FeatureDetail;

use super::bars::Bars;
use super::blame::Split;
use super::curve::Curve;
use super::zone::Zone;

/// What is drawn of one feature.
#[derive(Clone, Debug)]
pub struct Pictures {
    /// How long requests took.
    pub bars: Bars,
    /// How fast they were, when.
    pub curve: Curve,
    /// Who had the time; `None` when no browser told.
    pub split: Option<Split>,
}

impl Pictures {
    /// Those of `detail`, with times of `zone`.
    pub fn new(detail: &FeatureDetail, zone: &Zone) -> Self {
        Self {
            bars: Bars::new(detail),
            curve: Curve::new(detail, zone),
            split: Split::new(detail),
        }
    }
}
