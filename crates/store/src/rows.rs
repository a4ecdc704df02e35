//! Turns what a page sent, once it was checked, into what a store keeps.

use std::collections::BTreeMap;

use protocol::id::{AttachmentId, BatchId, BootId, InstallId, ItemId, ResponseId, SessionId};
use protocol::item::{DismissReason, ItemType, SurveyRef};
use protocol::latency::LatencyContext;
use protocol::score::NpsScore;
use protocol::survey::Reaction;

use crate::{LatencyRow, ProjectId, Refused, Signs};

/// Checked items of one envelope, ready to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Whose they are.
    pub project: ProjectId,
    /// Names the envelope; stable over its retries.
    pub id: BatchId,
    /// When it arrived, by the collector's clock.
    pub received_ms: u64,
    /// Who sent it.
    pub sender: Sender,
    /// What the sender had to drop; counted once per envelope id.
    pub losses: Vec<Loss>,
    /// In the order of their lines.
    pub items: Vec<NewItem>,
    /// What else is known of the sender.
    pub signs: Signs,
    /// Its lines that are no items.
    pub refused: Vec<Refused>,
    /// The first line of the envelope, for what is refused.
    pub header: String,
    /// Key of the site that it came through, for what is refused.
    pub site_key: String,
}

impl Batch {
    /// Bytes of all lines: what the batch weighs in a queue.
    pub fn bytes(&self) -> usize {
        let items = self.items.iter().map(|item| item.line.len());
        let refused = self.refused.iter().map(|refused| refused.line.len());
        items.chain(refused).sum()
    }
}

/// Who sent an envelope, and by which clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Name and version of the software.
    pub sdk: String,
    /// The browser profile.
    pub install: InstallId,
    /// The visit.
    pub session: SessionId,
    /// The page load.
    pub boot: BootId,
    /// The sender's wall clock when the envelope was built, raw.
    pub sent_wall_ms: u64,
    /// Collector's clock on arrival minus `sent_wall_ms`, raw, whether or not it was applied.
    pub clock_offset_ms: i64,
}

/// Items that the sender had to drop, for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Why.
    pub reason: String,
    /// How many.
    pub count: u32,
}

/// One item that was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct NewItem {
    /// Minted by the sender; one row per project and id, for ever.
    pub id: ItemId,
    /// Position within the page load.
    pub seq: u64,
    /// Age when the envelope was built, in milliseconds, raw.
    pub age_ms: u64,
    /// When it happened, corrected for the sender's clock.
    pub at_ms: u64,
    /// SHA-256 over type, body and `seq`; `age_ms` differs between attempts and is left out.
    pub body_hash: [u8; 32],
    /// The line as it arrived, with every field that this build does not know.
    pub line: String,
    /// The fields that this build knows.
    pub body: Body,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A survey became visible.
    Impression(ImpressionRow),
    /// A survey was answered, in part or whole.
    Response(Box<ResponseRow>),
    /// A survey was closed.
    Dismissal(DismissalRow),
    /// What a page load waited for. Its line is not kept: only the sums that it is merged into, and
    /// for a while its id, see [`crate::Retention`].
    Latency(Box<LatencyRow>),
}

impl Body {
    /// The kind of item that this is the body of.
    pub const fn kind(&self) -> ItemType {
        match self {
            Self::Impression(_) => ItemType::Impression,
            Self::Response(_) => ItemType::Response,
            Self::Dismissal(_) => ItemType::Dismissal,
            Self::Latency(_) => ItemType::Latency,
        }
    }
}

/// A survey became visible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImpressionRow {
    /// What was shown.
    pub survey: SurveyRef,
    /// Whether this version is a feedback form: one that was opened was not asked.
    pub feedback: bool,
}

/// One revision of one response. The highest revision wins, whatever the order of arrival; among
/// equal revisions, which no honest sender makes, the greater item id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseRow {
    /// What was answered.
    pub survey: SurveyRef,
    /// Whether this version is a feedback form: no part of any score or response rate.
    pub feedback: bool,
    /// One person's pass through it; unique in its project.
    pub response: ResponseId,
    /// Counts from 1.
    pub revision: u32,
    /// Whether an ending was reached.
    pub complete: bool,
    /// In the order of the questions.
    pub answers: Vec<NewAnswer>,
    /// Origin and path of the page.
    pub page_url: String,
    /// BCP 47 tag of the language that was shown.
    pub language: String,
    /// Who answered, when the page has said so.
    pub respondent: Option<Respondent>,
    /// Images that belong to it, whether or not they have arrived.
    pub attachments: Vec<AttachmentId>,
    /// What the person agreed to attach.
    pub context: BTreeMap<String, String>,
    /// What the person had waited for by then, when the page measured it.
    pub latency: Option<LatencyContext>,
}

/// Who answered, as the page knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Respondent {
    /// The page's own id of them; empty when only traits are known.
    pub id: String,
    /// Whether the page's server has vouched for the id.
    pub verified: bool,
    /// What the page says about them.
    pub traits: BTreeMap<String, String>,
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAnswer {
    /// The question's id.
    pub question: String,
    /// The question as it was shown.
    pub prompt: String,
    /// What was answered.
    pub value: NewValue,
    /// The person went back and took another way: kept, never counted.
    pub off_path: bool,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewValue {
    /// A number on a scale.
    Score {
        /// Which scale.
        scale: Scale,
        /// The number.
        points: u8,
    },
    /// Text, trimmed, never empty.
    Text(String),
    /// Options, in the order of the survey.
    Choice {
        /// What was chosen, never empty.
        options: Vec<NewOption>,
        /// What was written beside the options.
        other: Option<String>,
    },
    /// A ticked box.
    Consent,
    /// One tap in answer to an announcement.
    Reaction(Reaction),
    /// Nothing, on purpose.
    Skipped,
}

impl NewValue {
    /// A score on the NPS scale.
    pub fn nps(score: NpsScore) -> Self {
        Self::Score {
            scale: Scale::Nps,
            points: score.into(),
        }
    }
}

/// What a score is a score of. Scores of different scales are never counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// 0 to 10.
    Nps,
    /// 1 to 5.
    Csat,
    /// 1 to 7.
    Ces,
    /// 1 to this, which may differ between versions of a survey.
    Rating(u8),
}

/// One chosen option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOption {
    /// The option's id.
    pub id: String,
    /// The option as it was shown.
    pub label: String,
}

/// A survey was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DismissalRow {
    /// What was closed.
    pub survey: SurveyRef,
    /// The response under way.
    pub response: Option<ResponseId>,
    /// Who closed it, and whether they asked for later.
    pub reason: DismissReason,
}
