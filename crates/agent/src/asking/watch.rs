//! Turns the fates of items into what somebody who has just answered may be told.

use protocol::id::ResponseId;

use super::items::{NO_REVISION, Revision};
use crate::command::DeliveryState;
use crate::transport::Transport;

/// The latest answers, which somebody may be looking at.
#[derive(Debug)]
pub(crate) struct Watch {
    revision: Revision,
    /// Sending until they are stored or refused.
    state: DeliveryState,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            revision: NO_REVISION,
            state: DeliveryState::Sending,
        }
    }
}

impl Watch {
    /// There are newer answers.
    pub(crate) const fn begin(&mut self, revision: Revision) {
        *self = Self {
            revision,
            state: DeliveryState::Sending,
        };
    }

    /// Takes in the fate of an item, which may be another one.
    pub(crate) fn observe(&mut self, revision: Revision, stored: bool) {
        if revision == self.revision {
            self.state = if stored {
                DeliveryState::Stored
            } else {
                DeliveryState::Refused
            };
        }
    }
}

impl Transport {
    /// How far the latest answers of `response` got; none when others are watched, or none.
    pub(crate) fn delivery(&self, response: &ResponseId) -> Option<DeliveryState> {
        let watch = &self.watch;
        let state = match watch.state {
            DeliveryState::Sending if !self.works() => DeliveryState::Waiting,
            state => state,
        };
        let is_watched = watch.revision.1 > 0 && watch.revision.0 == *response;
        is_watched.then_some(state)
    }
}
