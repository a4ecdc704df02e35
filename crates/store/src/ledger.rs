//! Turns the fate of everything that was sent into sums, and what was refused into dead letters.
//!
//! `sent = accepted + duplicate + conflict + rejected + dropped + pending`. The collector sees the
//! first four itself, pages report what they dropped, and of the rest there are holes: every item has
//! a number within its page load, so that one that never came is missed as soon as a later one did.
//! What follows the last item of a page load is missed by nobody.

use protocol::id::{BootId, InstallId, ItemId};
use protocol::outcome::{DiscardReason, Outcome};
use protocol::query::delivery::{Bot, Browser};

use crate::{ProjectId, Reply, Span};

/// What an envelope tells of its sender beside what its header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// The family of browser.
    pub browser: Browser,
    /// By what it shows that nobody sits before it.
    pub bot: Option<Bot>,
    /// Template of the path of the page; empty when no item names its page.
    pub page: String,
    /// Whether it came by a key for trying things out: nothing in it counts.
    pub test: bool,
}

/// One line that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its id, as far as it could be read.
    pub id: Option<ItemId>,
    /// Its position within the page load, as far as that could be read.
    pub seq: Option<u64>,
    /// Why.
    pub reason: DiscardReason,
    /// Where and what, for a developer.
    pub message: String,
    /// The line, scrubbed as all lines are.
    pub line: String,
    /// Half of SHA-256 over page load and line as it came: tells a repetition.
    pub hash: [u8; 16],
    /// Whether the line was too long to be kept whole: it can be looked at, and no more.
    pub is_cut: bool,
}

/// What was refused and is kept aside, in case that the reason goes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its place in the order of arrival.
    pub number: u64,
    /// Whose it is.
    pub project: ProjectId,
    /// When it arrived.
    pub received_ms: u64,
    /// Stable code of why.
    pub reason: String,
    /// Where and what.
    pub message: String,
    /// The browser profile that it came from.
    pub install: InstallId,
    /// Key of the site that it came through.
    pub site_key: String,
    /// The header of its envelope.
    pub header: String,
    /// The line.
    pub line: String,
    /// Whether the line is not whole.
    pub is_cut: bool,
}

/// Which letters to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LettersFilter {
    /// Of which project.
    pub project: ProjectId,
    /// Refused for which reason; for any when absent.
    pub reason: Option<String>,
    /// Only those after this number.
    pub after: u64,
    /// At most so many.
    pub limit: u32,
}

/// How many letters there are of one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterSum {
    /// Stable code.
    pub reason: String,
    /// How many are kept.
    pub letters: u64,
    /// Bytes of their lines.
    pub bytes: u64,
    /// How many went because there was no room for more, or because they were old.
    pub dropped: u64,
}

/// Items of one kind of browser that ended in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FateSum {
    /// Whose.
    pub browser: Browser,
    /// Whether it showed that nobody sits before it.
    pub bot: Option<Bot>,
    /// How they ended.
    pub fate: Fate,
    /// How many.
    pub items: u64,
}

/// How items end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// On disk.
    Accepted,
    /// On disk since an earlier attempt.
    Duplicate,
    /// Kept aside: the id is that of another item.
    Conflict,
    /// Refused; the code says why.
    Rejected(String),
    /// Dropped by the page, which says why.
    Dropped(String),
}

impl Fate {
    /// The fate of one that the store has decided about; nothing while it has not.
    pub const fn of(outcome: Outcome) -> Option<Self> {
        match outcome {
            Outcome::Accepted => Some(Self::Accepted),
            Outcome::Duplicate => Some(Self::Duplicate),
            Outcome::Conflict => Some(Self::Conflict),
            Outcome::Rejected | Outcome::Retry => None,
        }
    }
}

/// Page loads of one kind of browser on one page, and what never came of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LossSum {
    /// Whose.
    pub browser: Browser,
    /// By what they show that nobody sits before them.
    pub bot: Option<Bot>,
    /// Template of the path; empty when it is not known, or not any more.
    pub page: String,
    /// How many page loads.
    pub boots: u64,
    /// Items that came, whatever became of them.
    pub came: u64,
    /// Numbers before the last that came which never did: of page loads that may still send.
    pub open: u64,
    /// The same of page loads that send no more.
    pub lost: u64,
    /// Items that the pages say they dropped. Not all of them had a number.
    pub dropped: u64,
}

/// Items that were kept of one kind of browser, by what sent them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdkSum {
    /// Whose.
    pub browser: Browser,
    /// Whether it showed that nobody sits before it.
    pub bot: Option<Bot>,
    /// Name and version of the software; `other` for those beyond what is told apart.
    pub sdk: String,
    /// How many.
    pub items: u64,
    /// Of them: that came more than an hour after they happened.
    pub late: u64,
}

/// What became of what was sent in a span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliverySums {
    /// In the hours that begin in the span.
    pub fates: Vec<FateSum>,
    /// Of page loads that were first heard of in the span; those that were many first.
    pub losses: Vec<LossSum>,
    /// By what sent it, in the hours that begin in the span.
    pub sdks: Vec<SdkSum>,
}

/// How much of what is only for accounting is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerRetention {
    /// Page loads since they were last heard of, in milliseconds: past the age at which an SDK gives
    /// up sending.
    pub boots_ms: u64,
    /// Letters, in milliseconds.
    pub letters_ms: u64,
}

impl Default for LedgerRetention {
    /// 15 days as for ids of reports, and 30 days to publish what was missing.
    fn default() -> Self {
        const DAY_MS: u64 = 86_400_000;
        Self {
            boots_ms: 15 * DAY_MS,
            letters_ms: 30 * DAY_MS,
        }
    }
}

/// What came under an id that was another item's, beside what is kept under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// The id of both.
    pub id: ItemId,
    /// When it came, in milliseconds since 1970.
    pub received_ms: u64,
    /// Whose it says it is.
    pub install: InstallId,
    /// The line that came, as it is kept.
    pub line: String,
    /// The line that is kept under the id; nothing when that has gone, or is of requests.
    pub kept: Option<String>,
}

/// What became of everything. Written by [`crate::Answers::append`], with the batch.
pub trait Ledger: Send + Sync {
    /// What became of what was sent in a span. Page loads that were not heard of since `settled_ms`
    /// send no more.
    fn delivery(&self, project: ProjectId, span: Span, settled_ms: u64) -> Reply<'_, DeliverySums>;

    /// Smallest difference between our clock and that of a page load, over all its batches so far;
    /// nothing when it is not known. Milliseconds.
    fn clock_offset(&self, project: ProjectId, boot: BootId) -> Reply<'_, Option<i64>>;

    /// Reads letters, the oldest first.
    fn letters(&self, filter: LettersFilter) -> Reply<'_, Vec<Letter>>;

    /// Counts letters by reason.
    fn letter_sums(&self, project: ProjectId) -> Reply<'_, Vec<LetterSum>>;

    /// Takes letters away: what was in them is kept elsewhere by now, or nobody wants it.
    fn discard_letters(&self, project: ProjectId, numbers: Vec<u64>) -> Reply<'_, u64>;

    /// Reads what was kept aside, as its id was that of another item: the oldest first, so many at most.
    fn asides(&self, project: ProjectId, limit: u32) -> Reply<'_, Vec<Aside>>;

    /// Forgets what is old enough; sums stay. How many rows went.
    fn prune_ledger(&self, now_ms: u64, keep: LedgerRetention) -> Reply<'_, u64>;
}
