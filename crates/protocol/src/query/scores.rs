//! Turns what is asked about scores into what people gave, how sure that is, and what goes along with it.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/v1/scores?`view`&kind=&compare=&step=` | [`Scores`] |
//! | `GET /api/v1/scores/breakdown?`view`&kind=&by=` | [`Breakdown`] |
//! | `GET /api/v1/scores/slow?`view`&kind=&segment=&over=` | [`Slow`] |
//! | `GET /api/v1/scores/export?`view`&kind=&compare=&step=&by=&format=` | CSV or NDJSON of [`Line`]s |
//! | `GET /api/v1/releases?from=&to=` | [`Releases`] |
//! | `POST /api/v1/releases` with [`NewRelease`] | [`Release`] |
//! | `DELETE /api/v1/releases/<id>` | 204 |
//!
//! The view is a [`super::view::View`]. Without `survey`, scores are those of all surveys. A view's `score`
//! makes no sense here, where it would be asked of itself, and is left out by the name `of_itself`.
//!
//! | parameter | meaning |
//! |---|---|
//! | `kind` | `nps`, `csat` or `ces`; the survey's own, or the first that there is, unless told |
//! | `compare` | `previous` (unless told: the same length of time before), `none`, or the query string of another view |
//! | `step` | `day`, `week` or `month`; the shortest in which 30 people answer, unless told |
//! | `by` | `survey`, `page`, `device`, `browser`, `language`, `country`, `version` or `trait.NAME` |
//! | `segment` | what people are told apart by beside their device: as `by`; nothing unless told |
//! | `over` | percent of requests that may be over their budget for somebody to be within; 10 unless told |
//! | `format` | `csv` or `ndjson` |
//!
//! Scores are unrounded: NPS from -100 to 100, CSAT from 0 to 100 percent, CES from 1 to 7. Of each person
//! the latest answer counts, once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::view::{Aside, Dropped};
use super::{Interval, Window};

/// The score of a group of people.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figure {
    /// People who gave a score.
    pub n: u64,
    /// The score; absent when nobody did.
    pub score: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<Interval>,
    /// People at the good end, in the middle, at the bad end: promoters, passives and detractors.
    pub split: [u64; 3],
}

/// A question that asks for a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scored {
    /// `nps`, `csat` or `ces`.
    pub kind: String,
    /// Its id.
    pub question: String,
    /// As it is written in the survey's own language.
    pub title: String,
}

/// Scores of one kind in one view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scores {
    /// `nps`, `csat` or `ces`.
    pub kind: String,
    /// The question that was answered; absent for all surveys together.
    pub question: Option<Scored>,
    /// When the answers were given.
    pub window: Window,
    /// IANA name of the zone in which days begin.
    pub timezone: String,
    /// Everybody.
    pub total: Figure,
    /// People per point of the scale, also where there are none.
    pub histogram: BTreeMap<u8, u64>,
    /// Who was asked; absent where the view is narrower than what is known of those who did not answer.
    pub reach: Option<Reach>,
    /// Beside what it stands.
    pub compared: Option<Compared>,
    /// Length of a bucket: `day`, `week` or `month`.
    pub step: String,
    /// Over time; the people of all buckets are those of `total`.
    pub trend: Vec<Bucket>,
    /// Scores that were left out, by reason.
    pub aside: BTreeMap<Aside, u64>,
    /// What was released in the window, the oldest first.
    pub releases: Vec<Release>,
    /// What pages say about people: names for `by=trait.NAME`.
    pub traits: Vec<String>,
    /// What of the query made no sense.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
}

/// How many of those who were asked answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reach {
    /// People who were shown the survey.
    pub shown: u64,
    /// Those of them who gave a score.
    pub answered: u64,
    /// Days until 30 people have answered, as it goes now; absent when they have, or nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_to_firm: Option<u32>,
}

/// Another group of people, and what may be said about the difference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Compared {
    /// Whether it is the same length of time before; otherwise another view.
    pub is_previous: bool,
    /// The other view.
    pub view: String,
    /// When the other answers were given.
    pub window: Window,
    /// The other people.
    pub figure: Figure,
    /// This minus the other; absent when one of them has no answers.
    pub difference: Option<Difference>,
}

/// A difference of two scores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// Of the scores, in their unit.
    pub value: f64,
    /// Its 95 % interval, by adjusted scores.
    pub interval: Interval,
    /// Chance of a difference at least this large if there were none: 0 to 1.
    pub p: f64,
    /// What may be said.
    pub verdict: Verdict,
}

/// What a difference allows to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Higher.
    Up,
    /// Lower.
    Down,
    /// Chance alone would explain it.
    NoDetectableChange,
    /// One of the groups is too small for any of these.
    TooFew,
}

/// A stretch of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ScoreBucket))]
pub struct Bucket {
    /// Start, inclusive; milliseconds since 1970 (UTC).
    pub from_ms: u64,
    /// End, exclusive.
    pub to_ms: u64,
    /// Whether it is over.
    pub complete: bool,
    /// Who answered in it.
    pub figure: Figure,
}

/// Scores of people who have something in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Breakdown {
    /// `nps`, `csat` or `ces`.
    pub kind: String,
    /// By what.
    pub by: String,
    /// When the answers were given.
    pub window: Window,
    /// Everybody.
    pub total: Figure,
    /// The largest first, at most 50.
    pub rows: Vec<Row>,
    /// People in further rows.
    pub others: u64,
    /// What of the query made no sense.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
}

/// People who have one thing in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Row {
    /// What; absent where it is not known.
    pub key: Option<String>,
    /// Name and value of the view's parameter that shows only these; absent where there is none.
    pub filter: Option<(String, String)>,
    /// These people.
    pub figure: Figure,
    /// Against everybody else; absent when there is nobody else.
    pub difference: Option<Difference>,
    /// Whether the difference says something, where this many are looked at together.
    pub stands_out: bool,
}

/// Scores of people whose requests were within their budgets, and of those whose were over them.
///
/// The one goes along with the other, and need not be its reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Slow {
    /// `nps`, `csat` or `ces`.
    pub kind: String,
    /// When the answers were given.
    pub window: Window,
    /// Somebody is over when more than this percentage of their requests was.
    pub over_percent: u8,
    /// What people are told apart by beside their device.
    pub segment: Option<String>,
    /// People within.
    pub within: Figure,
    /// People over.
    pub over: Figure,
    /// People who made no request that has a budget.
    pub unknown: u64,
    /// Each kind of person by itself, the largest first.
    pub strata: Vec<Stratum>,
    /// What may be said; absent while too few people are in one of the groups.
    pub found: Option<Found>,
    /// People that each group needs, among those of whom both groups have some.
    pub needed: u64,
    /// Those that there are: within, over.
    pub compared: [u64; 2],
    /// People left out because everybody of their kind is in one group.
    pub left_out: u64,
    /// What of the query made no sense.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
}

/// People of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stratum {
    /// Sort of machine; absent where it is not known.
    pub device: Option<String>,
    /// The segment; absent where it is not known, or none was asked for.
    pub segment: Option<String>,
    /// Those within.
    pub within: Figure,
    /// Those over.
    pub over: Figure,
    /// Over minus within; absent when one group is empty.
    pub difference: Option<f64>,
}

/// A difference within kinds of people.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Found {
    /// Over minus within, weighed by how many people a kind has.
    pub difference: Difference,
    /// Over minus within of everybody together, which mixes kinds.
    pub pooled: f64,
    /// Whether everybody together would tell another story.
    pub misleads: bool,
}

/// One line of an export: the same numbers, one group each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Line {
    /// `total`, `compared`, `trend` or `breakdown`.
    pub part: String,
    /// Of a breakdown: what these people have in common; empty where it is not known.
    pub key: String,
    /// Start; milliseconds since 1970 (UTC).
    pub from_ms: u64,
    /// End, exclusive.
    pub to_ms: u64,
    /// Whether the time is over.
    pub complete: bool,
    /// `nps`, `csat` or `ces`.
    pub kind: String,
    /// The people.
    #[serde(flatten)]
    pub figure: Figure,
}

/// Something that changed what people use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Release {
    /// Its id.
    pub id: u64,
    /// When; milliseconds since 1970 (UTC).
    pub at_ms: u64,
    /// What the team calls it: `2.4.1`.
    pub name: String,
    /// What it changed; may be empty.
    pub note: String,
    /// Who said so: an e-mail address, or the name of a token.
    pub by: String,
}

/// Releases, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Releases {
    /// All of the span.
    pub items: Vec<Release>,
}

/// Which releases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleasesQuery {
    /// From then on; milliseconds since 1970 (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// Before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u64>,
}

/// A team, or what builds for it, says that something was released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRelease {
    /// What the team calls it, of 1 to 100 characters.
    pub name: String,
    /// When, at most a day ahead; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<u64>,
    /// What it changed, up to 1,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
