//! Turns what a person does with one survey into revisions of one response.

use protocol::config::{Class, SurveyRule};
use protocol::id::ResponseId;
use protocol::item::SurveyRef;
use survey::eligibility::Asked;

use crate::command::DeliveryState;
use crate::memory::Begun;

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
    pub(crate) survey: SurveyRef,
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
    pub(crate) response: Option<ResponseId>,
    pub(crate) revision: u32,
    /// Whether anything was answered rather than passed over.
    pub(crate) answered: bool,
    pub(crate) complete: bool,
    /// Everything answered so far, as JSON.
    pub(crate) answers: String,
    /// What goes with the answers, as JSON.
    pub(crate) extras: String,
    /// What the widget goes on from, in base64.
    pub(crate) resume: String,
    /// What the widget was last told.
    pub(crate) told: Option<DeliveryState>,
}

impl Pass {
    /// A fresh pass, or the one that was `begun` on an earlier page.
    pub(crate) fn new(rule: &SurveyRule, asked: Asked, begun: Option<&Begun>) -> Self {
        Self {
            survey: rule.survey.clone(),
            class: rule.class,
            inline: rule.inline,
            explicit: begun.is_some_and(|begun| begun.explicit),
            by_person: false,
            stage: Stage::Waiting,
            asked,
            counted: begun.is_some(),
            impressed: begun.is_some(),
            visible: false,
            response: begun.map(|begun| begun.response),
            revision: begun.map_or(0, |begun| begun.revision),
            answered: begun.is_some(),
            complete: false,
            answers: "[]".to_owned(),
            extras: String::new(),
            resume: begun.map_or_else(String::new, |begun| begun.resume.clone()),
            told: None,
        }
    }
}
