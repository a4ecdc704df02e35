//! Turns scores that people gave into counts of people, by time and by what is known of them.
//!
//! What a view means is written down at [`View`]. A view that comes here says no longer "the last days" or
//! "me". Of each person the latest score that the view shows counts, once; people are installs.

use std::collections::BTreeMap;

use protocol::query::scores::Release;
use protocol::query::view::{Aside, View};
use scores::Kind;

use crate::{AuditEntry, ProjectId, Reply, Span};

/// Which scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoresFilter {
    /// Of which project.
    pub project: ProjectId,
    /// Of which answers. What is snoozed counts, unless only that is asked for.
    pub view: View,
    /// Of which kind. Others are never counted with them.
    pub kind: Kind,
    /// Given to this question; to every one of the kind when absent.
    pub question: Option<String>,
    /// What is snoozed until later than this is snoozed; milliseconds since 1970 (UTC).
    pub now_ms: u64,
}

/// What is known of somebody who gave a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Slug of the survey.
    Survey,
    /// Path of the page.
    Page,
    /// Sort of machine.
    Device,
    /// Family of the browser.
    Browser,
    /// Language that was shown, without its region.
    Language,
    /// Country, where the page said so.
    Country,
    /// Version of the product, where the page said so.
    Version,
    /// What the page says about the person under this name.
    Trait(String),
    /// `over` when more than this percentage of the requests that had a budget were over it by the time
    /// of the answer, otherwise `within`; nothing when none had a budget.
    Budget(u8),
}

/// How scores are set apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// When stretches of time begin, in order; what is before the first is in it. One stretch when empty.
    pub edges: Vec<u64>,
    /// By all of these.
    pub by: Vec<By>,
}

/// People who have all of it in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Which stretch of time, from 0.
    pub stretch: usize,
    /// What is known, in the order of [`Cut::by`]; nothing where it is not known.
    pub keys: Vec<Option<String>>,
    /// People per point, from 0.
    pub histogram: [u64; 11],
}

/// Scores, set apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scored {
    /// Each combination once, by stretch and keys.
    pub cells: Vec<Cell>,
    /// Scores that are kept aside and would be in the view otherwise, by reason. One may have several.
    pub aside: BTreeMap<Aside, u64>,
}

/// How many people were asked, and how many of them answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// People who were shown one of the surveys.
    pub shown: u64,
    /// Those of them who gave a score.
    pub answered: u64,
}

/// What people scored, and what the team says about when.
pub trait Scores: Send + Sync {
    /// Counts people by score, each once.
    fn scored(&self, filter: ScoresFilter, cut: Cut) -> Reply<'_, Scored>;

    /// Counts who was shown one of these surveys in the time of the view, and who of them gave a score.
    /// What else the view says is about answers, and nothing that is known of those who gave none.
    fn reach(&self, filter: ScoresFilter, surveys: Vec<String>) -> Reply<'_, Reach>;

    /// Puts together what is known of days that are over (UTC), so that counting needs not read all of it
    /// again. Changes no number. Answers how many days it was; to be called now and then.
    fn gather(&self, now_ms: u64) -> Reply<'_, u64>;

    /// Names of what pages have said about people lately, at most 20, in order.
    fn traits(&self, project: ProjectId) -> Reply<'_, Vec<String>>;

    /// Releases in a span, the oldest first.
    fn releases(&self, project: ProjectId, span: Span) -> Reply<'_, Vec<Release>>;

    /// Keeps a release of the entry's project, and answers it with its id. The entry gets the id as its
    /// target.
    fn add_release(&self, release: Release, entry: AuditEntry) -> Reply<'_, Release>;

    /// Forgets a release of the entry's project; answers whether there was one.
    fn remove_release(&self, id: u64, entry: AuditEntry) -> Reply<'_, bool>;
}
