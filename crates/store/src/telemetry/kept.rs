//! Turns what follows from sums, and what people say about them, into what a store keeps.

use protocol::budget::Severity;
use protocol::query::performance::{AlertState, ObjectiveKind};

use crate::ProjectId;

/// An outage as the evaluation found it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outage {
    /// Start of its first bad slice; milliseconds since 1970 (UTC).
    pub from_ms: u64,
    /// Start of the first good slice after it; absent while it lasts.
    pub to_ms: Option<u64>,
    /// Whether it is one of some clients only.
    pub partial: bool,
    /// Largest share of clients that failed in one slice.
    pub peak_share: f64,
    /// Attempts that failed.
    pub failed: u64,
}

/// An outage as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct OutageRow {
    /// Slug; empty for what belongs to no feature.
    pub feature: String,
    /// What is known of it.
    pub outage: Outage,
    /// How often it was scored anew since it was first seen.
    pub revision: u32,
}

/// How one hour of one feature was scored: what is left of its slices when they are pruned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HourScore {
    /// When it begins; a whole multiple of 3,600,000.
    pub start_ms: u64,
    /// Milliseconds of it in which enough clients said something; 0 to 3,600,000.
    pub known_ms: u64,
    /// Sum over its slices of the share of clients that failed, in milliseconds.
    pub ratio_down_ms: u64,
}

/// What an evaluation found of one feature since some time: it replaces what was found before.
#[derive(Clone, Debug, PartialEq)]
pub struct Scoring {
    /// Whose.
    pub project: ProjectId,
    /// Slug; empty for what belongs to no feature.
    pub feature: String,
    /// What begins before this is frozen. Only an outage that had not ended by then may still grow:
    /// one of `outages` that begins here continues it, and without one it ended here.
    pub since_ms: u64,
    /// In order of time; none begins before `since_ms`.
    pub outages: Vec<Outage>,
    /// Hours that begin at `since_ms` or later; those that are not named stay as they were.
    pub hours: Vec<HourScore>,
}

/// One change of an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertChange {
    /// When; milliseconds since 1970 (UTC).
    pub at_ms: u64,
    /// Slug; empty for what belongs to no feature.
    pub feature: String,
    /// Which objective.
    pub objective: ObjectiveKind,
    /// Which of its alerts: who is woken.
    pub severity: Severity,
    /// Long window in milliseconds.
    pub long_ms: u64,
    /// Short window in milliseconds.
    pub short_ms: u64,
    /// Where it stands since then.
    pub state: AlertState,
    /// Burn rate over the long window at that time; absent when it was unknown.
    pub burn: Option<f64>,
}

/// One version of the budgets of a project, which never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetsVersion {
    /// Counts from 1.
    pub version: u32,
    /// When it was published; milliseconds since 1970 (UTC).
    pub published_ms: u64,
    /// The document, as JSON.
    pub document: String,
}

/// What became of budgets that were to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetsPublication {
    /// The version in force now.
    pub version: u32,
    /// Whether this made it; false when nothing had changed.
    pub is_new: bool,
}

/// Features that something was counted for, of all projects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// To ask for what comes after this.
    pub mark: u64,
    /// Each once.
    pub features: Vec<ChangedFeature>,
}

/// A feature that something was counted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFeature {
    /// Whose.
    pub project: ProjectId,
    /// Slug; empty for what belongs to no feature.
    pub feature: String,
    /// When the newest slice that anything was counted in began; milliseconds since 1970 (UTC).
    pub newest_ms: u64,
}

/// How long what is kept. Sums by the hour are kept for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Sums by 10 s, in milliseconds.
    pub slices_ms: u64,
    /// Sums by the minute, in milliseconds.
    pub minutes_ms: u64,
    /// Ids of reports, in milliseconds: past the age at which an SDK gives up sending one again.
    pub ids_ms: u64,
}

impl Default for Retention {
    /// 48 hours, 30 days, and 15 days: the SDK keeps an item for seven, and clocks are off.
    fn default() -> Self {
        const DAY_MS: u64 = 86_400_000;
        Self {
            slices_ms: 2 * DAY_MS,
            minutes_ms: 30 * DAY_MS,
            ids_ms: 15 * DAY_MS,
        }
    }
}

/// How many rows were pruned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Sums by 10 s.
    pub slices: u64,
    /// Sums by the minute.
    pub minutes: u64,
    /// Ids of reports.
    pub ids: u64,
}
