//! Turns questions about budgets and availability into what the console is told.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/v1/performance?`[`PerformanceQuery`] | [`Performance`] |
//! | `GET /api/v1/performance/features/<id>?`[`PerformanceQuery`] | [`FeatureDetail`] |
//! | `GET /api/v1/performance/availability?`[`PerformanceQuery`] | [`Availability`] |
//! | `GET /api/v1/alerts` | [`Alerts`] |
//! | `GET /api/v1/budgets` | [`BudgetsEntry`] |
//! | `PUT /api/v1/budgets?base=<version>` with [`Budgets`] | [`PublishedBudgets`], or 422 and [`super::Refused`], or 409 when the version is another by now |
//! | `POST /api/v1/budgets/check` with [`Budgets`] | a list of [`Finding`]; nothing is published |
//! | `GET /api/v1/maintenance`, `POST` with [`NewMaintenance`] | [`MaintenanceList`] |
//! | `DELETE /api/v1/maintenance/<id>` | 204 |
//!
//! The id of what belongs to no feature is [`UNMATCHED`] in paths, and empty in bodies. Shares are
//! from 0 to 1. Whatever could be said only of nothing is absent.

use serde::{Deserialize, Serialize};

use super::Window;
use super::scores::Release;
use crate::budget::{Budgets, Severity, Stage};
use crate::query::Finding;

/// Stands in paths for what belongs to no feature.
pub const UNMATCHED: &str = "-";

/// Over which time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PerformanceQuery {
    /// Rolling: `1h`, `24h`, `7d`, `30d`, up to `90d`, ending now. Calendar, in the project's zone:
    /// a day (`2026-11-27`), a month (`2026-11`), a year (`2026`); until now when it is not over.
    /// The window of the budgets when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
}

/// How something stands against what was promised of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// More was promised than was kept.
    Breached,
    /// Kept so far, but the error budget will not last.
    Burning,
    /// Too little is known to say. Never the same as fine.
    Unknown,
    /// Kept.
    Within,
    /// Nothing was promised.
    Unbudgeted,
}

/// All features of the project, the worst first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Performance {
    /// When the counted requests were made.
    pub window: Window,
    /// The window of the budgets, in milliseconds.
    pub budget_window_ms: u64,
    /// Zone of calendar windows.
    pub timezone: String,
    /// Version of the budgets that the numbers are held against; 0 where none were written.
    pub budgets_version: u32,
    /// Worst first: breached, burning, unknown, within, unbudgeted; then by budget left.
    pub features: Vec<FeatureSummary>,
    /// Requests that pages saw and could not measure.
    pub overflow: u64,
    /// Web vitals that pages told; none for those that nobody did.
    #[serde(default)]
    pub vitals: Vec<VitalSummary>,
    /// When the newest slice that holds anything began; absent when nothing ever came.
    pub newest_ms: Option<u64>,
    /// Traffic is far below what this hour usually has: measured silence is no proof of health.
    pub dark: bool,
}

/// One web vital in one window, and in the whole of the hour in which that begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VitalSummary {
    /// `LCP`, `INP`, `CLS`, `FCP` or `TTFB`.
    pub name: String,
    /// Page loads that told it.
    pub n: u64,
    /// The 75th percentile, at most 1.083 % off: milliseconds, of `CLS` its own unit.
    pub p75: f64,
    /// What that is worth.
    pub rating: Rating,
}

/// What a web vital is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// As it should be.
    Good,
    /// Between good and poor.
    NeedsImprovement,
    /// People feel it.
    Poor,
}

/// One feature in one window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeatureSummary {
    /// Slug; empty for what belongs to no feature.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The worst of its objectives.
    pub health: Health,
    /// In the order of the budgets, availability last.
    pub objectives: Vec<ObjectiveReport>,
    /// Attempts of every class.
    pub requests: u64,
    /// Attempts that count for latency: the n of the percentiles.
    pub n: u64,
    /// Of the time until headers, in milliseconds; at most 1.083 % off. Absent when `n` is 0.
    pub percentiles: Option<Percentiles>,
    /// Alerts that are raised now.
    pub alerts: Vec<AlertRow>,
    /// Whether it is in an outage now.
    pub down: bool,
}

/// Percentiles in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Percentiles {
    /// 50 %.
    pub p50: f64,
    /// 75 %.
    pub p75: f64,
    /// 95 %.
    pub p95: f64,
    /// 99 %.
    pub p99: f64,
}

/// What an objective is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ObjectiveKind {
    /// "Answers within".
    Latency {
        /// Until when the clock runs.
        stage: Stage,
        /// Milliseconds.
        within_ms: u32,
    },
    /// "Is available".
    Availability,
}

/// One objective in one window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectiveReport {
    /// What about.
    pub kind: ObjectiveKind,
    /// What was promised.
    pub target: f64,
    /// What counts: attempts for latency; for availability, milliseconds of known time.
    pub n: u64,
    /// What of it was bad: attempts over the threshold; milliseconds of outage.
    pub bad: u64,
    /// `1 - bad / n`; absent when `n` is 0.
    pub actual: Option<f64>,
    /// Share of the error budget that is left, below 0 when more than all is used; absent when `n`
    /// is 0 or nothing may be bad.
    pub left: Option<f64>,
    /// Burn rate over the last hour: 1 uses up the budget exactly in its window; absent when nothing
    /// came in that hour or nothing may be bad.
    pub burn: Option<f64>,
    /// When the budget is used up at that rate, in milliseconds from now; absent when it will not be.
    pub exhausted_in_ms: Option<u64>,
    /// How it stands.
    pub health: Health,
    /// The threshold was changed within the window: what came before is estimated from the histogram.
    pub estimated: bool,
}

/// Everything about one feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeatureDetail {
    /// As in the list.
    pub summary: FeatureSummary,
    /// The window, and the length of one point of `series`.
    pub window: Window,
    /// Zone of calendar windows.
    pub timezone: String,
    /// Milliseconds of one point.
    pub step_ms: u64,
    /// Distribution of the time until headers; buckets without anything are absent.
    pub distribution: Vec<Bucket>,
    /// Attempts that took longer than any bucket says.
    pub beyond: u64,
    /// In order of time; points without data are there, with n = 0.
    pub series: Vec<Point>,
    /// Where the time went, on average, of the attempts that the browser told it of.
    pub blame: Blame,
    /// Attempts by class, in the order of the wire.
    pub classes: Vec<u64>,
    /// Slowest first by their 95th percentile.
    pub templates: Vec<TemplateRow>,
    /// Slowest first.
    pub exemplars: Vec<ExemplarRow>,
    /// Share of attempts under [`crate::latency::OTHER_TEMPLATE`]; absent without any.
    pub other_share: Option<f64>,
    /// Apdex by the first latency objective as T, for those who ask; absent without one.
    pub apdex: Option<f64>,
    /// What was released in the window, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<Release>,
}

/// Attempts between two durations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bucket {
    /// Milliseconds, exclusive.
    pub from_ms: f64,
    /// Milliseconds, inclusive.
    pub to_ms: f64,
    /// Attempts.
    pub count: u64,
}

/// One step of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Point {
    /// When it begins.
    pub at_ms: u64,
    /// Attempts that count for latency.
    pub n: u64,
    /// Those over each latency objective, in their order.
    pub slow: Vec<u64>,
    /// Attempts that count for availability, and those that failed.
    pub eligible: u64,
    /// See `eligible`.
    pub bad: u64,
    /// Absent when `n` is 0.
    pub percentiles: Option<Percentiles>,
    /// Whether it is over; one that is not may still change.
    pub complete: bool,
}

/// Average milliseconds by phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Blame {
    /// Attempts that these are averages of; nothing is known when 0.
    pub n: u64,
    /// Waiting in the browser: for a connection, for the cache, behind other requests.
    pub queue_ms: f64,
    /// DNS, TCP, TLS.
    pub connect_ms: f64,
    /// From the request to the first byte of the answer.
    pub server_ms: f64,
    /// From the first byte to the last.
    pub transfer_ms: f64,
    /// The page was too busy to notice the answer.
    pub main_thread_ms: f64,
}

/// One template of one feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateRow {
    /// HTTP method, or what stands for it.
    pub method: String,
    /// Template of the path.
    pub template: String,
    /// Attempts of every class.
    pub requests: u64,
    /// Attempts that count for latency.
    pub n: u64,
    /// Attempts that failed (throttled, server error, network, timeout).
    pub failed: u64,
    /// Absent when `n` is 0.
    pub percentiles: Option<Percentiles>,
    /// Estimated share within the first latency objective; absent without one or when `n` is 0.
    pub within_share: Option<f64>,
}

/// One slow attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExemplarRow {
    /// When, to ten seconds.
    pub at_ms: u64,
    /// Milliseconds.
    pub ms: u32,
    /// Name of its class.
    pub class: String,
    /// HTTP status; 0 without one.
    pub status: u16,
    /// HTTP method.
    pub method: String,
    /// Template of the path.
    pub template: String,
    /// Trace id; empty without one.
    pub trace: String,
}

/// Availability of every feature, and of the whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Availability {
    /// When.
    pub window: Window,
    /// Zone of calendar windows.
    pub timezone: String,
    /// Those with an availability objective first.
    pub features: Vec<FeatureAvailability>,
    /// Announced times that do not count.
    pub maintenance: Vec<Maintenance>,
}

/// How available one feature was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeatureAvailability {
    /// Slug; empty for what belongs to no feature.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What was promised; absent when nothing was.
    pub target: Option<f64>,
    /// How it stands.
    pub health: Health,
    /// The SLA: `1 - down / (window - maintenance - unknown)`; absent when nothing is known.
    pub time: Option<f64>,
    /// Good attempts of eligible ones; absent without any.
    pub requests: Option<f64>,
    /// Sum over slices of the share of clients that failed, in milliseconds.
    pub ratio_down_ms: u64,
    /// Milliseconds of outage, maintenance not counted.
    pub down_ms: u64,
    /// Milliseconds that may be down in the window by the target; absent without one.
    pub allowed_ms: Option<u64>,
    /// Share of the window, without maintenance, in which enough clients said something.
    pub coverage: f64,
    /// Newest first.
    pub outages: Vec<OutageRow>,
    /// Uptime divided by outages; absent without an outage.
    pub mtbf_ms: Option<u64>,
    /// Mean duration of outages that are over; absent without one.
    pub mttr_ms: Option<u64>,
    /// Mean time from the start of one outage to that of the next; absent below two.
    pub start_to_start_ms: Option<u64>,
    /// It fails and recovers again and again: three outages within an hour.
    pub flapping: bool,
    /// The window in stretches of one state, in order, at most 400.
    pub timeline: Vec<Stretch>,
}

/// A stretch of time in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stretch {
    /// Start, inclusive; milliseconds since 1970 (UTC).
    pub from_ms: u64,
    /// End, exclusive.
    pub to_ms: u64,
    /// In which.
    pub state: UpState,
}

/// Whether something worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UpState {
    /// It did, for almost all clients.
    Up,
    /// It did not, for at least half of them.
    Down,
    /// It did not, for some of them.
    Degraded,
    /// Nobody knows: too few clients, or none.
    Unknown,
    /// Announced.
    Maintenance,
}

/// One outage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutageRow {
    /// Start of its first bad slice.
    pub from_ms: u64,
    /// Start of the first good slice after it; absent while it lasts.
    pub to_ms: Option<u64>,
    /// Whether it is one of some clients only: no part of down, MTTR and MTBF.
    pub partial: bool,
    /// Largest share of clients that failed in one slice.
    pub peak_share: f64,
    /// Attempts that failed.
    pub failed: u64,
    /// May still change: late reports are awaited.
    pub provisional: bool,
    /// How often it was scored anew since it was first seen.
    pub revision: u32,
}

/// Where an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// Somebody, now.
    Page,
    /// Somebody, in working hours.
    Ticket,
    /// It is over.
    Resolved,
    /// It was raised, and nothing comes any more that could tell.
    Unknown,
}

/// Changes of alerts, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alerts {
    /// At most 200.
    pub items: Vec<AlertRow>,
}

/// One change of an alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertRow {
    /// When.
    pub at_ms: u64,
    /// Slug of the feature.
    pub feature: String,
    /// Which objective.
    pub objective: ObjectiveKind,
    /// Where it stands since then.
    pub state: AlertState,
    /// Which of its windows raised it: severity, and long and short window in milliseconds.
    pub severity: Severity,
    /// Long window in milliseconds.
    pub long_ms: u64,
    /// Short window in milliseconds.
    pub short_ms: u64,
    /// Burn rate over the long window at that time; absent when it was unknown.
    pub burn: Option<f64>,
}

/// The budgets in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BudgetsEntry {
    /// 0 where none were written: then the defaults are in force.
    pub version: u32,
    /// When they were published; milliseconds since 1970 (UTC).
    pub published_ms: u64,
    /// As their author wrote them.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub budgets: Budgets,
}

/// What became of budgets that were to be published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishedBudgets {
    /// The version in force now.
    pub version: u32,
    /// Whether this made it; false when nothing had changed.
    pub is_new: bool,
    /// What is worth a second look, though it is in force.
    pub findings: Vec<Finding>,
}

/// A time that was announced and does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Maintenance {
    /// Names it.
    pub id: u64,
    /// Start, inclusive; milliseconds since 1970 (UTC).
    pub from_ms: u64,
    /// End, exclusive.
    pub to_ms: u64,
    /// Slug of the feature; absent for all.
    pub feature: Option<String>,
    /// Why.
    pub note: String,
}

/// A time to announce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMaintenance {
    /// Start, inclusive; milliseconds since 1970 (UTC).
    pub from_ms: u64,
    /// End, exclusive.
    pub to_ms: u64,
    /// Slug of the feature; absent for all.
    #[serde(default)]
    pub feature: Option<String>,
    /// Why.
    #[serde(default)]
    pub note: String,
}

/// Announced times, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MaintenanceList {
    /// All of the last 90 days, and those to come.
    pub items: Vec<Maintenance>,
}
