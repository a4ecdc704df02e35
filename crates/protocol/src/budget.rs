//! Turns "how fast, how available" into one document, read by the SDK, the collector and CI alike.
//!
//! Durations are texts with a unit: `250ms`, `10s`, `5m`, `1h`, `30d`. Unknown keys are refused: a
//! misspelt budget must not be a budget that is silently absent.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The only version of the document so far.
pub const BUDGETS_VERSION: u8 = 1;

/// What a product promises: budgets of its features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Budgets {
    /// Where editors find the schema; ignored.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Always [`BUDGETS_VERSION`].
    pub v: u8,
    /// Length of the rolling window of every objective; 1 to 90 days.
    #[serde(default = "thirty_days")]
    pub window: Span,
    /// Length of a slice of time in which clients vote; `10s` or `60s`.
    #[serde(default = "ten_seconds")]
    pub slice: Span,
    /// An attempt that takes longer counts as a timeout, whatever becomes of it.
    #[serde(default = "sixty_seconds")]
    pub hard_timeout: Span,
    /// IANA name of the zone in which days and months begin.
    #[serde(default = "utc")]
    pub timezone: String,
    /// The first that matches a request owns it.
    pub features: Vec<Feature>,
    /// Templates of paths: `/api/users/:id`. Paths that fit none are templated by what their
    /// segments look like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub templates: Vec<String>,
    /// Templates that one page load tells apart; the rest is `__other__`. 1 to 500.
    #[serde(default = "fifty")]
    pub max_keys: u16,
    /// How GraphQL is recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graphql: Option<Graphql>,
    /// When to raise an alert; absent means the four usual windows for `window`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alerts: Option<Vec<BurnAlert>>,
}

/// Something that users do, and what it may cost them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Slug, see [`crate::limits::is_slug`].
    pub id: String,
    /// What people call it; the id when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Any of these makes a request part of it; none for features that are only marked.
    #[serde(default, rename = "match", skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<Match>,
    /// How fast; at most 4.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub latency: Vec<LatencyObjective>,
    /// How available.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<AvailabilityObjective>,
    /// Attempts in a slice below which it says nothing.
    #[serde(default = "twenty")]
    pub min_samples: u32,
    /// Clients in a slice below which it says nothing.
    #[serde(default = "three")]
    pub min_clients: u32,
    /// What is left out of latency by default and counts here: requests in a hidden page, answers
    /// out of the browser's cache.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<Include>,
}

/// What a request must look like. Everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// HTTP method, in capitals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Origin of the request; that of the page when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Path: `*` is one segment or part of one, `**` any number of segments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Name of a GraphQL operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graphql: Option<String>,
}

/// "`target` of all requests answer within `within`".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LatencyObjective {
    /// Until when the clock runs.
    #[serde(default)]
    pub stage: Stage,
    /// The X of "within X seconds", inclusive.
    pub within: Span,
    /// Share of requests, above 0 and up to 1. At 1 every single violation counts, and there is no
    /// error budget that could burn.
    pub target: f64,
}

/// Until when the clock of a request runs.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Until the answer begins. The default: how long a body takes also depends on who reads it.
    #[default]
    Headers,
    /// Until the answer has been read.
    Body,
}

/// "Available `target` of the time".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AvailabilityObjective {
    /// Share of time, above 0 and up to 1.
    pub target: f64,
}

/// What counts for latency although it does not by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Include {
    /// Requests of a page that was hidden meanwhile.
    Background,
    /// Answers that came out of the browser's cache.
    Cache,
}

/// How GraphQL is recognised, and whether its errors count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Graphql {
    /// Paths that answer GraphQL, exactly.
    pub paths: Vec<String>,
    /// Whether `errors` in an answer with status 200 is a server error.
    #[serde(default)]
    pub errors: bool,
}

/// Burn of both windows above the factor raises an alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BurnAlert {
    /// Who is woken.
    pub severity: Severity,
    /// The window that shows that it matters.
    pub long: Span,
    /// The window that shows that it still goes on.
    pub short: Span,
    /// Multiple of the pace at which the budget lasts exactly for its window.
    pub factor: f64,
}

/// Who is woken by an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Somebody, now.
    Page,
    /// Somebody, in working hours.
    Ticket,
}

/// A length of time in whole milliseconds, written with one unit: `250ms`, `10s`, `5m`, `1h`, `30d`.
///
/// ```
/// use protocol::budget::Span;
/// let span: Span = "2s".parse().unwrap();
/// assert_eq!((span.0, span.to_string().as_str()), (2_000, "2s"));
/// assert!("2 seconds".parse::<Span>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub u64);

/// A text that is no length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a whole number and a unit (ms, s, m, h, d), such as 300ms or 30d")]
pub struct NotASpan;

const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl FromStr for Span {
    type Err = NotASpan;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let at = s.find(|c: char| !c.is_ascii_digit()).ok_or(NotASpan)?;
        let (number, unit) = s.split_at(at);
        let number: u64 = number.parse().map_err(|_| NotASpan)?;
        let (_, ms) = UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or(NotASpan)?;
        number.checked_mul(*ms).map(Self).ok_or(NotASpan)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |(_, ms): &&(&str, u64)| self.0 > 0 && self.0.is_multiple_of(*ms);
        let (name, ms) = UNITS.iter().find(fits).unwrap_or(&("ms", 1));
        write!(f, "{}{name}", self.0 / ms)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Span {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[0-9]+(ms|s|m|h|d)$",
            "description": "A length of time with its unit, such as 300ms or 30d.",
        })
    }
}

const fn thirty_days() -> Span {
    Span(30 * 86_400_000)
}
const fn ten_seconds() -> Span {
    Span(10_000)
}
const fn sixty_seconds() -> Span {
    Span(60_000)
}
fn utc() -> String {
    String::from("UTC")
}
const fn fifty() -> u16 {
    50
}
const fn twenty() -> u32 {
    20
}
const fn three() -> u32 {
    3
}

impl Default for Budgets {
    /// What holds where nobody has written budgets: everything is measured, nothing is promised.
    fn default() -> Self {
        Self {
            schema: None,
            v: BUDGETS_VERSION,
            window: thirty_days(),
            slice: ten_seconds(),
            hard_timeout: sixty_seconds(),
            timezone: utc(),
            features: Vec::new(),
            templates: Vec::new(),
            max_keys: fifty(),
            graphql: None,
            alerts: None,
        }
    }
}
