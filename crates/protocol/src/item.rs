//! Turns what happened in a page into items: one line of an envelope each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{AttachmentId, ItemId, ResponseId};
use crate::latency::LatencyContext;
use crate::score::NpsScore;
use crate::survey::Reaction;

/// One line of an envelope, generic over how far its body is decoded.
///
/// ```
/// use protocol::item::{Impression, Item};
/// let line = r#"{"id":"01936f7e-0000-7000-8000-000000000001","seq":3,"age_ms":1200,
///     "type":"impression","p":{"survey":{"id":"nps","version":1},
///     "page":{"url":"https://shop.example/cart","language":"de"}}}"#;
/// let item: Item<Impression> = serde_json::from_str(line).unwrap();
/// assert_eq!(item.p.survey.id, "nps");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Item<P> {
    /// Minted once, when the thing happened; the same on every attempt to deliver it.
    pub id: ItemId,
    /// Position within the page load, from 0, without gaps unless an item was lost.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub seq: u64,
    /// Milliseconds, on a monotonic clock, from the happening to the header's `sent_wall`.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub age_ms: u64,
    /// Which of the bodies below `p` is: see [`ItemType`].
    #[serde(rename = "type")]
    pub kind: ItemType,
    /// The body.
    pub p: P,
}

/// The kinds of item that this version of the wire knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ItemType {
    /// A survey became visible: [`Impression`].
    Impression,
    /// A survey was answered, in part or whole: [`Response`].
    Response,
    /// A survey was closed: [`Dismissal`].
    Dismissal,
    /// What a page load waited for: [`crate::latency::LatencyReport`].
    Latency,
}

impl ItemType {
    /// Every kind, in the order of their declaration.
    pub const ALL: [Self; 4] = [
        Self::Impression,
        Self::Response,
        Self::Dismissal,
        Self::Latency,
    ];

    /// The stable name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Impression => "impression",
            Self::Response => "response",
            Self::Dismissal => "dismissal",
            Self::Latency => "latency",
        }
    }

    /// The kind that `name` names on the wire, if this version knows it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// One published version of one survey. Versions count from 1 and never change once published.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SurveyRef {
    /// The survey's slug: see [`crate::limits::is_slug`].
    pub id: String,
    /// Its version.
    pub version: u32,
}

/// Where in the product something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageContext {
    /// Origin and path. The SDK removes query and fragment, which may hold secrets.
    pub url: String,
    /// BCP 47 tag of the language that the person was shown.
    pub language: String,
}

/// A survey became visible to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Impression {
    /// What was shown.
    pub survey: SurveyRef,
    /// Where it was shown.
    pub page: PageContext,
}

/// What a person answered so far; a later revision replaces an earlier one.
///
/// The first revision is sent as soon as the first answer is given, so that an NPS score counts
/// even when the person leaves before the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Response {
    /// What was answered.
    pub survey: SurveyRef,
    /// This person's pass through the survey.
    pub response: ResponseId,
    /// Counts from 1; the collector keeps the highest.
    pub revision: u32,
    /// Whether the person reached an ending.
    pub complete: bool,
    /// Answers in the order of the questions; a question not yet reached is absent.
    pub answers: Vec<Answer>,
    /// Where it was answered.
    pub page: PageContext,
    /// Who answered, when the page has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// Images that were uploaded before, at most [`crate::limits::MAX_ATTACHMENTS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentId>,
    /// What the person agreed to attach: name and value of what the browser knows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub context: BTreeMap<String, String>,
    /// What the person had waited for by then, when the page measures it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<LatencyContext>,
}

/// Who uses the product, as the page knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Person {
    /// The page's own id of them; empty when only traits are known.
    #[serde(default)]
    pub id: String,
    /// HMAC-SHA-256 of `id` with the site's secret, in hex, made by the page's server; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub signature: String,
    /// What the page says about them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traits: BTreeMap<String, String>,
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Answer {
    /// The question's id.
    pub question: String,
    /// The question as it was shown: its wording may change later, the answer must not.
    pub prompt: String,
    /// What was answered.
    pub value: AnswerValue,
    /// The person went back and took another way: kept, but no part of any number.
    #[serde(default, skip_serializing_if = "is_false")]
    pub off_path: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// What was answered, by kind of question: `{"nps": 9}`, `{"text": "Fast"}` or `"skipped"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AnswerValue {
    /// A score from 0 to 10.
    Nps(NpsScore),
    /// Free text, trimmed, never empty.
    Text(String),
    /// The question was reached and left unanswered on purpose.
    Skipped,
    /// 1 to 5.
    Csat(u8),
    /// 1 to 7.
    Ces(u8),
    /// 1 to the question's `max`.
    Rating(u8),
    /// Options of a single or multiple choice.
    Choice(Chosen),
    /// A ticked box: always `true`; one that is not ticked is skipped.
    Consent(bool),
    /// One tap in answer to an announcement.
    Reaction(Reaction),
}

/// What was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Chosen {
    /// In the order of the survey's definition, whatever order was shown; never empty.
    pub options: Vec<ChosenOption>,
    /// What was written beside [`crate::survey::OTHER`]: trimmed, never empty, absent without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
}

/// One chosen option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChosenOption {
    /// The option's id.
    pub id: String,
    /// The option as it was shown.
    pub label: String,
}

/// A survey was closed by the person or by the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Dismissal {
    /// What was closed.
    pub survey: SurveyRef,
    /// The response under way, when at least one question had been answered.
    pub response: Option<ResponseId>,
    /// Who closed it.
    pub reason: DismissReason,
    /// Where it was closed.
    pub page: PageContext,
}

/// Who closed a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DismissReason {
    /// The person, by the close button or Escape.
    Person,
    /// The page, by `firsthand.close()`.
    Page,
    /// The person, who asked to be asked later.
    Snoozed,
}
