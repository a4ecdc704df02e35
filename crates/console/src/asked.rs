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
pub trait Answer: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static {}

impl Answer for Performance {}
impl Answer for FeatureDetail {}
impl Answer for Availability {}

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
        Ok(Told {
            told: api::get(&self.place.question(&self.chosen)).await?,
            at_ms: browser::now_ms(),
            asked: self,
        })
    }

    fn is_answered_by(&self, told: &Told<T>) -> bool {
        told.asked == *self
    }
}
