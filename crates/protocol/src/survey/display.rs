//! Turns "who sees it, when, how often" into data, as an author writes it.

use serde::{Deserialize, Serialize};

/// Who sees a survey, when, and how often. Everything that is said must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DisplayRule {
    /// Among several eligible surveys the highest wins, then the smaller id.
    pub priority: i32,
    /// Share of installs that may see it, in thousandths (0 to 1000). Sticky: raising it only adds.
    pub sample_permille: u16,
    /// Not before this time (RFC 3339).
    pub from: Option<String>,
    /// Not from this time on (RFC 3339).
    pub until: Option<String>,
    /// Where the page's address (origin and path) is one of these; empty means everywhere.
    pub url: Vec<UrlTest>,
    /// But not where it is one of these.
    pub url_not: Vec<UrlTest>,
    /// On one of these kinds of device; empty means on all.
    pub devices: Vec<Device>,
    /// For people who read one of these languages (BCP 47; `pt` includes `pt-BR`); empty means all.
    pub languages: Vec<String>,
    /// For people with all of these traits.
    pub traits: Vec<Filter>,
    /// Pages seen in this session, this one included, at least.
    pub pages: u16,
    /// Milliseconds on this page, at least.
    pub dwell_ms: u32,
    /// While this CSS selector finds an element.
    pub element: Option<String>,
    /// Once any of these has happened; empty means that being on the page is enough.
    pub triggers: Vec<Trigger>,
    /// Not after any of these has happened in this page load.
    pub cancel: Vec<EventTest>,
    /// Milliseconds from the moment when all of the above holds; all of it is asked again then.
    pub delay_ms: u32,
    /// Impressions without an answer or a dismissal after which it is not shown again.
    pub max_impressions: u16,
    /// How long it is quiet after what.
    pub again: Again,
}

impl Default for DisplayRule {
    fn default() -> Self {
        Self {
            priority: 0,
            sample_permille: 1000,
            from: None,
            until: None,
            url: Vec::new(),
            url_not: Vec::new(),
            devices: Vec::new(),
            languages: Vec::new(),
            traits: Vec::new(),
            pages: 0,
            dwell_ms: 0,
            element: None,
            triggers: Vec::new(),
            cancel: Vec::new(),
            delay_ms: 0,
            max_impressions: 3,
            again: Again::default(),
        }
    }
}

/// One way to look at the page's address, which is origin and path, without query and fragment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UrlTest {
    /// Contains this, ignoring the case of ASCII letters.
    Contains(String),
    /// Is exactly this.
    Equals(String),
    /// Matches as a whole; `*` stands for any characters.
    Glob(String),
    /// Matches somewhere, as a JavaScript regular expression with the flag `u`, run on at most
    /// 2,048 characters.
    Regex(String),
}

/// A kind of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// A mouse or a trackpad.
    Desktop,
    /// A finger, and a short side of 600 px or more.
    Tablet,
    /// A finger, and a short side below 600 px.
    Phone,
}

/// One property, of an event or of a person, and what it must be. One that is missing never fits,
/// whatever the test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Name of the property.
    pub key: String,
    /// What it must be.
    pub test: ValueTest,
}

/// What a value must be. Values are compared as text, numbers as decimal numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ValueTest {
    /// One of these, exactly.
    Is(Vec<String>),
    /// None of these.
    IsNot(Vec<String>),
    /// Contains one of these, ignoring the case of ASCII letters.
    Contains(Vec<String>),
    /// This number or more.
    AtLeast(i64),
    /// Less than this number.
    Below(i64),
    /// Anything at all.
    Present,
}

/// What sets a survey off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The page called `track`, or a request was slow or failed.
    Event(EventTest),
    /// The person clicked an element that this CSS selector finds, or something within it.
    Click(String),
    /// The person scrolled this share of the page, in percent.
    Scroll(u8),
    /// The pointer left the window through its top.
    Exit,
    /// A request took longer than the latency budget of its feature.
    Breach {
        /// Which feature; any when absent.
        #[serde(default)]
        feature: Option<String>,
        /// Times at least, at least 1.
        #[serde(default = "once")]
        times: u16,
        /// Within this many seconds; 0 means since the page was loaded.
        #[serde(default)]
        within_s: u32,
    },
}

/// An event that the page tells of with `track`; or `$breach` (a request took longer than its feature's
/// first threshold) or `$failed`, with the properties `feature` and `ms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EventTest {
    /// Its name, exactly.
    pub name: String,
    /// What its properties must be, all of them.
    #[serde(default)]
    pub filters: Vec<Filter>,
    /// Times at least, at least 1.
    #[serde(default = "once")]
    pub times: u16,
    /// Within this many seconds; 0 means since the page was loaded.
    #[serde(default)]
    pub within_s: u32,
}

const fn once() -> u16 {
    1
}

/// How long a survey is quiet, and for the sake of what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Again {
    /// After what happened to this survey.
    pub survey: Waits,
    /// After what happened to any survey of the same class: all NPS, all CSAT, all CES, all others.
    pub class: Waits,
    /// After what happened to any survey.
    pub any: Waits,
}

impl Default for Again {
    /// Never again once answered, in part or whole, or closed; a week after "later".
    fn default() -> Self {
        Self {
            survey: Waits {
                seen: None,
                snoozed: Some(Wait::Days(7)),
                dismissed: Some(Wait::Never),
                partial: Some(Wait::Never),
                completed: Some(Wait::Never),
            },
            class: Waits::default(),
            any: Waits::default(),
        }
    }
}

/// How long after each outcome; absent means no wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Waits {
    /// It was on the screen.
    pub seen: Option<Wait>,
    /// The person asked for later.
    pub snoozed: Option<Wait>,
    /// The person closed it without an answer.
    pub dismissed: Option<Wait>,
    /// The person answered in part, and left.
    pub partial: Option<Wait>,
    /// The person reached an ending.
    pub completed: Option<Wait>,
}

/// How long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// This many times 24 hours.
    Days(u16),
    /// For good.
    Never,
}
