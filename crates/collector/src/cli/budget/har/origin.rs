//! Turns a trace into the origins of its pages: what budgets call "the page's own".

use std::collections::HashMap;

use serde_json::Value;
use url::Url;

use super::entry::Entry;
use super::origin_of;

/// Origins of the pages of a trace.
#[derive(Debug)]
pub(super) struct Origins {
    /// Said by whoever asks: holds for all of them.
    given: Option<String>,
    pages: HashMap<String, String>,
    /// Of what belongs to no page.
    other: Option<String>,
}

impl Origins {
    /// That of a page is that of the document that it loaded, or of its title, which is an address in
    /// most traces. Of a trace without any page it is that of the first request: so it is with traces
    /// of an API alone.
    pub(super) fn of(given: Option<&str>, pages: &Value, entries: &[Option<Entry>]) -> Self {
        let mut found: HashMap<String, String> = HashMap::new();
        let mut other: Option<String> = None;
        let mut add = |page: Option<&str>, url: &Url| {
            let origin = origin_of(url);
            other.get_or_insert_with(|| origin.clone());
            if let Some(page) = page {
                found.entry(String::from(page)).or_insert(origin);
            }
        };
        let is_loaded =
            |entry: &&Entry| entry.is_document() && matches!(entry.status(), 200..=299 | 304);
        for entry in entries.iter().flatten().filter(is_loaded) {
            add(entry.page.as_deref(), &entry.url);
        }
        for page in pages.as_array().into_iter().flatten() {
            let title = page["title"].as_str().and_then(|url| Url::parse(url).ok());
            if let Some(url) = title.filter(|url| matches!(url.scheme(), "http" | "https")) {
                add(page["id"].as_str(), &url);
            }
        }
        if let Some(first) = entries.iter().flatten().next() {
            add(None, &first.url);
        }
        Self {
            given: given.map(String::from),
            pages: found,
            other,
        }
    }

    /// That of a page.
    pub(super) fn of_page(&self, page: Option<&str>) -> Option<&str> {
        let page = page.and_then(|page| self.pages.get(page));
        let origin = self.given.as_ref().or(page).or(self.other.as_ref());
        origin.map(String::as_str)
    }
}
