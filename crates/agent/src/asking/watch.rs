//! Turns the fates of items into what somebody who has just answered may be told.

use protocol::id::ResponseId;

use crate::command::DeliveryState;
use crate::queue::Pending;

/// The latest answers, which somebody may be looking at.
#[derive(Debug)]
pub(crate) struct Watch {
    response: ResponseId,
    revision: u32,
    /// Sending until they are stored or refused.
    state: DeliveryState,
}

impl Watch {
    pub(crate) const fn new((response, revision): (ResponseId, u32)) -> Self {
        Self {
            response,
            revision,
            state: DeliveryState::Sending,
        }
    }

    /// Takes in the fate of an item, which may be another one.
    pub(crate) fn observe(&mut self, item: &Pending, stored: bool) {
        if item.revision == (self.response, self.revision) {
            self.state = if stored {
                DeliveryState::Stored
            } else {
                DeliveryState::Refused
            };
        }
    }

    /// How far the latest answers of `response` got; none when others are watched.
    pub(crate) fn state(&self, response: &ResponseId, works: bool) -> Option<DeliveryState> {
        let state = match self.state {
            DeliveryState::Sending if !works => DeliveryState::Waiting,
            state => state,
        };
        (self.response == *response).then_some(state)
    }
}
