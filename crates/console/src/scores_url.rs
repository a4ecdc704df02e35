//! Turns the query string of the Scores page into which scores are looked at, and back into a link.

use crate::view_url::{Reader, View, Writer};
use crate::words::say;

/// Longest window that can be asked for by hand: ten years.
const MAX_DAYS: u32 = 3_650;

/// The name of all surveys together: no slug has it.
pub const ALL: &str = "*";

/// Names of filters that the collector knows beside `trait.NAME`. It says itself which values make no sense.
const FILTERS: [&str; 16] = [
    "from", "to", "question", "status", "tag", "assignee", "score", "page", "device", "browser",
    "language", "country", "version", "has", "is", "q",
];

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

    fn text(self) -> String {
        match self {
            Self::Days(days) => days.to_string(),
            Self::All => String::from("all"),
        }
    }
}

/// What the URL of the Scores page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoresUrl {
    /// The survey's slug, or [`ALL`]; `None` means the first survey that asks for a score.
    pub survey: Option<String>,
    /// `nps`, `csat` or `ces`; the survey's own unless told.
    pub kind: Option<String>,
    /// The stretch of time.
    pub span: Span,
    /// What else the answers have in common: names and values, by name.
    pub filters: Vec<(String, String)>,
    /// `none`, or the query string of another view; the time before unless told.
    pub compare: Option<String>,
    /// `day`, `week` or `month`; the shortest that is firm unless told.
    pub step: Option<String>,
    /// By what people are told apart; by device unless told.
    pub by: Option<String>,
    /// By what those who waited are told apart beside their device.
    pub segment: Option<String>,
}

fn is_filter(name: &str) -> bool {
    FILTERS.contains(&name)
        || name
            .strip_prefix("trait.")
            .is_some_and(|key| !key.is_empty())
}

impl View for ScoresUrl {
    fn read(from: &mut Reader) -> Self {
        let mut text = |name: &str| from.take(name, |text| Some(String::from(text)));
        // Which surveys and kinds there are is known to the page and the collector.
        let (survey, kind) = (text("survey"), text("kind"));
        let (compare, step) = (text("compare"), text("step"));
        let (by, segment) = (text("by"), text("segment"));
        let span = from.take("days", Span::parse);
        let mut filters = from.take_all(is_filter);
        // Days of a calendar are not cut by the last 28 days.
        let is_dated = filters
            .iter()
            .any(|(name, _)| name == "from" || name == "to");
        let usual = if is_dated { Span::All } else { Span::DEFAULT };
        // From the beginning is no filter: it is how a link that is shared says all time.
        filters.retain(|(name, value)| name != "from" || value != "0");
        Self {
            survey,
            kind,
            span: span.unwrap_or(usual),
            filters,
            compare,
            step,
            by,
            segment,
        }
    }

    fn write(&self, to: &mut Writer) {
        to.put("survey", self.survey.as_deref());
        to.put("kind", self.kind.as_deref());
        to.put("days", Some(&self.span.text()));
        for (name, value) in &self.filters {
            to.put(name, Some(value));
        }
        to.put("compare", self.compare.as_deref());
        to.put("step", self.step.as_deref());
        to.put("by", self.by.as_deref());
        to.put("segment", self.segment.as_deref());
    }
}

impl ScoresUrl {
    /// A link to `survey` over `span`, relative to the console's base.
    pub fn href(survey: &str, span: Span) -> String {
        let url = Self {
            survey: Some(String::from(survey)),
            span,
            ..Self::default()
        };
        url.link("scores")
    }

    /// A link to `survey` over the usual span.
    pub fn of_survey(survey: &str) -> String {
        Self::href(survey, Span::DEFAULT)
    }

    /// A link to the same, but for what is changed.
    pub fn but(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut url = self.clone();
        change(&mut url);
        url.link("scores")
    }

    /// Asks for one more thing that the answers have in common, or for nothing of that name.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        self.filters.retain(|(known, _)| known != name);
        if let Some(value) = value {
            self.filters.push((String::from(name), String::from(value)));
        }
        self.filters.sort();
    }

    /// What is asked of one name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.filters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Which answers, as the collector and the inbox are asked for them: all that people wrote. `survey`
    /// is one of them, or nothing for all.
    pub fn view(&self, survey: Option<&str>) -> String {
        let mut to = Writer::default();
        to.put("survey", survey);
        let days = self.span.days().map(|days| days.to_string());
        to.put("days", days.as_deref());
        for (name, value) in &self.filters {
            to.put(name, Some(value));
        }
        to.into_text()
    }

    /// Which scores: a score that is asked of itself would be no score.
    pub fn scored(&self, survey: Option<&str>) -> String {
        let mut url = self.clone();
        url.set("score", None);
        let mut query = url.view(survey);
        if let Some(kind) = &self.kind {
            query.push_str(if query.is_empty() { "kind=" } else { "&kind=" });
            query.push_str(&crate::view_url::escaped(kind));
        }
        query
    }

    /// What of a query string holds for whoever gets a link to it: what the page shows unless told, written
    /// out. All surveys are those that it does not name, and all time is what is from the beginning on.
    pub fn held(query: &str, first: Option<&str>) -> String {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let pairs: Vec<_> = pairs.filter(|(_, value)| !value.is_empty()).collect();
        let get = |name: &str| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1);
        let is_dated = get("from").or(get("to")).is_some();
        let days = match (get("days").and_then(Span::parse), is_dated) {
            (None, true) | (Some(Span::All), true) => None,
            (Some(Span::All), false) => Some(String::from("from=0")),
            (span, _) => Some(format!("days={}", span.unwrap_or(Span::DEFAULT).text())),
        };
        let survey = match get("survey") {
            Some("*" | "%2A") => None,
            named => named.or(first).map(|survey| format!("survey={survey}")),
        };
        let rest = pairs
            .iter()
            .filter(|pair| !matches!(pair.0, "survey" | "days"));
        let rest = rest.map(|(name, value)| format!("{name}={value}"));
        let all: Vec<_> = survey.into_iter().chain(days).chain(rest).collect();
        all.join("&")
    }

    /// Whether figures are of more than survey and time.
    pub fn is_narrow(&self) -> bool {
        self.filters.iter().any(|(name, _)| name != "score")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> (ScoresUrl, Vec<String>) {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut from = Reader::new(pairs.map(|(k, v)| (String::from(k), String::from(v))));
        (ScoresUrl::read(&mut from), from.finish())
    }

    fn check(query: &str, survey: Option<&str>, span: Span) {
        let url = read(query).0;
        assert_eq!(url.survey.as_deref(), survey, "{query}");
        assert_eq!(url.span, span, "{query}");
    }

    #[test]
    fn what_is_said_is_read() {
        check("survey=nps&days=7", Some("nps"), Span::Days(7));
        check("survey=nps&days=all", Some("nps"), Span::All);
        check("survey=*", Some(ALL), Span::DEFAULT);
        check("days=14", None, Span::Days(14));
        check("from=1&to=2", None, Span::All);
    }

    #[test]
    fn what_is_shared_is_written_out() {
        let check = |query: &str, held: &str| {
            assert_eq!(ScoresUrl::held(query, Some("nps")), held, "{query}");
        };
        check("", "survey=nps&days=28");
        check("days=all", "survey=nps&from=0");
        check("survey=*&days=7&by=page", "days=7&by=page");
        check("survey=csat&from=1&to=2", "survey=csat&from=1&to=2");
        check("survey=csat&days=all&to=2", "survey=csat&to=2");
        check(
            "survey=&days=x&device=mobile",
            "survey=nps&days=28&device=mobile",
        );
        assert_eq!(ScoresUrl::held("", None), "days=28");
        // And opens as what it was.
        let (url, dropped) = read("survey=nps&from=0");
        assert_eq!(
            (url.span, url.filters.len(), dropped.len()),
            (Span::All, 0, 0)
        );
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
        assert_eq!(read("color=red&trait.=x").1, ["color=red", "trait.=x"]);
    }

    #[test]
    fn a_filter_is_on_every_link_but_one() {
        let query = "survey=nps&days=7&device=mobile&score=0-6&trait.plan=pro&by=page";
        let (url, dropped) = read(query);
        assert_eq!(dropped, [""; 0]);
        assert_eq!(url.query(), query);
        let narrow = "survey=nps&days=7&device=mobile&trait.plan=pro";
        assert_eq!(url.scored(Some("nps")), narrow);
        let view = "days=7&device=mobile&score=0-6&trait.plan=pro";
        assert_eq!(url.view(None), view);
        assert_eq!(
            url.but(|it| it.set("device", None))
                .matches("device")
                .count(),
            0
        );
        assert_eq!(url.get("trait.plan"), Some("pro"));
        assert!(url.is_narrow());
        assert!(!read("score=9-10").0.is_narrow());
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
