//! Turns what the collector must keep and find again into one trait that any engine can stand behind.
//!
//! [`Store`] is several smaller traits: [`Directory`] holds what people set up (projects, sites,
//! surveys, people, sessions), [`Authoring`] what authors of surveys do, [`Answers`] what pages send, [`Scores`] counts it, [`Inbox`] what a team does about it, [`Attachments`] what is known of the images
//! that belong to it, [`Ledger`] what became of all of it,
//! [`Telemetry`] the sums of what page loads measured, and what follows from them;
//! [`Setup`] holds what admins change while pages are in use;
//! [`Custody`] lets go of what is kept about people. They are apart because past one machine they live on different engines. Nothing here reads a clock, knows SQL or names a wire format: times come in
//! as milliseconds since 1970 (UTC), and the types below are the store's own, converted from the wire
//! by the collector.
//!
//! Every backend passes the suite in `conformance` (feature `conformance`).

mod answers;
mod attachments;
mod authoring;
#[cfg(feature = "conformance")]
pub mod conformance;
mod custody;
mod directory;
mod error;
mod guards;
mod inbox;
mod keep;
mod ledger;
mod rows;
mod scores;
mod setup;
mod telemetry;
mod views;

use std::future::Future;
use std::pin::Pin;

pub use crate::answers::{
    Answers, CommentCursor, CommentPage, CommentRow, CommentsFilter, KeptResponse, NpsCounts,
    NpsFilter, Span,
};
pub use crate::attachments::{Attachment, Attachments};
pub use crate::authoring::{
    Authored, Authoring, DraftRow, Expect, NewDraftRow, Release, Sighting, VersionRow,
};
pub use crate::custody::{
    Backup, Custody, Erasure, Expired, Held, HeldKey, HeldKind, HeldRow, HeldValue, Subject,
};
pub use crate::directory::{
    ConsoleSession, Directory, IdentitySecret, NewPerson, Person, PersonId, Project, ProjectId,
    Publication, PublishedSurvey, Site, TokenHash,
};
pub use crate::error::{DiskState, StoreError};
pub use crate::guards::{ApiToken, AuditEntry, Changed, Guards, Member, PasswordLink};
pub use crate::inbox::{
    Amended, Inbox, InboxCursor, InboxFilter, InboxPage, InboxStep, Meant, Stepped,
};
pub use crate::keep::{KeepChoice, KeepFor, KeepKind};
pub use crate::ledger::{
    Aside, DeliverySums, Fate, FateSum, Ledger, LedgerRetention, Letter, LetterSum, LettersFilter,
    LossSum, Refused, SdkSum, Signs,
};
pub use crate::rows::{
    Batch, Body, DismissalRow, ImpressionRow, Loss, NewAnswer, NewItem, NewOption, NewValue,
    Respondent, ResponseRow, Scale, Sender,
};
pub use crate::scores::{By, Cell, Cut, Reach, Scored, Scores, ScoresFilter};
pub use crate::setup::{
    AuditFilter, AuditNames, FormerKey, Identity, Moved, Setup, SiteChange, SiteEntry,
};
pub use crate::telemetry::{
    AlertChange, BudgetsPublication, BudgetsVersion, ChangedFeature, Changes, Distribution,
    ExemplarRow, FeatureRow, FeatureSlice, FeatureSum, HourScore, KeyRow, LatencyRow, Outage,
    OutageRow, Pruned, Retention, Scoring, SliceRow, SliceTotals, SlicesFilter, Step, SumsFilter,
    Telemetry, TemplateSum, ThresholdTotals, VitalSum,
};
pub use crate::views::{KeptShare, KeptView, Views};

/// What every call answers, sooner or later. Boxed so that the traits stay usable as `dyn`.
pub type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Everything that the collector keeps.
pub trait Store:
    Directory
    + Authoring
    + Answers
    + Scores
    + Inbox
    + Attachments
    + Ledger
    + Telemetry
    + Guards
    + Setup
    + Custody
    + Views
    + std::fmt::Debug
{
    /// Proves that a write goes through right now, by making one.
    ///
    /// Readiness stands on this: a store that still reads while its writer is stuck would take
    /// answers and lose them.
    ///
    /// # Errors
    ///
    /// Whatever kept the write from being durable.
    fn probe(&self, now_ms: u64) -> Reply<'_, ()>;

    /// Writes what was taken before, then takes nothing more: later calls answer
    /// [`StoreError::Closed`].
    ///
    /// # Errors
    ///
    /// [`StoreError::Closed`] when it was closed before.
    fn close(&self) -> Reply<'_, ()>;
}
