//! Turns the agent's decisions into what the facade must do, one command each, in order.
//!
//! [`Command`] is how the facade reads them; `say.rs` is how they are written, and every test of the
//! agent reads what was written as these types.

use std::collections::BTreeMap;

use protocol::config::Furniture;
use protocol::envelope::Header;
use protocol::id::{BatchId, ItemId, ResponseId};
use protocol::item::{Dismissal, Impression, Item, Response, SurveyRef};
use protocol::latency::LatencyReport;
use serde::{Deserialize, Serialize};
use survey::matching::cut;

/// One thing for the facade to do. It decides nothing on its own; it only carries out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Fetch the config again, then tell `configure` or `config_failed`.
    FetchConfig,
    /// Watch and put up what the site's surveys need. Said when the config names any.
    Furnish {
        /// What.
        furniture: Furniture,
    },
    /// Fetch the widget and this survey's content, wait for a free moment and for the lock between
    /// tabs, then tell `ready`; or `show_failed`. Takes the place of an earlier `show`.
    Show {
        /// Which survey.
        survey: SurveyRef,
        /// What the widget goes on from, in base64; absent for a fresh start.
        resume: Option<String>,
        /// Opened by the person: no moment has to be waited for.
        by_person: bool,
    },
    /// Put it on the page now.
    Open,
    /// Take the widget off the page, or stop preparing it, and let go of the lock.
    Hide,
    /// Write an envelope and post it; then tell `delivered`. Keep its text until `forget`.
    Send {
        /// Names the envelope between agent and facade.
        slot: u32,
        /// Names the envelope to the collector: the query parameter `b`.
        batch: BatchId,
        /// Always 1 here: the query parameter `n`.
        attempt: u32,
        /// The first line.
        header: Header,
        /// The other lines, in this order.
        items: Vec<Item<Body>>,
        /// Whether the page may be about to go.
        exit: bool,
    },
    /// Post the kept text of an envelope once more.
    Resend {
        /// Which envelope.
        slot: u32,
        /// Counts from 2.
        attempt: u32,
        /// Whether the page may be about to go.
        exit: bool,
    },
    /// Let go of the text of an envelope.
    Forget {
        /// Which envelope.
        slot: u32,
    },
    /// Keep these items beyond the end of the page, each instead of one of the same id, until `unkeep`.
    Keep {
        /// Whose they are, and when by the wall clock this was said.
        header: Header,
        /// As they would be sent now.
        items: Vec<Item<Body>>,
    },
    /// Let go of kept items: they have an end.
    Unkeep {
        /// Which; some may never have been kept.
        ids: Vec<ItemId>,
    },
    /// Call `tick` after this time, instead of at any time asked for before.
    Wake {
        /// Milliseconds from now.
        in_ms: u32,
    },
    /// Keep these bytes for the next page load, instead of those kept before.
    Save {
        /// Opaque, in base64; its bytes are given back to [`crate::Agent::new`].
        state: String,
    },
    /// Remove what is kept.
    Wipe,
    /// Tell the open widget whether the answers so far are safe.
    Delivery {
        /// How far they got.
        state: DeliveryState,
    },
    /// Tell the page's own listeners what happened.
    Emit {
        /// What happened.
        event: Event,
        /// To which survey; absent with `ready`.
        survey: Option<SurveyRef>,
        /// The pass through the survey, once something was answered.
        response: Option<ResponseId>,
    },
    /// The answer to `explain`.
    Explained {
        /// Id of the survey.
        survey: String,
        /// Every gate, in the order in which they are asked: its place in [`Gate`], whether it is
        /// open (1 or 0), what it found (absent when it is not known), then what it needed. That
        /// is a limit; of a wait, places of scope and outcome, then days, if it ends; of a
        /// condition, the place of its fact, its key, whether it is negated (1 or 0), then for
        /// each of its matches the place of the operation and the value.
        ///
        /// [`Gate`]: survey::eligibility::Gate
        gates: Vec<Vec<Option<Known>>>,
    },
    /// The answer to `count`: what became of the items that this page load made or took over.
    /// `made + adopted` is the sum of all the others.
    Counted {
        /// Items that came to be here, those that were given up at once among them.
        made: u32,
        /// Items that an earlier page had left and this one delivers.
        adopted: u32,
        /// On the collector's disk.
        accepted: u32,
        /// On the collector's disk since an earlier attempt.
        duplicate: u32,
        /// Kept aside by the collector: the id is known with another body.
        conflict: u32,
        /// Refused by the collector for good.
        rejected: u32,
        /// Neither decided nor given up.
        pending: u32,
        /// Given up, by reason.
        dropped: BTreeMap<String, u32>,
    },
    /// Tell the page's developer, once for each code.
    Warn {
        /// Stable.
        code: WarnCode,
        /// What is concerned: a survey's id, a number of items, the collector's own code; or empty.
        about: String,
    },
}

/// The body of an item: written as the body alone, its type stands beside it in the item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Body {
    /// See [`Response`].
    Response(Response),
    /// See [`Dismissal`].
    Dismissal(Dismissal),
    /// See [`Impression`].
    Impression(Impression),
    /// See [`LatencyReport`].
    Latency(LatencyReport),
}

/// A value that a gate needed or found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Known {
    /// A number, in the gate's unit.
    Number(#[cfg_attr(feature = "ts", ts(type = "number"))] u64),
    /// A text.
    Text(String),
}

/// The word at place `n` of `words`, each followed by a space. All names stand in texts of words:
/// tables of them would take more of the always-on module.
pub(crate) fn word(words: &'static str, n: usize) -> &'static [u8] {
    let mut rest = words.as_bytes();
    for _ in 0..n {
        cut(&mut rest, b' ');
    }
    cut(&mut rest, b' ').unwrap_or_default()
}

/// How far the answers of the open survey got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// On the way; nothing is known yet.
    Sending,
    /// The collector cannot be reached or takes nothing; kept while the page is open, sent again.
    Waiting,
    /// The collector has the latest answers on disk.
    Stored,
    /// The latest answers were refused for good.
    Refused,
}

/// What the page's own listeners may hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The agent knows the site's surveys.
    Ready,
    /// Only the delay and the right moment are between a survey and the person.
    Eligible,
    /// A survey became visible.
    Shown,
    /// One question was answered, or skipped on purpose.
    Answered,
    /// The ending was reached.
    Submitted,
    /// It was closed before the ending.
    Dismissed,
    /// The person asked for later.
    Snoozed,
}

/// What the page's developer should know. Stable; documented by the facade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum WarnCode {
    /// `show` named a survey that is not running on this site.
    UnknownSurvey,
    /// `show` was called while a survey is open.
    AlreadyOpen,
    /// `show` named a survey that this person has answered, closed or ignored too recently.
    NotAgainYet,
    /// The config's bytes are of another version than this agent.
    ConfigUnreadable,
    /// The collector will not serve this page: key, origin or address.
    Refused,
    /// The collector rejected an item for good.
    ItemRejected,
    /// Items were dropped before they could be delivered.
    ItemDropped,
}

impl WarnCode {
    pub(crate) fn as_bytes(self) -> &'static [u8] {
        word(
            "unknown_survey already_open not_again_yet config_unreadable refused item_rejected item_dropped ",
            self as usize,
        )
    }
}
