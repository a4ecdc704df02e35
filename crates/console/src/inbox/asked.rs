//! Turns the view and the chosen item into what the collector says of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use protocol::id::ResponseId;
use protocol::query::inbox::{Counts, Detail, Inbox};

use super::list::List;
use crate::api::{self, ApiError};
use crate::browser;
use crate::performance::zone::Zone;
use crate::refresh::Question;

/// Items of the first page.
const FIRST: u32 = 50;
/// Items that are asked for again at most: as many as the collector gives at once.
const MOST: u32 = 200;

/// What a view shows.
#[derive(Clone, Debug)]
pub struct ListAsked {
    /// The view, as a query string.
    pub query: String,
    /// How many items are on screen, which are all asked for again.
    pub loaded: Arc<AtomicU32>,
}

impl PartialEq for ListAsked {
    fn eq(&self, other: &Self) -> bool {
        self.query == other.query
    }
}

/// What the collector said of a view.
#[derive(Clone, Debug)]
pub struct Told {
    /// The view that was asked for.
    pub query: String,
    /// Its items.
    pub list: List,
    /// Where the project is.
    pub zone: Zone,
    /// When the collector said it, in milliseconds since 1970 (UTC).
    pub at_ms: u64,
}

impl Question for ListAsked {
    type Answer = Told;

    async fn ask(self) -> Result<Told, ApiError> {
        let limit = self.loaded.load(Ordering::Relaxed).clamp(FIRST, MOST);
        let url = format!("api/v1/inbox?{}&limit={limit}", self.query);
        let page: Inbox = api::get(&url).await?;
        Ok(Told {
            query: self.query,
            zone: Zone::new(&page.timezone, browser::ahead_min),
            list: List::new(page),
            at_ms: browser::now_ms(),
        })
    }

    fn is_answered_by(&self, told: &Told) -> bool {
        told.query == self.query
    }

    fn follow(old: Told, fresh: Told) -> Told {
        Told {
            list: old.list.refreshed(fresh.list),
            ..fresh
        }
    }
}

/// Where the page that follows is.
pub fn older(query: &str, after: &str) -> String {
    let after = browser::encode(after);
    format!("api/v1/inbox?{query}&limit={FIRST}&after={after}")
}

/// How many a view shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountsAsked(
    /// The view, as a query string.
    pub String,
);

impl Question for CountsAsked {
    type Answer = (String, Counts);

    async fn ask(self) -> Result<(String, Counts), ApiError> {
        let counts = counts(&self.0).await?;
        Ok((self.0, counts))
    }

    fn is_answered_by(&self, told: &(String, Counts)) -> bool {
        told.0 == self.0
    }
}

/// Counts what a view shows.
///
/// # Errors
/// When there was no usable answer.
pub async fn counts(query: &str) -> Result<Counts, ApiError> {
    api::get(&format!("api/v1/inbox/counts?{query}")).await
}

/// One item, whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemAsked(
    /// Which; nothing is asked where nothing is open.
    pub Option<ResponseId>,
);

impl Question for ItemAsked {
    type Answer = Option<Arc<Detail>>;

    async fn ask(self) -> Result<Option<Arc<Detail>>, ApiError> {
        match self.0 {
            Some(id) => Ok(Some(Arc::new(item(id).await?))),
            None => Ok(None),
        }
    }

    fn is_answered_by(&self, told: &Option<Arc<Detail>>) -> bool {
        told.as_ref().map(|detail| detail.item.response) == self.0
    }
}

/// Asks for one item, whole.
///
/// # Errors
/// [`ApiError::NotFound`] when there is none; any other when there was no usable answer.
pub async fn item(id: ResponseId) -> Result<Detail, ApiError> {
    api::get(&format!("api/v1/inbox/items/{id}")).await
}
