//! Turns what authors of surveys ask into drafts, versions, states, and what came of them.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/v1/survey-board?`[`BoardQuery`] | [`Board`]: every survey and every draft, by id |
//! | `GET /api/v1/surveys/<id>` | [`Desk`] |
//! | `PUT /api/v1/surveys/<id>/draft` with [`NewDraft`] | [`Kept`], or 409 and [`Clash`] |
//! | `DELETE /api/v1/surveys/<id>/draft?rev=` | 204, or 409 and [`Clash`] |
//! | `POST /api/v1/surveys/<id>/publish` with [`Publish`] | [`Published`](super::Published), 422 and [`Refused`](super::Refused), or 409 and [`Clash`] |
//! | `POST /api/v1/surveys/<id>/rollback` with [`Rollback`] | the same |
//! | `PUT /api/v1/surveys/<id>/state` with [`NewState`] | [`Paused`], or 409 and [`Clash`] |
//! | `GET /api/v1/surveys/<id>/export?version=` | the definition as a file: of a version or the `draft`; the newest version unless told |
//! | `POST /api/v1/survey-reach` with a definition | [`Reach`] |
//! | `POST /api/v1/survey-preview?language=` with a definition | what the widget shows, as the bytes that it reads |
//!
//! A draft is text: it is kept whatever is wrong with it, even where it is no JSON.

use serde::{Deserialize, Serialize};

use super::access::Credential;
use super::{Finding, Window};
use crate::outcome::ErrorBody;

/// Bytes of a definition at most. Fifty questions in twelve languages have some hundred thousand.
pub const MAX_DEFINITION_BYTES: usize = 1 << 20;

/// Over which days a board counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoardQuery {
    /// Length of the window that ends now, in days of 24 hours; absent means all time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

/// Every survey and every draft of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Board {
    /// By id.
    pub items: Vec<BoardEntry>,
    /// What is counted.
    pub window: Window,
    /// IANA name of the project's zone.
    pub timezone: String,
}

/// One survey, or the draft of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoardEntry {
    /// Its slug.
    pub id: String,
    /// What the team calls it; the slug where a draft has no name yet.
    pub name: String,
    /// Whether it is a feedback form: opened by people, never shown by itself.
    pub feedback: bool,
    /// Whether it asks now.
    pub state: State,
    /// The version that runs, or would; absent where nothing was published yet.
    pub version: Option<u32>,
    /// When that was published; milliseconds since 1970 (UTC).
    pub published_ms: Option<u64>,
    /// When it begins by itself; milliseconds since 1970 (UTC).
    pub from_ms: Option<u64>,
    /// When it ends by itself; milliseconds since 1970 (UTC).
    pub until_ms: Option<u64>,
    /// What is being written, if anything is.
    pub draft: Option<DraftSign>,
    /// What came of it in the window.
    pub counts: Counts,
}

/// That something is being written, and whether it could be published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftSign {
    /// Findings that keep it from being published.
    pub errors: u32,
    /// When it was saved; milliseconds since 1970 (UTC).
    pub saved_ms: u64,
    /// Who saved it.
    pub author: String,
}

/// Whether a survey asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SurveyState))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing was published yet.
    Draft,
    /// It begins at a time that is still to come.
    Scheduled,
    /// It asks.
    Running,
    /// Somebody stopped it for a while.
    Paused,
    /// The time at which it ends is over.
    Ended,
}

impl State {
    /// Every state, in the order of a survey's life.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Scheduled,
        Self::Running,
        Self::Paused,
        Self::Ended,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }

    /// The state that `name` names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// What came of a survey in a window. Tests, spam, what is archived and what no person gave count
/// nowhere but in `tests`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SurveyCounts))]
pub struct Counts {
    /// Times that it was on a screen.
    pub impressions: u64,
    /// People on whose screen it was.
    pub shown: u64,
    /// Those of them who answered.
    pub shown_and_answered: u64,
    /// Responses, in part or whole.
    pub responses: u64,
    /// When the last of them was given; milliseconds since 1970 (UTC).
    pub last_ms: Option<u64>,
    /// Responses that were given to try it.
    pub tests: u64,
}

/// Everything about one survey that its author works with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Desk {
    /// How it stands, over all time.
    pub entry: BoardEntry,
    /// What is being written; absent where nothing differs from the newest version.
    pub draft: Option<Draft>,
    /// The newest version, where there is one.
    pub newest: Option<Definition>,
    /// Every version, the newest first.
    pub versions: Vec<Version>,
    /// IANA name of the project's zone.
    pub timezone: String,
    /// Key of a site by which it can be tried: whatever comes through it is a test. Absent without a site.
    pub test_key: Option<String>,
}

/// A definition that is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// As it was typed.
    pub text: String,
    /// Grows with every save, and is never given again.
    pub rev: u64,
    /// The newest version that its authors know; 0 before the first. Once another is newer it is not
    /// published.
    pub base: u32,
    /// When it was saved; milliseconds since 1970 (UTC).
    pub saved_ms: u64,
    /// Who saved it: an e-mail address, or the name of a token.
    pub author: String,
    /// What is wrong with it, and what is worth a second look.
    pub findings: Vec<Finding>,
}

/// One version of a survey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SurveyVersion))]
pub struct Version {
    /// Counts from 1.
    pub version: u32,
    /// When it was published; milliseconds since 1970 (UTC).
    pub published_ms: u64,
    /// Who published it; absent where a build of before kept no name.
    pub by: Option<Publisher>,
    /// The version that it says the same as, where an older one was published anew.
    pub restored: Option<u32>,
}

/// Who published something, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Publisher {
    /// `command_line` means that it came from a file.
    pub credential: Credential,
    /// An e-mail address, or the name of a token.
    pub name: String,
}

/// One version as its author wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Definition {
    /// Its slug.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// The definition, as JSON with line breaks.
    pub text: String,
}

/// A draft to be saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewDraft {
    /// What was typed.
    pub text: String,
    /// [`Draft::rev`] of the draft that it goes on from; 0 where there was none.
    pub rev: u64,
    /// The newest version that its author knows; absent for what the draft was begun from. Whoever goes on
    /// though somebody published meanwhile says so by this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<u32>,
}

/// What became of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Kept {
    /// What the next save goes on from.
    pub rev: u64,
    /// [`Draft::base`].
    pub base: u32,
    /// When it was saved; milliseconds since 1970 (UTC).
    pub saved_ms: u64,
    /// What is wrong with it, and what is worth a second look.
    pub findings: Vec<Finding>,
}

/// A draft to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Publish {
    /// [`Draft::rev`] of the draft that its author saw.
    pub rev: u64,
    /// The newest version that its author knows; 0 before the first.
    pub base: u32,
}

/// An older version to be published anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rollback {
    /// Which.
    pub version: u32,
    /// The newest version that whoever asks knows.
    pub base: u32,
}

/// Whether a survey is to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewState {
    /// Whether it is to stop for a while.
    pub paused: bool,
    /// Whether it is stopped as far as whoever asks knows.
    pub was_paused: bool,
}

/// Whether a survey has stopped for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Paused {
    /// Whether it has.
    pub paused: bool,
}

/// Somebody was faster: an error reply with what is there now. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Clash {
    /// The code `conflict`, and a sentence.
    pub error: ErrorBody,
    /// The draft that is there, if there is one.
    pub draft: Option<Draft>,
    /// The newest version that is there, if there is one.
    pub newest: Option<Definition>,
    /// What was sent, where a draft was.
    pub yours: Option<String>,
}

/// Who would have seen a survey, as far as what is kept tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reach {
    /// What was looked at.
    pub days: u32,
    /// Page loads that are known, of whose pages the path is known.
    pub views: Share,
    /// People of whom an address was kept, because a survey was shown, closed or answered there.
    pub people: Share,
    /// The addresses most people would have seen it at.
    pub pages: Vec<ReachPage>,
    /// Page loads in the same days of which no address is known.
    pub unplaced: u64,
    /// Parts of its rule that nothing kept says anything about: they would make it fewer.
    pub unknown: Vec<Unknown>,
    /// Share of people in the sample, in thousandths; `people` is of that sample already.
    pub sample_permille: u16,
}

/// Some of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SurveyShare))]
pub struct Share {
    /// Some.
    pub some: u64,
    /// All.
    pub all: u64,
}

/// One address, and the people who were there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReachPage {
    /// Origin and path.
    pub url: String,
    /// People who would have seen it there.
    pub people: u64,
}

/// A part of a rule that nothing kept says anything about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// Kinds of device.
    Devices,
    /// Traits of people.
    Traits,
    /// Regular expressions on the address, which only a page can run.
    Expressions,
    /// Pages of the visit, time on the page, an element.
    Visit,
    /// What sets it off, or calls it off.
    Triggers,
    /// How often somebody was asked before.
    Waits,
}
