//! Turns the name of a kind of score into its scale: where it begins and ends, and what is good on it.

use core::ops::RangeInclusive;

/// What is measured by a question with a scale.
///
/// ```
/// use scores::Kind;
/// assert_eq!(Kind::from_name("csat"), Some(Kind::Csat));
/// assert_eq!(Kind::Ces.points(), 1..=7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Net Promoter Score: 0 to 10, scored from -100 to 100.
    Nps,
    /// Customer satisfaction: 1 to 5, scored as the percentage that chose one of the top two.
    Csat,
    /// Customer effort: 1 (hard) to 7 (easy), scored as the mean.
    Ces,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Nps, Self::Csat, Self::Ces];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nps => "nps",
            Self::Csat => "csat",
            Self::Ces => "ces",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What people can choose.
    pub const fn points(self) -> RangeInclusive<u8> {
        match self {
            Self::Nps => 0..=10,
            Self::Csat => 1..=5,
            Self::Ces => 1..=7,
        }
    }

    /// Three groups of people by what they chose: the good end, the middle, the bad end.
    ///
    /// # Source
    /// NPS: [`crate::Nps`]. CSAT: the two best of five are satisfied. CES: above the middle is easy.
    pub const fn groups(self) -> [RangeInclusive<u8>; 3] {
        match self {
            Self::Nps => [9..=10, 7..=8, 0..=6],
            Self::Csat => [4..=5, 3..=3, 1..=2],
            Self::Ces => [5..=7, 4..=4, 1..=3],
        }
    }

    /// The lowest and the highest that a score can be, in its own unit.
    pub const fn range(self) -> (f64, f64) {
        match self {
            Self::Nps => (-100.0, 100.0),
            Self::Csat => (0.0, 100.0),
            Self::Ces => (1.0, 7.0),
        }
    }
}
