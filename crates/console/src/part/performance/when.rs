//! Turns a moment into words of the project's zone, with its ISO form for machines and tooltips.

use leptos::prelude::*;

use crate::browser;

/// A moment; `said` is how it is written.
#[component]
pub fn When(
    /// Milliseconds since 1970 (UTC).
    at_ms: u64,
    /// In words.
    said: String,
) -> impl IntoView {
    let iso = browser::iso(at_ms);
    view! { <time datetime=iso.clone() title=iso>{said}</time> }
}
