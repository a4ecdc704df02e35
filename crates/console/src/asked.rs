//! Turns a page about performance and a stretch of time into what the collector says of them.

use core::marker::PhantomData;

use protocol::query::performance::{Availability, FeatureDetail, Performance};
use serde::de::DeserializeOwned;

use crate::api::{self, ApiError};
use crate::browser;
use crate::performance::url::{Chosen, Place};
use crate::refresh::{Question, Refresh};

/// A question that is answered by a `T`.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked<T> {
    /// Which page asks.
    pub place: Place,
    /// Over which time.
    pub chosen: Chosen,
    answer: PhantomData<fn() -> T>,
}

/// What the collector said.
#[derive(Clone, Debug, PartialEq)]
pub struct Told<T> {
    /// What was asked.
    pub asked: Asked<T>,
    /// The answer.
    pub told: T,
    /// When the collector said it, in milliseconds since 1970 (UTC).
    pub at_ms: u64,
}

/// An answer of the collector that a page shows.
pub trait Answer: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static {
    /// Gives a name to what belongs to no feature.
    fn name_the_rest(&mut self);
}

impl Answer for Performance {
    fn name_the_rest(&mut self) {
        for one in &mut self.features {
            name_rest(&one.id, &mut one.name);
        }
    }
}

impl Answer for FeatureDetail {
    fn name_the_rest(&mut self) {
        name_rest(&self.summary.id, &mut self.summary.name);
    }
}

impl Answer for Availability {
    fn name_the_rest(&mut self) {
        for one in &mut self.features {
            name_rest(&one.id, &mut one.name);
        }
    }
}

fn name_rest(id: &str, name: &mut String) {
    if id.is_empty() {
        *name = String::from("Everything else");
    } else if name.is_empty() {
        *name = String::from(id);
    }
}

/// Answers that keep themselves up to date.
pub type Live<T> = Refresh<Asked<T>>;

impl<T> Asked<T> {
    /// What `place` shows over `chosen`.
    pub const fn new(place: Place, chosen: Chosen) -> Self {
        Self {
            place,
            chosen,
            answer: PhantomData,
        }
    }
}

impl<T: Answer> Question for Asked<T> {
    type Answer = Told<T>;

    async fn ask(self) -> Result<Told<T>, ApiError> {
        let mut told: T = api::get(&self.place.question(&self.chosen)).await?;
        told.name_the_rest();
        Ok(Told {
            told,
            at_ms: browser::now_ms(),
            asked: self,
        })
    }

    fn is_answered_by(&self, told: &Told<T>) -> bool {
        told.asked == *self
    }
}
