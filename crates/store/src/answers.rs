//! Turns what pages send into rows, and rows into the numbers and comments that the console shows.

use protocol::id::{BatchId, BootId, InstallId, ItemId, ResponseId, SessionId};
use protocol::item::{DismissReason, ItemType, SurveyRef};
use protocol::outcome::Outcome;
use protocol::score::NpsScore;

use crate::{ProjectId, Reply};

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
}

impl Batch {
    /// Bytes of all lines: what the batch weighs in a queue.
    pub fn bytes(&self) -> usize {
        self.items.iter().map(|item| item.line.len()).sum()
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
    Response(ResponseRow),
    /// A survey was closed.
    Dismissal(DismissalRow),
}

impl Body {
    /// The kind of item that this is the body of.
    pub const fn kind(&self) -> ItemType {
        match self {
            Self::Impression(_) => ItemType::Impression,
            Self::Response(_) => ItemType::Response,
            Self::Dismissal(_) => ItemType::Dismissal,
        }
    }
}

/// A survey became visible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImpressionRow {
    /// What was shown.
    pub survey: SurveyRef,
}

/// One revision of one response. The highest revision wins, whatever the order of arrival; among
/// equal revisions, which no honest sender makes, the greater item id.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseRow {
    /// What was answered.
    pub survey: SurveyRef,
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
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewValue {
    /// A score.
    Score(NpsScore),
    /// Text, trimmed, never empty.
    Text(String),
    /// Nothing, on purpose.
    Skipped,
}

/// A survey was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DismissalRow {
    /// What was closed.
    pub survey: SurveyRef,
    /// The response under way.
    pub response: Option<ResponseId>,
    /// Who closed it.
    pub reason: DismissReason,
}

/// A stretch of time, from `from_ms` up to but without `to_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Start, inclusive.
    pub from_ms: u64,
    /// End, exclusive.
    pub to_ms: u64,
}

/// Which scores to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NpsFilter {
    /// Of which project.
    pub project: ProjectId,
    /// Of which survey, over all its versions.
    pub survey: String,
    /// Of which question.
    pub question: String,
    /// Given when.
    pub span: Span,
}

/// Scores and reach of one survey in one span. People are installs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NpsCounts {
    /// People per score, 0 to 10: the latest score of each in the span. Skipped questions,
    /// dismissals and impressions never count.
    pub histogram: [u64; 11],
    /// People who were shown the survey in the span.
    pub shown: u64,
    /// Those of them who gave a score in the span.
    pub shown_and_answered: u64,
}

/// Which comments to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentsFilter {
    /// Of which project.
    pub project: ProjectId,
    /// Of which survey, over all its versions.
    pub survey: String,
    /// Given when.
    pub span: Span,
    /// Only those that come after this one.
    pub after: Option<CommentCursor>,
    /// At most so many.
    pub limit: u32,
}

/// The place of one comment in the order newest first; ties are broken by response and position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommentCursor {
    /// When it was given.
    pub at_ms: u64,
    /// The response that it belongs to.
    pub response: ResponseId,
    /// Its place among the answers of the response, from 0.
    pub position: u32,
}

/// One page of comments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommentPage {
    /// Newest first.
    pub items: Vec<CommentRow>,
    /// Where the next page begins, when there is one.
    pub next: Option<CommentCursor>,
}

/// What one person wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentRow {
    /// Its place in the order.
    pub cursor: CommentCursor,
    /// The question as it was shown.
    pub prompt: String,
    /// What was written.
    pub text: String,
    /// The first score given in the same response.
    pub score: Option<NpsScore>,
    /// Origin and path of the page.
    pub page_url: String,
    /// BCP 47 tag of the language that was shown.
    pub language: String,
}

/// What pages send, and what is read out of it.
pub trait Answers: Send + Sync {
    /// Keeps a batch and answers one outcome per item, in order: accepted, duplicate or conflict.
    ///
    /// The answer comes only after everything accepted, and everything that the duplicates repeat,
    /// is durable. A batch is kept whole or not at all.
    ///
    /// # Errors
    ///
    /// [`crate::StoreError::Overloaded`] at once when too much waits already;
    /// [`crate::StoreError::Engine`] when the write failed. The outcome is then unknown to the
    /// sender, who may send the same again. The store has logged it: one write may fail for many.
    fn append(&self, batch: Batch) -> Reply<'_, Vec<Outcome>>;

    /// Counts scores, and how many people were asked.
    fn nps(&self, filter: NpsFilter) -> Reply<'_, NpsCounts>;

    /// Reads comments, newest first.
    fn comments(&self, filter: CommentsFilter) -> Reply<'_, CommentPage>;
}
