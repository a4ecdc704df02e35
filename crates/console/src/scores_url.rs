//! Turns the query string of the Scores page into a choice, and a choice into a link.

use crate::view_url::{Reader, View, Writer};
use crate::words::say;

/// Longest window that can be asked for by hand: ten years.
const MAX_DAYS: u32 = 3_650;

/// The stretch of time that is looked at; it always ends now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// The last so many days of 24 hours.
    Days(u32),
    /// Everything there is.
    #[default]
    All,
}

impl Span {
    /// What is looked at unless told otherwise.
    pub const DEFAULT: Self = Self::Days(28);
    /// What is offered as links, shortest first.
    pub const OFFERED: [Self; 4] = [Self::Days(7), Self::Days(28), Self::Days(90), Self::All];

    /// Reads the value of `days=`: a number of days, or `all`.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "all" {
            return Some(Self::All);
        }
        let days = text.parse().ok()?;
        (1..=MAX_DAYS).contains(&days).then_some(Self::Days(days))
    }

    /// Number of days for the collector; `None` for all time.
    pub const fn days(self) -> Option<u32> {
        match self {
            Self::Days(days) => Some(days),
            Self::All => None,
        }
    }

    /// As the label of a link: `28 days`, `All time`.
    pub fn label(self) -> String {
        match self {
            Self::Days(1) => say::time_hours(24),
            Self::Days(days) => say::time_days(u64::from(days)),
            Self::All => String::from(say::time_all()),
        }
    }

    /// What is still on screen, as it was at `at`: `You see the last 28 days as of 14:05.`
    pub fn kept(self, at: &str) -> String {
        match self {
            Self::Days(days) => say::scores_kept_days(u64::from(days), at),
            Self::All => say::scores_kept_all(at),
        }
    }

    /// As the end of a sentence: `in the last 28 days`, `so far`.
    pub fn phrase(self) -> String {
        match self {
            Self::Days(1) => say::time_in_hours(24),
            Self::Days(days) => say::time_in_days(u64::from(days)),
            Self::All => String::from(say::time_so_far()),
        }
    }
}

/// What the URL of the Scores page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoresUrl {
    /// The survey's slug; `None` means the first survey that asks for a score.
    pub survey: Option<String>,
    /// The stretch of time.
    pub span: Span,
}

impl View for ScoresUrl {
    fn read(from: &mut Reader) -> Self {
        Self {
            // Which surveys there are is known to the page, which names one that there is not.
            survey: from.take("survey", |text| Some(String::from(text))),
            span: from.take("days", Span::parse).unwrap_or(Span::DEFAULT),
        }
    }

    fn write(&self, to: &mut Writer) {
        to.put("survey", self.survey.as_deref());
        let days = match self.span {
            Span::Days(days) => days.to_string(),
            Span::All => String::from("all"),
        };
        to.put("days", Some(&days));
    }
}

impl ScoresUrl {
    /// A link to `survey` over `span`, relative to the console's base.
    pub fn href(survey: &str, span: Span) -> String {
        let survey = Some(String::from(survey));
        Self { survey, span }.link("scores")
    }

    /// A link to `survey` over the usual span.
    pub fn of_survey(survey: &str) -> String {
        Self::href(survey, Span::DEFAULT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, survey: Option<&str>, span: Span) {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut from = Reader::new(pairs.map(|(k, v)| (String::from(k), String::from(v))));
        let url = ScoresUrl::read(&mut from);
        assert_eq!(url.survey.as_deref(), survey, "{query}");
        assert_eq!(url.span, span, "{query}");
    }

    #[test]
    fn what_is_said_is_read() {
        check("survey=nps&days=7", Some("nps"), Span::Days(7));
        check("survey=nps&days=all", Some("nps"), Span::All);
        check("days=14", None, Span::Days(14));
    }

    #[test]
    fn what_is_not_understood_falls_back() {
        for query in [
            "",
            "survey=",
            "days=0",
            "days=-7",
            "days=x",
            "days=99999",
            "color=red",
        ] {
            check(query, None, Span::DEFAULT);
        }
    }

    #[test]
    fn every_offered_link_reads_back_as_itself() {
        for span in Span::OFFERED {
            let href = ScoresUrl::href("nps-2026_b", span);
            let (_, query) = href.split_once('?').unwrap();
            check(query, Some("nps-2026_b"), span);
        }
    }

    #[test]
    fn spans_have_words() {
        assert_eq!(Span::Days(28).phrase(), "in the last 28 days");
        assert_eq!(Span::Days(1).phrase(), "in the last 24 hours");
        assert_eq!(Span::All.phrase(), "so far");
        assert_eq!(Span::All.label(), "All time");
        assert_eq!(
            Span::Days(7).kept("14:05"),
            "You see the last 7 days as of 14:05."
        );
    }
}
