//! Turns a report into what is shown of it: how much, in which words, at which certainty.
//!
//! The numbers are the collector's; how far they may be read, how they are rounded and how shares
//! add up to 100 is decided by the `scores` crate, for every place that shows them.

use core::ops::RangeInclusive;

use protocol::query::NpsReport;
use scores::{Nps, Reading, display};

use crate::scores_url::Span;
use crate::words::{self, say};

/// Which part of the scale a score belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Those who recommend.
    Promoters,
    /// Those in between.
    Passives,
    /// Those who advise against.
    Detractors,
}

impl Group {
    /// The group of one score.
    pub const fn of(score: u8) -> Self {
        if score >= *Nps::PROMOTERS.start() {
            Self::Promoters
        } else if score >= *Nps::PASSIVES.start() {
            Self::Passives
        } else {
            Self::Detractors
        }
    }

    const fn scores(self) -> RangeInclusive<u8> {
        match self {
            Self::Promoters => Nps::PROMOTERS,
            Self::Passives => Nps::PASSIVES,
            Self::Detractors => Nps::DETRACTORS,
        }
    }

    /// Many of them: `Promoters`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Promoters => say::scores_promoters(),
            Self::Passives => say::scores_passives(),
            Self::Detractors => say::scores_detractors(),
        }
    }

    /// One of them, in a sentence: `promoter`.
    pub fn said(self) -> &'static str {
        match self {
            Self::Promoters => say::scores_promoter(),
            Self::Passives => say::scores_passive(),
            Self::Detractors => say::scores_detractor(),
        }
    }

    /// Its name in styles and tests: `promoter`.
    pub const fn one(self) -> &'static str {
        match self {
            Self::Promoters => "promoter",
            Self::Passives => "passive",
            Self::Detractors => "detractor",
        }
    }

    /// The scores that belong to it: `9 to 10`.
    pub fn range(self) -> String {
        let scores = self.scores();
        say::scores_range(&scores.end().to_string(), &scores.start().to_string())
    }

    /// The lowest score of the group and how many scores it has.
    pub const fn span(self) -> (u8, u8) {
        let scores = self.scores();
        (*scores.start(), *scores.end() - *scores.start() + 1)
    }
}

/// One group with its people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Which group.
    pub group: Group,
    /// How many people.
    pub count: u64,
    /// Whole percent of all who answered; absent when too few answered for a percentage.
    pub share: Option<u32>,
}

/// The score and how sure it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// The score with its sign, `—` when too few answered.
    pub score: String,
    /// `95 % interval +33 to +50`; absent without a score.
    pub interval: Option<String>,
    /// `n = 186`.
    pub n: String,
    /// What keeps the score from being taken at its word, when something does.
    pub caution: Option<String>,
    /// Score, low end and high end on the -100 to 100 scale; absent without a score.
    pub range: Option<(f64, f64, f64)>,
}

/// How many of those who were shown the survey gave a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseRate {
    /// Nobody was shown the survey, so there is nothing to divide by.
    Unknown,
    /// `percent` of `shown` people.
    Known {
        /// In words: `38 %`.
        percent: String,
        /// People who were shown it and gave a score.
        answered: u64,
        /// People who were shown it.
        shown: u64,
    },
}

/// Everything that the Scores page shows of one report.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The page in one sentence.
    pub sentence: String,
    /// How much may be said.
    pub reading: Reading,
    /// The score.
    pub headline: Headline,
    /// Promoters, passives, detractors.
    pub split: [Slice; 3],
    /// People per score, 0 to 10.
    pub histogram: [u64; 11],
    /// How many of those asked answered.
    pub response_rate: ResponseRate,
}

impl Picture {
    /// What `report` over `span` shows.
    pub fn new(report: &NpsReport, span: Span) -> Self {
        let reading = Reading::of(report.n);
        Self {
            sentence: sentence(report.n, span),
            reading,
            headline: Headline::new(report, reading),
            split: split(report, reading),
            histogram: report.histogram,
            response_rate: response_rate(report),
        }
    }
}

impl Headline {
    fn new(report: &NpsReport, reading: Reading) -> Self {
        let known = report
            .score
            .zip(report.interval)
            .filter(|_| reading.shows_score());
        Self {
            score: known.map_or_else(|| "\u{2014}".to_owned(), |(s, _)| display::signed(s)),
            interval: known.map(|(_, i)| {
                let (low, high) = (display::signed(i.low), display::signed(i.high));
                say::scores_interval(&high, &low)
            }),
            n: format!("n = {}", words::count(report.n)),
            caution: caution(reading),
            range: known.map(|(s, i)| (s, i.low, i.high)),
        }
    }
}

fn sentence(n: u64, span: Span) -> String {
    match (n, span) {
        (0, Span::All) => String::from(say::scores_no_answers()),
        (0, _) => say::scores_nobody(&span.phrase()),
        _ => say::scores_answered(n, &span.phrase()),
    }
}

fn caution(reading: Reading) -> Option<String> {
    match reading {
        Reading::TooFew => Some(say::scores_too_few(Reading::MIN_FOR_SCORE)),
        Reading::EarlySignal => Some(say::scores_early(Reading::MIN_FOR_FIRM)),
        Reading::NoAnswers | Reading::Firm => None,
    }
}

fn split(report: &NpsReport, reading: Reading) -> [Slice; 3] {
    let counts = [report.promoters, report.passives, report.detractors];
    let shares = display::shares(counts).filter(|_| reading.shows_score());
    let groups = [Group::Promoters, Group::Passives, Group::Detractors];
    core::array::from_fn(|i| Slice {
        group: groups[i],
        count: counts[i],
        share: shares.map(|s| s[i]),
    })
}

fn response_rate(report: &NpsReport) -> ResponseRate {
    match words::percent(report.shown_and_answered, report.shown) {
        None => ResponseRate::Unknown,
        Some(percent) => ResponseRate::Known {
            percent,
            answered: report.shown_and_answered,
            shown: report.shown,
        },
    }
}

#[cfg(test)]
mod tests;
