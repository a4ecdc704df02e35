//! Turns a page about performance and a stretch of time into what the collector says of them.

use std::sync::{Arc, OnceLock};

use protocol::query::Window;
use protocol::query::performance::{Availability, FeatureDetail, Performance};
use serde::de::DeserializeOwned;

use crate::api::{self, ApiError};
use crate::browser;
use crate::performance::picture::Pictures;
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;
use crate::refresh::{Question, Refresh};
use crate::words::say;

/// What a page about performance asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Which page asks.
    pub place: Place,
    /// Over which time.
    pub chosen: Chosen,
}

/// What the collector said.
#[derive(Debug)]
pub struct Told {
    /// What was asked.
    pub asked: Asked,
    /// The answer.
    pub said: Said,
    /// When the collector said it, in milliseconds since 1970 (UTC).
    pub at_ms: u64,
    /// The answer as it came.
    text: String,
    pictures: OnceLock<Pictures>,
}

/// An answer to one of the pages.
#[derive(Debug)]
pub enum Said {
    /// All features.
    Features(Performance),
    /// One of them.
    Feature(Box<FeatureDetail>),
    /// What was up.
    Availability(Availability),
}

/// Answers that keep themselves up to date.
pub type Live = Refresh<Asked>;

/// The same words to the same question are the same answer, whenever they came: there is nothing to
/// draw anew.
impl PartialEq for Told {
    fn eq(&self, other: &Self) -> bool {
        self.asked == other.asked && self.text == other.text
    }
}

impl Told {
    /// Name of the project's zone, and the window that was asked for.
    pub fn frame(&self) -> (&str, Window) {
        match &self.said {
            Said::Features(told) => (&told.timezone, told.window),
            Said::Feature(told) => (&told.timezone, told.window),
            Said::Availability(told) => (&told.timezone, told.window),
        }
    }

    /// The stretch of time as the end of a sentence.
    pub fn phrase(&self) -> String {
        self.asked.chosen.phrase(self.frame().1)
    }

    /// The pictures of `detail`, which is what was said: worked out once.
    pub fn pictures(&self, detail: &FeatureDetail, zone: &Zone) -> &Pictures {
        self.pictures.get_or_init(|| Pictures::new(detail, zone))
    }
}

impl Said {
    fn read(place: &Place, text: &str) -> Result<Self, ApiError> {
        let mut said = match place {
            Place::Features => Self::Features(parse(text)?),
            Place::Feature(_) => Self::Feature(parse(text)?),
            Place::Availability => Self::Availability(parse(text)?),
        };
        match &mut said {
            Self::Features(told) => {
                for one in &mut told.features {
                    name_rest(&one.id, &mut one.name);
                }
            }
            Self::Feature(told) => name_rest(&told.summary.id, &mut told.summary.name),
            Self::Availability(told) => {
                for one in &mut told.features {
                    name_rest(&one.id, &mut one.name);
                }
            }
        }
        Ok(said)
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    serde_json::from_str(text).map_err(|_| ApiError::Unreadable)
}

/// Gives a name to what belongs to no feature.
fn name_rest(id: &str, name: &mut String) {
    if id.is_empty() {
        *name = String::from(say::perf_rest());
    }
}

impl Question for Asked {
    type Answer = Arc<Told>;

    async fn ask(self) -> Result<Arc<Told>, ApiError> {
        let text = api::text(&self.place.question(&self.chosen)).await?;
        Ok(Arc::new(Told {
            said: Said::read(&self.place, &text)?,
            at_ms: browser::now_ms(),
            asked: self,
            text,
            pictures: OnceLock::new(),
        }))
    }

    fn is_answered_by(&self, told: &Arc<Told>) -> bool {
        told.asked == *self
    }
}
