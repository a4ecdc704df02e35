//! Turns what is kept of pages into the numbers, comments and responses that people read.

use protocol::id::{AttachmentId, InstallId, ResponseId};
use protocol::outcome::Outcome;
use protocol::query::view::View;
use protocol::score::NpsScore;
use scores::Kind;

use crate::{Batch, ProjectId, Reply, ResponseRow, ScoresFilter};

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

impl NpsFilter {
    /// The same, as all kinds of scores are asked for.
    pub fn as_scores(&self) -> ScoresFilter {
        ScoresFilter {
            project: self.project,
            view: View {
                survey: Some(self.survey.clone()),
                from_ms: Some(self.span.from_ms),
                to_ms: Some(self.span.to_ms),
                ..View::default()
            },
            kind: Kind::Nps,
            question: Some(self.question.clone()),
            now_ms: 0,
        }
    }
}

/// Scores and reach of one survey in one span. People are installs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NpsCounts {
    /// People per score, 0 to 10: the latest score of each in the span. Skipped questions, answers
    /// off the path, feedback forms, other scales, dismissals and impressions never count.
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
    /// In which answers; of all surveys and feedback forms when it names none. What is snoozed is among
    /// them, unless only that is asked for.
    pub view: View,
    /// Of which kind the score has to be that the view names; unless told, the one that the inbox shows.
    pub kind: Option<Kind>,
    /// What is snoozed until later than this is snoozed; milliseconds since 1970 (UTC).
    pub now_ms: u64,
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

/// What one person wrote: an answer in words, or beside the options of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentRow {
    /// Its place in the order.
    pub cursor: CommentCursor,
    /// Id of the survey.
    pub survey: String,
    /// The question as it was shown.
    pub prompt: String,
    /// What was written.
    pub text: String,
    /// The first NPS score given in the same response.
    pub score: Option<NpsScore>,
    /// Origin and path of the page.
    pub page_url: String,
    /// BCP 47 tag of the language that was shown.
    pub language: String,
    /// Images of the response that are there.
    pub attachments: Vec<AttachmentId>,
}

/// One response as it is kept: its winning revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptResponse {
    /// Whose browser profile.
    pub install: InstallId,
    /// When this revision happened, corrected for the sender's clock.
    pub at_ms: u64,
    /// What it says.
    pub row: ResponseRow,
    /// Those of its images that are not there: never uploaded, or not yet.
    pub missing: Vec<AttachmentId>,
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

    /// Reads one response, whole.
    fn response(&self, project: ProjectId, id: ResponseId) -> Reply<'_, Option<KeptResponse>>;
}
