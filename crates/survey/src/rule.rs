//! Turns the bytes of a config into rules that point into them: nothing is copied, nothing let go.
//!
//! Lists stay bytes and are read each time they are asked: that is quick, and takes a fraction of
//! the code that building and dropping them would. Fields come in the order of their declaration in
//! [`protocol::config`]; the collector writes them from those types, so every number fits.

use protocol::config::{Class, Fact, Op, Outcome, Quiet, Scope};

use crate::bytes::Reader;

/// Every class, in the order of declaration.
pub const CLASSES: [Class; 5] = [
    Class::Other,
    Class::Nps,
    Class::Csat,
    Class::Ces,
    Class::Feedback,
];

/// One version of one survey: see [`protocol::item::SurveyRef`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survey<'a> {
    /// Its id.
    pub id: &'a [u8],
    /// Its version.
    pub version: u32,
}

impl<'a> Survey<'a> {
    /// Reads id and version.
    pub fn read(from: &mut Reader<'a>) -> Self {
        Self {
            id: from.bytes(),
            version: from.number() as u32,
        }
    }
}

/// One running survey: see [`protocol::config::SurveyRule`]. A reader stands before the number of
/// the elements of its list.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "as in `SurveyRule`")]
pub struct Rule<'a> {
    pub survey: Survey<'a>,
    pub class: Class,
    pub priority: i32,
    pub sample_permille: u64,
    pub from_ms: u64,
    pub until_ms: u64,
    pub conditions: Reader<'a>,
    /// The list of triggers, then the list of cancels.
    pub triggers: Reader<'a>,
    /// Whether something has to set it off.
    pub is_triggered: bool,
    pub delay_ms: u64,
    pub max_impressions: u64,
    pub waits: Reader<'a>,
    pub inline: bool,
}

impl<'a> Rule<'a> {
    /// Reads one rule and everything in it.
    pub fn read(from: &mut Reader<'a>) -> Self {
        let survey = Survey::read(from);
        let class = from.one_of(&CLASSES);
        // Signed numbers alternate: 0, -1, 1, -2, …
        let priority = from.number();
        let priority = (priority >> 1) as i32 ^ -((priority & 1) as i32);
        let sample_permille = from.number();
        let from_ms = from.number();
        let until_ms = from.number();
        let conditions = past(from, Condition::read);
        let triggers = past(from, Trigger::read);
        past(from, Trigger::read);
        Self {
            survey,
            class,
            priority,
            sample_permille,
            from_ms,
            until_ms,
            conditions,
            triggers,
            is_triggered: { triggers }.count() > 0,
            delay_ms: from.number(),
            max_impressions: from.number(),
            waits: past(from, quiet),
            inline: from.flag(),
        }
    }
}

/// Reads past a list; returns where it began.
fn past<'a, T>(from: &mut Reader<'a>, one: impl Fn(&mut Reader<'a>) -> T) -> Reader<'a> {
    let list = *from;
    for _ in 0..from.count() {
        one(from);
    }
    list
}

/// Something that must be so: see [`protocol::config::Condition`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition<'a> {
    /// What is looked at.
    pub fact: Fact,
    /// Which trait or property; else empty.
    pub key: &'a [u8],
    /// The list of what may fit, each read by [`test()`].
    pub any: Reader<'a>,
    /// Whether none must fit.
    pub negated: bool,
}

impl<'a> Condition<'a> {
    /// Reads one condition.
    pub fn read(from: &mut Reader<'a>) -> Self {
        Self {
            fact: from.one_of(&[
                Fact::Url,
                Fact::Device,
                Fact::Language,
                Fact::Trait,
                Fact::Property,
                Fact::Pages,
                Fact::Dwell,
                Fact::Element,
            ]),
            key: from.bytes(),
            any: past(from, test),
            negated: from.flag(),
        }
    }
}

/// Reads how a fact may fit, and to what.
pub fn test<'a>(from: &mut Reader<'a>) -> (Op, &'a [u8]) {
    let op = from.one_of(&[
        Op::Is,
        Op::Contains,
        Op::Glob,
        Op::Within,
        Op::AtLeast,
        Op::Below,
        Op::Present,
        Op::Probe,
    ]);
    (op, from.bytes())
}

/// Something that happens: see [`protocol::config::Trigger`].
#[derive(Clone, Copy, Debug)]
pub struct Trigger<'a> {
    /// Name of the event.
    pub event: &'a [u8],
    /// The list of what its properties must be.
    pub filters: Reader<'a>,
    /// Times at least.
    pub times: u64,
    /// Within this many milliseconds; 0 means since the page was loaded.
    pub within_ms: u64,
}

impl<'a> Trigger<'a> {
    /// Reads one trigger.
    pub fn read(from: &mut Reader<'a>) -> Self {
        Self {
            event: from.bytes(),
            filters: past(from, Condition::read),
            times: from.number(),
            within_ms: from.number(),
        }
    }
}

/// Reads how long a survey is quiet after what.
pub fn quiet(from: &mut Reader<'_>) -> Quiet {
    Quiet {
        scope: from.one_of(&[Scope::Survey, Scope::Class, Scope::Any]),
        outcome: from.one_of(&[
            Outcome::Seen,
            Outcome::Snoozed,
            Outcome::Dismissed,
            Outcome::Partial,
            Outcome::Completed,
        ]),
        days: if from.flag() {
            Some(from.number() as u16)
        } else {
            None
        },
    }
}
