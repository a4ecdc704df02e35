//! Turns the agent's decisions into what the facade must do, one command each, in order.

use std::rc::Rc;

use protocol::envelope::Header;
use protocol::id::{BatchId, ResponseId};
use protocol::item::{Answer, Dismissal, Impression, Item, Response, SurveyRef};
use serde::{Serialize, Serializer};

use crate::queue::Drops;

/// One thing for the facade to do. It decides nothing on its own; it only carries out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// Fetch the config again, then tell `configure` or `config_failed`.
    FetchConfig,
    /// Fetch this survey's content and open the widget; then tell `shown` or `show_failed`.
    Show {
        /// Which survey.
        survey: SurveyRef,
    },
    /// Take the widget off the page, or stop opening it.
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
        #[cfg_attr(feature = "ts", ts(as = "Header"))]
        header: Header<Drops>,
        /// The other lines, in this order.
        #[cfg_attr(feature = "ts", ts(as = "Vec<Item<Body>>"))]
        items: Vec<Item<Shared>>,
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
    /// Call `tick` after this time, instead of at any time asked for before.
    Wake {
        /// Milliseconds from now.
        in_ms: u32,
    },
    /// Keep these bytes for the next page load, instead of those kept before.
    Save {
        /// Opaque; given back to [`crate::Agent::new`]. In JSON it is base64.
        #[serde(serialize_with = "as_bytes")]
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        state: Vec<u8>,
    },
    /// Tell the open widget whether the answers so far are safe.
    Delivery {
        /// How far they got.
        state: DeliveryState,
    },
    /// Tell the page's own listeners what happened.
    Emit {
        /// What happened.
        event: Event,
        /// To which survey.
        survey: SurveyRef,
        /// The pass through the survey, once something was answered.
        response: Option<ResponseId>,
        /// What was answered, with `answered` only.
        answer: Option<Answer>,
    },
    /// Tell the page's developer, once for each code.
    Warn {
        /// Stable.
        code: WarnCode,
        /// What is concerned: a survey's id, a number of items, the collector's own code; or empty.
        about: String,
    },
}

fn as_bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

/// A body that waits in the queue and is in an envelope at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared(pub Rc<Body>);

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// The body of an item: written as the body alone, its type stands beside it in the item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Body {
    /// See [`Impression`].
    Impression(Impression),
    /// See [`Response`].
    Response(Response),
    /// See [`Dismissal`].
    Dismissal(Dismissal),
}

/// How far the answers of the open survey got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A survey became visible.
    Shown,
    /// One question was answered, or skipped on purpose.
    Answered,
    /// The ending was reached.
    Completed,
    /// It was closed before the ending.
    Dismissed,
}

/// What the page's developer should know. Stable; documented by the facade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
