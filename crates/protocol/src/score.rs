//! Turns a number on the wire into a score that is known to be on the 0 to 10 scale, or an error.

use serde::{Deserialize, Serialize};

/// An answer on the NPS scale: an integer from 0 to 10.
///
/// Anything else (11, 7.5, `"9"`) fails to decode; it is never clamped or rounded.
///
/// ```
/// use protocol::score::NpsScore;
/// assert_eq!(NpsScore::try_from(10).map(u8::from), Ok(10));
/// assert!(NpsScore::try_from(11).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
#[serde(try_from = "u8", into = "u8")]
pub struct NpsScore(u8);

/// A number that is not on the 0 to 10 scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an integer from 0 to 10, got {0}")]
pub struct NotAnNpsScore(pub u8);

impl NpsScore {
    /// The highest score.
    pub const MAX: u8 = 10;

    /// Every score, lowest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=Self::MAX).map(Self)
    }
}

impl TryFrom<u8> for NpsScore {
    type Error = NotAnNpsScore;

    fn try_from(value: u8) -> Result<Self, Self::Error> {
        if value <= Self::MAX {
            Ok(Self(value))
        } else {
            Err(NotAnNpsScore(value))
        }
    }
}

impl From<NpsScore> for u8 {
    fn from(score: NpsScore) -> Self {
        score.0
    }
}
