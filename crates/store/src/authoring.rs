//! Turns what authors of surveys do into rows: drafts, versions with who made them, pauses, and counts of
//! what came of them.
//!
//! A change names the state that it goes on from; where somebody was faster nothing is changed, and who
//! asks is told so. Whatever is changed takes its line for the audit log with it.

use std::collections::BTreeSet;

use protocol::id::InstallId;
use protocol::query::surveys::Counts;
use protocol::survey::Survey;

use crate::{AuditEntry, ProjectId, Publication, Reply, Span};

/// A definition that is being written. It is kept whatever is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// Slug of the survey.
    pub survey: String,
    /// As it was typed.
    pub text: String,
    /// What the team calls it, when that could be read.
    pub name: Option<String>,
    /// Whether it is a feedback form, when that could be read.
    pub feedback: bool,
    /// Findings that keep it from being published.
    pub errors: u32,
    /// Grows with every save, and is never given again, also not after the draft is gone.
    pub rev: u64,
    /// The newest version that its authors know; 0 before the first.
    pub base: u32,
    /// When it was saved; milliseconds since 1970 (UTC).
    pub saved_ms: u64,
    /// Who saved it.
    pub author: String,
}

/// A draft to be kept in place of the one with a `rev`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDraftRow {
    /// Slug of the survey.
    pub survey: String,
    /// As it was typed.
    pub text: String,
    /// What the team calls it, when that can be read.
    pub name: Option<String>,
    /// Whether it is a feedback form, when that can be read.
    pub feedback: bool,
    /// Findings that keep it from being published.
    pub errors: u32,
    /// [`DraftRow::rev`] of what it goes on from; 0 where there is no draft.
    pub rev: u64,
    /// The newest version that its author knows; absent for what the draft was begun from.
    pub base: Option<u32>,
    /// Line for the audit log: kept where a draft is begun, where another person goes on with it, and
    /// once an hour; a draft is saved every few seconds.
    pub entry: AuditEntry,
}

/// A survey to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The survey.
    pub survey: Survey,
    /// Its definition as it was typed, where there is one.
    pub source: Option<String>,
    /// What it must go on from; absent means whatever is there.
    pub expect: Option<Expect>,
    /// The version that it says the same as, where an older one is published anew.
    pub restored: Option<u32>,
    /// Line for the audit log; its detail is preceded by the version. Kept where there is a new one.
    pub entry: AuditEntry,
}

/// What whoever publishes has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expect {
    /// The newest version; 0 before the first.
    pub base: u32,
    /// [`DraftRow::rev`] of the draft that is published, whose [`DraftRow::base`] must be the newest version
    /// too; absent where none is.
    pub rev: Option<u64>,
}

/// What became of a change that names the state it goes on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authored<T> {
    /// It was made.
    Done(T),
    /// Somebody was faster, and nothing was changed.
    Clash,
    /// There is nothing by this name.
    Missing,
}

/// One version and who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// Counts from 1.
    pub version: u32,
    /// When it was published; milliseconds since 1970 (UTC).
    pub published_ms: u64,
    /// What it was published by, and by whom; absent where a build of before kept no name.
    pub by: Option<(protocol::query::access::Credential, String)>,
    /// The version that it says the same as, where an older one was published anew.
    pub restored: Option<u32>,
    /// The survey as its author wrote it.
    pub survey: Survey,
    /// Its definition as it was typed, where that was kept.
    pub source: Option<String>,
}

/// Somebody was at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Whose browser it was.
    pub install: InstallId,
    /// Origin and path.
    pub url: String,
    /// BCP 47 tag of the language that was read.
    pub language: String,
}

/// Writing, publishing and stopping surveys.
pub trait Authoring: Send + Sync {
    /// Every draft of the project, by survey.
    fn drafts(&self, project: ProjectId) -> Reply<'_, Vec<DraftRow>>;

    /// The draft of one survey.
    fn draft(&self, project: ProjectId, survey: String) -> Reply<'_, Option<DraftRow>>;

    /// Keeps a draft in place of the one that it goes on from, in the project of its entry.
    fn save_draft(&self, draft: NewDraftRow) -> Reply<'_, Authored<DraftRow>>;

    /// Forgets the draft with this `rev`.
    fn drop_draft(&self, survey: String, rev: u64, entry: AuditEntry) -> Reply<'_, Authored<()>>;

    /// Publishes surveys in the project of their entries, all of them or none. Each that has changed becomes
    /// the next version of its id; the draft that was published is forgotten.
    fn release(&self, releases: Vec<Release>) -> Reply<'_, Authored<Vec<Publication>>>;

    /// Every version of one survey, the newest first.
    fn versions(&self, project: ProjectId, survey: String) -> Reply<'_, Vec<VersionRow>>;

    /// Stops a survey, or lets it go on; `was_paused` is what it goes on from.
    fn pause(
        &self,
        survey: String,
        paused: bool,
        was_paused: bool,
        entry: AuditEntry,
    ) -> Reply<'_, Authored<()>>;

    /// Surveys that were stopped.
    fn paused(&self, project: ProjectId) -> Reply<'_, BTreeSet<String>>;

    /// What came of each of these surveys in the span, in their order.
    fn survey_counts(
        &self,
        project: ProjectId,
        surveys: Vec<String>,
        span: Span,
    ) -> Reply<'_, Vec<Counts>>;

    /// Who was where, as told by items of the span: each person and address once, at most `limit`.
    fn sightings(&self, project: ProjectId, span: Span, limit: u32) -> Reply<'_, Vec<Sighting>>;

    /// Page loads that were first heard of in the span, by the template of their path, which is empty where
    /// it is not known. Bots are left out.
    fn page_loads(&self, project: ProjectId, span: Span) -> Reply<'_, Vec<(String, u64)>>;
}
