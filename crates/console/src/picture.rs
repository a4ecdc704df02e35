//! Turns a report into what is shown of it: how much, in which words, at which certainty.
//!
//! The numbers are the collector's; how far they may be read, how they are rounded and how shares
//! add up to 100 is decided by the `scores` crate, for every place that shows them.

use core::ops::RangeInclusive;

use protocol::query::scores::Scores;
use scores::{Kind, Reading, display};

use crate::scores_url::Span;
use crate::words::{self, say};

/// Which part of a scale a score belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The good end: promoters, the satisfied, those who had it easy.
    Top,
    /// In between.
    Middle,
    /// The bad end: detractors, the unsatisfied, those who had it hard.
    Bottom,
}

impl Group {
    /// From the good end to the bad one.
    pub const ALL: [Self; 3] = [Self::Top, Self::Middle, Self::Bottom];

    /// The group of one score.
    pub fn of(kind: Kind, score: u8) -> Self {
        let [top, middle, _] = kind.groups();
        if top.contains(&score) {
            Self::Top
        } else if middle.contains(&score) {
            Self::Middle
        } else {
            Self::Bottom
        }
    }

    /// The scores that belong to it.
    pub fn scores(self, kind: Kind) -> RangeInclusive<u8> {
        let [top, middle, bottom] = kind.groups();
        match self {
            Self::Top => top,
            Self::Middle => middle,
            Self::Bottom => bottom,
        }
    }

    /// Many of them: `Promoters`.
    pub fn label(self, kind: Kind) -> &'static str {
        match (kind, self) {
            (Kind::Nps, Self::Top) => say::scores_promoters(),
            (Kind::Nps, Self::Middle) => say::scores_passives(),
            (Kind::Nps, Self::Bottom) => say::scores_detractors(),
            (Kind::Csat, Self::Top) => say::scores_satisfied(),
            (_, Self::Middle) => say::scores_neutral(),
            (Kind::Csat, Self::Bottom) => say::scores_unsatisfied(),
            (Kind::Ces, Self::Top) => say::scores_easy(),
            (Kind::Ces, Self::Bottom) => say::scores_hard(),
        }
    }

    /// One of them, in a sentence: `promoter`.
    pub fn said(self) -> &'static str {
        match self {
            Self::Top => say::scores_promoter(),
            Self::Middle => say::scores_passive(),
            Self::Bottom => say::scores_detractor(),
        }
    }

    /// Its name in styles and tests: `promoter`.
    pub const fn one(self) -> &'static str {
        match self {
            Self::Top => "promoter",
            Self::Middle => "passive",
            Self::Bottom => "detractor",
        }
    }

    /// The scores that belong to it: `9 to 10`.
    pub fn range(self, kind: Kind) -> String {
        let scores = self.scores(kind);
        if scores.start() == scores.end() {
            return scores.start().to_string();
        }
        say::scores_range(&scores.end().to_string(), &scores.start().to_string())
    }

    /// The same for a link: `9-10`.
    pub fn query(self, kind: Kind) -> String {
        let scores = self.scores(kind);
        if scores.start() == scores.end() {
            return scores.start().to_string();
        }
        format!("{}-{}", scores.start(), scores.end())
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
    /// What is measured: `Net Promoter Score`.
    pub name: &'static str,
    /// The score with its sign, `—` when too few answered.
    pub score: String,
    /// `± 9`; absent without a score.
    pub margin: Option<String>,
    /// `95 % interval +33 to +50`; absent without a score.
    pub interval: Option<String>,
    /// `n = 186`.
    pub n: String,
    /// What keeps the score from being taken at its word, when something does.
    pub caution: Option<String>,
    /// Score, low end and high end, from 0 to 1 of the scale; absent without a score.
    pub range: Option<[f64; 3]>,
    /// What the ends of the scale and its middle are.
    pub ends: [&'static str; 3],
}

/// How many of those who were shown the survey gave a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseRate {
    /// Nobody was shown the survey, so there is nothing to divide by.
    Unknown,
    /// The view is narrower than what is known of those who gave no score.
    Narrow,
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

/// What the Scores page shows of everybody together.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// What is measured.
    pub kind: Kind,
    /// The page in one sentence.
    pub sentence: String,
    /// How much may be said.
    pub reading: Reading,
    /// The score.
    pub headline: Headline,
    /// From the good end to the bad one.
    pub split: [Slice; 3],
    /// Points and people, the lowest first.
    pub histogram: Vec<(u8, u64)>,
    /// How many of those asked answered.
    pub response_rate: ResponseRate,
    /// When there will be enough answers, as it goes now.
    pub soon: Option<String>,
}

impl Picture {
    /// What `report` over `span` shows.
    pub fn new(report: &Scores, span: Span) -> Self {
        let kind = kind_of(&report.kind);
        let reading = Reading::of(report.total.n);
        let days = report.reach.and_then(|reach| reach.days_to_firm);
        Self {
            kind,
            sentence: sentence(report.total.n, span),
            reading,
            headline: Headline::new(report, kind, reading),
            split: split(report.total.split, reading),
            histogram: report.histogram.iter().map(|(s, n)| (*s, *n)).collect(),
            response_rate: response_rate(report),
            soon: days.map(|days| say::scores_days_to_firm(u64::from(days))),
        }
    }
}

/// The kind of this name. The collector sends no other.
pub fn kind_of(name: &str) -> Kind {
    Kind::from_name(name).unwrap_or(Kind::Nps)
}

/// What is measured: `Net Promoter Score`.
pub fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Nps => say::scores_nps(),
        Kind::Csat => say::scores_csat(),
        Kind::Ces => say::scores_ces(),
    }
}

/// A score as it is written here.
pub fn value(kind: Kind, value: f64) -> String {
    words::decimal(display::value(kind, value))
}

/// Where a score lies on its scale, from 0 to 1.
pub fn place(kind: Kind, value: f64) -> f64 {
    let (least, most) = kind.range();
    ((value - least) / (most - least)).clamp(0.0, 1.0)
}

impl Headline {
    fn new(report: &Scores, kind: Kind, reading: Reading) -> Self {
        let total = &report.total;
        let known = total
            .score
            .zip(total.interval)
            .filter(|_| reading.shows_score());
        Self {
            name: name_of(kind),
            score: known.map_or_else(|| "\u{2014}".to_owned(), |(s, _)| value(kind, s)),
            margin: known.map(|(_, i)| {
                let margin = display::distance(kind, (i.high - i.low) / 2.0);
                format!("\u{b1} {}", words::decimal(margin))
            }),
            interval: known
                .map(|(_, i)| say::scores_interval(&value(kind, i.high), &value(kind, i.low))),
            n: format!("n = {}", words::count(total.n)),
            caution: caution(reading),
            range: known.map(|(s, i)| [s, i.low, i.high].map(|it| place(kind, it))),
            ends: match kind {
                Kind::Nps => ["\u{2212}100", "0", "+100"],
                Kind::Csat => ["0 %", "50 %", "100 %"],
                Kind::Ces => ["1", "4", "7"],
            },
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

fn split(counts: [u64; 3], reading: Reading) -> [Slice; 3] {
    let shares = display::shares(counts).filter(|_| reading.shows_score());
    core::array::from_fn(|i| Slice {
        group: Group::ALL[i],
        count: counts[i],
        share: shares.map(|s| s[i]),
    })
}

fn response_rate(report: &Scores) -> ResponseRate {
    let Some(reach) = report.reach else {
        return ResponseRate::Narrow;
    };
    match words::percent(reach.answered, reach.shown) {
        None => ResponseRate::Unknown,
        Some(percent) => ResponseRate::Known {
            percent,
            answered: reach.answered,
            shown: reach.shown,
        },
    }
}

/// A report in which so many people are at the good end, in the middle, at the bad end.
#[cfg(test)]
pub(crate) fn example(kind: Kind, counts: [u64; 3]) -> Scores {
    tests::report(kind, counts)
}

#[cfg(test)]
mod tests;
