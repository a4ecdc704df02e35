//! Turns what a person does with one survey into revisions of one response.

use protocol::config::Class;
use protocol::id::ResponseId;
use survey::eligibility::Asked;
use survey::rule::{Rule, Survey};
use uuid::Uuid;

use super::begun::Begun;
use crate::command::DeliveryState;

/// Nothing was answered yet.
pub(crate) const NO_RESPONSE: ResponseId = ResponseId(Uuid::nil());

/// How near to the person a survey is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The facade prepares it and waits for the right moment.
    Waiting,
    /// On the page.
    Open,
    /// Taken off because the page has another address now; comes back with the address.
    Parked,
}

/// One person's pass through one survey, from the decision to show it until it is closed.
#[derive(Debug)]
pub(crate) struct Pass {
    pub(crate) survey: Survey<'static>,
    pub(crate) class: Class,
    pub(crate) inline: bool,
    /// The page or the person asked for it.
    pub(crate) explicit: bool,
    /// The person asked for it.
    pub(crate) by_person: bool,
    pub(crate) stage: Stage,
    /// What must hold for it to be opened, or to stay.
    pub(crate) asked: Asked,
    /// Whether it was opened before, here or on an earlier page: that is not counted twice.
    pub(crate) counted: bool,
    /// Whether its impression was told.
    pub(crate) impressed: bool,
    /// Whether the widget said that it can be seen.
    pub(crate) visible: bool,
    /// [`NO_RESPONSE`] before the first answer.
    pub(crate) response: ResponseId,
    pub(crate) revision: u32,
    /// Whether anything was answered rather than passed over.
    pub(crate) answered: bool,
    pub(crate) complete: bool,
    /// Everything answered so far, as JSON.
    pub(crate) answers: Vec<u8>,
    /// What goes with the answers, as JSON.
    pub(crate) extras: Vec<u8>,
    /// What the widget goes on from, in base64.
    pub(crate) resume: Vec<u8>,
    /// What the widget was last told.
    pub(crate) told: Option<DeliveryState>,
}

impl Pass {
    /// A fresh pass, or the one that was `begun` on an earlier page.
    pub(crate) fn new(rule: &Rule<'static>, asked: Asked, begun: Option<Begun<'_>>) -> Self {
        let mut pass = Self {
            survey: rule.survey,
            class: rule.class,
            inline: rule.inline,
            explicit: false,
            by_person: false,
            stage: Stage::Waiting,
            asked,
            counted: false,
            impressed: false,
            visible: false,
            response: NO_RESPONSE,
            revision: 0,
            answered: false,
            complete: false,
            answers: b"[]".to_vec(),
            extras: Vec::new(),
            resume: Vec::new(),
            told: None,
        };
        if let Some(begun) = begun {
            pass.explicit = begun.explicit;
            pass.counted = true;
            pass.impressed = true;
            pass.response = begun.response;
            pass.revision = begun.revision;
            pass.answered = true;
            pass.resume = begun.resume.to_vec();
        }
        pass
    }
}
