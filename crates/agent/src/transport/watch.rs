//! Turns the fates of items into what somebody who has just answered may be told.

use protocol::id::ResponseId;

use crate::command::DeliveryState;
use crate::queue::Pending;

/// The latest answers, which somebody may be looking at.
#[derive(Debug)]
pub(crate) struct Watch {
    response: ResponseId,
    revision: u32,
    /// Stored (`true`) or refused (`false`), once known.
    stored: Option<bool>,
}

impl Watch {
    pub(crate) const fn new((response, revision): (ResponseId, u32)) -> Self {
        Self {
            response,
            revision,
            stored: None,
        }
    }

    /// Takes in the fate of an item, which may be another one.
    pub(crate) fn observe(&mut self, item: &Pending, stored: bool) {
        if item.revision == (self.response, self.revision) {
            self.stored = Some(stored);
        }
    }

    /// How far the latest answers of `response` got; none when others are watched.
    pub(crate) fn state(&self, response: &ResponseId, works: bool) -> Option<DeliveryState> {
        let state = match self.stored {
            Some(true) => DeliveryState::Stored,
            Some(false) => DeliveryState::Refused,
            None if works => DeliveryState::Sending,
            None => DeliveryState::Waiting,
        };
        (self.response == *response).then_some(state)
    }
}
