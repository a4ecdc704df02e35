//! Turns an address of the API into its answer, which keeps itself up to date.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use crate::account::Account;
use crate::api::{self, ApiError};
use crate::refresh::{Question, REFRESH, Refresh};

/// A question that is an address, relative to the console's base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The address.
    pub url: String,
    /// Milliseconds until it is asked again.
    pub pause_ms: u64,
}

impl At {
    /// Asked as often as numbers are.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            pause_ms: REFRESH.as_millis() as u64,
        }
    }

    /// Asked every second: somebody waits for what it will say.
    #[must_use]
    pub fn soon(mut self) -> Self {
        self.pause_ms = 1_000;
        self
    }
}

/// An answer as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    at: At,
    text: Arc<str>,
}

impl Question for At {
    type Answer = Text;

    async fn ask(self) -> Result<Text, ApiError> {
        let text = api::text(&self.url).await?.into();
        Ok(Text { at: self, text })
    }

    fn is_answered_by(&self, answer: &Text) -> bool {
        answer.at.url == self.url
    }

    fn pause(shown: Option<&Text>) -> Duration {
        shown.map_or(REFRESH, |shown| Duration::from_millis(shown.at.pause_ms))
    }
}

/// Answers that keep themselves up to date.
pub type Live = Refresh<At>;

/// Asks an address now, whenever it changes and again and again; the answer changes only when its words do.
pub fn fetched<T>(wanted: Memo<At>) -> (Live, Memo<Option<T>>)
where
    T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    let live = Live::new(wanted, expect_context::<Account>());
    let text = Memo::new(move |_| live.shown.get().map(|shown| shown.text));
    // What cannot be read is as good as no answer: another version of the console can.
    let told = Memo::new(move |_| text.with(|text| serde_json::from_str(text.as_deref()?).ok()));
    (live, told)
}
