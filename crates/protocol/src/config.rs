//! Turns what the collector decided into what an agent needs to know: the one back channel.
//!
//! `GET /v1/config?k=<site key>&v=1` answers [`Config`] as `postcard` bytes, `GET /v1/config.json`
//! the same for people. Cacheable, read-only, without anything about the person who asks.
//!
//! Rules are compiled: what authors write in many ways arrives here in one, so that the always-on
//! module needs little code to follow it.

use serde::{Deserialize, Serialize};

use crate::item::SurveyRef;
use crate::latency::Within;
use crate::survey::{Corner, Launcher};
use crate::text::LocalText;

/// Layout of [`Config`] as bytes. An agent that reads another number ignores the rest.
pub const CONFIG_FORMAT: u8 = 3;

/// Everything that the agent of one site needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Config {
    /// Always first, always [`CONFIG_FORMAT`] for this layout.
    pub format: u8,
    /// Surveys that are running, by priority (highest first), then by id.
    pub surveys: Vec<SurveyRule>,
    /// [`Furniture`] as JSON, which the agent hands on unread; empty when there is none.
    pub furniture: String,
    /// What is measured of the page's requests.
    pub metering: Metering,
}

/// How requests are measured: the project's [`crate::budget::Budgets`], compiled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Metering {
    /// Milliseconds after which an attempt counts as a timeout.
    pub hard_timeout_ms: u32,
    /// Templates that one page load tells apart.
    pub max_keys: u16,
    /// Paths that answer GraphQL.
    pub graphql_paths: Vec<String>,
    /// Whether `errors` in an answer with status 200 is a server error.
    pub graphql_errors: bool,
    /// Templates of paths, in the order in which they are tried.
    pub templates: Vec<String>,
    /// The first that matches a request owns it.
    pub features: Vec<FeatureRule>,
}

/// What makes a request part of a feature, and which thresholds are counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FeatureRule {
    /// Slug.
    pub id: String,
    /// Any of these; see [`RequestRule`].
    pub matches: Vec<RequestRule>,
    /// Thresholds in the order of the budgets.
    pub within: Vec<Within>,
    /// Whether requests of a hidden page count for latency.
    pub background: bool,
    /// Whether answers out of the browser's cache count for latency.
    pub cache: bool,
}

/// What a request must look like; an empty text fits all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RequestRule {
    /// HTTP method.
    pub method: String,
    /// Origin; empty for that of the page, `*` for any.
    pub origin: String,
    /// Path: `*` within a segment, `**` for any number of segments.
    pub path: String,
    /// Name of a GraphQL operation.
    pub graphql: String,
}

impl Default for Metering {
    /// Where nobody has written budgets: everything is measured, by what paths look like.
    fn default() -> Self {
        Self {
            hard_timeout_ms: 60_000,
            max_keys: 50,
            graphql_paths: Vec::new(),
            graphql_errors: false,
            templates: Vec::new(),
            features: Vec::new(),
        }
    }
}

/// One running survey, without its content: that is fetched only to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SurveyRule {
    /// Which survey, in its current version.
    pub survey: SurveyRef,
    /// What it measures.
    pub class: Class,
    /// Among several eligible surveys the highest wins, then the smaller id.
    pub priority: i32,
    /// Share of installs that may see it, in thousandths (0 to 1000).
    pub sample_permille: u16,
    /// Not before; milliseconds since 1970 (UTC), 0 without a limit.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub from_ms: u64,
    /// Not from then on; milliseconds since 1970 (UTC), 0 without a limit.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub until_ms: u64,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// Any arms it for this page load; none means that it is armed.
    pub triggers: Vec<Trigger>,
    /// Any disarms it for this page load.
    pub cancels: Vec<Trigger>,
    /// Milliseconds between being eligible and being shown.
    pub delay_ms: u32,
    /// Impressions without an answer or a dismissal after which it is not shown again.
    pub max_impressions: u16,
    /// All must be over.
    pub waits: Vec<Quiet>,
    /// Part of the page rather than above it: may be shown beside another, at any moment.
    pub inline: bool,
}

/// What a survey measures: the scope of "not two of a kind".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// None of the others.
    #[default]
    Other,
    /// Has an NPS question.
    Nps,
    /// Has a CSAT question, and no NPS question.
    Csat,
    /// Has a CES question, and neither of the above.
    Ces,
    /// A feedback form: opened by the person only, whatever its rule says.
    Feedback,
}

/// Something that must be so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Condition {
    /// What is looked at.
    pub fact: Fact,
    /// Which trait or property; else empty.
    pub key: String,
    /// Any of these must fit; with `negated`, none. A fact that is missing never fits, negated or
    /// not.
    pub any: Vec<Match>,
    /// Whether none must fit.
    pub negated: bool,
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Origin and path of the page.
    Url,
    /// `desktop`, `tablet` or `phone`.
    Device,
    /// BCP 47 tag of the language that the person reads.
    Language,
    /// The person's trait `key`.
    Trait,
    /// The event's property `key`; in triggers only.
    Property,
    /// Pages seen in this session, this one included.
    Pages,
    /// Milliseconds on this page.
    Dwell,
    /// Whether the CSS selector of the probe finds an element.
    Element,
}

/// How a fact fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Match {
    /// How `value` is read.
    pub op: Op,
    /// A text, a number in decimal digits, or the index of a probe.
    pub value: String,
}

/// How the value of a [`Match`] is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// The fact is this text.
    Is,
    /// The fact contains this text, ignoring the case of ASCII letters.
    Contains,
    /// The fact as a whole matches this pattern, in which `*` stands for any characters.
    Glob,
    /// The fact is a language tag that is this one or begins with it and a hyphen, ignoring case.
    Within,
    /// The fact is this number or more.
    AtLeast,
    /// The fact is less than this number.
    Below,
    /// The fact is there.
    Present,
    /// The facade says that the probe with this index (see [`Furniture`]) fits now.
    Probe,
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "CompiledTrigger"))]
pub struct Trigger {
    /// Name of the event: the page's own, `$<index>` for a probe, `$breach` when a request took longer
    /// than its feature's first threshold, `$failed` when one failed (both with the properties
    /// `feature` and `ms`, at most once in ten seconds for each feature).
    pub event: String,
    /// What its properties must be.
    pub filters: Vec<Condition>,
    /// Times at least.
    pub times: u16,
    /// Within this many milliseconds; 0 means since the page was loaded.
    pub within_ms: u32,
}

/// How long a survey is quiet after what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Quiet {
    /// Of which surveys.
    pub scope: Scope,
    /// What happened to them.
    pub outcome: Outcome,
    /// Days of 24 hours; absent means for good.
    pub days: Option<u16>,
}

/// Whose outcomes are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// This survey's.
    Survey,
    /// Those of all surveys of its class.
    Class,
    /// Those of all surveys.
    Any,
}

/// What became of a survey on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was on the screen.
    Seen,
    /// The person asked for later.
    Snoozed,
    /// The person closed it without an answer.
    Dismissed,
    /// The person answered in part.
    Partial,
    /// The person reached an ending.
    Completed,
}

/// What the facade must watch and put up for the surveys of a site, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Furniture {
    /// What only the page itself can find out, by index.
    pub probes: Vec<Probe>,
    /// What opens feedback forms.
    pub launchers: Vec<LauncherSpec>,
}

/// What only the page itself can find out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Probe {
    /// A state: whether this regular expression matches the first 2,048 characters of the address.
    Regex(String),
    /// A state: whether this CSS selector finds an element.
    Element(String),
    /// An event: a click on what this CSS selector finds, or within it.
    Click(String),
    /// An event: scrolled this share of the page, in percent.
    Scroll(u8),
    /// An event: the pointer left the window through its top.
    Exit,
}

/// What opens a feedback form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LauncherSpec {
    /// Id of the feedback form.
    pub survey: String,
    /// A button or a tab; `page` when only the page opens it.
    pub launcher: Launcher,
    /// Where it is; the page's own choice when absent.
    pub corner: Option<Corner>,
    /// What it says; the widget's own word when absent.
    pub label: Option<LocalText>,
    /// The survey's own language: that of a plain label.
    pub language: String,
}
