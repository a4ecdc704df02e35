//! Turns the address of a shared view into what this document may show: one page, by a key, within filters.
//!
//! `/s/<token>/scores?…` is the page `scores` of a visitor. Requests carry the link's key, pages are found
//! below the link's own address, and filters that hold cannot be left out.

use std::cell::RefCell;

use leptos::prelude::window;

use crate::browser;

/// What came of opening a link.
struct Visit {
    key: String,
    held: String,
    /// What two queries both show; code that only visitors need.
    narrow: fn(&str, &str) -> String,
}

thread_local! {
    static VISIT: RefCell<Option<Visit>> = const { RefCell::new(None) };
}

/// The token in this document's address; nothing where nobody visits.
pub fn token() -> Option<String> {
    let path = window().location().pathname().ok()?;
    let below = path.strip_prefix(&browser::base_path()).unwrap_or(&path);
    let token = below.strip_prefix("/s/")?.split('/').next()?;
    (!token.is_empty()).then(|| String::from(token))
}

/// `/s/<token>` for a visitor, otherwise nothing: what stands between the console's base and its pages.
pub fn prefix() -> String {
    token().map_or_else(String::new, |token| format!("/s/{token}"))
}

/// From now on requests carry `key`, and filters are those that are asked for within `held`.
pub fn begin(key: String, held: String, narrow: fn(&str, &str) -> String) {
    VISIT.set(Some(Visit { key, held, narrow }));
}

/// What requests carry; nothing where nobody visits.
pub fn key() -> Option<String> {
    VISIT.with_borrow(|visit| visit.as_ref().map(|visit| visit.key.clone()))
}

/// A query string within the filters that hold.
pub fn narrowed(query: &str) -> String {
    VISIT.with_borrow(|visit| match visit {
        Some(Visit { held, narrow, .. }) => narrow(held, query.trim_start_matches('?')),
        None => String::from(query),
    })
}
