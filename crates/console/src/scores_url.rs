//! Turns the query string of the Scores page into a choice, and a choice into a link.

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
            Self::Days(1) => String::from("24 hours"),
            Self::Days(days) => format!("{days} days"),
            Self::All => String::from("All time"),
        }
    }

    /// As an object: `the last 28 days`, `all time`.
    pub fn noun(self) -> String {
        match self {
            Self::All => String::from("all time"),
            _ => format!("the last {}", self.label()),
        }
    }

    /// As the end of a sentence: `in the last 28 days`, `so far`.
    pub fn phrase(self) -> String {
        match self {
            Self::All => String::from("so far"),
            _ => format!("in {}", self.noun()),
        }
    }
}

/// What the URL of the Scores page says. Parameters it does not know are ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoresUrl {
    /// The survey's slug; `None` means the first survey that asks for a score.
    pub survey: Option<String>,
    /// The stretch of time.
    pub span: Span,
}

impl ScoresUrl {
    /// Reads the values of `survey=` and `days=`, decoded.
    pub fn parse(survey: Option<&str>, days: Option<&str>) -> Self {
        Self {
            survey: survey.filter(|s| !s.is_empty()).map(str::to_owned),
            span: days.and_then(Span::parse).unwrap_or(Span::DEFAULT),
        }
    }

    /// A link to `survey` over `span`, relative to the console's base.
    ///
    /// `survey` is a slug, so nothing in it needs escaping.
    pub fn href(survey: &str, span: Span) -> String {
        match span {
            Span::Days(days) => format!("scores?survey={survey}&days={days}"),
            Span::All => format!("scores?survey={survey}&days=all"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, survey: Option<&str>, span: Span) {
        let value = |name: &str| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find_map(|(key, value)| (key == name).then_some(value))
        };
        let url = ScoresUrl::parse(value("survey"), value("days"));
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
        assert_eq!(Span::Days(7).noun(), "the last 7 days");
        assert_eq!(Span::All.noun(), "all time");
    }
}
