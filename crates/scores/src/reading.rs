//! Turns a number of answers into how much may be said about their score.

/// How a score may be shown, by the number of people behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// Nobody answered: there is no score, and it is not 0.
    NoAnswers,
    /// 1 to 9 people: show counts and what they wrote, no score.
    TooFew,
    /// 10 to 29 people: show the score muted, as an early signal.
    EarlySignal,
    /// 30 people or more.
    Firm,
}

impl Reading {
    /// Fewest people for a score to be shown at all.
    pub const MIN_FOR_SCORE: u64 = 10;
    /// Fewest people for a score to be shown without reserve.
    pub const MIN_FOR_FIRM: u64 = 30;

    /// How the score of `n` people may be shown.
    pub const fn of(n: u64) -> Self {
        match n {
            0 => Self::NoAnswers,
            1..Self::MIN_FOR_SCORE => Self::TooFew,
            Self::MIN_FOR_SCORE..Self::MIN_FOR_FIRM => Self::EarlySignal,
            _ => Self::Firm,
        }
    }

    /// Whether a score is shown.
    pub const fn shows_score(self) -> bool {
        matches!(self, Self::EarlySignal | Self::Firm)
    }
}

impl crate::Nps {
    /// How this score may be shown.
    pub const fn reading(&self) -> Reading {
        Reading::of(self.n())
    }
}
