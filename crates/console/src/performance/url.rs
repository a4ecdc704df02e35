//! Turns the query string of the Performance pages into a stretch of time, and that into links.

use protocol::limits::is_slug;
use protocol::query::Window;
use protocol::query::performance::UNMATCHED;

use super::zone::Zone;
use crate::view_url::{Reader, View, Writer};
use crate::words::{self, say};

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// Says a count in the language that is spoken.
type Counted = fn(u64) -> String;

/// Rolling stretches that are offered, shortest first, and their labels.
const ROLLING: [(&str, Counted, u64); 4] = [
    ("1h", say::time_hours, 1),
    ("24h", say::time_hours, 24),
    ("7d", say::time_days, 7),
    ("30d", say::time_days, 30),
];

/// Which stretch of time is looked at, as the collector is asked for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Chosen(Option<String>);

impl Chosen {
    /// Reads the value of `window=`; what is none means the window of the budgets.
    pub fn parse(text: Option<&str>) -> Self {
        let text = text.filter(|text| rolling_ms(text).is_some() || calendar(text).is_some());
        Self(text.map(String::from))
    }

    /// What the collector is asked for; absent for the window of the budgets.
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// As the end of a sentence: `in the last 7 days`, `in November 2026`. What was not said is
    /// told by the window that it came to.
    pub fn phrase(&self, window: Window) -> String {
        match self.text() {
            Some(text) => match (rolling_ms(text), calendar(text)) {
                (Some(ms), _) => in_the_last(ms),
                (None, Some(date)) => date.phrase(),
                (None, None) => String::new(),
            },
            None => in_the_last(window.to_ms.saturating_sub(window.from_ms)),
        }
    }

    /// Whether this is the offered `other`; what was not said is told by the window it came to.
    pub fn is(&self, other: &Self, window: Option<Window>) -> bool {
        if self.text().is_some() {
            return self == other;
        }
        let asked = other.text().and_then(rolling_ms);
        let came_to = window.map(|window| window.to_ms.saturating_sub(window.from_ms));
        asked.is_some() && asked == came_to.map(to_minute)
    }

    /// What is offered as links, and their labels. Months are those of `zone`.
    pub fn offered(zone: &Zone, now_ms: u64) -> Vec<(Self, String)> {
        let rolling = ROLLING.map(|(text, label, n)| (Self(Some(String::from(text))), label(n)));
        let (year, month) = zone.month(now_ms);
        let before = if month == 1 {
            (year - 1, 12)
        } else {
            (year, month - 1)
        };
        let months = [
            ((year, month), say::time_this_month()),
            (before, say::time_last_month()),
        ];
        let months = months.map(|((year, month), label)| {
            (
                Self(Some(format!("{year:04}-{month:02}"))),
                String::from(label),
            )
        });
        rolling.into_iter().chain(months).collect()
    }
}

impl View for Chosen {
    fn read(from: &mut Reader) -> Self {
        let said = |text: &str| Some(Self::parse(Some(text))).filter(|it| it.0.is_some());
        from.take("window", said).unwrap_or_default()
    }

    fn write(&self, to: &mut Writer) {
        to.put("window", self.text());
    }
}

/// Which page about performance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// All features, the worst first.
    Features,
    /// One of them; empty for what belongs to none.
    Feature(String),
    /// What was up and down.
    Availability,
}

impl Place {
    /// The page of this path below `performance`; `None` when there is none.
    pub fn parse(rest: &str) -> Option<Self> {
        match rest.trim_matches('/') {
            "" => Some(Self::Features),
            "availability" => Some(Self::Availability),
            rest => match rest.strip_prefix("features/")? {
                UNMATCHED => Some(Self::Feature(String::new())),
                id if is_slug(id) => Some(Self::Feature(String::from(id))),
                _ => None,
            },
        }
    }

    fn path(&self) -> String {
        match self {
            Self::Features => String::from("performance"),
            Self::Feature(id) if id.is_empty() => format!("performance/features/{UNMATCHED}"),
            // An id is a slug: nothing in it needs escaping.
            Self::Feature(id) => format!("performance/features/{id}"),
            Self::Availability => String::from("performance/availability"),
        }
    }

    /// A link to this page over `chosen`, relative to the console's base.
    pub fn href(&self, chosen: &Chosen) -> String {
        chosen.link(&self.path())
    }

    /// What the collector is asked for it, relative to the console's base.
    pub fn question(&self, chosen: &Chosen) -> String {
        format!("api/v1/{}", self.href(chosen))
    }
}

/// A collector's answer may take its end from the middle of a minute.
const fn to_minute(ms: u64) -> u64 {
    (ms + MINUTE_MS / 2) / MINUTE_MS * MINUTE_MS
}

/// Milliseconds of a rolling window that a collector knows: one minute to 90 days.
fn rolling_ms(text: &str) -> Option<u64> {
    let span: protocol::budget::Span = text.parse().ok()?;
    (MINUTE_MS..=90 * DAY_MS)
        .contains(&span.0)
        .then_some(span.0)
}

fn in_the_last(ms: u64) -> String {
    match to_minute(ms) {
        ms if ms > DAY_MS && ms.is_multiple_of(DAY_MS) => say::time_in_days(ms / DAY_MS),
        ms if ms >= HOUR_MS && ms.is_multiple_of(HOUR_MS) => say::time_in_hours(ms / HOUR_MS),
        ms => say::time_in_minutes(ms / MINUTE_MS),
    }
}

/// A year, a month or a day.
struct Calendar<'a> {
    year: &'a str,
    month: Option<i64>,
    day: Option<u32>,
}

impl Calendar<'_> {
    fn phrase(&self) -> String {
        match (self.month, self.day) {
            (Some(month), Some(day)) => {
                let (day, month) = (words::day(i64::from(day)), words::month(month));
                say::time_on_day(&say::time_day_month_year(&day, month, self.year))
            }
            (Some(month), None) => {
                say::time_in_month(&say::time_month_year(words::month(month), self.year))
            }
            _ => say::time_in_year(self.year),
        }
    }
}

fn calendar(text: &str) -> Option<Calendar<'_>> {
    let is = |part: &str, digits| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.split('-');
    let year = parts.next().filter(|year| is(year, 4))?;
    let mut date = Calendar {
        year,
        month: None,
        day: None,
    };
    if let Some(month) = parts.next() {
        let month: i64 = month.parse().ok().filter(|_| is(month, 2))?;
        date.month = Some(month).filter(|month| (1..=12).contains(month));
        date.month?;
    }
    if let Some(day) = parts.next() {
        let number: u32 = day.parse().ok().filter(|_| is(day, 2))?;
        date.day = Some(number).filter(|day| (1..=31).contains(day));
        date.day?;
    }
    parts.next().is_none().then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_795_763_720_000;

    fn utc() -> Zone {
        Zone::new("UTC", |_, _| 0)
    }

    fn check(text: &str, phrase: &str) {
        let chosen = Chosen::parse(Some(text));
        assert_eq!(chosen.text(), Some(text));
        let nowhere = Window {
            from_ms: 0,
            to_ms: 0,
        };
        assert_eq!(chosen.phrase(nowhere), phrase);
    }

    #[test]
    fn what_is_said_is_read() {
        check("1h", "in the last hour");
        check("24h", "in the last 24 hours");
        check("90m", "in the last 90 minutes");
        check("1d", "in the last 24 hours");
        check("7d", "in the last 7 days");
        check("2026-11", "in November 2026");
        check("2026-11-05", "on 5 November 2026");
        check("2026", "in 2026");
    }

    #[test]
    fn what_is_not_understood_falls_back() {
        for text in [
            "",
            "7",
            "d",
            "91d",
            "30s",
            "2026-13",
            "2026-00",
            "2026-1",
            "2026-11-32",
            "2026-11-5",
            "2026-11-05-1",
            "20",
            "7d&x=1",
            "../x",
        ] {
            assert_eq!(Chosen::parse(Some(text)), Chosen::default(), "{text}");
        }
        assert_eq!(Chosen::parse(None).text(), None);
    }

    #[test]
    fn without_a_choice_the_window_speaks() {
        let month = Window {
            from_ms: NOW - 30 * DAY_MS,
            to_ms: NOW + 1,
        };
        let chosen = Chosen::default();
        assert_eq!(chosen.phrase(month), "in the last 30 days");
        let current: Vec<_> = Chosen::offered(&utc(), NOW)
            .into_iter()
            .filter(|(offered, _)| chosen.is(offered, Some(month)))
            .map(|(_, label)| label)
            .collect();
        assert_eq!(current, ["30 days"]);
        assert!(!chosen.is(&Chosen::parse(Some("30d")), None));
    }

    #[test]
    fn every_offered_window_reads_back_as_itself() {
        let january = 1_767_226_000_000;
        for now in [NOW, january] {
            for (offered, _) in Chosen::offered(&utc(), now) {
                assert_eq!(Chosen::parse(offered.text()), offered);
            }
        }
        let months = Chosen::offered(&utc(), january).split_off(4);
        let texts: Vec<_> = months.iter().map(|(chosen, _)| chosen.text()).collect();
        assert_eq!(texts, [Some("2026-01"), Some("2025-12")]);
    }

    #[test]
    fn other_paths_lead_nowhere() {
        for rest in [
            "/x",
            "features",
            "features/",
            "features/a/b",
            "features/A b",
            "availability/x",
        ] {
            assert_eq!(Place::parse(rest), None, "{rest}");
        }
    }

    #[test]
    fn links_lead_to_pages() {
        let week = Chosen::parse(Some("7d"));
        let check = |place: Place, chosen: &Chosen, expect: &str| {
            let path = expect.split('?').next().unwrap_or_default();
            let rest = path.strip_prefix("performance").unwrap();
            assert_eq!(Place::parse(rest).as_ref(), Some(&place));
            assert_eq!(place.href(chosen), expect);
            assert_eq!(place.question(chosen), format!("api/v1/{expect}"));
        };
        check(Place::Features, &Chosen::default(), "performance");
        check(Place::Features, &week, "performance?window=7d");
        check(
            Place::Feature("search".into()),
            &week,
            "performance/features/search?window=7d",
        );
        check(
            Place::Feature(String::new()),
            &Chosen::default(),
            "performance/features/-",
        );
        check(
            Place::Availability,
            &week,
            "performance/availability?window=7d",
        );
    }
}
