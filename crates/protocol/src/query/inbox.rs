//! Turns what is asked about what people wrote into lists, whole responses, and changes of their state.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/v1/inbox?`[`View`]`&after=&limit=` | [`Inbox`]: newest first; `limit` 1 to 200, 50 unless told |
//! | `GET /api/v1/inbox/items/<response>` | [`Detail`] |
//! | `POST /api/v1/inbox/change` with [`NewChange`] | [`Changed`], or 409 and [`Disagreed`] |
//! | `POST /api/v1/inbox/undo/<step>` | [`Changed`] |
//! | `GET /api/v1/inbox/counts?`[`View`] | [`Counts`] |
//! | `GET /api/v1/inbox/export?`[`View`]`&format=` | every item of the view: `csv`, or `ndjson` with an [`Item`] a line |
//! | `GET /api/v1/inbox/assignees` | [`Assignees`] |
//! | `POST /api/v1/inbox/items/<response>/notes` with [`NewNote`] | [`Note`] |
//! | `PUT /api/v1/inbox/notes/<id>` with [`NewNote`] | 204; one's own only |
//! | `DELETE /api/v1/inbox/notes/<id>` | 204; one's own only |
//! | `GET /api/v1/inbox/tags` | [`Tags`] |
//! | `POST /api/v1/inbox/tags` with [`NewTag`] | [`Tag`], also when there is one of this name |
//! | `PUT /api/v1/inbox/tags/<id>` with [`NewTag`] | 204, or 409 `name_taken` |
//! | `DELETE /api/v1/inbox/tags/<id>` | 204; responses lose it |
//! | `POST /api/v1/inbox/tags/merge` with [`Merge`] | [`Merged`] |
//! | `GET /api/v1/people/timeline?`[`Whom`](super::custody::Whom) | [`Timeline`] |
//!
//! In the inbox is every response in which something was written, and every feedback. What is kept
//! aside is in it only where the view asks for it by name.
//!
//! [`View`]: super::view::View

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::view::{Aside, Dropped, Status};
use crate::id::{AttachmentId, InstallId, ResponseId};
use crate::latency::LatencyContext;
use crate::outcome::ErrorBody;

/// One page of the inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inbox {
    /// Newest first.
    pub items: Vec<Item>,
    /// Cursor of the next page, when there is one: `after`.
    pub next: Option<String>,
    /// Parameters that made no sense and were left out.
    pub dropped: Vec<Dropped>,
    /// IANA name of the project's time zone, in which its days begin.
    #[serde(default)]
    pub timezone: String,
}

/// One response in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// Its id.
    pub response: ResponseId,
    /// Slug of the survey or feedback form.
    pub survey: String,
    /// Whether it is feedback that somebody gave unasked.
    pub feedback: bool,
    /// When it was given; milliseconds since 1970 (UTC).
    pub at_ms: u64,
    /// What was written, or the part of it with the words that are looked for.
    pub excerpt: Vec<Piece>,
    /// Its first score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// How far it has come.
    pub status: Status,
    /// Why it counts nowhere; empty when it counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aside: Vec<Aside>,
    /// Until when it is out of the inbox; may have passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until_ms: Option<u64>,
    /// E-mail address of whoever looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Names of its tags, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Which response says the same, when the status is duplicate and that one is still there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<ResponseId>,
    /// Grows with every change of its state.
    pub rev: u32,
    /// Origin and path of the page.
    pub page_url: String,
    /// BCP 47 tag of the language that was shown.
    pub language: String,
    /// Family of browser; empty where it was not known yet.
    pub browser: String,
    /// The page's own id of the person; absent when it has not said one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Images that are there.
    pub images: u32,
    /// Notes by the team.
    pub notes: u32,
}

/// A stretch of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is what was looked for.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hit: bool,
}

/// A number on a scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Score {
    /// `nps`, `csat`, `ces` or `rating`.
    pub scale: String,
    /// The number.
    pub points: u8,
    /// The highest of the scale.
    pub top: u8,
}

/// One response, whole, with all that is known beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Detail {
    /// As in the list.
    pub item: Item,
    /// Version of the survey.
    pub version: u32,
    /// Which revision of the response this is, from 1.
    pub revision: u32,
    /// Whether an ending was reached.
    pub complete: bool,
    /// In the order of the questions.
    pub answers: Vec<Answered>,
    /// Whose browser profile.
    pub install: InstallId,
    /// Whether the page's server has vouched for the id of the person.
    pub verified: bool,
    /// What the page says about the person.
    pub traits: BTreeMap<String, String>,
    /// What the person agreed to attach.
    pub context: BTreeMap<String, String>,
    /// What the person had waited for by then, when the page measured it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<LatencyContext>,
    /// Images that are there.
    pub attachments: Vec<AttachmentId>,
    /// Images that never arrived.
    pub missing: Vec<AttachmentId>,
    /// Every change of its state, the oldest first.
    pub changes: Vec<ChangeLine>,
    /// What the team says to itself, the oldest first.
    pub notes: Vec<Note>,
    /// How many other responses came from the same browser profile or person.
    pub others: u64,
    /// Responses that have rare words in common with it, the likest first. A suggestion and no more.
    pub similar: Vec<Item>,
}

/// What somebody on the team says about a response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    /// Its id.
    pub id: u64,
    /// Who: an e-mail address, or the name of a token.
    pub author: String,
    /// When; milliseconds since 1970 (UTC).
    pub at_ms: u64,
    /// When it was last changed, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_ms: Option<u64>,
    /// What.
    pub text: String,
}

/// Says something about a response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// What: 1 to 10,000 characters.
    pub text: String,
}

/// How many a view shows, and how many beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// What the view shows.
    pub total: u64,
    /// By status, as if the view did not say which; those without any are absent.
    pub status: BTreeMap<Status, u64>,
    /// By slug of the survey, as if the view did not say which.
    pub survey: BTreeMap<String, u64>,
    /// By tag.
    pub tag: BTreeMap<String, u64>,
    /// By e-mail address of whoever looks after it, as if the view did not say whom; empty for nobody.
    pub assignee: BTreeMap<String, u64>,
    /// What would be there beside it if it were not kept aside, by reason, as if the view did not say
    /// which status. One may have several.
    pub aside: BTreeMap<Aside, u64>,
    /// Parameters that made no sense and were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
}

/// People who can be asked to look after something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assignees {
    /// E-mail addresses, in order.
    pub items: Vec<String>,
}

/// Every tag of the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tags {
    /// By name.
    pub items: Vec<Tag>,
}

/// What a team calls some responses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tag {
    /// Its id.
    pub id: u64,
    /// Its name: unique without case.
    pub name: String,
    /// How many responses have it that are not kept aside.
    pub responses: u64,
}

/// Names a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTag {
    /// 1 to 60 characters, without quotes.
    pub name: String,
}

/// Makes one tag of two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The one that goes.
    pub from: u64,
    /// The one that stays.
    pub into: u64,
}

/// What became of two tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Merged {
    /// How many responses had the one that went, and not yet the other.
    pub moved: u64,
}

/// What came from one browser profile or person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timeline {
    /// Newest first, scores alone and what is kept aside among them; at most 200.
    pub items: Vec<Item>,
}

/// The answer to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answered {
    /// The question's id.
    pub question: String,
    /// The question as it was shown.
    pub prompt: String,
    /// `nps`, `csat`, `ces`, `rating`, `text`, `choice`, `consent`, `reaction` or `skipped`.
    pub kind: String,
    /// The person went back and took another way: kept, never counted.
    pub off_path: bool,
    /// The score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// What was written, also beside options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The chosen options, as they were shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// `up`, `down` or `heart`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaction: Option<String>,
}

/// One change of the state of one response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeLine {
    /// The step that it was part of, which can be undone.
    pub step: u64,
    /// When; milliseconds since 1970 (UTC).
    pub at_ms: u64,
    /// Who: an e-mail address, or the name of a token.
    pub actor: String,
    /// What: `status`, `assignee`, `snooze`, `archived`, `duplicate_of` or `tag`.
    pub field: String,
    /// What it was: a status, an e-mail address, milliseconds since 1970 (UTC), `1` for put away, the id
    /// of a response, the name of a tag; absent for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it is since; absent for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// A change of the state of some responses, or of all that a view shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewChange {
    /// Which.
    pub which: Which,
    /// What.
    pub change: Change,
    /// How many there are, as far as whoever asks knows: with a view that shows another number,
    /// nothing is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<u64>,
    /// [`Item::rev`] as it was seen: when somebody was faster, nothing is changed. With one id only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev: Option<u32>,
}

/// Which responses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// These; what is not there is left out.
    Ids(Vec<ResponseId>),
    /// All that this view shows: a query string.
    View(String),
}

/// What is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// How far it has come.
    Status(Status),
    /// Who looks after it: an e-mail address of the project, or nobody.
    Assignee(Option<String>),
    /// Until when it is out of the inbox: milliseconds since 1970 (UTC), or not at all.
    Snooze(Option<u64>),
    /// Whether it is put away.
    Archived(bool),
    /// It says the same as this one, and its status becomes duplicate.
    DuplicateOf(ResponseId),
    /// It gets this tag, which is made if there is none.
    AddTag(String),
    /// It loses this tag.
    RemoveTag(String),
}

/// What became of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changed {
    /// How many were meant.
    pub matched: u64,
    /// How many are different now.
    pub changed: u64,
    /// The step that undoes it, for `POST /api/v1/inbox/undo/<step>`; absent when nothing changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// Parameters of the view that made no sense. With any of them nothing is changed: it would have
    /// been more than was meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
}

/// Why nothing was changed: an error reply with how things are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Disagreed {
    /// The code, and a sentence.
    pub error: ErrorBody,
    /// How many the view shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matched: Option<u64>,
    /// The response as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Box<Item>>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_false(value: &bool) -> bool {
    !*value
}
